"""The schema raw in PostgreSQL: its tables, the lock of runs, and their record.

A run's main session is in autocommit mode: it holds the lock and writes the record of runs. `transaction` opens another session, on
which the ERP's tables are published: readers see all of the change or nothing. dlt opens sessions of its own.
"""

import logging
import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg2.extensions

from common.errors import ConnectionLostError, LoadError
from common.memory import peak_memory_bytes
from common.postgres import connect, errors_of, take_lock, unlimited
from common.raw import SCRIPT
from common.report import RunReport
from common.retry import retrying
from common.settings import OPTIONS, PostgresSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

OLDEST_POSTGRES = 160000

# A hash of the shape of raw without dlt's own tables, and the hash noted when `raw.sql` was last applied or a run ended.
_SHAPE = """
    select
        md5(%s || string_agg(part, ',' order by part)),
        (select obj_description(to_regclass('raw.log_transfers'), 'pg_class'))
    from (
        select concat_ws(' ', c.relname, a.attname, a.attnotnull) as part
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'raw'::regnamespace and c.relkind in ('r', 'p') and c.relname !~ '^_'
        union all
        select concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'raw'::regnamespace
        union all
        select concat_ws(' ', t.tgrelid::regclass, t.tgname, t.tgenabled)
        from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
        where c.relnamespace = 'raw'::regnamespace
    ) as parts
"""

# Old runs go, except for those that alerts and doctor read: the last run of each outcome, and the first one after the last success.
_TRIM = """
    with source_runs as (
        select * from raw.load_runs where source = %(source)s
    )
    delete from raw.load_runs
    where
        source = %(source)s
        and started_at < clock_timestamp() - %(days)s * interval '1 day'
        and run_id not in (select max(run_id) from source_runs group by outcome)
        and run_id is distinct from (
            select min(run_id) from source_runs
            where run_id > (select coalesce(max(run_id), 0) from source_runs where outcome = 'ok')
        )
"""


class Warehouse:
    """The warehouse, locked for one run at a time, with the tables of raw in place. Use it as a context manager."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        """Connect, check the server, wait for the lock, create what raw lacks. If the connection breaks, this is retried.

        Raises:
            LoadError: the server cannot be reached, refuses the login, is too old or not in UTF-8, or forbids writing.
        """
        for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
            with attempt:
                self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Disconnect, which also releases the lock."""
        self._connection.close()

    def run_with_retry(self, load: Callable[[Self], T]) -> T:
        """Do a load. If one of its connections breaks, start it again: what was not committed has left nothing behind.

        Args:
            load: what to do. It is given this warehouse, connected and locked again if necessary.

        Returns:
            What the load returns.

        Raises:
            LoadError: the load failed for another reason, or its connections broke too often.
        """
        for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    log.info("a connection broke: starting again")
                self._reopen_if_lost()
                return load(self)
        raise AssertionError("unreachable")

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query on the main session and return its rows.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with errors_of(self._settings), self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def tell(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """Run a statement on the main session; it is committed at once.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with errors_of(self._settings), self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    @property
    def settings(self) -> PostgresSettings:
        """The settings of the warehouse."""
        return self._settings

    def options(self, **more: object) -> str:
        """Return libpq's options for a session of dlt.

        Args:
            more: settings of our own, which a trigger in raw reads.
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
        """Record a run: a row when it starts, its figures when it ends, even by an error. Then log the report.

        Args:
            source: `logs` or `erp`.

        Yields:
            The report for the run to fill in. An exception that ends the run is added to it, and raised again.
        """
        # This run holds the lock, so any other run that is marked as running is dead.
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
                # The peak of the process so far: `make load` reads both sources in one process.
                peak_memory_bytes(resource.getrusage(resource.RUSAGE_SELF)),
                run_id,
            ),
        )
        self.tell(_TRIM, {"source": report.source, "days": self._settings.records_days})

    def _open(self) -> None:
        self._connection = connect(self._settings)
        try:
            self._check_server()
            take_lock(self._connection, self._settings)
            # "create schema if not exists" needs a right on the database, even if the schema exists; the role loader lacks it.
            if self.ask("select to_regnamespace('raw')") == [(None,)]:
                self.tell("create schema raw")
            script = SCRIPT.read_text(encoding="utf-8")
            ((present, noted),) = self.ask(_SHAPE, (script,))
            if present is None or present != noted:
                self.tell(script)
                self._note_shape()
        except BaseException:
            self._connection.close()
            raise

    def complete_raw(self) -> None:
        """Add what is made after the rows: the key of the lines, which is faster then, and replica identities.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        self.tell("call raw.complete()")
        self._note_shape()

    def _note_shape(self) -> None:
        ((present, noted),) = self.ask(_SHAPE, (SCRIPT.read_text(encoding="utf-8"),))
        if present != noted:
            self.tell("comment on table raw.log_transfers is %s", (present,))

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
