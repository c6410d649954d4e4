"""Settings of a database or an account change neither dbt's sessions nor what the models compute."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import generator
from tests.factory import Factory

# Settings that differ from what the models rely on: the administrator's value, and the value in dbt's sessions.
SETTINGS = {
    "client_encoding": ("LATIN1", "UTF8"),
    "standard_conforming_strings": ("off", "on"),
    "quote_all_identifiers": ("on", "off"),
    "transform_null_equals": ("on", "off"),
    "array_nulls": ("off", "on"),
    "bytea_output": ("escape", "hex"),
    "extra_float_digits": ("-15", "1"),
    "DateStyle": ("SQL, DMY", "ISO, MDY"),
    "IntervalStyle": ("sql_standard", "postgres"),
    "TimeZone": ("Pacific/Auckland", "UTC"),
    "search_path": ("marts, pg_temp", "public"),
    "default_transaction_isolation": ("serializable", "read committed"),
    "default_transaction_read_only": ("on", "off"),
    "default_transaction_deferrable": ("on", "off"),
    "row_security": ("off", "on"),
    "statement_timeout": ("30ms", "0"),
    "transaction_timeout": ("200ms", "0"),
    "idle_in_transaction_session_timeout": ("200ms", "0"),
    "idle_session_timeout": ("200ms", "0"),
}


@contextmanager
def set_for(factory: Factory, what: str, values: dict[str, str]) -> Iterator[None]:
    """Set something for a database or a role, and take it back in the end."""
    connection = factory.warehouse()  # what is set reaches sessions to come only
    with connection.cursor() as cursor:
        try:
            for name, value in values.items():
                cursor.execute(f"alter {what} set {name} = {value if name == 'search_path' else repr(value)}")
            yield
        finally:
            cursor.execute(f"alter {what} reset all")
            connection.close()


def shown_by_dbt(factory: Factory, query: str) -> list[tuple[Any, ...]]:
    result: Any = factory.dbt("show", "--inline", query, "--limit", "-1").result
    return [tuple(row) for row in result.results[0].agate_table.rows]


@pytest.mark.parametrize("what", ["database", "role", "role in database"])
def test_dbts_sessions_have_what_the_models_rely_on(factory: Factory, what: str) -> None:
    database, account = factory.environment["POSTGRES_DB"], factory.environment["DBT_POSTGRES_USER"]
    named = {
        "database": f"database {database}",
        "role": f"role {account}",
        "role in database": f"role {account} in database {database}",
    }
    ((version,),) = factory.ask("select current_setting('server_version_num')::int")
    settings = {name: values for name, values in SETTINGS.items() if name != "transaction_timeout" or version >= 170000}
    names = ", ".join(f"'{name}'" for name in settings)
    with set_for(factory, named[what], {name: values[0] for name, values in settings.items()}):
        found = shown_by_dbt(factory, f"select name, current_setting(name) from unnest(array[{names}]) as name")
    assert dict(found) == {name: values[1] for name, values in settings.items()}


def test_lock_timeout_stays_the_administrators_and_so_does_the_accounts_role(factory: Factory) -> None:
    account = factory.environment["DBT_POSTGRES_USER"]
    with set_for(factory, f"role {account}", {"lock_timeout": "3s", "role": "analyst"}):
        assert shown_by_dbt(factory, "select current_setting('lock_timeout'), current_user::text") == [("3s", "analyst")]


def test_a_build_gives_the_same_whatever_is_set(factory: Factory) -> None:
    """With all of these at once, time-outs shorter than a build takes, and no more connections than it needs."""
    account = factory.environment["DBT_POSTGRES_USER"]
    rng = random.Random(11)
    factory.put_logs(generator.random_logs(rng, days=2, lines=30))
    factory.put_erp(generator.random_erp(rng, orders=15))
    factory.load()
    factory.ask(f"alter role {account} connection limit 5")
    try:
        with set_for(
            factory, f"database {factory.environment['POSTGRES_DB']}", {name: values[0] for name, values in SETTINGS.items()}
        ):
            factory.build()
    finally:
        factory.ask(f"alter role {account} connection limit -1")
    marts = factory.snapshot()
    assert marts["session_production"]
    assert marts["commandes_volets"]
    factory.build_only("--full-refresh")
    assert factory.snapshot() == marts
