"""`make purge`: purged files are not transferred again, and nothing computed from them changes."""

import json
import subprocess
import sys
from datetime import date

import pytest

from common.errors import LoadError
from operation.grants import grant
from operation.retention import first_day_kept
from tests import reference
from tests.factory import ERP_DDL, ROOT, Factory
from tests.test_incremental import ALU, FIRST, PVC, Past, day
from tests.test_marts import CENTRES, expect_marts


def purge(factory: Factory, *words: str, expect: int = 0, **environment: str) -> str:
    """Run the command; return its output."""
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


def files_in_raw(factory: Factory) -> list[tuple[str, str]]:
    """The files whose lines raw holds."""
    return factory.ask("select distinct folder, file_name from raw.log_lines order by 1, 2")


def test_purged_lines_are_not_transferred_again_and_what_was_made_of_them_goes_on(factory: Factory) -> None:
    seed = factory.own_project() / "dbt_project/seeds/centres.csv"
    past = Past(factory)
    before = factory.snapshot()
    said = purge(factory, "2025-05-28")
    assert "4 files of days before 2025-05-28 with" in said
    assert files_in_raw(factory) == [(PVC, "20250528.LOG")]
    past.check()
    assert factory.snapshot() == before

    # A worklist from before the purge does not delete what was read, either.
    factory.build_only("--full-refresh")
    purge(factory, "2025-05-29")
    factory.build_only("--select", "int_lignes", "int_fichiers_jours")
    past.check_to_the_key()
    assert factory.snapshot() == before

    # An unchanged file is not transferred; a changed or new one is loaded like any other.
    transfers = factory.transfers()
    past.load(dict(FIRST))
    assert factory.transfers() == transfers
    past.load({**FIRST, (PVC, "20250526.LOG"): day("20250526", pieces=1), (ALU, "20250101.LOG"): day("20250101")})
    assert factory.transfers() == transfers + 2
    past.check_to_the_key()

    # Every mart can be rebuilt from it: with another start of the day, after a centre was removed and added, with another version.
    past.variables, past.debut_journee = ["--vars", json.dumps({"debut_journee": "05:00"})], "05:00"
    past.check_to_the_key()
    past.variables, past.debut_journee = [], "00:00"
    declared = seed.read_text()
    seed.write_text("".join(line for line in declared.splitlines(keepends=True) if ALU not in line))
    past.centres = [centre for centre in CENTRES if centre["dossier"] != ALU]
    past.check()
    seed.write_text(declared)
    past.centres = CENTRES
    past.check()
    before = factory.snapshot()
    factory.ask("drop table marts.lignes_rejetees, marts.periode_arret cascade; truncate intermediate.worklist_state")
    factory.build_only("--vars", json.dumps({"version_lecture": 9, "version_modeles": 9}))
    assert factory.snapshot() == before


def test_a_file_that_no_build_has_read_keeps_its_lines(factory: Factory) -> None:
    past = Past(factory)
    past.load({**FIRST, (PVC, "20250526.LOG"): day("20250526", pieces=7)})
    assert "1 files of days before 2025-05-28 are kept: no build has read them yet" in purge(factory, "2025-05-28")
    assert files_in_raw(factory) == [(PVC, "20250526.LOG"), (PVC, "20250528.LOG")]
    past.check()
    # Nor are those that a build has begun to read.
    past.load({**FIRST, (PVC, "20250526.LOG"): day("20250526", pieces=8)})
    factory.build_only("--select", "int_fichiers_a_lire")
    assert "0 files" in purge(factory, "2025-05-28")
    past.check_to_the_key()
    assert "1 files" in purge(factory, "2025-05-28")
    past.check()


def test_purged_lines_outlive_a_lost_ledger_and_no_build_goes_on_without_them(factory: Factory) -> None:
    past = Past(factory)
    purge(factory, "2025-05-28")
    root = factory.stack.ftp_root
    (root / PVC / "20250526.LOG").unlink()
    factory.ask("drop schema raw cascade")
    grant(factory.environment)
    factory.load("logs")
    factory.build_only()
    marts = reference.marts(past.loaded, CENTRES, {table: [] for table in ERP_DDL}, "00:00")
    # The ledger no longer has the file that the server has lost; what was read of it is there.
    marts["suivi_chargement"] = [
        row for row in marts["suivi_chargement"] if (row["dossier"], row["fichier"]) != (PVC, "20250526.LOG")
    ]
    expect_marts(factory, marts)

    purge(factory, "2025-05-28")
    factory.ask("drop table intermediate.int_lignes cascade")
    refused = factory.dbt("run", expect=False)
    assert "intermediate.int_lignes is gone, and held all that was left of the purged log files" in str(refused.exception)


def test_nothing_is_purged_before_the_first_build(factory: Factory) -> None:
    factory.put_logs(FIRST)
    factory.load("logs")
    assert "4 files of days before 2025-05-28 are kept: no build has read them yet" in purge(factory, "2025-05-28")
    factory.ask("drop schema intermediate cascade")
    said = purge(factory, "2025-05-28", expect=1)
    assert said.count("\n") == 1
    assert "run `make build` first" in said
    assert len(files_in_raw(factory)) == len(FIRST)


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


def test_a_wrong_date_is_one_line_and_purges_nothing(factory: Factory) -> None:
    Past(factory)
    said = purge(factory, "2999-01-01", expect=1)
    assert said.count("\n") == 1
    assert "in the past" in said
    assert "0 files" in purge(factory, "0202-01-01")
    assert len(files_in_raw(factory)) == len(FIRST)
