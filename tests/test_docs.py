"""The dbt docs, the comments that BI tools show, the worked questions, and the rows of failed checks."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg2.extras
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from demo.factory import VARIABLES, fill_erp, write_logs
from demo.stack import Stack
from tests.browser import complaints
from tests.factory import ROOT, Factory

ANALYSES = sorted(path.stem for path in Path(ROOT, "dbt_project/analyses").glob("*.sql"))
# The analysis that shows the lines of the files.
TRACING = "remonter_a_la_ligne"
# What a column of a worked question must add up to, by another query.
TOTALS = {
    ("occupation_par_centre_et_semaine", "pieces"): "select sum(total_pieces) from marts.session_production",
    ("pieces_par_heure_de_la_journee", "pieces"): "select count(*) from marts.piece_production",
    ("consommation_de_profiles", "barres"): "select count(*) from marts.job_profil",
    ("consommation_de_profiles", "pieces"): "select count(job_profil_id) from marts.piece_production",
    ("pieces_par_barre", "barres"): "select count(*) from marts.job_profil",
    ("commandes_par_semaine", "commandes"): "select count(*) from marts.commandes_volets",
    ("commandes_par_semaine", "sans_operation"): (
        "select count(*) from marts.commandes_volets c"
        " where not exists (select from marts.commandes_volets_operations o where o.id_commande = c.id_commande)"
    ),
    ("commandes_par_semaine", "prevues_pour_la_semaine"): "select count(*) from marts.commandes_volets",
    ("commandes_a_planifier", "commandes"): "select count(*) from marts.commandes_volets_a_planifier",
    ("avancement_des_commandes", "pieces"): (
        "select count(*) from marts.commandes_volets c join marts.piece_production p on p.numero_commande = c.numero_commande"
    ),
    ("rejets_par_motif", "rejets"): "select count(*) from marts.lignes_rejetees",
    ("debut_et_fin_de_journee", "journees"): "select count(*) from marts.session_production where total_pieces > 0",
}
# The lineage in the page: the colour and the parents of each node.
LINEAGE = """
    const page = window.angular && angular.element(document.querySelector('[ng-app]')).injector();
    const elements = page ? page.get('graph').graph.elements : [];
    const nodes = elements.filter(e => e.group === 'nodes').map(e => [e.data.unique_id, e.data.node_color]);
    const edges = elements.filter(e => e.group === 'edges').map(e => [e.data.source, e.data.target]);
    return nodes.length ? [Object.fromEntries(nodes), edges] : null;
"""


@pytest.fixture(scope="module")
def factory(stack: Stack, scratch: Path) -> Factory:
    """The sample's factory, loaded, built, and documented: one for all tests here, none of which changes its data."""
    factory = Factory(stack, scratch)
    write_logs(stack.ftp_root)
    with factory.erp() as connection:
        fill_erp(connection)
    project = factory.own_project()
    shutil.copytree(ROOT / "demo" / "seeds", project / "dbt_project" / "seeds", dirs_exist_ok=True)
    variables = project / "dbt_project.yml"
    text = variables.read_text()
    for name, value in VARIABLES.items():
        text = text.replace(f'\n  {name}: ""\n', f"\n  {name}: {json.dumps(value)}\n")
    variables.write_text(text)
    factory.load()
    factory.build()
    factory.dbt("docs", "generate", "--static")
    return factory


@pytest.fixture(scope="module")
def manifest(factory: Factory) -> Any:
    return json.loads((factory.target / "manifest.json").read_text())


@pytest.fixture
def page(chromium: Chrome, factory: Factory) -> Iterator[Chrome]:
    """The documentation, opened as a file."""
    chromium.get("about:blank")
    chromium.get((factory.target / "static_index.html").as_uri())
    yield chromium
    assert [line for line in complaints(chromium) if "ERR_NAME" in line] == []  # it asks for nothing outside of it


def wait_for(page: Chrome, text: str) -> str:
    """Wait until the page shows a text; return all that it shows."""
    body = WebDriverWait(page, 20).until(lambda page: page.find_element(By.TAG_NAME, "body"))
    WebDriverWait(page, 20).until(lambda page: text in body.text)
    return str(body.text)


