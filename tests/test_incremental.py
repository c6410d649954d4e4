"""An incremental build gives the same as a full refresh, row by row and key by key, whatever happened since the last build."""

import json
import os
import time
from contextlib import closing
from multiprocessing.context import ForkServerProcess

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult

from tests import reference
from tests.factory import ERP_DDL, Factory
from tests.test_marts import CENTRES, expect_marts
from tests.victim import start_dbt

PVC, ALU, UNKNOWN = "DEM12 (PVC)", "DEMALU (ALU)", "INCONNU"


def day(date: str, pieces: int = 3, hour: int = 8) -> bytes:
    """A plain production day: a profile, pieces a minute apart, a wait, a stop."""
    lines = [f"{date} {hour:02d}:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU"]
    lines += [f"{date} {hour:02d}:{minute:02d}:00|@StukUitgevoerd: pièce {minute}" for minute in range(1, pieces + 1)]
    lines += [f"{date} {hour:02d}:01:30|@MachineWait: 12,5 sec", f"{date} {hour:02d}:02:00|@MachineStop"]
    lines += [f"{date} {hour:02d}:02:30|@MachineStart", f"{date} 25:00:00|@StukUitgevoerd: jamais"]
    return "\r\n".join(lines).encode("cp1252") + b"\r\n"


FIRST = {
    (PVC, "20250526.LOG"): day("20250526"),
    (PVC, "20250527.LOG"): day("20250527") + day("20250528", hour=2),
    (PVC, "20250528.LOG"): day("20250528"),
    (ALU, "20250526.LOG"): day("20250526", pieces=5),
    (UNKNOWN, "20250526.LOG"): day("20250526"),
}


def order(number: str, status: str = "lancé") -> dict[str, list[dict[str, object]]]:
    """A planned shutter order, as the four tables of the ERP have it."""
    return {
        "a_kopf": [{"id": number, "aunummer": int(number), "aualpha": "A", "aufstatus": status, "kommission": "Mairie"}],
        "a_logbuch": [{"id_a_kopf": number, "datum": "2025-05-28 08:00:00", "notiz": "cde Planifiée"}],
        "p_zubeh": [{"id_a_kopf": number, "zcode": "VR1", "text": "Volet"}],
        "a_vorgang": [{"id_a_kopf": number, "nummer": "10", "bezeichnung": "Débit"}],
    }


