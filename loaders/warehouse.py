"""The raw schema in PostgreSQL: its tables, the lock that keeps runs apart, the ledger of runs.

On a run's own session each statement takes effect at once: the lock, the ledger of runs, questions. `transaction` opens
another, on which the ERP's tables are published: whoever reads raw sees all of it or nothing. dlt opens its own.
"""

import logging
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg2.errors
import psycopg2.extensions

from loaders.errors import ConnectionLostError, LoadError
from loaders.memory import peak_memory_bytes
from loaders.postgres import connect, errors_of, take_lock, unlimited
from loaders.raw import CREATE_SEQUENCE, LOG_LINES, RAW_TABLES, TRIGGERS, RawTable
from loaders.report import RunReport
from loaders.retry import retrying
from loaders.settings import OPTIONS, PostgresSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

OLDEST_POSTGRES = 160000

_RAW_COLUMNS = """
    select c.relname::text, a.attname::text, a.attnotnull
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'raw'::regnamespace and c.relkind = 'r'
"""
_RAW_KEYS = """
    select c.relname::text, array(
        select a.attname::text
        from unnest(k.conkey) with ordinality as part (number, place)
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = part.number
        order by part.place
    )
    from pg_class as c
    join pg_constraint as k on k.conrelid = c.oid and k.contype in ('p', 'u')
    where c.relnamespace = 'raw'::regnamespace
"""
_RAW_TRIGGERS = """
    select c.relname::text, t.tgname::text
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where c.relnamespace = 'raw'::regnamespace and t.tgenabled = 'A'
"""
_LINES_WITHOUT_KEY = """
    select from raw.log_lines
    where not exists (select from pg_constraint where conrelid = 'raw.log_lines'::regclass and contype = 'p')
    limit 1
"""
# dlt makes its own tables, without keys.
_WITHOUT_IDENTITY = """
    select c.oid::regclass::text from pg_class as c
    where
        c.relnamespace = 'raw'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p' and c.relreplident = 'd'
        and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)
        and pg_has_role(c.relowner, 'usage')
"""