def marts(manifest: Any) -> dict[str, Any]:
    return {
        node["name"]: node for node in manifest["nodes"].values() if node["schema"] == "marts" and node["resource_type"] == "model"
    }


# The page


def test_the_page_opens_without_a_server_and_leads_from_the_overview_to_models_and_their_columns(
    page: Chrome, manifest: Any
) -> None:
    overview = wait_for(page, "De la ligne de LOG au chiffre")
    assert "Les couches" in overview
    assert "Remonter d'un chiffre à sa ligne" in overview
    page.find_element(By.CSS_SELECTOR, "a[href*='model.usine.session_production']").click()
    shown = wait_for(page, "Une ligne par session, même sans pièce.")
    columns = manifest["nodes"]["model.usine.session_production"]["columns"]
    assert len(columns) == 24
    assert [name for name in columns if name not in shown] == []
    page.get(page.current_url.partition("#")[0] + "#!/overview/usine")
    assert "promesses des sources" in wait_for(page, "La qualité des données")
    page.get(page.current_url.partition("#")[0] + "#!/exposure/exposure.usine.outils_des_analystes")
    assert "Power BI" in wait_for(page, "Brancher un outil sur les marts")


def test_the_lineage_leads_from_the_files_lines_to_those_who_read_the_marts(page: Chrome, manifest: Any) -> None:
    wait_for(page, "De la ligne de LOG au chiffre")
    page.find_element(By.PARTIAL_LINK_TEXT, "toute la lignée").click()
    wait_for(page, "Lineage Graph")
    nodes, edges = WebDriverWait(page, 20).until(lambda page: page.execute_script(LINEAGE))
    chain = ["source.usine.logs.log_lines", "stg_logs__lines", "int_lignes_a_lire", "int_lignes_lues", "int_lignes"]
    chain += ["int_evenements", "int_pieces", "piece_production"]
    chain = [name if "." in name else f"model.usine.{name}" for name in chain] + ["exposure.usine.outils_des_analystes"]
    assert [list(step) for step in pairwise(chain) if list(step) not in edges] == []
    assert {name.split(".")[0] for name in nodes} == {"source", "seed", "snapshot", "model", "exposure"}
    assert {f"model.usine.{name}" for name in marts(manifest)} <= nodes.keys()
    layers = {manifest["nodes"][name]["fqn"][1]: colour for name, colour in nodes.items() if name.startswith("model.")}
    assert len({*layers.values(), None}) == 4
    assert page.execute_script("return document.querySelector('canvas').width > 0")


def test_every_link_between_the_pages_leads_somewhere(manifest: Any) -> None:
    known = {*manifest["nodes"], *manifest["sources"], *manifest["exposures"]}
    names = {name.split(".")[-1] for name in known}
    texts = [doc["block_contents"] for doc in manifest["docs"].values() if doc["package_name"] == "usine"]
    links = re.findall(r"\((?:\?lignee)?#!/(\w+)(?:/([\w.]+))?(?:\?g_v=1&g_i=%2B(?:exposure:)?(\w+))?\)", "\n".join(texts))
    assert len(links) == "\n".join(texts).count("#!/") > 20
    for page, target, selected in links:
        if page == "overview":
            assert target in ("", "usine")
            assert not selected or selected in names
        else:
            assert target in known
            assert target.startswith(f"{page}.")


def test_what_is_described_is_what_is_there(factory: Factory, manifest: Any) -> None:
    catalog = json.loads((factory.target / "catalog.json").read_text())
    built = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed", "snapshot")}
    built = {name: node for name, node in built.items() if node["config"]["materialized"] != "ephemeral"}
    assert {name for name in catalog["nodes"] if not name.startswith("test.")} == {*built}
    for name, node in built.items():
        assert set(catalog["nodes"][name]["columns"]) == set(node["columns"]), name
    for name, source in manifest["sources"].items():
        there = set(catalog["sources"][name]["columns"])
        # The ERP has more columns, which differ between installations.
        assert set(source["columns"]) <= there if source["source_name"] == "erp" else set(source["columns"]) == there, name