class Past:
    """A factory with a first state loaded and built, and what it takes to check the next build."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.loaded = dict(FIRST)
        self.variables: list[str] = []
        self.debut_journee = "00:00"
        self.centres = CENTRES
        factory.begin("past", self._first)

    def _first(self) -> None:
        self.factory.put_logs(FIRST)
        self.factory.load("logs")
        self.factory.build()

    def load(self, logs: dict[tuple[str, str], bytes]) -> None:
        self.factory.put_logs(logs)
        self.factory.load("logs")
        self.loaded |= logs

    def check(self) -> None:
        """Build, and compare with the reference."""
        self.factory.build(*self.variables)
        tables = reference.marts(self.loaded, self.centres, {table: [] for table in ERP_DDL}, self.debut_journee)
        expect_marts(self.factory, tables, debut_journee=self.debut_journee)

    def check_to_the_key(self) -> None:
        """The same, and compare with a full refresh, keys and times included."""
        self.check()
        incremental = self.factory.snapshot()
        self.factory.build_only("--full-refresh", *self.variables)
        assert self.factory.snapshot() == incremental


def test_a_sequence_of_changes(factory: Factory) -> None:
    past = Past(factory)
    logs = dict(FIRST)

    logs[PVC, "20250528.LOG"] += day("20250528", hour=14)  # grown
    logs[ALU, "20250526.LOG"] = day("20250526", pieces=1)  # shortened
    logs[ALU, "20250529.LOG"] = day("20250529")  # added
    del logs[UNKNOWN, "20250526.LOG"]  # removed: what was loaded stays
    past.load(logs)
    past.check()

    logs[PVC, "20250526.LOG"] = day("20250525")  # a date corrected: a session disappears, another appears
    logs[ALU, "20250529.LOG"] = b""  # emptied
    logs[PVC, "20250527.LOG"] = day("20250527")  # a session fed by two files loses one
    past.load(logs)
    past.check()

    os.utime(factory.stack.ftp_root / PVC / "20250528.LOG")  # uploaded again, unchanged
    past.load(logs)
    past.check()

    past.variables, past.debut_journee = ["--vars", json.dumps({"debut_journee": "05:00"})], "05:00"
    past.check()
    past.variables, past.debut_journee = [], "00:00"
    past.check_to_the_key()


def test_centres_declared_edited_and_withdrawn(factory: Factory) -> None:
    seed = factory.own_project() / "dbt_project/seeds/centres.csv"
    past = Past(factory)
    original = seed.read_text()

    seed.write_text(original + f"{UNKNOWN},NEUF,BOIS D'ÉTÉ,,false\n")  # a new type is a new value
    past.centres = [*CENTRES, {"dossier": UNKNOWN, "nom": "NEUF", "type_cu": "BOIS D'ÉTÉ", "description": None, "actif": False}]
    past.check()

    seed.write_text(original.replace("DEM12,PVC", "D12,HYBRIDE"))
    past.centres = [{**CENTRES[0], "nom": "D12", "type_cu": "HYBRIDE"}, *CENTRES[1:]]
    past.check()

    swapped = original.replace("DEM12,", "?,").replace("DEMALU,", "DEM12,").replace("?,", "DEMALU,")
    seed.write_text(swapped)
    past.centres = [{**CENTRES[0], "nom": "DEMALU"}, {**CENTRES[1], "nom": "DEM12"}, *CENTRES[2:]]
    past.check()

    seed.write_text("".join(line for line in original.splitlines(keepends=True) if PVC not in line))
    past.centres = CENTRES[1:]
    factory.build_only("--select", "+centre_usinage", "session_production")
    past.check()

    seed.write_text(original)
    past.centres = CENTRES
    past.check_to_the_key()


def test_a_build_with_nothing_new_changes_nothing_and_reads_no_line(factory: Factory) -> None:
    Past(factory)
    before = factory.snapshot()
    places = "select tableoid::regclass::text, ctid::text, xmin::text from {} order by 1, 2"
    tables = ["marts.piece_production", "marts.session_production", "marts.suivi_chargement", "intermediate.int_lignes"]
    rows = [factory.ask(places.format(table)) for table in tables]
    factory.load()
    factory.build()
    assert factory.snapshot() == before
    assert [factory.ask(places.format(table)) for table in tables] == rows


def test_a_view_is_replaced_in_place_with_what_stands_on_it(factory: Factory) -> None:
    def views() -> dict[str, tuple[int, str]]:
        rows = factory.ask(
            "select relname, oid::bigint, xmin::text from pg_class where relkind = 'v' and relowner = 'transformer'::regrole"
        )
        return {name: (oid, written) for name, oid, written in rows}

    models = factory.own_project() / "dbt_project" / "models" / "intermediate" / "production"
    factory.load()
    factory.build_only()
    factory.ask("create view public.evenements as select session_id, horodatage from intermediate.int_evenements")
    first = views()
    factory.build_only()
    assert views() == first

    model = models / "int_evenements.sql"
    model.write_text(model.read_text() + "where true\n")
    factory.build_only()
    assert {name for name, (oid, _) in views().items() if oid != first[name][0]} == set()
    assert "true" in factory.ask("select pg_get_viewdef('intermediate.int_evenements'::regclass)")[0][0]
    assert factory.ask("select count(*) from public.evenements") == [(0,)]

    # If PostgreSQL cannot replace a view, because a column has another type, it is created again with the project's views above it.
    model.write_text(
        model.read_text().replace("        fichiers.rang_fichier,", "        fichiers.rang_fichier::integer as rang_fichier,")
    )
    factory.build_only()
    assert views().keys() == first.keys()


def test_only_the_touched_session_is_written(factory: Factory) -> None:
    past = Past(factory)
    untouched = (
        "select p.id, p.xmin::text from marts.piece_production p join marts.session_production s on s.id = p.session_id"
        " where s.date_production <> '2025-05-28' order by 1"
    )
    before = factory.ask(untouched)
    past.load({**FIRST, (PVC, "20250528.LOG"): FIRST[PVC, "20250528.LOG"] + day("20250528", hour=14)})
    factory.build()
    assert factory.ask(untouched) == before


def test_a_build_that_failed_in_the_middle_is_made_good(factory: Factory) -> None:
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7), (ALU, "20250526.LOG"): day("20250601")})
    # A lock on a table in the middle of the graph, and a build with a short lock time-out.
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute("lock table marts.job_profil in access exclusive mode")
        with closing(factory.warehouse()) as other, other.cursor() as other_cursor:
            other_cursor.execute(f"alter database {factory.environment['POSTGRES_DB']} set lock_timeout = '500ms'")
            result = factory.dbt("build", expect=False)
            other_cursor.execute(f"alter database {factory.environment['POSTGRES_DB']} reset lock_timeout")
        connection.rollback()
    assert not result.success
    past.check_to_the_key()


def test_a_load_that_commits_while_a_build_runs_is_seen_whole_by_the_next(factory: Factory) -> None:
    past = Past(factory)
    grown = {**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=9), (PVC, "20250530.LOG"): day("20250530")}
    # The build has made its list of files; then new versions arrive; then it reads the lines.
    factory.put_logs({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=5)})
    factory.load("logs")
    factory.dbt("build", "--select", "+int_fichiers_a_lire")
    past.load(grown)
    factory.build_only("--exclude", "+int_fichiers_a_lire")
    pieces = factory.ask("select total_pieces from marts.session_production where date_production = '2025-05-28'")
    assert pieces == [(9 + 3,)]
    past.check_to_the_key()


def test_partial_builds_in_any_order_leave_nothing_behind(factory: Factory) -> None:
    project = factory.own_project()
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250526.LOG"): day("20250525"), (ALU, "20250526.LOG"): day("20250526", pieces=1)})
    names = "piece_production int_fichiers_jours int_fichiers_a_lire int_lignes session_production int_fichiers_jours"
    for model in (*names.split(), "job_profil"):
        factory.build_only("--select", model)
    factory.build_only("--full-refresh", "--select", "periode_attente", "production_hebdomadaire")
    # The rows of a session that is new have no parent as long as that is not built: PostgreSQL says so, and nothing is written.
    factory.build_only("--select", "int_sessions_a_construire")
    assert not factory.dbt("run", "--select", "job_profil", expect=False).success
    past.check_to_the_key()
    # A centre withdrawn, the mart of centres built alone, and the centre declared again.
    seed = project / "dbt_project/seeds/centres.csv"
    declared = seed.read_text()
    seed.write_text("".join(line for line in declared.splitlines(keepends=True) if PVC not in line))
    factory.build_only("--select", "centres", "centre_usinage")
    seed.write_text(declared)
    past.check_to_the_key()


def test_a_view_built_on_a_mart_survives(factory: Factory) -> None:
    past = Past(factory)
    factory.ask("create view public.pieces_par_jour as select session_id, count(*) as n from marts.piece_production group by 1")
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7)})
    factory.build()
    assert factory.ask("select sum(n) from public.pieces_par_jour") == factory.ask("select count(*) from marts.piece_production")


def test_a_duration_written_in_another_way_is_the_same(factory: Factory) -> None:
    past = Past(factory)
    before = factory.snapshot()
    past.load({**FIRST, (PVC, "20250526.LOG"): FIRST[PVC, "20250526.LOG"].replace(b"12,5 sec", b"12.50 sec")})
    past.check_to_the_key()
    assert factory.snapshot()["periode_attente"] == before["periode_attente"]


def plain_dbt(factory: Factory, *words: str) -> ForkServerProcess:
    """Start dbt in a process of its own, without `make build`'s lock."""
    return start_dbt(*factory.dbt_command(*words))


