"""The raw schema in PostgreSQL: its tables, the lock that keeps runs apart, the ledger of runs.

A run owns two connections. On `ask` and `tell` each statement takes effect at once: the lock, the ledger of runs,
questions. `transaction` opens the other, on which a batch is copied in and published: whoever reads raw sees
all of it or nothing, and a run that dies leaves nothing behind.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import psycopg2

from loaders.errors import LoadError, one_line
from loaders.raw import CREATE_STATEMENTS
from loaders.report import RunReport
from loaders.settings import PostgresSettings

log = logging.getLogger(__name__)

OLDEST_POSTGRES = 160000
# One advisory lock for everything that writes to the warehouse; any number that nothing else there takes will do.
LOCK = 6581364
_ABOUT_TLS = re.compile("certificate|no encryption|SSL was required")


class Warehouse:
    """The warehouse, locked for one run at a time, with raw's own tables in place. Use it as a context manager."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._name = f"PostgreSQL {settings.host}:{settings.port}/{settings.database}"

    def __enter__(self) -> Self:
        """Connect, check the server, wait for the lock, create what raw lacks.

        Raises:
            LoadError: the server cannot be reached, refuses the login, is too old or not in UTF-8, or forbids writing.
        """
        with self._errors():
            self._connection = psycopg2.connect(self._settings.uri())
        try:
            with self._errors():
                self._connection.autocommit = True
                self._check_server()
                self.ask("select pg_advisory_lock(%s)", (LOCK,))
                # Even with «if not exists», creating a schema takes a right on the database that a loader need not have.
                if self.ask("select to_regnamespace('raw')") == [(None,)]:
                    self.tell("create schema raw")
                for statement in CREATE_STATEMENTS:
                    self.tell(statement)
        except BaseException:
            self._connection.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up, which also releases the lock."""
        self._connection.close()

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query on its own and return its rows.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with self._errors(), self._connection.cursor() as cursor:
            cursor.execute(query, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def tell(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement that takes effect at once.

        Raises:
            LoadError: PostgreSQL refuses it, or is gone.
        """
        with self._errors(), self._connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[adbc.Connection]:
        """Open a connection with one transaction: committed at the end of the block, rolled back by an exception.

        Raises:
            LoadError: PostgreSQL refuses something, or is gone.
        """
        with self._errors(), adbc.connect(self._settings.uri()) as connection:
            try:
                yield connection
                connection.commit()
            except BaseException:
                with suppress(adbc_driver_manager.Error):
                    connection.rollback()
                raise

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
            " failed = %s, rows = %s, error = %s where run_id = %s",
            (
                report.outcome,
                report.found,
                report.loaded,
                report.unchanged,
                report.failed,
                report.rows,
                "\n".join(report.errors) or None,
                run_id,
            ),
        )

    def _check_server(self) -> None:
        ((version, encoding),) = self.ask("select current_setting('server_version_num')::int, current_setting('server_encoding')")
        if version < OLDEST_POSTGRES:
            raise LoadError(f"{self._name}: the server is PostgreSQL {version // 10000}; version 16 or later is needed")
        if encoding != "UTF8":
            raise LoadError(f"{self._name}: the database's encoding is {encoding}; create it with ENCODING 'UTF8'")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the drivers' exceptions into one line that names the server."""
        try:
            yield
        except (psycopg2.Error, adbc_driver_manager.Error) as error:
            remedy = " (check POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT)" if _ABOUT_TLS.search(str(error)) else ""
            raise LoadError(f"{self._name}: {one_line(error)}{remedy}") from error