# The comments


COMMENTS = """
    select c.relname::text, coalesce(a.attname::text, ''), d.description
    from pg_description d
    join pg_class c on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
    where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'v')
"""


def test_an_analysts_tool_shows_the_descriptions_which_a_build_puts_right(factory: Factory, manifest: Any) -> None:
    described = {
        (node["name"], column): text.strip()
        for node in marts(manifest).values()
        for column, text in {"": node["description"], **{name: c["description"] for name, c in node["columns"].items()}}.items()
    }

    def comments() -> dict[tuple[str, str], str]:
        return {(table, column): text.strip() for table, column, text in factory.ask(COMMENTS, role="analyst")}

    assert comments() == described
    factory.ask("comment on table marts.centre_usinage is null; comment on column marts.centre_usinage.nom is 'autre chose'")
    factory.build_only("--select", "centre_usinage")
    assert comments() == described


# The worked questions


def answers(factory: Factory, manifest: Any, analysis: str) -> list[dict[str, Any]]:
    sql = manifest["nodes"][f"analysis.usine.{analysis}"]["compiled_code"]
    with (
        closing(factory.warehouse("analyst")) as connection,
        connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor,
    ):
        cursor.execute(sql.replace("%", "%%"), ())
        return [dict(row) for row in cursor.fetchall()]


def test_there_is_a_dozen_of_worked_questions() -> None:
    assert len(ANALYSES) >= 12


@pytest.mark.parametrize("analysis", ANALYSES)
def test_a_worked_question_has_answers(factory: Factory, manifest: Any, analysis: str) -> None:
    read = manifest["nodes"][f"analysis.usine.{analysis}"]["depends_on"]["nodes"]
    assert {name.split(".")[-1] for name in read} <= marts(manifest).keys()
    rows = answers(factory, manifest, analysis)
    assert rows
    for (name, column), query in TOTALS.items():
        if name == analysis:
            assert [(sum(row[column] for row in rows),)] == factory.ask(query)


def test_a_sessions_pieces_are_found_again_in_the_files_lines(factory: Factory, manifest: Any) -> None:
    lines = answers(factory, manifest, TRACING)
    pieces = [row for row in lines if row["numero_piece"]]
    assert [(len(pieces),)] == factory.ask("select max(total_pieces) from marts.session_production")
    (folder, day) = (pieces[0]["dossier"], pieces[0]["fichier"])
    file = (factory.stack.ftp_root / folder / day).read_bytes().decode("latin-1").replace("\0", "").split("\n")
    for row in lines:
        assert f"{row['horodatage']:%Y%m%d %H:%M:%S}|@{row['evenement']}" in file[row["numero_ligne"] - 1]


def test_the_overviews_query_goes_back_to_the_files_lines(factory: Factory) -> None:
    (query,) = re.findall(r"^```sql\n(.*?)^```", Path(ROOT, "dbt_project/docs/accueil.md").read_text(), re.DOTALL | re.MULTILINE)
    rows = factory.ask(query, role="analyst")
    pieces = "select total_pieces from marts.session_production where fichier_log_source = 'DEM12 (PVC)/20250528.LOG'"
    assert [(sum(row[4] == "StukUitgevoerd" for row in rows),)] == factory.ask(pieces)


# The rows of failed checks


def test_the_rows_of_a_failed_check_are_had_on_demand_with_the_keys_to_find_what_they_are_about(factory: Factory) -> None:
    assert factory.ask("select count(*) from pg_class where relnamespace = 'verifications'::regnamespace") == [(0,)]
    factory.dbt("test", "--select", "journal_rattache", "dossiers_a_declarer", "--store-failures")
    assert factory.ask("select dossier, nb_fichiers from verifications.dossiers_a_declarer", role="transformer") == [
        ("ESSAI (PVC)", 5)
    ]
    kept = factory.ask("select from_field from verifications.journal_rattache")
    orphans = "select id_a_kopf from raw.a_logbuch l where not exists (select from raw.a_kopf k where k.id = l.id_a_kopf)"
    assert sorted(kept) == sorted(factory.ask(orphans)) != []