def expect_end(build: ForkServerProcess) -> None:
    build.join(240)
    assert build.exitcode is not None


def wait_until(factory: Factory, condition: str) -> None:
    """Wait for what a query says to become true, a minute at most."""
    end = time.monotonic() + 60
    while factory.ask(f"select {condition}") != [(True,)]:
        assert time.monotonic() < end, condition
        time.sleep(0.05)


NO_TESTS = ("--exclude-resource-type", "test")
WAITING = "exists (select from pg_locks where not granted and relation = '{}'::regclass)"


@pytest.mark.parametrize("table", ["intermediate.int_fichiers_jours", "marts.session_production", "marts.production_horaire"])
def test_a_build_killed_at_any_stage_is_made_good_by_the_next(factory: Factory, table: str) -> None:
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7), (ALU, "20250526.LOG"): day("20250601")})
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute(f"lock table {table} in access exclusive mode")
        build = plain_dbt(factory, "build", *NO_TESTS)
        wait_until(factory, WAITING.format(table))
        build.kill()
        build.join()
        connection.rollback()
    wait_until(factory, "not exists (select from pg_stat_activity where usename = 'transformer')")
    past.check_to_the_key()


def test_a_partial_build_with_another_variable_is_made_good(factory: Factory) -> None:
    past = Past(factory)
    at_five = ("--vars", json.dumps({"debut_journee": "05:00"}))
    factory.build_only("--full-refresh", "--select", "int_sessions_a_construire+", *at_five)
    past.check_to_the_key()
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7)})
    factory.build_only("--exclude", "int_periodes_a_calculer")
    past.check_to_the_key()


