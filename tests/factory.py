"""A factory for a test: its FTP server, its ERP, its warehouse, all real, and the platform that copies and models them."""

import datetime as dt
import hashlib
import io
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras
import pymysql
from dbt.cli.main import dbtRunner, dbtRunnerResult

from common.postgres import LOCK
from demo.stack import Stack
from loaders.cli import main as load
from operation.grants import grant
from tests.reference import TODAY

ROOT = Path(__file__).parent.parent

ERP_DDL = {
    "a_kopf": "id varchar(32) primary key, aunummer int, aualpha text, aufstatus text, kommission text, farbe varchar(20)",
    "a_logbuch": "id int auto_increment primary key, id_a_kopf varchar(32), datum datetime, notiz text",
    "p_zubeh": "id_a_kopf varchar(32), zcode varchar(255), text text",
    "a_vorgang": "id_a_kopf varchar(32), nummer varchar(255), bezeichnung text",
}

# How a mart's rows are told from one another, and by which names of the reference their foreign keys go.
SESSION = "s.dossier, s.date_production"
SESSIONS = (
    "(select sp.id, cu.dossier, sp.date_production from marts.session_production sp"
    " join marts.centre_usinage cu on cu.id = sp.centre_usinage_id)"
)
MART_QUERIES = {
    "centre_usinage": "select nom, type_cu, dossier, description, actif from marts.centre_usinage",
    "session_production": f"select {SESSION}, m.* from marts.session_production m join {SESSIONS} s on s.id = m.id",
    "piece_production": (
        f"select {SESSION}, m.numero_piece, m.timestamp_production, m.details, m.poste, m.numero_commande,"
        " p.reference, p.longueur, p.couleur, p.timestamp_debut"
        f" from marts.piece_production m join {SESSIONS} s on s.id = m.session_id"
        " left join marts.job_profil p on p.id = m.job_profil_id"
    ),
    "job_profil": f"select {SESSION}, m.* from marts.job_profil m join {SESSIONS} s on s.id = m.session_id",
    "periode_attente": f"select {SESSION}, m.* from marts.periode_attente m join {SESSIONS} s on s.id = m.session_id",
    "periode_arret": f"select {SESSION}, m.* from marts.periode_arret m join {SESSIONS} s on s.id = m.session_id",
    "chronologie": f"select {SESSION}, m.* from marts.chronologie m join {SESSIONS} s on s.id = m.session_id",
    "production_horaire": f"select {SESSION}, m.* from marts.production_horaire m join {SESSIONS} s on s.id = m.session_id",
    "production_journaliere": f"select {SESSION}, m.* from marts.production_journaliere m join {SESSIONS} s on s.id = m.session_id",
    "production_hebdomadaire": (
        "select c.dossier, m.* from marts.production_hebdomadaire m join marts.centre_usinage c on c.id = m.centre_usinage_id"
    ),
    "production_profil_journaliere": (
        f"select {SESSION}, m.* from marts.production_profil_journaliere m join {SESSIONS} s on s.id = m.session_id"
    ),
    "production_profil": "select * from marts.production_profil",
    "calendrier": "select * from marts.calendrier",
    "production_poste": "select * from marts.production_poste",
    "pertes": "select * from marts.pertes",
    "commandes_volets": "select * from marts.commandes_volets",
    "commandes_volets_accessoires": "select * from marts.commandes_volets_accessoires",
    "commandes_volets_operations": "select * from marts.commandes_volets_operations",
    "commandes_volets_planifications": "select * from marts.commandes_volets_planifications",
    "commandes_volets_a_planifier": (
        "select *, age_jours - ((now() at time zone 'Europe/Paris')::date - date"
        f" '{TODAY}') as age_jours from marts.commandes_volets_a_planifier"
    ),
    "commandes_volets_avancement": "select * from marts.commandes_volets_avancement",
    "lignes_rejetees": "select * from marts.lignes_rejetees",
    "suivi_chargement": "select * from marts.suivi_chargement",
}
# Surrogate keys, times of the platform and the site, which the reference cannot know.
NOT_COMPARED = {"id", "session_id", "centre_usinage_id", "modifie_le", "charge_le", "date_synchronisation", "site"}


