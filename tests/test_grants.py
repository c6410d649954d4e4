"""`make grants`: what each role may do in the warehouse, and that the platform needs no more."""

import json
import logging
import random
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege

from operation.__main__ import main
from operation.grants import grant
from tests import generator
from tests.factory import ROOT, Factory
from tests.test_constraints import declared, existing

SCHEMAS = ("raw", "seeds", "staging", "intermediate", "marts", "historique", "verifications")
# For each role, the rights it has on each schema's tables and views.
EVERYTHING = "SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER"
MAY = {
    "loader": {"raw": EVERYTHING},
    "transformer": {"raw": "SELECT", **dict.fromkeys(SCHEMAS[1:], EVERYTHING)},
    "analyst": {"marts": "SELECT"},
}
OWNERS = """
    select c.relnamespace::regnamespace::text, c.relname::text, c.relowner::regrole::text
    from pg_class c where c.relnamespace::regnamespace::text = any (%s) order by 1, 2
"""
# All rights: on the database, the schemas, existing and future tables in them, and the members of roles.
RIGHTS = """
    select 'database', datname::text, datdba, datacl::text from pg_database where datname = current_database()
    union all select 'schema', nspname, nspowner, nspacl::text from pg_namespace
    union all select 'relation', c.oid::regclass::text, relowner, relacl::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname <> 'pg_toast'
    union all select 'later', defaclnamespace::regnamespace::text, defaclrole, defaclacl::text from pg_default_acl
    union all select 'member', member::regrole::text, roleid, '' from pg_auth_members
    order by 1, 2, 3
"""


def put_and_load(factory: Factory, logs: generator.LogFiles) -> None:
    factory.put_logs(logs)
    factory.load()


def build(factory: Factory, *arguments: str) -> None:
    """Build, and let one check keep its rows (there is a folder that no centre declares), so that every schema holds something."""
    factory.build_only(*arguments)
    factory.dbt("test", "--select", "dossiers_a_declarer", "--store-failures")