def test_a_folder_in_decomposed_form_is_its_centres(factory: Factory) -> None:
    seed = factory.own_project() / "dbt_project/seeds/centres.csv"
    composed, decomposed = "D\u00e9coupe (PVC)", "De\u0301coupe (PVC)"
    seed.write_text(seed.read_text() + f"{composed},DECOUPE,PVC,,true\n")
    factory.put_logs({(composed, "20250526.LOG"): day("20250526"), (decomposed, "20250527.LOG"): day("20250527")})
    factory.load("logs")
    factory.build()
    sessions = "select date_production::text, total_pieces, fichier_log_source from marts.session_production order by 1"
    assert factory.ask(sessions) == [("2025-05-26", 3, f"{composed}/20250526.LOG"), ("2025-05-27", 3, f"{decomposed}/20250527.LOG")]
    assert factory.ask("select distinct statut from marts.suivi_chargement") == [("rejets",)]
    factory.dbt("test", "--selector", "audit")
    seed.write_text(seed.read_text() + f"{decomposed},DECOUPE2,PVC,,true\n")
    assert not factory.dbt("build", "--select", "centres", expect=False).success


def test_a_seed_that_is_being_loaded_is_waited_for(factory: Factory) -> None:
    past = Past(factory)
    before = factory.snapshot()
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute("create temporary table kept as select * from seeds.centres; truncate seeds.centres")
        cursor.execute("insert into seeds.centres select * from kept")
        build = plain_dbt(factory, "run", "--select", "int_sessions_a_construire", "session_production")
        wait_until(factory, WAITING.format("seeds.centres"))
        connection.commit()
    expect_end(build)
    assert factory.snapshot() == before
    past.check()


def test_two_builds_at_once_note_a_version_once(factory: Factory) -> None:
    factory.put_erp(order("1"))
    factory.load("erp")
    factory.build_only()
    factory.put_erp(order("1", "débité"))
    factory.load("erp")
    factory.build_only("--select", "+commandes_volets")
    builds = [plain_dbt(factory, "snapshot") for _ in range(2)]
    for build in builds:
        expect_end(build)
    versions = "select statut, dbt_valid_to is null from historique.commandes_volets_versions order by dbt_valid_from"
    assert factory.ask(versions) == [("lancé", False), ("débité", True)]