class Factory:
    """The three servers of one test, emptied, and the commands that a user runs."""

    def __init__(self, stack: Stack, scratch: Path) -> None:
        self.stack = stack
        self.scratch = scratch
        self.environment = stack.environment()
        self.project = ROOT
        self.target = scratch / "target"
        stack.empty()
        self.put_erp({})
        grant(self.environment)

    def begin(self, state: str, make: Callable[[], object]) -> None:
        """Have the warehouse and the log files as something makes them: it does so once, and is copied from then on."""
        copy, files, warehouse = f"state_{state}", self.scratch / f"state_{state}", self.environment["POSTGRES_DB"]
        if not files.exists():
            make()
            self._maintain(f"create database {copy} template {warehouse}")
            shutil.copytree(self.stack.ftp_root, files)
            return
        shutil.copytree(files, self.stack.ftp_root, dirs_exist_ok=True)  # with their times
        self._maintain(f"drop database {warehouse} with (force)", f"create database {warehouse} template {copy}")
        grant(self.environment)  # the rights on a database are not copied with it

    def forget(self) -> None:
        """Drop what `begin` copies from: a role that has rights there could not be dropped."""
        for files in self.scratch.glob("state_*"):
            self._maintain(f"drop database {files.name}")
            shutil.rmtree(files)

    def _maintain(self, *statements: str) -> None:
        login: Any = {**self.stack.warehouse_admin, "dbname": "postgres"}
        with closing(psycopg2.connect(**login)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in statements:
                cursor.execute(statement)

    # What stands on the servers

    def put_logs(self, logs: Mapping[tuple[str, str], bytes]) -> None:
        """Make the FTP server hold exactly these files; one whose bytes are the same is not touched."""
        root = self.stack.ftp_root
        for path in root.glob("*/*"):
            if (path.parent.name, path.name) not in logs:
                path.unlink()
        for (folder, name), content in logs.items():
            path = root / folder / name
            path.parent.mkdir(exist_ok=True)
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)

    def put_erp(self, tables: Mapping[str, Sequence[Mapping[str, Any]]], ddl: Mapping[str, str] = ERP_DDL) -> None:
        """Make the ERP hold exactly these tables."""
        with self.erp() as connection, connection.cursor() as cursor:
            cursor.execute("set session sql_mode = ''")
            for table, columns in ddl.items():
                cursor.execute(f"drop table if exists {table}")
                cursor.execute(f"create table {table} ({columns}) character set utf8mb4 collate utf8mb4_nopad_bin")
            for table, rows in tables.items():
                for row_columns, alike in groupby(rows, key=tuple):
                    names = ", ".join(f"`{name}`" for name in row_columns).replace("%", "%%")
                    marks = ", ".join(["%s"] * len(row_columns))
                    cursor.executemany(f"insert into {table} ({names}) values ({marks})", [[*row.values()] for row in alike])
            connection.commit()

    def erp(self) -> "closing[pymysql.Connection[Any]]":
        """Connect to the ERP as its administrator."""
        return closing(pymysql.connect(**self.stack.erp_admin, charset="utf8mb4"))

    # What a user runs

    def load(self, *sources: str, expect: int = 0, **environment: str) -> str:
        """Run the loaders in this process, which spares their start; return what they said."""
        # PostgreSQL ends a session that has hung up a moment later: until then it holds the lock, of which a load would tell.
        held = "select exists (select from pg_locks where locktype = 'advisory' and objid = %s and granted)"
        deadline = time.monotonic() + 0.5
        with suppress(psycopg2.Error):  # a server that is down
            while self.ask(held, (LOCK,)) == [(True,)] and time.monotonic() < deadline:
                time.sleep(0.01)
        root, said = logging.getLogger(), io.StringIO()
        pytests, root.handlers = root.handlers, []
        try:
            with redirect_stdout(said), redirect_stderr(said):
                code = load(["load", *sources], {**os.environ, **self.environment, **environment})
        finally:
            for handler in root.handlers:
                handler.close()
            root.handlers = pytests
        assert code == expect, said.getvalue()
        return said.getvalue()

    def dbt(self, *arguments: str, expect: bool = True) -> dbtRunnerResult:
        """Run dbt in this process, which spares its start; return its result."""
        words, environment = self.dbt_command(*arguments)
        os.environ |= environment
        result = dbtRunner().invoke(words)
        if expect:
            failures = [
                f"{r.node.name}: {r.message}"
                for r in getattr(result.result, "results", None) or []
                if r.status in ("error", "fail")
            ]
            assert result.success, result.exception or failures
        return result

    def dbt_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """Return dbt's words and its environment."""
        words = [*arguments, "--project-dir", str(self.project), "--profiles-dir", str(self.profiles())]
        words += ["--log-level", "none", "--log-level-file", "none"]  # nobody reads it; what fails is in the result
        if {"compile", "docs", "parse"}.isdisjoint(arguments):
            words.append("--no-write-json")  # it takes longer than parsing, and is asked for where it is read
        # With other variables, or another connection, dbt parses everything anew: each of them has a target of its own.
        variables = arguments[arguments.index("--vars") + 1] if "--vars" in arguments else ""
        others = sorted(self.environment.items() - self.stack.environment().items())
        target = self.target
        if variables or others:
            target /= hashlib.sha256(repr((variables, others)).encode()).hexdigest()[:16]
        return words, {**self.environment, "DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(self.scratch / "logs")}

    def profiles(self) -> Path:
        """Return the folder of the example's profiles, as `make setup` copies it."""
        profiles = self.scratch / "profiles"
        profiles.mkdir(exist_ok=True)
        shutil.copy(ROOT / "profiles.yml.example", profiles / "profiles.yml")
        return profiles

    def build(self, *arguments: str) -> dbtRunnerResult:
        """Run `dbt build`; the selector that it has by default has to be named where something else is selected."""
        chosen = [] if "--select" in arguments or "--exclude" in arguments else ["--selector", "courant"]
        return self.dbt("build", *chosen, *arguments)

    def build_only(self, *arguments: str) -> dbtRunnerResult:
        """Run `dbt build` without any check, which halves its time."""
        return self.build(*arguments, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")

    def own_project(self) -> Path:
        """Give this factory a copy of the dbt project, so that a test may edit it; return where it is."""
        self.project = Path(tempfile.mkdtemp(dir=self.scratch))
        shutil.copytree(ROOT / "dbt_project", self.project / "dbt_project")
        for name in ("dbt_project.yml", "selectors.yml"):
            shutil.copy(ROOT / name, self.project)
        # What dbt has parsed so far spares it most of the work here too, but what is edited here is nobody else's.
        shared, self.target = self.target, self.project / "target"
        for parsed in shared.rglob("partial_parse.msgpack"):
            target = self.target / parsed.parent.relative_to(shared)
            target.mkdir(parents=True)
            shutil.copy(parsed, target)
        return self.project

    # What came of it

    def ask(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = (), role: str = "none") -> list[tuple[Any, ...]]:
        """Run a query in the warehouse, as its administrator or with the rights of a role."""
        with closing(self.warehouse(role)) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def warehouse(self, role: str = "none") -> Any:
        """Connect to the warehouse as its administrator, who may put on the rights of a role; each statement on its own."""
        connection = psycopg2.connect(**self.stack.warehouse_admin, options=f"-c role={role}")
        connection.autocommit = True
        return connection

    def mart(self, table: str) -> list[dict[str, Any]]:
        """Read a mart, with natural values in the place of its keys, as the reference writes them."""
        with (
            closing(self.warehouse("analyst")) as connection,
            connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor,
        ):
            cursor.execute(MART_QUERIES[table])
            rows = [{name: value for name, value in row.items() if name not in NOT_COMPARED} for row in cursor.fetchall()]
        if table == "piece_production":
            for row in rows:
                profile = tuple(row.pop(name) for name in ("reference", "longueur", "couleur", "timestamp_debut"))
                row["job_profil_id"] = None if profile[3] is None else profile
        return rows

    def snapshot(self, schema: str = "marts") -> dict[str, list[str]]:
        """Every row of every table of a schema, whole, keys and times included, in a fixed order; not of views, which hold none."""
        tables = self.ask(
            "select table_name from information_schema.tables where table_schema = %s and table_type = 'BASE TABLE' order by 1",
            (schema,),
        )
        role = "analyst" if schema == "marts" else "none"
        return {
            table: [text for (text,) in self.ask(f'select t::text from {schema}."{table}" t order by 1', role=role)]
            for (table,) in tables
        }

    def transfers(self) -> int:
        """How many files the FTP server has been asked for so far."""
        return self.stack.ftp_log.read_text(errors="replace").count('"RETR ')


def comparable(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows as sorted texts, so that two sets of them can be compared and their difference be read."""
    return sorted(repr(sorted((name, _plain(value)) for name, value in row.items())) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.normalize() + 0)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    return value
