"""The ERP loader: four tables of a legacy MySQL, every column they have, into raw.

Each run reads all of the four tables, in one consistent snapshot: the ERP keeps no time of change that could be
trusted, and rows vanish from it. What is written is only what differs from raw. Values arrive as text, just
as the server spells them (a zero date too): types are staging's business.
"""

import logging
import ssl
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from types import TracebackType
from typing import Any, Self

import adbc_driver_postgresql.dbapi as adbc
import dlt
import pyarrow as pa
import pyarrow.compute as pc
import pymysql
import pymysql.converters
import pymysql.cursors

from loaders.errors import ConnectionLostError, LoadError, UnreachableError, one_line
from loaders.journal import progress
from loaders.pipeline import copy_into
from loaders.raw import ERP_TABLES, ErpTable, quoted
from loaders.report import RunReport
from loaders.retry import ATTEMPTS, retrying
from loaders.settings import MysqlSettings, not_trusted
from loaders.warehouse import Warehouse

log = logging.getLogger(__name__)

CONNECT_SECONDS = 15
READ_SECONDS = 120
WRITE_SECONDS = 600
# Few enough that Python's memory management does not begin to look through them.
ROWS_PER_BATCH = 2_000

# The server has too many connections (1040, 1203), is going down (1053, 1927), cannot be reached (2002, 2003), has hung up
# (2006, 2013, 4031). PyMySQL gives 0 where it is asked to use a connection that has broken before.
_LOST = frozenset({0, 1040, 1053, 1203, 1927, 2002, 2003, 2006, 2013, 4031})


# Types whose bytes are no text: copied as hexadecimal digits.
_BINARY = frozenset(
    {
        *("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "vector"),
        *("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"),
        *("geometrycollection", "geomcollection"),
    }
)
# Types in which a column that the models need cannot be read as the text, number or date that it was.
_NO_TEXT = _BINARY | {"json"}
_LONGEST_NAME = 63
# PostgreSQL's own columns, and the loader's.
_RESERVED = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "_loaded_at"})


@dataclass(frozen=True)
class Column:
    """A column of a source table: its name in raw, and the MySQL expression that reads its value as text."""

    name: str
    expression: str


