"""The dictionary, the dbt docs, the comments that BI tools show, the worked questions, and the rows of failed checks."""

import base64
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
from psycopg2 import sql
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from common.errors import LoadError
from demo.factory import VARIABLES, fill_erp, write_logs
from demo.stack import Stack
from publication.dictionary import split_null, write_dictionary
from publication.lineage import Lineage
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
    write_dictionary(factory.target)
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
    shown = wait_for(page, "Une ligne par centre d'usinage et journée de production, même sans pièce")
    columns = manifest["nodes"]["model.usine.session_production"]["columns"]
    assert len(columns) == 25
    assert [name for name in columns if name not in shown] == []
    page.get(page.current_url.partition("#")[0] + "#!/overview/usine")
    assert "promesses des sources" in wait_for(page, "La qualité des données")
    page.get(page.current_url.partition("#")[0] + "#!/exposure/exposure.usine.outils_des_analystes")
    assert "Power BI" in wait_for(page, "Brancher un outil sur les marts")


def test_a_models_page_begins_with_its_description(page: Chrome) -> None:
    page.get(page.current_url.partition("#")[0] + "#!/model/model.usine.session_production")
    wait_for(page, "Une ligne par centre d'usinage")
    sections = [element for element in page.find_elements(By.CSS_SELECTOR, ".app-details .section") if element.is_displayed()]
    from_above = [section.text.split("\n")[:2] for section in sorted(sections, key=lambda section: section.location["y"])]
    assert [section[0] for section in from_above][:3] == ["Description", "Columns", "Details"]
    assert from_above[0][1].startswith("Une ligne par centre d'usinage et journée de production")
    described = page.find_element(By.CSS_SELECTOR, ".column-row > td:nth-child(3) > span")
    assert described.size["width"] <= described.find_element(By.XPATH, "..").size["width"]  # not cut short


def test_the_overview_leads_to_the_dictionary_and_its_lineages(page: Chrome, manifest: Any) -> None:
    wait_for(page, "De la ligne de LOG au chiffre")
    links = [link.get_attribute("href") for link in page.find_elements(By.CSS_SELECTOR, "a[href*='dictionnaire.html']")]
    assert [str(link).partition("dictionnaire.html")[2] for link in links] == [
        "", "#lignee-production", "#lignee-indicateurs", "#lignee-commandes", "#lignee-surveillance",
    ]  # fmt: skip
    page.find_element(By.PARTIAL_LINK_TEXT, "des indicateurs").click()
    wait_for(page, "Dictionnaire des marts")
    assert page.execute_script("return document.querySelector(location.hash).tagName") == "FIGURE"


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


# The dictionary

# A row of the page: its anchor, and the texts of its cells.
ROWS = """
    const rows = [...document.querySelectorAll('tbody tr')];
    return Object.fromEntries(rows.map(row => [row.id, [...row.cells].map(cell => cell.innerText)]));
"""
# What the page says of each mart beside its name: the values by their titles.
SHEETS = """
    const lines = mart => [...mart.querySelectorAll('.fiche > div')];
    const sheet = mart => lines(mart).map(line => [...line.children].map(cell => cell.innerText));
    return Object.fromEntries([...document.querySelectorAll('article')].map(mart => [mart.id, Object.fromEntries(sheet(mart))]));
"""


@pytest.fixture
def dictionary(chromium: Chrome, factory: Factory) -> Iterator[Chrome]:
    """The dictionary, opened as a file."""
    chromium.get("about:blank")
    complaints(chromium)
    chromium.get((factory.target / "dictionnaire.html").as_uri())
    yield chromium
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert complaints(chromium) == []


def test_the_dictionary_has_every_mart_and_column_with_its_unit_and_what_null_means(dictionary: Chrome, manifest: Any) -> None:
    rows = dictionary.execute_script(ROWS)
    columns = {f"{name}.{column}": said for name, mart in marts(manifest).items() for column, said in mart["columns"].items()}
    assert rows.keys() == columns.keys()
    shown = {name: dict(zip(("name", "type", "unit", "null", "description"), cells, strict=True)) for name, cells in rows.items()}
    assert [name for name, cells in shown.items() if not cells["null"] or not cells["description"]] == []
    assert {cells["type"].partition(",")[0] for cells in shown.values()} == {
        "texte", "identifiant", "nombre", "nombre entier", "vrai ou faux", "date", "date et heure", "instant",
    }  # fmt: skip
    numbers = {name for name, cells in shown.items() if cells["type"].startswith("nombre")}
    assert {name for name, cells in shown.items() if cells["unit"]} == numbers
    assert {name: cells["unit"] for name, cells in shown.items() if name in numbers} == {
        name: columns[name]["config"]["meta"]["unite"] for name in numbers
    }
    assert rows["session_production.id"][:4] == ["id clé", "identifiant", "", "jamais"]
    assert rows["session_production.temps_attente_net"][1:4] == ["nombre, 4 décimales", "h", "sans pièce"]
    assert rows["production_journaliere.ecart_habituel"][1:4] == ["nombre, 2 décimales", "%", "comme comparables"]
    assert rows["job_profil.session_id"][4] == "La session. → session_production.id"


