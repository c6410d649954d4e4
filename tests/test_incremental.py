"""An incremental build gives what a full refresh gives, row by row and key by key, whatever happened since the last one."""

import json
import os
from contextlib import closing

from tests import reference
from tests.factory import ERP_DDL, Factory
from tests.test_marts import CENTRES, expect_marts

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


class Past:
    """A factory with a first state loaded and built, and what it takes to check the next build."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.loaded = dict(FIRST)
        self.variables: list[str] = []
        self.debut_journee = "00:00"
        self.centres = CENTRES
        factory.put_logs(FIRST)
        factory.load("logs")
        factory.build()

    def load(self, logs: dict[tuple[str, str], bytes]) -> None:
        self.factory.put_logs(logs)
        self.factory.load("logs")
        self.loaded |= logs

    def check(self) -> None:
        """Build, and compare with the reference."""
        self.factory.build(*self.variables)
        expect_marts(self.factory, reference.marts(self.loaded, self.centres, {table: [] for table in ERP_DDL}, self.debut_journee))

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

    seed.write_text(original + f"{UNKNOWN},NEUF,PVC,,false\n")
    past.centres = [*CENTRES, {"dossier": UNKNOWN, "nom": "NEUF", "type_cu": "PVC", "description": None, "actif": False}]
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


def test_a_view_is_made_anew_only_where_it_has_changed_or_gone(factory: Factory) -> None:
    def views() -> dict[str, int]:
        return dict(
            factory.ask("select relname, oid::bigint from pg_class where relkind = 'v' and relowner = 'transformer'::regrole")
        )

    project = factory.own_project()
    factory.load()
    factory.build_only()
    first = views()
    assert {"stg_logs__files", "int_sessions_metriques"} < first.keys()
    factory.build_only()
    assert views() == first

    # What was changed is made anew, and what was lost with a view below it.
    model = project / "dbt_project" / "models" / "intermediate" / "production" / "int_evenements.sql"
    model.write_text(model.read_text() + "where true\n")
    factory.ask("drop view intermediate.int_commandes_volets cascade")
    factory.build_only()
    renewed = {name for name, oid in views().items() if oid != first[name]}
    assert views().keys() == first.keys()
    assert {"int_evenements", "int_pieces", "int_commandes_volets"} < renewed
    assert renewed.isdisjoint({"stg_logs__files", "stg_erp__a_kopf", "int_sessions", "int_erp"})

    # So is one whose description has changed, and one that somebody has replaced by hand.
    texts = project / "dbt_project" / "models" / "staging" / "logs" / "_logs__models.yml"
    texts.write_text(
        texts.read_text().replace("name: stg_logs__files\n    description:", "name: stg_logs__files\n    description: Nouveau.")
    )
    factory.ask("drop view staging.stg_erp__a_kopf cascade")
    factory.ask("create view staging.stg_erp__a_kopf as select 1; alter view staging.stg_erp__a_kopf owner to transformer")
    before = views()
    factory.build_only()
    renewed = {name for name, oid in views().items() if oid != before.get(name)}
    assert {"stg_logs__files", "stg_erp__a_kopf"} <= renewed
    assert "stg_logs__lines" not in renewed


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
    # A lock on a table in the middle of the line, and a build that is not willing to wait for it.
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
    # The build has taken its picture of the files; then new versions arrive; then it reads the lines.
    factory.put_logs({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=5)})
    factory.load("logs")
    factory.dbt("build", "--select", "+int_fichiers")
    past.load(grown)
    factory.build_only("--exclude", "+int_fichiers")
    pieces = factory.ask("select total_pieces from marts.session_production where date_production = '2025-05-28'")
    assert pieces == [(9 + 3,)]
    past.check_to_the_key()


def test_partial_builds_in_any_order_leave_nothing_behind(factory: Factory) -> None:
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250526.LOG"): day("20250525"), (ALU, "20250526.LOG"): day("20250526", pieces=1)})
    for model in ("piece_production", "int_lignes", "session_production", "job_profil", "int_fichiers_jours", "int_fichiers"):
        factory.build_only("--select", model)
    past.check_to_the_key()


def test_a_view_built_on_a_mart_survives(factory: Factory) -> None:
    past = Past(factory)
    factory.ask("create view public.pieces_par_jour as select session_id, count(*) as n from marts.piece_production group by 1")
    past.load({**FIRST, (PVC, "20250528.LOG"): day("20250528", pieces=7)})
    factory.build()
    assert factory.ask("select sum(n) from public.pieces_par_jour") == factory.ask("select count(*) from marts.piece_production")
