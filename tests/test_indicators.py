"""The indicators with extreme dates and numbers, and after partial builds."""

from tests import reference
from tests.factory import ERP_DDL, Factory
from tests.test_incremental import ALU, FIRST, PVC, Past, day
from tests.test_marts import CENTRES, expect_marts

INDICATORS = [
    *("chronologie", "production_horaire", "production_journaliere", "production_hebdomadaire"),
    *("production_profil_journaliere", "production_profil"),
]


def events(date: str, *lines: str) -> bytes:
    return "".join(f"{date} {line[:8]}|@{line[9:]}\n" for line in lines).encode()


def test_impossible_years_and_huge_numbers_break_no_build_and_no_sum(factory: Factory) -> None:
    huge = ["08:00:00 JobProfiel: R:1 L:999999999999.99"] * 2_000
    logs = {
        # The first and the last second that a machine can write.
        (PVC, "00010101.LOG"): events(
            "00010101", "00:00:00 StukUitgevoerd", "00:30:00 MachineWait: 86400", "23:59:59 StukUitgevoerd"
        ),
        (PVC, "99991231.LOG"): events("99991231", "22:59:59 StukUitgevoerd", "23:58:00 MachineWait: 60", "23:59:59 StukUitgevoerd"),
        # A microsecond of production, many pieces in it, and no profile that would fit numeric(14,2) when added up.
        (ALU, "20250526.LOG"): events("20250526", *huge, *["08:00:00 StukUitgevoerd"] * 2_000, "08:00:01 StukUitgevoerd")
        + events("20250526", "08:00:00 MachineWait: 0.999999"),
        (ALU, "20250527.LOG"): events("20250527", "08:00:00 StukUitgevoerd", "23:59:59 StukUitgevoerd"),
    }
    factory.put_logs(logs)
    factory.load("logs")
    factory.build()
    factory.dbt("test", "--selector", "audit")
    expect_marts(factory, reference.marts(logs, CENTRES, {table: [] for table in ERP_DDL}))
    # A wait that ends in the year 10000, and a production day, moved by five hours, before our era: Python has no dates for them.
    factory.put_logs({**logs, (PVC, "99991231.LOG"): logs[PVC, "99991231.LOG"] + events("99991231", "23:59:00 MachineWait: 3600")})
    factory.load("logs")
    factory.build("--vars", '{"debut_journee": "05:00"}')
    factory.dbt("test", "--selector", "audit", "--vars", '{"debut_journee": "05:00"}')


def test_what_partial_builds_leave_behind_is_made_good(factory: Factory) -> None:
    seed = factory.own_project() / "dbt_project/seeds/centres.csv"
    past = Past(factory)

    # Indicators are built before the marts that they read.
    past.load({**FIRST, (ALU, "20250526.LOG"): day("20250526", pieces=9), (ALU, "20250527.LOG"): day("20250527")})
    factory.build_only("--select", "+session_production")
    factory.build_only("--select", *INDICATORS)

    # Another centre's weeks go with it; its sessions, when they are back, are those from which the weeks were once built.
    original = seed.read_text()
    seed.write_text("".join(line for line in original.splitlines(keepends=True) if PVC not in line))
    factory.build_only("--select", "+centre_usinage", "session_production")
    seed.write_text(original)
    past.check()


def test_only_the_days_and_weeks_that_a_file_touches_are_written(factory: Factory) -> None:
    past = Past(factory)
    changed = "20250527.LOG"  # it feeds the 27th and the 28th, which is the last day

    def rows(table: str, column: str) -> dict[tuple[str, str], str]:
        query = (
            f"select c.dossier, m.{column}::text, m.xmin::text from marts.{table} m"
            " join marts.centre_usinage c on c.id = m.centre_usinage_id"
        )
        return {(dossier, begin): written for dossier, begin, written in factory.ask(query)}

    before = {
        table: rows(*table) for table in (("production_journaliere", "date_production"), ("production_hebdomadaire", "date_debut"))
    }
    past.load({**FIRST, (PVC, changed): FIRST[PVC, changed] + day("20250527", hour=14)})
    factory.build_only()
    written = {table: {key for key, xmin in rows(*table).items() if before[table].get(key) != xmin} for table in before}
    assert list(written.values()) == [{(PVC, "2025-05-27")}, {(PVC, "2025-05-26")}]