class Erp:
    """A connection to the ERP with one consistent snapshot, in which all is read. Use it as a context manager.

    A server that says nothing for `read_seconds` is given up.
    """

    def __init__(self, settings: MysqlSettings, read_seconds: int = READ_SECONDS, attempts: int = ATTEMPTS) -> None:
        self._settings = settings
        self._attempts = attempts
        self._read_seconds = read_seconds
        self._name = f"MySQL {settings.host}:{settings.port}/{settings.database}"

    def __enter__(self) -> Self:
        """Connect and open the snapshot; a server that is just starting is waited for.

        Raises:
            UnreachableError: the server cannot be reached.
            LoadError: it refuses the login.
        """
        try:
            for attempt in retrying(lambda error: isinstance(error, ConnectionLostError), self._attempts):
                with attempt:
                    self._connect()
        except ConnectionLostError as error:
            raise UnreachableError(str(error)) from error
        return self

    def _connect(self) -> None:
        tls = self._settings.tls
        with self._errors():
            self._connection = pymysql.connect(
                host=self._settings.host,
                port=self._settings.port,
                user=self._settings.user,
                password=self._settings.password.encode(),  # PyMySQL would take a text for Latin-1
                database=self._settings.database,
                # Without either, PyMySQL would use whatever TLS the server offers, and believe any certificate.
                ssl=tls.context() if tls else None,
                ssl_disabled=tls is None,
                charset="utf8mb4",
                # Values stay the bytes that arrive: no conversion, hence no zero date, no decimal that could fail.
                use_unicode=False,
                conv={**pymysql.converters.encoders},  # type: ignore[dict-item]  # the stubs know decoders only
                cursorclass=pymysql.cursors.SSCursor,
                connect_timeout=CONNECT_SECONDS,
                read_timeout=self._read_seconds,
            )
            with self._connection.cursor() as cursor:
                # The server hangs up on a reader that pauses; ours pauses while PostgreSQL copies.
                cursor.execute(f"set session net_write_timeout = {WRITE_SECONDS}")
                cursor.execute("set session transaction isolation level repeatable read")
                cursor.execute("start transaction with consistent snapshot, read only")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up, without reading to the end what a failure has left unread."""
        self._connection._force_close()  # type: ignore[attr-defined]

    def ask(self, query: str) -> tuple[str, ...] | None:
        """Run a query of one row and return its values as text, or None where there is no row.

        Raises:
            LoadError: the server refuses, or is gone.
        """
        with self._cursor() as cursor:
            cursor.execute(query)
            rows = cursor.fetchall()
        return tuple(str(value or b"", "utf-8", "replace") for value in rows[0]) if rows else None

    def columns(self, table: ErpTable) -> list[Column]:
        """Look up the columns that a table has now.

        Args:
            table: one of the four.

        Returns:
            All of them, in the table's order. Those that staging needs bear the contract's spelling, the others their own.

        Raises:
            LoadError: the table or a needed column is missing, or a needed column holds no text.
        """
        with self._cursor() as cursor:
            cursor.execute(
                "select column_name, data_type from information_schema.columns"
                " where table_schema = database() and table_name = %s order by ordinal_position",
                (table.name,),
            )
            described = [(name.decode(), kind.decode().lower()) for name, kind in cursor.fetchall()]
        if not described:
            raise LoadError(f"{self._name}: table {table.name} is missing, or {self._settings.user!r} may not read it")
        columns: list[Column] = []
        for name, kind in described:
            source = "`" + name.replace("`", "``") + "`"
            if kind in _BINARY:
                source = f"hex({source})"
            elif kind == "float":
                source = f"cast({source} as double)"  # MySQL itself sends only six digits of a FLOAT
            taken = {column.name for column in columns}
            columns.append(Column(name.lower() if name.lower() in table.needed else _fit(name, taken), source))
        missing = set(table.needed) - {column.name for column in columns}
        if missing:
            raise LoadError(f"{self._name}: table {table.name} has no column {', '.join(sorted(missing))}, which the models need")
        unreadable = [f"{name} is {kind}" for name, kind in described if name.lower() in table.needed and kind in _NO_TEXT]
        if unreadable:
            raise LoadError(
                f"{self._name}: table {table.name}: {', '.join(unreadable)}, where the models need a text, number or date"
            )
        return columns

    def rows(self, table: ErpTable, columns: Sequence[Column]) -> Iterator[pa.Table]:
        """Stream a table.

        Args:
            table: the table.
            columns: which of its columns.

        Yields:
            Arrow tables of at most `ROWS_PER_BATCH` rows, all values text, without NUL characters.

        Raises:
            ConnectionLostError: the connection breaks.
            LoadError: the server refuses.
        """
        expressions = ", ".join(column.expression for column in columns)
        with self._cursor() as cursor:
            cursor.execute(f"select {expressions} from {table.name}")
            while rows := cursor.fetchmany(ROWS_PER_BATCH):
                yield pa.table([_text(values) for values in zip(*rows, strict=True)], [column.name for column in columns])

    @contextmanager
    def _cursor(self) -> Iterator[pymysql.cursors.SSCursor]:
        """Give a cursor for one statement, with which all is over when something fails."""
        with self._connection.cursor() as cursor, self._errors():
            try:
                yield cursor
            except BaseException:
                # Or else PyMySQL would read on before it closes the cursor, also from a connection that is no more.
                if self._connection._result is not None:  # type: ignore[attr-defined]
                    self._connection._result.unbuffered_active = False  # type: ignore[attr-defined]
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the driver's exceptions into one line that names the server."""
        try:
            yield
        except (pymysql.Error, OSError, UnicodeError) as error:
            cause = getattr(error, "original_exception", None)
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise LoadError(f"{self._name}: {not_trusted('MYSQL', cause)}") from error
            is_lost = isinstance(error, OSError) or (error.args and error.args[0] in _LOST)
            kind = ConnectionLostError if is_lost else LoadError
            raise kind(f"{self._name}: {one_line(error)}") from error