class Warehouse:
    """The warehouse, locked for one run at a time, with raw's own tables in place. Use it as a context manager."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        """Connect, check the server, wait for the lock, create what raw lacks.

        Raises:
            LoadError: the server cannot be reached, refuses the login, is too old or not in UTF-8, or forbids writing.
        """
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up, which also releases the lock."""
        self._connection.close()

    def patiently(self, load: Callable[[Self], T]) -> T:
        """Do a load, and where a connection of its breaks, begin it anew. What it had not committed has left nothing behind.

        Args:
            load: what to do; given this warehouse, connected and locked again where it had to be.

        Returns:
            What the load returns.

        Raises:
            LoadError: the load failed in another way, or too often in this one.
        """
        for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    log.info("a connection broke: beginning anew")
                self._reopen_if_lost()
                return load(self)
        raise AssertionError("unreachable")

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query on its own and return its rows.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with errors_of(self._settings), self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def tell(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement that takes effect at once.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with errors_of(self._settings), self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    @property
    def settings(self) -> PostgresSettings:
        """Where it is."""
        return self._settings

    def options(self, **more: object) -> str:
        """Return libpq's options for a session of dlt's.

        Args:
            more: settings of our own, read by what the session does in raw.
        """
        return OPTIONS + unlimited(self._connection) + "".join(f" -c loaders.{name}={value}" for name, value in more.items())

    @contextmanager
    def transaction(self) -> Iterator[psycopg2.extensions.cursor]:
        """Open a session with one transaction: committed at the end of the block, rolled back by an exception.

        Raises:
            LoadError: PostgreSQL refuses something, or is gone.
        """
        with closing(connect(self._settings)) as connection, errors_of(self._settings):
            connection.autocommit = False
            with connection, connection.cursor() as cursor:
                yield cursor

    @contextmanager
    def run(self, source: str) -> Iterator[RunReport]:
        """Keep the ledger of runs: a row when the run begins, its figures when it ends, however it ends. Then tell what it did.

        Args:
            source: `logs` or `erp`.

        Yields:
            The report for the run to fill in. A `LoadError` that ends the run is written there, and raised again.
        """
        # The lock is ours, so a run of this source that still counts as running is dead.
        self.tell(
            "update raw.load_runs set outcome = 'interrupted', ended_at = clock_timestamp()"
            " where source = %s and outcome = 'running'",
            (source,),
        )
        ((run_id,),) = self.ask("insert into raw.load_runs (source) values (%s) returning run_id", (source,))
        report = RunReport(source)
        try:
            yield report
        except BaseException as error:
            report.fail(error)
            with suppress(LoadError):
                self._end(run_id, report)
            raise
        self._end(run_id, report)

    def _end(self, run_id: int, report: RunReport) -> None:
        for line in report.lines():
            log.info("%s", line)
        self.tell(
            "update raw.load_runs set ended_at = clock_timestamp(), outcome = %s, found = %s, loaded = %s, unchanged = %s,"
            " failed = %s, rows = %s, error = %s, peak_memory_bytes = %s where run_id = %s",
            (
                report.outcome,
                report.found,
                report.loaded,
                report.unchanged,
                report.failed,
                report.rows,
                "\n".join(report.errors) or None,
                # Of the process so far: `make load` reads both sources in one.
                peak_memory_bytes(resource.getrusage(resource.RUSAGE_SELF)),
                run_id,
            ),
        )

    def _open(self) -> None:
        self._connection = connect(self._settings)
        try:
            self._check_server()
            take_lock(self._connection, self._settings)
            # Even with «if not exists», creating a schema takes a right on the database that a loader need not have.
            if self.ask("select to_regnamespace('raw')") == [(None,)]:
                self.tell("create schema raw")
            self._shape_raw()
        except BaseException:
            self._connection.close()
            raise

    def _shape_raw(self) -> None:
        """Create what raw lacks: all of it in a new warehouse, in one of an earlier version what has come since."""
        columns: dict[str, dict[str, bool]] = {}
        for table, column, not_null in self.ask(_RAW_COLUMNS):
            columns.setdefault(table, {})[column] = not_null
        keys: dict[str, set[tuple[str, ...]]] = {}
        for table, key in self.ask(_RAW_KEYS):
            keys.setdefault(table, set()).add(tuple(key))
        triggers = set(self.ask(_RAW_TRIGGERS))
        self.tell(CREATE_SEQUENCE)
        for shape in RAW_TABLES:
            for statement in shape.create(columns.get(shape.name, {})):
                self.tell(statement)
            for key in () if shape.late else shape.keys:
                if key not in keys.get(shape.name, set()):
                    self._add_key(shape, key)
        for trigger in TRIGGERS:
            if (trigger.table, trigger.name) not in triggers:
                for statement in trigger.statements():
                    self.tell(statement)
        self.complete_raw()

    def complete_raw(self) -> None:
        """Give raw what comes after the rows: the key of the lines, which is faster made late, and identities of dlt's tables.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        for (table,) in self.ask(_WITHOUT_IDENTITY):
            self.tell(f"alter table {table} replica identity full")
        if self.ask(_LINES_WITHOUT_KEY):
            self._add_key(LOG_LINES, LOG_LINES.keys[0])
            # That of an earlier version, whose work the key does now.
            self.tell("drop index if exists raw.log_lines_file_version")

    def _add_key(self, shape: RawTable, key: tuple[str, ...]) -> None:
        """Give a table a key. Of rows that are one under it, the last one stays."""
        log.debug("%s: key %s", shape.name, key)
        try:
            self.tell(shape.add_key(key))
        except LoadError as error:
            if not isinstance(error.__cause__, psycopg2.errors.UniqueViolation):
                raise
            self.tell(shape.make_unique(key))
            self.tell(shape.add_key(key))

    def _reopen_if_lost(self) -> None:
        try:
            self.ask("select 1")
        except ConnectionLostError:
            self._connection.close()
            self._open()

    def _check_server(self) -> None:
        ((version, encoding, may_create_temporary_tables),) = self.ask(
            "select current_setting('server_version_num')::int, current_setting('server_encoding'),"
            " has_database_privilege(current_database(), 'temporary')"
        )
        if version < OLDEST_POSTGRES:
            raise LoadError(f"{self._settings}: the server is PostgreSQL {version // 10000}; version 16 or later is needed")
        if encoding != "UTF8":
            raise LoadError(f"{self._settings}: the database's encoding is {encoding}; create it with ENCODING 'UTF8'")
        if not may_create_temporary_tables:
            raise LoadError(
                f"{self._settings}: {self._settings.user!r} may not create temporary tables;"
                f" grant TEMPORARY on database {self._settings.database} to it"
            )
