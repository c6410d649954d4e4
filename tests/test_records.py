"""How long the records of loads and builds are kept, and log files that are put aside."""

import os
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from common.postgres import connect
from common.settings import PostgresSettings, with_account
from operation.builds import Ended, note_end
from operation.inputs import last_inputs
from tests.factory import Factory

# A run of each source every quarter of an hour for ten years, one in a hundred of them failed.
TEN_YEARS = """
    insert into raw.load_runs (source, started_at, ended_at, outcome)
    select source, at, at + interval '1 minute', case when n % 100 = 7 then 'failed' else 'ok' end
    from generate_series(1, 350400) as n,
        (values ('logs'), ('erp')) as sources (source),
        lateral (select now() - n * interval '15 min') as times (at)
    order by n desc
"""

# What is kept of that, and a build after each load.
FOUR_HUNDRED_DAYS = """
    insert into raw.load_runs (source, started_at, ended_at, outcome)
    select source, at, at + interval '1 minute', 'ok'
    from generate_series(1, 38400) as n, (values ('logs'), ('erp')) as sources (source),
        lateral (select now() - n * interval '15 min') as times (at)
    order by n desc;
    insert into historique.constructions (id, commande, commencee_le, finie_le, resultat)
    select gen_random_uuid(), 'build', at, at + interval '1 minute', 'ok'
    from generate_series(1, 38400) as n, lateral (select now() - n * interval '15 min') as times (at)
"""

# Loads and builds that end in any way, at full hours, so that some are at the same time.
TWENTY_DAYS = """
    select setseed(0.17);
    insert into raw.load_runs (source, started_at, outcome)
    select
        (array['logs', 'erp'])[ceil(random() * 2)], date_trunc('hour', now() - random() * interval '20 days'),
        (array['ok', 'failed', 'partial', 'running'])[ceil(random() * 4)]
    from generate_series(1, 600);
    insert into historique.constructions (id, commande, commencee_le, resultat)
    select
        gen_random_uuid(), 'build', date_trunc('hour', now() - random() * interval '20 days'),
        (array['ok', 'echec', 'en cours'])[ceil(random() * 3)]
    from generate_series(1, 300)
"""
# How many rows there are, how many have another rate than one that is counted row by row, and whether there are many rates.
RATES = """
    select count(*), count(*) filter (where taux_reussite is distinct from taux), count(distinct taux) > 50
    from marts.suivi_execution as suivi, lateral (
        select
            round(
                100.0 * count(*) filter (where resultat = 'ok') / nullif(count(*) filter (where resultat <> 'en cours'), 0), 2
            ) as taux
        from marts.suivi_execution as autres
        where
            autres.type = suivi.type and autres.source is not distinct from suivi.source
            and autres.debut between suivi.debut - interval '7 days' and suivi.debut
    ) as comptes
"""


@pytest.fixture(scope="module")
def factory(small_factory: Factory) -> Factory:
    return small_factory


def test_after_ten_years_the_next_load_leaves_the_last_four_hundred_days_of_its_source(factory: Factory) -> None:
    factory.ask("truncate raw.load_runs")
    factory.ask(TEN_YEARS)
    factory.load("logs")
    days = (
        "select source, count(*), extract(day from now() - min(started_at))::int from raw.load_runs group by source order by source"
    )
    assert factory.ask(days) == [("erp", 350_400, 3_650), ("logs", 400 * 96, 399)]
    factory.load("erp", RECORDS_DAYS="10")
    assert factory.ask(days) == [("erp", 10 * 96, 9), ("logs", 400 * 96, 399)]
    assert factory.ask(
        "select count(*), min(taux_reussite) > 90 from marts.suivi_execution where type = 'chargement'", role="analyst"
    ) == [(410 * 96, True)]
    assert "RECORDS_DAYS is '7': set it to a whole number from 8 to 36500" in factory.load(expect=1, RECORDS_DAYS="7")


def test_the_latest_runs_are_found_without_reading_the_others(factory: Factory) -> None:
    factory.ask("truncate raw.load_runs")
    factory.ask("truncate historique.constructions")
    factory.ask(FOUR_HUNDRED_DAYS)
    factory.ask("analyze raw.load_runs")
    factory.ask("analyze historique.constructions")
    for condition in ("true", "type = 'chargement' and source = 'erp'", "type = 'construction'", "resultat <> 'en cours'"):
        query = f"select * from marts.suivi_execution where {condition} order by debut desc limit 20"
        (((plan,),),) = factory.ask(f"explain (analyze, format json) {query}", role="analyst")
        # Twenty of each source and of builds at most, and the seven days before: a run every quarter of an hour.
        assert 20 <= most_rows(plan["Plan"]) < 20 + 7 * 96 + 10, query


