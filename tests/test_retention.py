"""What was purged from raw neither comes back from the server nor takes with it what was made of it."""

import subprocess
import sys
from datetime import date

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult

from loaders.errors import LoadError
from operation.grants import grant
from operation.retention import first_day_kept, is_kept
from tests import past
from tests.factory import ROOT, Factory
from tests.past import LOGS
from tests.test_constraints import declared, existing
from tests.test_incremental import ALU, PVC
from tests.test_upgrades import marts, rewrite

PIECES = """
    select date_production::text, nom, total_pieces
    from marts.session_production s join marts.centre_usinage c on c.id = s.centre_usinage_id
    order by 1, 2
"""


def purge(factory: Factory, *words: str, expect: int = 0, **environment: str) -> str:
    """Run the command; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "operation", "purge", *words],
        cwd=ROOT,
        env=factory.environment | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done.stderr


def loaders(factory: Factory, *words: str) -> int:
    """Run another command of the loaders; return its exit code."""
    return subprocess.run([sys.executable, "-m", "loaders", *words], cwd=ROOT, env=factory.environment, check=False).returncode


def files_in_raw(factory: Factory) -> list[str]:
    """The files whose lines raw holds."""
    return [name for (name,) in factory.ask("select distinct file_name from raw.log_lines order by 1")]


def test_purged_lines_neither_come_back_nor_take_with_them_what_was_made_of_them(factory: Factory) -> None:
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    before = marts(factory)
    assert "4 files with 49 lines taken out" in purge(factory, "2025-05-28")
    assert files_in_raw(factory) == ["20250528.LOG"]
    factory.build_only()
    assert marts(factory) == before
    assert factory.ask("select count(distinct fichier_id) from intermediate.int_lignes") == [(1,)]

    # Neither an ordinary load brings them back, nor where an old file has changed or is new, nor where it is asked for.
    transfers = factory.transfers()
    factory.put_logs({**LOGS, (PVC, "20250526.LOG"): b"20250526 08:00:00|@StukUitgevoerd: x\n", (ALU, "20250101.LOG"): b"x\n"})
    said = factory.load("logs")
    assert "2 found, 0 loaded, 2 unchanged" in said
    assert "do not agree" not in said
    assert loaders(factory, "reload", "*/20250526*") == 1
    assert factory.transfers() == transfers
    # Nor does the search for what somebody has deleted by hand take them for that.
    assert loaders(factory, "reload", "*/20250603*") == 0
    assert factory.ask("select count(*) from raw.log_files where purged_at is not null") == [(4,)]

    # No build touches what it could not make anew.
    factory.build_only()
    before |= {"suivi_chargement": marts(factory)["suivi_chargement"]}
    factory.build_only("--full-refresh")
    assert marts(factory) == before
    factory.build_only("--vars", '{"debut_journee": "05:00"}')
    assert factory.ask(PIECES) == [
        ("2025-05-26", "DEM12", 4),
        ("2025-05-26", "DEMALU", 5),
        ("2025-05-27", "DEM12", 3),
        ("2025-05-28", "DEM12", 11),
    ]
    factory.ask("truncate intermediate.etat_construction")
    factory.build_only("--full-refresh")
    assert marts(factory) == before
    assert existing(factory) == declared(factory)


def test_a_column_that_comes_after_a_purge_is_empty_where_nothing_could_fill_it(factory: Factory) -> None:
    models = factory.own_project() / "dbt_project" / "models" / "marts" / "production"
    past.put_sources(factory)
    factory.load("logs")
    factory.build_only()
    purge(factory, "2025-05-28")
    declaration = models / "_production__models.yml"
    content = declaration.read_text()
    columns = content.index("    columns:\n", content.index("  - name: periode_arret\n")) + len("    columns:\n")
    minutes = "      - {name: minutes, data_type: numeric, description: Minutes., constraints: [{type: not_null}]}\n"
    declaration.write_text(content[:columns] + minutes + content[columns:])
    rewrite(models / "periode_arret.sql", "select * from periodes\n", "select *, duree_secondes / 60 as minutes from periodes\n")
    factory.put_logs({**LOGS, (ALU, "20250603.LOG"): LOGS[ALU, "20250526.LOG"].replace(b"20250526", b"20250603")})
    factory.load("logs")
    factory.build_only()
    assert factory.ask("select minutes is null, count(*) from marts.periode_arret group by 1 order by 1") == [(False, 1), (True, 5)]


def test_days_that_are_kept_go_on_changing_and_an_earlier_date_lets_files_come_back(factory: Factory) -> None:
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    pieces = factory.ask(PIECES)
    purge(factory, "2025-05-28")
    # The session of the 28th is fed by a purged file too: it stays as it is. Another file's is its own.
    grown = LOGS[PVC, "20250528.LOG"] + b"20250528 09:00:00|@StukUitgevoerd: y\n"
    factory.put_logs({**LOGS, (PVC, "20250528.LOG"): grown, (ALU, "20250603.LOG"): b"20250603 08:00:00|@StukUitgevoerd: x\n"})
    factory.load("logs")
    factory.build_only()
    assert factory.ask(PIECES) == [*pieces, ("2025-06-03", "DEMALU", 1)]
    factory.dbt("test", "--selector", "audit")

    purge(factory, "2025-05-26")
    assert "4 loaded, 2 unchanged" in factory.load("logs")
    factory.build_only()
    factory.dbt("test", "--selector", "audit")
    assert factory.ask(PIECES) == [*pieces[:-1], ("2025-05-28", "DEM12", 12), ("2025-06-03", "DEMALU", 1)]


def test_no_hand_takes_away_by_the_way_what_could_not_be_made_anew(factory: Factory) -> None:
    seed = factory.own_project() / "dbt_project" / "seeds" / "centres.csv"
    past.put_sources(factory)
    factory.load()
    factory.build_only()
    purge(factory, "2025-05-28")
    factory.build_only()
    before = marts(factory)

    declared_centres = seed.read_text()
    seed.write_text("".join(line for line in declared_centres.splitlines(keepends=True) if not line.startswith(ALU)))
    failed = factory.dbt("build", "--exclude-resource-type", "test", expect=False).result
    assert isinstance(failed, RunExecutionResult)
    said = str([each.message for each in failed.results])
    assert "centres.csv no longer has DEMALU (ALU), whose lines were purged" in said
    seed.write_text(declared_centres)
    factory.build_only()
    assert marts(factory) == before

    factory.ask("create table public.ledger as select * from raw.log_files where purged_at is not null")
    factory.ask("truncate raw.log_files")
    factory.load("logs")
    refused = factory.dbt("run", expect=False)
    assert "raw.log_files no longer has 3 files that were purged" in str(refused.exception)
    factory.ask("insert into raw.log_files select * from public.ledger")
    factory.ask("drop schema intermediate cascade")
    grant(factory.environment)
    factory.build_only()
    loaded = {"suivi_chargement"}  # the other files were loaded anew
    assert {table: rows for table, rows in marts(factory).items() if table not in loaded} == {
        table: rows for table, rows in before.items() if table not in loaded
    }
    factory.dbt("test", "--selector", "audit")


def test_the_date_is_given_or_counted_in_months_and_lies_in_the_past() -> None:
    today = date(2026, 3, 15)
    assert first_day_kept("2024-01-31", {}, today) == date(2024, 1, 31)
    assert first_day_kept("", {"RETENTION_MONTHS": "3"}, today) == date(2025, 12, 1)
    assert first_day_kept("", {"RETENTION_MONTHS": "26"}, today) == date(2024, 1, 1)
    for words, environment, said in [
        ("", {}, "BEFORE"),
        ("2026-03-15", {}, "in the past"),
        ("hier", {}, "BEFORE is 'hier'"),
        ("", {"RETENTION_MONTHS": "0"}, "RETENTION_MONTHS"),
    ]:
        with pytest.raises(LoadError, match=said):
            first_day_kept(words, environment, today)


def test_a_year_far_back_is_no_late_one() -> None:
    for day in (date(1, 1, 1), date(202, 1, 1), date(999, 1, 1), date(1926, 3, 1)):
        assert is_kept("20240101.LOG", day)
    assert is_kept("20240101.log", date(2024, 1, 1))
    assert not is_kept("20231231.LOG", date(2024, 1, 1))


def test_a_wrong_date_is_one_line_and_purges_nothing(factory: Factory) -> None:
    past.put_sources(factory)
    factory.load("logs")
    said = purge(factory, "2999-01-01", expect=1)
    assert said.count("\n") == 1
    assert "in the past" in said
    assert factory.ask("select count(*) from raw.retention") == [(0,)]