def test_what_a_description_says_of_null_has_its_own_column_and_no_word_is_lost(dictionary: Chrome, manifest: Any) -> None:
    assert split_null("Heure de la pièce ; NULL sans pièce.") == ("Heure de la pièce.", "sans pièce")
    assert split_null("L'âge, négatif à venir, NULL sans date (la `1.2`) ; voir `a ; b`.") == (
        "L'âge, négatif à venir ; voir `a ; b`.",
        "sans date (la `1.2`)",
    )
    assert split_null("Le nom.\nJamais NULL.") == ("Le nom.", "jamais")
    assert split_null("L'extension ; NULL ou vide si l'ERP n'en a pas.") == ("L'extension.", "NULL ou vide si l'ERP n'en a pas")
    for anchor, (_, _, _, null, description) in dictionary.execute_script(ROWS).items():
        mart, column = anchor.split(".")
        said = re.findall(r"\w+", marts(manifest)[mart]["columns"][column]["description"].lower())
        there = re.findall(r"\w+", f"{null} {description.partition('→')[0]}".lower())
        assert {*said} - {*there} - {"null"} == set(), anchor


def test_a_column_that_is_never_null_never_is(dictionary: Chrome, factory: Factory) -> None:
    never: dict[str, set[str]] = {}
    for anchor, cells in dictionary.execute_script(ROWS).items():
        mart, column = anchor.split(".")
        if cells[3].startswith("jamais"):
            never.setdefault(mart, set()).add(column)
    declared = factory.ask(
        "select attrelid::regclass::text, attname::text from pg_attribute join pg_class on attrelid = pg_class.oid"
        " where relnamespace = 'marts'::regnamespace and relkind = 'r' and attnotnull and attnum > 0 and not attisdropped"
    )
    assert [(mart, column) for mart, column in declared if column not in never[mart.removeprefix("marts.")]] == []
    for mart, columns in never.items():
        counts = sql.SQL(", ").join(sql.SQL("count(*) - count({})").format(sql.Identifier(column)) for column in sorted(columns))
        with closing(factory.warehouse("analyst")) as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("select {} from marts.{}").format(counts, sql.Identifier(mart)))
            assert cursor.fetchone() == (0,) * len(columns), mart


def test_where_a_mart_comes_from_is_what_dbt_says(dictionary: Chrome, manifest: Any) -> None:
    nodes = {**manifest["nodes"], **manifest["sources"]}
    stored = {name: f"{node['schema']}.{node.get('identifier', node['name'])}" for name, node in nodes.items()}
    stored |= {node["unique_id"]: node["name"] for node in marts(manifest).values()}
    own = "source.usine.platform.worklist_state"
    kinds = ("source", "seed", "snapshot")

    def walk(name: str, seen: set[str], stop: bool) -> set[str]:
        for parent in manifest["parent_map"][name]:
            if parent != own and parent not in seen:
                seen.add(parent)
                if not stop or (stored[parent] not in marts(manifest) and not parent.startswith("snapshot.")):
                    walk(parent, seen, stop)
        return seen

    sheets = dictionary.execute_script(SHEETS)
    assert sheets.keys() == marts(manifest).keys()
    for name, sheet in sheets.items():
        unique_id = marts(manifest)[name]["unique_id"]
        above, near = walk(unique_id, set(), stop=False), walk(unique_id, set(), stop=True)
        assert sheet["Vient de"].split(", ") == sorted(stored[node] for node in above if node.split(".")[0] in kinds), name
        read = sorted(stored[node] for node in near if stored[node] in marts(manifest))
        assert sheet.get("Lit les marts", "") == ", ".join(read), name
        steps = [f"model.usine.{step}" for step in sheet.get("Étapes", "").split(", ") if step]
        assert {*steps} == {node for node in near if node.startswith("model.") and stored[node] not in marts(manifest)}, name
        for place, step in enumerate(steps):
            assert {*manifest["parent_map"][step]} & {*steps[place:]} == set(), f"{step} comes before what it reads"
    assert sheets["session_production"]["Clé"] == "id"
    assert sheets["session_production"]["Sans double"] == "centre_usinage_id, date_production"


