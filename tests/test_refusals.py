"""dbt commands that would fail halfway, or falsify history, are refused in one line before they begin."""

import pytest

from tests.factory import Factory
from tests.test_incremental import FIRST, order

# Except the state, which `make grants` creates.
MADE = (
    "select count(*) from pg_class where relnamespace::regnamespace::text in ('seeds', 'staging', 'intermediate', 'marts')"
    " and relname not like 'worklist_state%%'"
)


def refusal(factory: Factory, *words: str) -> str:
    """Run a dbt command that must be refused; return the message."""
    result = factory.dbt(*words, expect=False)
    assert not result.success
    said = str(result.exception).strip().split("\n")
    return said[1].strip()


def test_a_first_command_that_reads_what_is_not_there_says_what_to_run(factory: Factory) -> None:
    factory.put_logs(FIRST)
    factory.load("logs")
    tail = ": not there yet, and read by what is selected; run `dbt build` first"
    seed, versions = "seeds.centres", "historique.commandes_volets_versions, historique.sessions_versions, seeds.cadences, …"
    for words, missing in {
        ("run",): versions,
        ("run", "--select", "centre_usinage"): seed,
        ("build", "--select", "centre_usinage"): seed,
        ("test", "--select", "centres"): seed,
        ("snapshot", "--select", "commandes_volets_versions"): "marts.commandes_volets",
    }.items():
        assert refusal(factory, *words) == missing + tail, words
    assert refusal(factory, "test").endswith(f", …{tail}")
    assert factory.ask(MADE) == [(0,)]

    # Commands that need no table run; once the tables exist, so do all others.
    factory.dbt("run", "--select", "stg_logs__files")
    factory.dbt("seed")
    factory.dbt("run", "--select", "centre_usinage")
    factory.build_only()
    factory.dbt("test", "--select", "centres", "centre_usinage")
    factory.dbt("snapshot")
    factory.dbt("run", "--select", "commandes_volets")


@pytest.mark.parametrize("command", ["run", "build", "snapshot"])
def test_dbts_dry_run_is_for_a_warehouse_without_history(factory: Factory, command: str) -> None:
    factory.put_erp({table: [row for number in ("1", "2") for row in order(number)[table]] for table in order("1")})
    factory.load("erp")
    factory.build_only("--select", "+commandes_volets_historique")
    history = "select id_commande, dbt_valid_from, dbt_valid_to from historique.commandes_volets_versions order by 1, 2"
    versions, marts = factory.ask(history), factory.snapshot()
    assert len(versions) == 2

    refused = "--empty would falsify the history of this warehouse: try it on one that was never built"
    assert refusal(factory, command, "--empty") == refused
    # Any of its tables will do; and one row of it.
    tables = [table for (table,) in factory.ask("select tablename::text from pg_tables where schemaname = 'historique' order by 1")]
    others = [table for table in tables if table != "alertes_etats"]
    assert "alertes_etats" in tables
    factory.ask("insert into historique.alertes_etats (id, etat) values (gen_random_uuid(), 'vue')")
    factory.ask(f"create schema aside; {''.join(f'alter table historique.{table} set schema aside;' for table in others)}")
    assert refusal(factory, command, "--empty") == refused
    factory.ask(f"{''.join(f'alter table aside.{table} set schema historique;' for table in others)} drop schema aside")
    assert (factory.ask(history), factory.snapshot()) == (versions, marts)


def test_dbts_dry_run_works_where_nothing_was_built_yet(factory: Factory) -> None:
    factory.load()
    factory.dbt("run", "--empty", "--select", "+commandes_volets")
    assert factory.ask("select count(*) from marts.commandes_volets") == [(0,)]