def _fit(name: str, taken: Set[str]) -> str:
    """Find the name in raw of a column that only the source knows: its own, changed only as far as PostgreSQL requires.

    Args:
        name: the column's name in MySQL, of up to 64 characters.
        taken: the names of the columns before it.

    Returns:
        The name, cut to the 63 bytes that PostgreSQL keeps, with underscores behind it where it is in use already, be it in
        another case: to MySQL the two are one.
    """
    in_use = {other.lower() for other in taken}
    for underscores in count():
        fitted = name.encode()[: _LONGEST_NAME - underscores].decode(errors="ignore") + "_" * underscores
        if fitted.lower() not in in_use and fitted not in _RESERVED:
            return fitted
    raise AssertionError("unreachable")


def _text(values: Sequence[bytes | None]) -> Any:
    """Make an Arrow column of text from the bytes of its values, NUL characters removed."""
    try:
        text: Any = pa.array(values, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:  # MySQL lets a few ways of writing past its own checks: keep what can be kept
        text = pa.array([value and value.decode(errors="replace") for value in values], pa.string())
    return pc.replace_substring(text, "\0", "")


def load_erp(settings: MysqlSettings, warehouse: Warehouse) -> RunReport:
    """Bring raw up to date with the ERP. A table that cannot be read is named in the report; the others are loaded.

    Args:
        settings: the MySQL server.
        warehouse: the warehouse, locked.

    Returns:
        What was found, loaded (changed), left alone (the same as in raw) and failed, in tables; and the rows written.

    Raises:
        LoadError: the server cannot be read, or PostgreSQL fails.
    """
    with warehouse.run("erp") as report:
        with Erp(settings) as erp, warehouse.transaction() as connection, progress("erp", None, " rows") as advance:
            columns: dict[ErpTable, list[Column]] = {}
            for table in ERP_TABLES:
                with report.one_failure(table.name):
                    columns[table] = erp.columns(table)
                    report.part(table.name).found = 1
            done = {table: _bring_up_to_date(connection, erp, table, columns[table], advance) for table in columns}
        # All of it is committed now, or none of it.
        for table, (read, added, removed) in done.items():
            part = report.part(table.name)
            part.read, part.added, part.removed = read, added, removed
            part.loaded, part.unchanged = (1, 0) if added or removed else (0, 1)
    return report


def _counted(tables: Iterator[pa.Table], advance: Callable[[int], object]) -> Iterator[pa.Table]:
    """Hand tables on, and tell how many rows each has."""
    for table in tables:
        yield table
        advance(table.num_rows)


def _bring_up_to_date(
    connection: adbc.Connection,
    erp: Erp,
    table: ErpTable,
    columns: Sequence[Column],
    advance: Callable[[int], object],
) -> tuple[int, int, int]:
    """Make raw hold what the source holds, writing only what differs.

    Returns:
        How many rows the source has, how many were added to raw, and how many were removed from it.
    """
    with connection.cursor() as cursor:
        # Should the session that holds the run's lock have broken, another run may be at work by now: one after the other.
        cursor.execute(f"lock table raw.{table.name} in share row exclusive mode")
        # A column whose name has changed in nothing but its case stays the column that it is.
        names = {name.lower(): name for name in sorted(_raw_columns(cursor, table))}
        columns = [replace(column, name=names.get(column.name.lower(), column.name)) for column in columns]
        rows = dlt.resource(_counted(erp.rows(table, columns), advance), name=table.name, parallelized=True)
        old_count = _row_count(cursor, f"raw.{table.name}")
        added_columns = _add_missing_columns(cursor, table, columns)
        if not old_count:
            copy_into(connection, "raw", rows)
            cursor.execute(f"analyze raw.{table.name}")
            count = _row_count(cursor, f"raw.{table.name}")
            return count, count, 0
        if added_columns:
            log.info("%s: new columns %s", table.name, ", ".join(added_columns))
        for name in _clear_lost_columns(cursor, table, columns):
            log.warning("%s: column %s is gone from the ERP, and is NULL in raw now", table.name, name)
        declared = ", ".join(f"{quoted(column.name)} text" for column in columns)
        cursor.execute(f"create temporary table {table.name} ({declared}) on commit drop")
        copy_into(connection, None, rows)
        return _publish(cursor, table, columns, old_count)


def _row_count(cursor: adbc.Cursor, relation: str) -> int:
    cursor.execute(f"select count(*) from {relation}")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _publish(cursor: adbc.Cursor, table: ErpTable, columns: Sequence[Column], old_count: int) -> tuple[int, int, int]:
    """Let raw follow the temporary table of its name, into which the source was copied.

    Rows have no key that could be counted on, and may stand there more than once: both sides are compared as bags.

    Returns:
        How many rows the source has, how many were added to raw, and how many were removed from it.
    """
    names = ", ".join(quoted(column.name) for column in columns)
    old_names = ", ".join(f"old.{quoted(column.name)}" for column in columns)
    new, old, arrived, departed = f"pg_temp.{table.name}", f"raw.{table.name}", f"{table.name}_arrived", f"{table.name}_departed"
    cursor.execute("set local work_mem = '128MB'")
    cursor.execute(f"analyze {new}")
    new_count = _row_count(cursor, new)
    cursor.execute(
        f"create temporary table {arrived} on commit drop as select {names} from {new} except all select {names} from {old}"
    )
    arrived_count = _row_count(cursor, arrived)
    departed_count = old_count + arrived_count - new_count
    if departed_count:
        cursor.execute(
            f"create temporary table {departed} on commit drop as select {names} from {old} except all select {names} from {new}"
        )
        cursor.execute(f"""
            delete from {old} where ctid in (
                select place from (
                    select
                        old.ctid as place,
                        gone.copies,
                        row_number() over (partition by gone.number order by old.ctid) as nth
                    from {old} as old
                    join (
                        select row({names}) as content, count(*) as copies, row_number() over () as number
                        from {departed} group by {names}
                    ) as gone
                        on hash_record_extended(row({old_names}), 0) = hash_record_extended(gone.content, 0)
                        and row({old_names}) is not distinct from gone.content
                ) as candidates
                where nth <= copies
            )
        """)
    cursor.execute(f"insert into {old} ({names}) select {names} from {arrived}")
    return new_count, arrived_count, departed_count


def _raw_columns(cursor: adbc.Cursor, table: ErpTable) -> set[str]:
    """Name the columns that a table has in raw, without the loader's own."""
    cursor.execute(
        "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped", (f"raw.{table.name}",)
    )
    return {name for (name,) in cursor.fetchall()} - {"_loaded_at"}


def _add_missing_columns(cursor: adbc.Cursor, table: ErpTable, columns: Sequence[Column]) -> list[str]:
    """Give raw the columns that the source has and it lacks, and name them."""
    present = _raw_columns(cursor, table)
    added = [column.name for column in columns if column.name not in present]
    for name in added:
        cursor.execute(f"alter table raw.{table.name} add column {quoted(name)} text")
    return added


def _clear_lost_columns(cursor: adbc.Cursor, table: ErpTable, columns: Sequence[Column]) -> list[str]:
    """Empty the columns of raw that the source no longer has, and name them. They stay, because views may be built on them."""
    cleared = []
    for name in sorted(_raw_columns(cursor, table) - {column.name for column in columns}):
        cursor.execute(f"select exists (select from raw.{table.name} where {quoted(name)} is not null)")
        if cursor.fetchone() == (True,):
            cursor.execute(f"update raw.{table.name} set {quoted(name)} = null where {quoted(name)} is not null")
            cleared.append(name)
    return cleared