def most_rows(node: dict[str, Any]) -> int:
    """The most rows that a node of a plan has given."""
    return max([int(node["Actual Rows"] * node["Actual Loops"]), *map(most_rows, node.get("Plans", []))])


def test_the_success_rate_is_that_of_the_seven_days_before_a_run_itself_included(factory: Factory) -> None:
    factory.ask("truncate raw.load_runs")
    factory.ask("truncate historique.constructions")
    factory.ask(TWENTY_DAYS)
    assert factory.ask(RATES) == [(900, 0, True)]


def test_what_alerts_and_doctor_read_of_a_source_stays_however_old_it_is(factory: Factory) -> None:
    factory.ask("truncate raw.load_runs")
    factory.ask(
        "insert into raw.load_runs (source, started_at, ended_at, outcome)"
        " select source, now() - days * interval '1 day', now() - days * interval '1 day', outcome from (values"
        " ('logs', 900, 'ok'), ('logs', 890, 'partial'), ('logs', 880, 'ok'), ('logs', 870, 'failed'), ('logs', 860, 'failed'),"
        " ('logs', 850, 'interrupted'), ('logs', 300, 'partial'), ('erp', 1000, 'ok')) as runs (source, days, outcome)"
    )
    factory.stack.stop("ftp")
    try:
        factory.load("logs", expect=1)
    finally:
        factory.stack.start("ftp")
    kept = "select outcome, extract(day from now() - started_at)::int from raw.load_runs where source = 'logs' order by run_id"
    # The last success and what came next; the last of each other kind; what is not old.
    assert factory.ask(kept) == [("ok", 880), ("failed", 870), ("interrupted", 850), ("partial", 300), ("failed", 0)]
    factory.load("logs")
    assert factory.ask(kept) == [("interrupted", 850), ("partial", 300), ("failed", 0), ("ok", 0)]
    assert factory.ask("select count(*) from raw.load_runs where source = 'erp'") == [(1,)]


def test_old_builds_go_with_the_end_of_a_build_and_not_the_one_that_the_next_compares_with(factory: Factory) -> None:
    settings = PostgresSettings.from_environ(with_account(factory.environment, ["DBT"]))
    factory.ask("truncate historique.constructions")
    factory.ask(
        "insert into historique.constructions (id, commande, commencee_le, resultat, empreintes)"
        " select gen_random_uuid(), 'build', now() - days * interval '1 day', 'ok',"
        " case when days = 500 then jsonb_build_object('code', 'a') end from (values (600), (500), (401), (399)) as builds (days)"
    )
    ended = Ended("00000000-0000-0000-0000-000000000001", "build", 0, False, 2.0, 1, None)
    with closing(connect(settings)) as session:
        note_end(session, settings, ended)
        assert last_inputs(session, settings)[0] == {"code": "a"}
    kept = "select extract(day from now() - commencee_le)::int, resultat from historique.constructions order by commencee_le"
    assert factory.ask(kept) == [(500, "ok"), (399, "ok")]


def test_what_alerts_tell_of_builds_that_fail_for_long_stays(factory: Factory) -> None:
    settings = PostgresSettings.from_environ(with_account(factory.environment, ["DBT"]))
    factory.ask("truncate historique.constructions")
    factory.ask(
        "insert into historique.constructions (id, commande, commencee_le, finie_le, resultat, est_entiere)"
        " select gen_random_uuid(), 'build', now() - days * interval '1 day', now() - days * interval '1 day', resultat, entiere"
        " from (values (900, 'ok', true), (800, 'ok', true), (790, 'echec', true), (780, 'ok', false), (770, 'echec', true))"
        " as builds (days, resultat, entiere)"
    )
    with closing(connect(settings)) as session:
        note_end(session, settings, Ended("00000000-0000-0000-0000-000000000001", "build", 1, False, 2.0, 1, None))
    kept = "select extract(day from now() - commencee_le)::int, resultat from historique.constructions order by commencee_le"
    assert factory.ask(kept) == [(800, "ok"), (790, "echec"), (780, "ok"), (770, "echec"), (0, "echec")]


def test_log_files_put_aside_are_kept_as_long_as_the_records(factory: Factory, tmp_path: Path) -> None:
    ages = {
        "loaders.log": 900,
        "loaders.log.1": 399,
        "loaders.log.2": 401,
        "dbt.log.1": 401,
        "schedule.log.5": 900,
        "notes.txt": 900,
    }
    for name, days in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)
    factory.load("logs", LOG_DIR=str(tmp_path))
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"loaders.log", "loaders.log.1", "notes.txt"}