def one_user(factory: Factory, user: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one account for everything."""
    for name in ("DBT_POSTGRES_USER", "DBT_POSTGRES_PASSWORD", "POSTGRES_ADMIN_USER", "POSTGRES_ADMIN_PASSWORD"):
        factory.environment.pop(name, None)
        monkeypatch.delenv(name, raising=False)  # an earlier factory's
    factory.environment |= {"POSTGRES_USER": user, "POSTGRES_PASSWORD": password}


def split(factory: Factory) -> None:
    """Use a role for each part again."""
    factory.environment = factory.stack.environment()


@contextmanager
def account(factory: Factory, name: str, options: str = "") -> Iterator[str]:
    """Create an account, and drop it in the end with all that it has; yields its password."""
    factory.ask(f"create role {name} login password 'secret of {name}' {options}")
    try:
        yield f"secret of {name}"
    finally:
        factory.ask(f"reassign owned by {name} to current_user; drop owned by {name}; drop role {name}")


def rights(factory: Factory) -> dict[str, dict[str, str]]:
    """What each role may do with the tables and views of each schema; it must be the same for all of them, but for the purge's."""
    found: dict[str, dict[str, str]] = {}
    for role in MAY:
        rows = factory.ask(
            """
            select distinct n.nspname::text, array_to_string(array(
                select p from unnest(string_to_array(%s, ' ')) with ordinality as x (p, place)
                where has_schema_privilege(%s, n.oid, 'usage') and has_table_privilege(%s, c.oid, p) order by place
            ), ' ')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (%s) and c.relkind in ('r', 'v') and (c.relname <> 'worklist_state' or %s <> 'loader')
            """,
            (EVERYTHING, role, role, list(SCHEMAS), role),
        )
        assert len(rows) == len(SCHEMAS), rows
        found[role] = {schema: privileges for schema, privileges in rows if privileges}
    return found


def test_each_role_may_do_what_is_its_own_and_nothing_else(factory: Factory) -> None:
    put_and_load(factory, generator.random_logs(random.Random(1), days=1, lines=20))
    build(factory)
    assert rights(factory) == MAY
    refused = {
        "analyst": [
            "insert into marts.centre_usinage select * from marts.centre_usinage where false",
            "update marts.session_production set total_pieces = 0",
            "delete from marts.lignes_rejetees",
            "truncate marts.suivi_chargement",
            "drop table marts.suivi_chargement cascade",
            "select * from raw.log_lines",
            "select * from raw.load_runs",
            "select nextval('raw.log_file_version')",
            "select * from staging.stg_logs__lines",
            "select * from intermediate.int_lignes",
            "select * from verifications.dossiers_a_declarer",
            "select * from seeds.centres",
            "create table marts.t (i int)",
            "create view marts.v as select 1",
            "create table public.t (i int)",
            "drop schema analyses",
            "create schema s",
        ],
        "transformer": [
            "insert into raw.load_runs (source) values ('logs')",
            "update raw.log_lines set line = ''",
            "delete from raw.log_files",
            "truncate raw.a_kopf",
            "alter table raw.a_kopf add column x text",
            "create table raw.t (i int)",
            "create table analyses.t (i int)",
            "create schema s",
        ],
        "loader": [
            "select * from marts.session_production",
            "delete from marts.session_production",
            "select * from intermediate.int_lignes",
            "delete from intermediate.worklist_state",
            "create table intermediate.t (i int)",
            "create table marts.t (i int)",
            "create table analyses.t (i int)",
            "create schema s",
        ],
        "notifier": [
            "update historique.alertes_etats set etat = 'vue'",
            "delete from historique.alertes_etats",
            "truncate historique.alertes_etats",
            "select * from historique.constructions",
            "select * from historique.commandes_volets_versions",
            "create table historique.t (i int)",
            "delete from marts.session_production",
            "select * from raw.log_lines",
            "select * from intermediate.int_lignes",
            "create table analyses.t (i int)",
            "create temporary table t (i int)",
        ],
    }
    for role, statements in refused.items():
        for statement in statements:
            with pytest.raises(InsufficientPrivilege):
                factory.ask(statement, role=role)
    # The statements are correct: with the rights for them, they work.
    for role in ("analyst", "notifier"):
        assert factory.ask("select count(*) > 0 from marts.session_production", role=role) == [(True,)]
    add = "insert into historique.alertes_etats (id, etat) select id, 'vue' from marts.alertes returning true"
    assert set(factory.ask(add, role="notifier")) == {(True,)}
    for statements in refused.values():
        for statement in statements:
            factory.ask(f"begin; {statement}; rollback")


def test_an_analyst_logs_in_with_an_account_of_her_own_and_a_stranger_not_at_all(factory: Factory) -> None:
    with account(factory, "marie", "in role analyst") as password:
        login: Any = {**factory.stack.warehouse_admin, "user": "marie", "password": password}
        with closing(psycopg2.connect(**login)) as connection, connection.cursor() as cursor:
            cursor.execute("select current_user, has_schema_privilege('marts', 'usage')")
            assert cursor.fetchone() == ("marie", True)
            with pytest.raises(InsufficientPrivilege):
                cursor.execute("create table public.t (i int)")
        factory.ask("revoke analyst from marie")
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            psycopg2.connect(**login)


def test_what_analysts_make_is_theirs_to_share_and_outlives_builds(factory: Factory) -> None:
    logs = generator.random_logs(random.Random(6), days=1, lines=20)
    put_and_load(factory, logs)
    build(factory)
    pieces = "select count(*) from marts.piece_production"
    before = factory.ask(pieces)
    with account(factory, "marie", "in role analyst"), account(factory, "paul", "in role analyst"):
        factory.ask("create view analyses.pieces as select * from marts.piece_production", role="marie")
        factory.ask("create table analyses.total as select count(*) from marts.piece_production", role="marie")
        factory.ask("create temporary table mine as select * from analyses.pieces; select * from mine", role="marie")
        for statement in ("create view marts.v as select 1", "create view public.v as select 1"):
            with pytest.raises(InsufficientPrivilege):
                factory.ask(statement, role="marie")
        changed, _ = generator.change_logs(random.Random(7), logs)
        for options in ((), ("--full-refresh",)):
            put_and_load(factory, changed)
            build(factory, *options)
            grant(factory.environment)
            assert factory.ask("select count(*) from analyses.pieces", role="marie") == factory.ask(pieces) != before
            assert factory.ask("select * from analyses.total", role="marie") == before

        for statement in ("select * from analyses.pieces", "drop view analyses.pieces", "drop table analyses.total"):
            with pytest.raises(InsufficientPrivilege):
                factory.ask(statement, role="paul")
        # As the page says.
        _, sharing = re.findall(
            r"^```sql\n(.*?)^```", Path(ROOT, "dbt_project/docs/analystes.md").read_text(), re.DOTALL | re.MULTILINE
        )
        factory.ask(sharing, role="marie")
        factory.ask("create view analyses.later as select 1", role="marie")
        for view in ("lundis", "later"):
            factory.ask(f"select * from analyses.{view}", role="paul")
        with pytest.raises(InsufficientPrivilege):
            factory.ask("select * from analyses.later", role="notifier")


def test_every_schema_that_dbt_builds_is_the_transformers_before_anything_is_built(factory: Factory) -> None:
    factory.dbt("parse")
    manifest = json.loads((factory.target / "manifest.json").read_text())
    nodes = manifest["nodes"].values()
    built = {node["schema"] for node in nodes if node["resource_type"] in ("model", "seed", "snapshot")}
    built |= {node["schema"] for node in nodes if node["resource_type"] == "test"}  # where their rows go, on demand
    owned = factory.ask("select nspname::text from pg_namespace where nspowner = 'transformer'::regrole")
    assert {name for (name,) in owned} == built == {*SCHEMAS[1:]}
    assert factory.ask("select nspname::text from pg_namespace where nspowner = 'loader'::regrole") == [("raw",)]


def test_a_warehouse_that_a_superuser_built_is_handed_over(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = factory.stack.warehouse_admin
    one_user(factory, admin["user"], admin["password"], monkeypatch)
    factory.stack.empty()
    factory.put_erp(generator.random_erp(random.Random(2), orders=10))
    logs = generator.random_logs(random.Random(2), days=2, lines=20)
    put_and_load(factory, logs)
    build(factory)
    factory.ask("grant usage on schema raw, marts to public; grant all on all tables in schema marts to public")
    # As earlier versions left it, with a schema of the administrator's own.
    factory.ask("create schema analyses; grant all on schema analyses to public; grant analyst to notifier")
    marts = factory.snapshot("marts")

    split(factory)
    grant(factory.environment)
    assert {(schema, owner) for schema, _, owner in factory.ask(OWNERS, [list(SCHEMAS)])} == {
        ("raw", "loader"),
        *((schema, "transformer") for schema in SCHEMAS[1:]),
    }
    assert rights(factory) == MAY
    may = "select pg_has_role('notifier', 'analyst', 'member'), has_schema_privilege('notifier', 'analyses', 'usage')"
    assert factory.ask(may) == [(False, False)]
    assert factory.snapshot("marts") == marts
    granted = factory.ask(RIGHTS)
    grant(factory.environment)
    assert factory.ask(RIGHTS) == granted

    changed, _ = generator.change_logs(random.Random(3), logs)
    put_and_load(factory, changed)
    build(factory)
    incremental = factory.snapshot()
    assert incremental != marts
    build(factory, "--full-refresh")
    assert factory.snapshot() == incremental
    assert existing(factory) == declared(factory)
    assert rights(factory) == MAY


def test_an_owner_who_is_no_superuser_may_grant_and_still_do_everything_alone(
    factory: Factory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with account(factory, "directrice", "createrole") as password:
        factory.stack.empty()
        factory.put_erp({})
        factory.forget()
        factory.ask("drop role loader, transformer, analyst, notifier, backup")  # so that she creates them
        factory.ask(f"alter database {factory.environment['POSTGRES_DB']} owner to directrice")
        one_user(factory, "directrice", password, monkeypatch)
        grant({**factory.environment, "BACKUP_POSTGRES_USER": "backup", "BACKUP_POSTGRES_PASSWORD": "x"})
        assert "backup: a superuser has to let it: grant pg_read_all_data to backup; alter role backup createdb" in caplog.messages
        logs = generator.random_logs(random.Random(4), days=1, lines=20)
        put_and_load(factory, logs)
        build(factory, "--select", "+suivi_chargement")
        assert factory.ask("select count(*) > 0 from marts.suivi_chargement", role="analyst") == [(True,)]

        grant({**factory.stack.environment(), "POSTGRES_ADMIN_USER": "directrice", "POSTGRES_ADMIN_PASSWORD": password})
        split(factory)
        changed, _ = generator.change_logs(random.Random(4), logs)
        put_and_load(factory, changed)
        build(factory, "--select", "+suivi_chargement", "--full-refresh")
        assert rights(factory) == MAY


def test_a_schema_that_was_dropped_comes_back(factory: Factory) -> None:
    line = b"20250526 08:00:00|@StukUitgevoerd: x\n"
    factory.put_logs({("DEM12 (PVC)", "20250526.LOG"): line, ("ESSAI (PVC)", "20250526.LOG"): line})
    factory.load("logs")
    factory.ask("drop schema raw cascade; drop schema marts cascade; drop schema intermediate cascade")
    assert "permission denied" in factory.load("logs", expect=1)
    grant(factory.environment)
    factory.load("logs")
    build(factory, "--select", "+suivi_chargement")
    assert factory.ask("select nb_lignes from marts.suivi_chargement", role="analyst") == [(1,), (1,)]
    assert rights(factory) == MAY


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"POSTGRES_ADMIN_USER": ""}, "name an administrator in POSTGRES_ADMIN_USER", id="as the loader"),
        pytest.param({"POSTGRES_ADMIN_PASSWORD": "wrong-password"}, "password authentication failed", id="wrong password"),
        pytest.param({"POSTGRES_DB": ""}, "POSTGRES_DB is not set", id="no database"),
    ],
)
def test_a_refusal_is_one_line_without_a_password(
    factory: Factory, caplog: pytest.LogCaptureFixture, changes: dict[str, str], said: str
) -> None:
    assert main(["grants"], {**factory.environment, **changes}) == 1
    (line,) = caplog.messages
    assert said in line
    assert "\n" not in line
    assert "wrong-password" not in line


