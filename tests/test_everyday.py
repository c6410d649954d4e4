"""What the schedule builds: what has changed since the last build, and nothing where nothing has."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import operation.inputs
from common.settings import PostgresSettings
from demo.stack import Stack
from operation.inputs import last_inputs, read_inputs, selector_of
from tests.factory import ERP_DDL, ROOT, Factory

DAY = b"20250528 08:00:00|@StukUitgevoerd: a\n20250528 08:01:00|@StukUitgevoerd: b\n"
ORDERS: dict[str, list[dict[str, Any]]] = {
    "a_kopf": [{"id": "K1", "aunummer": 4711}],
    "a_logbuch": [{"id": 1, "id_a_kopf": "K1", "datum": "2025-06-10 08:00:00", "notiz": "cde Planifiée"}],
    "p_zubeh": [{"id_a_kopf": "K1", "zcode": "VR12", "text": "Volet"}],
}
DBT_BUILD = (sys.executable, "-m", "operation.dbt", "build")
EVERYTHING = "build --selector courant --no-write-json"


@pytest.fixture
def factory(stack: Stack, scratch: Path) -> Factory:
    """A factory that was loaded and built by `make build`, so that nothing is new."""
    factory = Factory(stack, scratch)
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): DAY})
    factory.put_erp(ORDERS)
    factory.begin("everyday", lambda: (factory.load(), locked(factory, *DBT_BUILD)))
    return factory


def locked(factory: Factory, *words: str, expect: int = 0) -> str:
    """Run a command under the lock, as `make build` and `make build-new` do; return what it printed."""
    folders = {"DBT_PROFILES_DIR": str(factory.profiles()), "DBT_TARGET_PATH": str(factory.target)}
    done = subprocess.run(
        [sys.executable, "-m", "operation.locked", *words],
        cwd=ROOT,
        env={**os.environ, **factory.environment, **folders},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def wanted(factory: Factory, *variables: str) -> str:
    """What the schedule would have dbt do now: its words, or the line that says that there is nothing to do."""
    return locked(factory, "--if-new", "echo", "build", *variables).strip()


def test_where_nothing_is_new_nothing_is_built_and_one_line_says_so(factory: Factory) -> None:
    builds = factory.ask("select count(*) from historique.constructions")
    said = locked(factory, "--if-new", "false", "build")
    assert said.startswith("nothing to build: nothing is new since the build that ended at 20")
    assert said.count("\n") == 1
    factory.load()
    assert wanted(factory).startswith("nothing to build")
    assert factory.ask("select count(*) from historique.constructions") == builds


def test_each_source_has_what_it_feeds_built_and_both_have_it_built_at_once(factory: Factory) -> None:
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): DAY * 2})
    factory.load("logs")
    assert wanted(factory) == "build --selector logs --no-write-json"
    factory.put_erp({**ORDERS, "a_kopf": [{"id": "K1", "aunummer": 4712}]})
    factory.load("erp")
    assert wanted(factory) == "build --selector logs_erp --no-write-json"
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): DAY})
    # What was read is not what is there: the file has been transferred once more.
    factory.load("logs")
    assert wanted(factory) == "build --selector logs_erp --no-write-json"


@pytest.mark.parametrize("selector", ["logs", "erp", "logs_erp"])
def test_a_build_of_what_is_new_leaves_what_a_build_of_everything_would(factory: Factory, selector: str) -> None:
    if "logs" in selector:
        files = {("DEM12 (PVC)", "20250528.LOG"): DAY + b"x\n", ("DEMALU (ALU)", "20250529.LOG"): DAY.replace(b"0528", b"0529")}
        factory.put_logs(files)
    if "erp" in selector:
        factory.put_erp({**ORDERS, "a_kopf": [{"id": "K1", "aunummer": 4712}]})
    factory.load()
    locked(factory, "--if-new", *DBT_BUILD)
    assert wanted(factory).startswith("nothing to build")
    ((words,),) = factory.ask("select nb_modeles < 45 from historique.constructions order by commencee_le desc limit 1")
    assert words
    built = factory.snapshot()
    factory.build("--full-refresh")
    again = factory.snapshot()
    # When a build saw a new figure is the one thing that is its own.
    assert built == again
    assert factory.ask("select count(*) from marts.piece_production") == [(4 if "logs" in selector else 2,)]
    assert factory.ask("select numero_commande from marts.commandes_volets") == [(4712 if "erp" in selector else 4711,)]


def test_other_code_another_seed_or_other_variables_have_everything_built(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wanted(factory, "--vars", '{"debut_journee": "05:00"}') == (
        'build --vars {"debut_journee": "05:00"} --selector courant --no-write-json'
    )
    settings = PostgresSettings.from_environ(factory.environment)
    project = factory.own_project()
    monkeypatch.setattr(operation.inputs, "PROJECT", project)
    with closing(factory.warehouse()) as session:
        last, _ = last_inputs(session, settings)
        assert selector_of(read_inputs(session, settings, ""), last) is None
        for name in ("dbt_project.yml", "dbt_project/seeds/centres.csv", "dbt_project/models/marts/production/evenements.sql"):
            path = project / name
            content = path.read_bytes()
            path.write_bytes(content + b"\n")
            assert selector_of(read_inputs(session, settings, ""), last) == "courant"
            path.write_bytes(content)
        assert selector_of(read_inputs(session, settings, ""), last) is None


def test_the_seeds_may_be_in_another_folder_whose_changes_are_built_too(factory: Factory, tmp_path: Path) -> None:
    seeds = tmp_path / "déclaré"
    shutil.copytree(ROOT / "dbt_project" / "seeds", seeds)
    factory.environment["SEEDS_DIR"] = str(seeds)
    declared = (seeds / "centres.csv").read_text()
    for folder in ("ESSAI (PVC)", "ESSAI (ALU)"):
        declared += f"{folder},{folder},PVC,,true\n"
        (seeds / "centres.csv").write_text(declared)
        assert wanted(factory) == EVERYTHING
        locked(factory, "--if-new", *DBT_BUILD)
        assert wanted(factory).startswith("nothing to build")
        assert factory.ask("select count(*) from marts.centre_usinage where dossier = %s", (folder,)) == [(1,)]
    assert (seeds / "centres.csv").read_text() == declared


def test_a_folder_that_lacks_a_seed_is_told_in_one_line(factory: Factory, tmp_path: Path) -> None:
    factory.environment["SEEDS_DIR"] = str(tmp_path)
    for words in (["build"], ["build", "--select", "centre_usinage"]):
        said = locked(factory, *words, expect=1)
        assert said.startswith(f"SEEDS_DIR is '{tmp_path}', which has no ")
        assert "centres.csv" in said
        assert said.count("\n") == 1


def test_after_a_build_that_failed_or_was_one_of_a_part_everything_is_built(factory: Factory) -> None:
    for words in (["run", "--select", "stg_logs__files"], ["build", "--select", "centre_usinage"]):
        factory.dbt(*words)
        assert wanted(factory) == EVERYTHING
    locked(factory, "--if-new", *DBT_BUILD)
    assert wanted(factory).startswith("nothing to build")
    factory.ask("alter table marts.job_profil owner to current_user")
    locked(factory, *DBT_BUILD, expect=1)
    assert wanted(factory) == EVERYTHING


def test_a_purge_and_a_day_that_becomes_past_have_the_logs_built(factory: Factory) -> None:
    factory.ask("update raw.load_runs set started_at = started_at + interval '1 day'")
    assert wanted(factory) == "build --selector logs --no-write-json"
    factory.ask("update raw.load_runs set started_at = started_at - interval '1 day'")
    assert wanted(factory).startswith("nothing to build")
    factory.ask("update raw.log_files set purged_at = now()")
    assert wanted(factory) == "build --selector logs --no-write-json"


def test_an_alert_that_time_alone_raises_waits_for_no_build(factory: Factory) -> None:
    stale = "select message from marts.alertes where type = 'source_perimee' order by message"
    assert factory.ask(stale, role="analyst") == []
    factory.ask("update raw.load_runs set started_at = started_at - interval '3 days', ended_at = ended_at - interval '3 days'")
    told = [message.partition(" depuis")[0] for (message,) in factory.ask(stale, role="analyst")]
    assert told == ["L'ERP n'est plus lu", "Les fichiers des machines ne sont plus lus"]


def test_a_build_says_what_it_wrote_and_what_is_to_be_seen_to_on_one_screen(factory: Factory) -> None:
    factory.put_logs({("INCONNU", "20250528.LOG"): DAY, ("DEM12 (PVC)", "20250528.LOG"): DAY * 2})
    factory.load("logs")
    said = locked(factory, *DBT_BUILD).splitlines()
    assert len(said) < 40
    assert "  piece_production                                2 rows" in said
    (warning,) = [line for line in said if line.startswith("WARN ")]
    assert warning.startswith(
        "WARN dossiers_a_declarer, 1 row(s): Avertit des dossiers du serveur FTP qui ne sont pas dans le seed"
    )
    assert said[-1].startswith("Done: ")
    assert said[-1].endswith("/dbt.log")
    assert "ERROR" not in "".join(said)


@pytest.mark.parametrize(("selector", "most"), [("logs", 26), ("erp", 14), ("logs_erp", 60), ("courant", 70)])
def test_an_everyday_build_has_few_nodes(factory: Factory, selector: str, most: int) -> None:
    factory.build_only()
    done: Any = factory.dbt("build", "--selector", selector).result
    kinds = [result.node.resource_type for result in done.results]
    assert len([kind for kind in kinds if kind != "operation"]) <= most


def test_what_changes_while_a_build_runs_is_new_to_the_next(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): DAY * 2})
    factory.load("logs")
    # A load in the middle of a build, whose lock somebody has taken away.
    factory.ask(
        """
        create function meanwhile() returns trigger language plpgsql security definer as $$ begin
            update raw.log_files set file_version = nextval('raw.log_file_version');
            return null;
        end $$;
        create trigger meanwhile after insert on marts.production_profil for each statement execute function meanwhile()
        """
    )
    locked(factory, "--if-new", *DBT_BUILD)
    factory.ask("drop trigger meanwhile on marts.production_profil; drop function meanwhile")
    assert wanted(factory) == "build --selector logs --no-write-json"


def test_a_view_that_somebody_has_dropped_comes_back(factory: Factory) -> None:
    factory.ask("drop view marts.alertes")
    assert wanted(factory) == EVERYTHING
    locked(factory, "--if-new", *DBT_BUILD)
    assert factory.ask("select to_regclass('marts.alertes') is not null") == [(True,)]


def test_another_command_of_dbt_or_other_variables_leave_everything_to_be_built(factory: Factory) -> None:
    factory.dbt("seed")
    assert wanted(factory) == EVERYTHING


def test_a_planned_order_that_the_marts_cannot_hold_is_named_by_the_build_of_the_erp(factory: Factory) -> None:
    ddl = {**ERP_DDL, "a_kopf": ERP_DDL["a_kopf"].replace("varchar(32)", "varchar(40)")}
    ddl |= {table: ERP_DDL[table].replace("varchar(32)", "varchar(40)") for table in ("a_logbuch", "p_zubeh", "a_vorgang")}
    orders = {
        "a_kopf": [*ORDERS["a_kopf"], {"id": "K" * 40, "aunummer": 1}],
        "a_logbuch": [*ORDERS["a_logbuch"], {**ORDERS["a_logbuch"][0], "id": 2, "id_a_kopf": "K" * 40}],
        "p_zubeh": [*ORDERS["p_zubeh"], {**ORDERS["p_zubeh"][0], "id_a_kopf": "K" * 40}],
    }
    factory.put_erp(orders, ddl)
    factory.load("erp")
    said = locked(factory, "--if-new", *DBT_BUILD)
    assert "WARN valeurs_erp_lisibles, 1 row(s): Avertit de ce que les marts n'ont pu reprendre des commandes planifiées" in said


def test_a_model_that_breaks_its_contract_fails_and_writes_nothing(factory: Factory) -> None:
    model = factory.own_project() / "dbt_project/models/marts/production/job_profil.sql"
    sql = model.read_text()
    before = factory.snapshot()
    model.write_text(sql.replace("        couleur,\n", ""))
    assert model.read_text() != sql
    assert not factory.dbt("build", "--select", "job_profil", expect=False).success
    assert factory.snapshot() == before