def test_two_plain_builds_at_once_and_the_next_leave_the_marts_right(factory: Factory) -> None:
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7), (ALU, "20250526.LOG"): day("20250601")})
    first = plain_dbt(factory, "build", *NO_TESTS)
    wait_until(factory, "exists (select from pg_stat_activity where usename = 'transformer')")
    past.load({**past.loaded, (PVC, "20250530.LOG"): day("20250530")})
    second = plain_dbt(factory, "build", "--full-refresh", *NO_TESTS)
    for build in (first, second):
        expect_end(build)
    past.check_to_the_key()


def test_a_publication_for_all_tables_forbids_no_build(factory: Factory) -> None:
    past = Past(factory)
    factory.ask("create publication tout for all tables")
    try:
        past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7), (ALU, "20250526.LOG"): day("20250601")})
        past.check_to_the_key()
    finally:
        factory.ask("drop publication tout")


def test_a_build_that_brings_no_orders_ends_no_version(factory: Factory) -> None:
    orders = order("1")
    factory.put_erp(orders)
    factory.load()
    factory.build_only()
    versions = "select id_commande, valide_au is null from marts.commandes_volets_historique"
    assert factory.ask(versions) == [("1", True)]
    factory.put_erp({})
    factory.load("erp")
    factory.build()
    assert factory.ask("select count(*) from marts.commandes_volets") == [(0,)]
    assert factory.ask(versions) == [("1", True)]
    factory.put_erp(orders)
    factory.load("erp")
    factory.build()
    assert factory.ask(versions) == [("1", True)]


def test_every_model_is_run_by_dbt_show(factory: Factory) -> None:
    past = Past(factory)
    factory.dbt("parse")
    manifest = json.loads((factory.target / "manifest.json").read_text())
    models = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    shown = factory.dbt("show", "--select", "resource_type:model", "--limit", "1").result
    assert isinstance(shown, RunExecutionResult)
    assert models <= {each.node.name for each in shown.results if each.status == "success"}
    past.check()


def test_a_few_files_are_read_through_indexes(factory: Factory) -> None:
    Past(factory)
    for view in ("int_lignes_a_lire", "int_evenements"):
        with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
            cursor.execute(f"set enable_seqscan = off; explain select * from intermediate.{view}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Index" in plan
        assert not [
            table for table in ("log_lines", "log_files", "int_lignes", "int_fichiers_jours") if f"Seq Scan on {table}" in plan
        ]


def test_events_lead_from_a_session_to_its_lines(factory: Factory) -> None:
    past = Past(factory)
    past.check()
    ((session,),) = factory.ask("select id from marts.session_production s where date_production = '2025-05-28'")
    events = factory.ask(
        "select fichier, numero_ligne, evenement, numero_piece, motif from marts.evenements where session_id = %s"
        ' order by fichier collate "C", numero_ligne',
        (session,),
        role="analyst",
    )
    assert [event[3] for event in events if event[2] == "StukUitgevoerd"] == [1, 2, 3, 4, 5, 6]
    assert {event[0] for event in events} == {"20250527.LOG", "20250528.LOG"}
    counts = (
        "select session_id, count(*) filter (where numero_piece is not null), max(numero_piece)"
        " from marts.evenements group by 1 order by 1"
    )
    pieces = "select id, total_pieces, nullif(total_pieces, 0) from marts.session_production order by 1"
    assert factory.ask(counts, role="analyst") == factory.ask(pieces)
    plan = factory.ask(
        "set enable_seqscan = off; explain select * from marts.evenements where session_id = %s", (session,), role="none"
    )
    assert not [line for (line,) in plan if "Seq Scan on int_lignes" in line or "Seq Scan on session_production" in line]