def test_passwords_reach_neither_the_servers_log_nor_the_console(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    log = factory.stack.home / "log" / "postgres.log"
    factory.ask("alter role current_user set log_statement = 'all'")
    try:
        beginning = len(log.read_bytes())
        assert main(["grants"], factory.environment) == 0
    finally:
        factory.ask("alter role current_user reset log_statement")
    logged = log.read_bytes()[beginning:].decode()
    assert logged.count("login password 'SCRAM-SHA-256$") == 2
    for name in ("POSTGRES_PASSWORD", "DBT_POSTGRES_PASSWORD", "POSTGRES_ADMIN_PASSWORD"):
        secret = factory.environment[name][:16]  # what stands before the characters that need quotes
        assert secret not in logged + caplog.text
    assert caplog.messages == ["loader: may log in with POSTGRES_PASSWORD", "transformer: may log in with DBT_POSTGRES_PASSWORD"]


def test_the_reports_and_the_alerts_accounts_log_in_where_settings_name_them(factory: Factory) -> None:
    accounts = {"REPORT": "analyst", "ALERTS": "notifier"}
    passwords = {f"{prefix}_POSTGRES_PASSWORD": f"secret of {role}" for prefix, role in accounts.items()}
    try:
        grant({**factory.environment, **{f"{prefix}_POSTGRES_USER": role for prefix, role in accounts.items()}, **passwords})
        for role in accounts.values():
            login: Any = {**factory.stack.warehouse_admin, "user": role, "password": f"secret of {role}"}
            with closing(psycopg2.connect(**login)) as connection, connection.cursor() as cursor:
                cursor.execute("select * from historique.alertes_etats" if role == "notifier" else "select 1")
    finally:
        factory.ask("alter role analyst nologin password null; alter role notifier nologin password null")


def test_a_role_that_no_setting_names_gets_no_password(
    factory: Factory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = factory.stack.warehouse_admin
    one_user(factory, admin["user"], admin["password"], monkeypatch)
    caplog.set_level(logging.INFO, "operation")
    grant(factory.environment)
    assert caplog.messages == [
        "loader: no password set, because POSTGRES_USER is not loader",
        "transformer: no password set, because DBT_POSTGRES_USER is not transformer",
    ]


def test_the_erps_account_may_only_select(factory: Factory) -> None:
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute(f"show grants for {factory.environment['MYSQL_USER']}")
        rows = cursor.fetchall()
    assert [row[0].partition(" TO ")[0] for row in rows] == ["GRANT SELECT ON *.*"]
    factory.put_erp(generator.random_erp(random.Random(5), orders=3))
    assert "erp: 4 found, 4 loaded" in factory.load("erp")