def test_the_lineages_arrows_say_what_each_mart_is_made_of_and_nothing_else(manifest: Any) -> None:
    lineage = Lineage(manifest)
    groups: dict[str, list[str]] = {}
    for name, mart in lineage.marts.items():
        groups.setdefault(mart["config"]["group"], []).append(name)
    pictures = {group: lineage.picture(names) for group, names in groups.items()}
    parents: dict[str, set[str]] = {}
    for picture in pictures.values():
        for arrow in picture.arrows:
            parents.setdefault(arrow.name, set()).add(arrow.parent)

    def above(name: str) -> set[str]:
        return parents.get(name, set()).union(*map(above, parents.get(name, ())))

    for name in lineage.marts:
        made_of = lineage.made_of(name)
        assert made_of <= above(name)
        assert above(name) == made_of.union(*map(above, made_of))
    for group, picture in pictures.items():
        assert {*groups[group]} <= {box.name for box in picture.boxes}
        for one in picture.boxes:
            assert 0 <= one.x < one.x + one.width <= picture.width
            assert 0 <= one.y < one.y + one.height <= picture.height
            for other in picture.boxes:
                apart = abs(one.y - other.y) >= one.height or one.x >= other.x + other.width or other.x >= one.x + one.width
                assert one is other or apart


def test_the_lineages_can_be_read(dictionary: Chrome) -> None:
    fits = """
        return [...document.querySelectorAll('figure svg')].map(svg => [
            svg.getBoundingClientRect().width,
            ...[...svg.querySelectorAll('a')].map(box =>
                box.querySelector('text').getBoundingClientRect().right - box.querySelector('rect').getBoundingClientRect().right),
        ]);
    """
    pictures = dictionary.execute_script(fits)
    assert len(pictures) == 4
    for width, *overhang in pictures:
        assert width <= 1200  # nothing to scroll on a screen of 1,400 pixels, at 11.5 pixels a letter
        assert overhang
        assert max(overhang) < 0


def test_every_link_of_the_dictionary_leads_somewhere(dictionary: Chrome) -> None:
    dead = """
        const links = [...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'));
        return [links.length, links.filter(link => link[0] !== '#' || !document.getElementById(link.slice(1)))];
    """
    number, broken = dictionary.execute_script(dead)
    assert number > 200
    assert broken == []


def test_the_dictionary_is_no_wider_than_a_phone_or_a_sheet(dictionary: Chrome) -> None:
    dictionary.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    )
    assert dictionary.execute_script("return document.documentElement.scrollWidth") <= 390
    wide = """
        return [...document.querySelectorAll('body *')].filter(e => !e.closest('.image') && e.getBoundingClientRect().right > 390.5)
            .map(e => e.outerHTML.slice(0, 80));
    """
    assert dictionary.execute_script(wide) == []
    dictionary.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    printed = base64.b64decode(dictionary.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert 15 <= len(re.findall(rb"/Type /Page\b", printed)) <= 35
    assert {*re.findall(rb"/MediaBox \[0 0 (\d+)", printed)} == {b"594"}  # A4


def test_what_descriptions_hold_stays_text(chromium: Chrome, manifest: Any, tmp_path: Path) -> None:
    evil = '<script>document.title = "run"</script><img src=x onerror=alert(1)> [go](javascript:alert(1)) `</code><b>`'
    hostile = json.loads(json.dumps(manifest))
    mart = hostile["nodes"]["model.usine.centre_usinage"]
    mart["description"] += evil
    mart["columns"]["nom"]["description"] = f"Le nom ; NULL {evil}."
    mart["columns"]["nom"]["constraints"] = []
    mart["columns"]["dossier"]["config"]["meta"] = {"unite": evil}
    next(iter(hostile["groups"].values()))["description"] += evil
    (tmp_path / "manifest.json").write_text(json.dumps(hostile))
    (tmp_path / "static_index.html").write_text("<head></head>")
    chromium.get(write_dictionary(tmp_path).as_uri())
    assert chromium.title == "Dictionnaire des marts"
    assert chromium.find_elements(By.CSS_SELECTOR, "script, img, [onerror], a[href^=javascript], td b") == []
    assert chromium.find_element(By.TAG_NAME, "body").text.count('document.title = "run"') == 4


def test_without_the_dbt_docs_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"^.*manifest\.json: No such file or directory: make docs writes it$"):
        write_dictionary(tmp_path)


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
