"""The ERP's MySQL: one session with one consistent snapshot, and its tables as CSV lines that the server writes.

Statements must work on any MySQL from 5.6 and any MariaDB from 10.3, whatever its `sql_mode`: no backslashes, no double quotes
around names, no newer casts.
"""

import logging
import ssl
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from types import TracebackType
from typing import Any, Self

import pymysql
import pymysql.converters
import pymysql.cursors

from common.errors import ConnectionLostError, LoadError, UnreachableError, one_line
from common.raw import ErpTable
from common.retry import ATTEMPTS, retrying
from common.settings import MysqlSettings, not_trusted

log = logging.getLogger(__name__)

CONNECT_SECONDS = 15
READ_SECONDS = 120
WRITE_SECONDS = 600
# Few enough objects that Python's garbage collector does not start.
ROWS_PER_BATCH = 2_000
# MySQL's replace() takes quadratic time for many quotes in a value: minutes for a million. Longer values are quoted here.
LONGEST_REPLACED = 32_767

# The server has too many connections (1040, 1203), is going down (1053, 1927), cannot be reached (2002, 2003), has hung up
# (2006, 2013, 4031). PyMySQL gives 0 for the use of a connection that broke earlier.
_LOST = frozenset({0, 1040, 1053, 1203, 1927, 2002, 2003, 2006, 2013, 4031})
_REMEDIES = {
    **dict.fromkeys((126, 127, 134, 144, 145, 1034, 1194, 1195), "have it repaired: REPAIR TABLE {table}"),
    **dict.fromkeys((1317, 1969, 3024), "the server ended the query: raise its time limit for MYSQL_USER"),
    **dict.fromkeys((1142, 1143, 1356), "let MYSQL_USER read it, or have the view repaired"),
}
_LOGIN = {
    **dict.fromkeys((1045, 1698, 1862, 3118, 1820), "login as {user!r} refused ({said}): check MYSQL_USER and MYSQL_PASSWORD"),
    **dict.fromkeys((1044, 1049), "database {database!r} refused ({said}): check MYSQL_DB"),
    **dict.fromkeys((2002, 2003, 2005), "{said} (check MYSQL_HOST and MYSQL_PORT)"),
}

# Types whose bytes are not text: copied as hexadecimal digits.
_BINARY = frozenset(
    {
        *("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "vector"),
        *("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"),
        *("geometrycollection", "geomcollection"),
    }
)
# Types whose text never holds a quote.
_PLAIN = frozenset(
    {
        *("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"),
        *("date", "time", "datetime", "timestamp", "year"),
    }
)
# Types that a column needed by the models must not have: it would not be readable as text, number or date.
_NO_TEXT = _BINARY | {"json"}
_LONGEST_NAME = 63
# PostgreSQL's own columns, and the loader's.
_RESERVED = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "_loaded_at"})


@dataclass(frozen=True)
class Column:
    """A column of a source table: its name in raw; its name, type, character set, length in bytes and nullability in MySQL."""

    name: str
    source: str
    kind: str
    charset: str
    most_bytes: int
    nullable: bool

    @property
    def value(self) -> str:
        """The SQL expression of its value, as text or as a type that MySQL sends as text."""
        if self.kind in _BINARY:
            return f"hex({self.source})"
        if self.kind == "float":
            return f"{self.source} + 0e0"  # MySQL sends only six digits of a FLOAT
        if self.kind in _PLAIN or self.charset == "utf8mb4":
            return self.source
        return f"convert({self.source} using utf8mb4)"

    @property
    def csv(self) -> str:
        """The SQL expression of its field in a CSV line: empty for NULL, or else the value in quotes.

        If the server cannot compute it (a result above `max_allowed_packet`), it is NULL, and so is the whole line.
        """
        value = self.value if self.kind in _PLAIN or self.kind in _BINARY else f"""replace({self.value}, '"', '""')"""
        field = f"""concat('"', {value}, '"')"""
        if self.most_bytes > LONGEST_REPLACED:
            field = f"if(length({self.source}) > {LONGEST_REPLACED}, null, {field})"
        if not self.nullable:
            return field
        # A short value cannot fail, so one test is enough.
        return f"ifnull({field}, '')" if self.kind in _PLAIN else f"if({self.source} is null, '', {field})"


class Erp:
    """A connection to the ERP with one consistent snapshot for all reads. Use it as a context manager.

    A server that stays silent for `read_seconds` is given up.
    """

    def __init__(self, settings: MysqlSettings, read_seconds: int = READ_SECONDS, attempts: int = ATTEMPTS) -> None:
        self._settings = settings
        self._attempts = attempts
        self._read_seconds = read_seconds
        self._name = f"MySQL {settings.host}:{settings.port}/{settings.database}"

    def __enter__(self) -> Self:
        """Connect and open the snapshot. Connection errors are retried.

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
        with self._errors(None):
            self._connection = pymysql.connect(
                host=self._settings.host,
                port=self._settings.port,
                user=self._settings.user,
                password=self._settings.password.encode(),  # PyMySQL would encode a text as Latin-1
                database=self._settings.database,
                # Without both, PyMySQL would use whatever TLS the server offers, and accept any certificate.
                ssl=tls.context() if tls else None,
                ssl_disabled=tls is None,
                charset="utf8mb4",
                # Values stay bytes: a conversion could fail, for example on a zero date.
                use_unicode=False,
                conv={**pymysql.converters.encoders},  # type: ignore[dict-item]  # the stubs know decoders only
                cursorclass=pymysql.cursors.SSCursor,
                connect_timeout=CONNECT_SECONDS,
                read_timeout=self._read_seconds,
            )
            with self._connection.cursor() as cursor:
                # The server's own modes could change the meaning of a statement or a value.
                cursor.execute("set session sql_mode = ''")
                # By default the server disconnects a reader that pauses.
                cursor.execute(f"set session net_write_timeout = {WRITE_SECONDS}, wait_timeout = {WRITE_SECONDS}")
                cursor.execute("set session transaction isolation level repeatable read")
                cursor.execute("start transaction with consistent snapshot, read only")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Disconnect without reading the rest of an unfinished result."""
        self._connection._force_close()  # type: ignore[attr-defined]

    def ask(self, query: str, table: str | None = None) -> tuple[str, ...] | None:
        """Run a query of one row and return its values as text, or None if there is no row.

        Args:
            query: the query.
            table: the table that it reads, named in errors.

        Raises:
            LoadError: the server refuses, or is gone.
        """
        with self._cursor(table) as cursor:
            cursor.execute(query)
            rows = cursor.fetchall()
        return tuple(str(value or b"", "utf-8", "replace") for value in rows[0]) if rows else None

    def columns(self, table: ErpTable) -> list[Column]:
        """Look up the present columns of a table.

        Args:
            table: one of the four.

        Returns:
            All of them, in the table's order. Those that staging needs are in lower case, the others as in the source.

        Raises:
            LoadError: the table or a needed column is missing, or a needed column is of a type that holds no text.
        """
        with self._cursor(table.name) as cursor:
            cursor.execute(
                "select column_name, data_type, character_set_name, character_octet_length, is_nullable"
                " from information_schema.columns where table_schema = database() and table_name = %s order by ordinal_position",
                (table.name,),
            )
            described = [[str(value or b"", "utf-8") for value in row] for row in cursor.fetchall()]
        if not described:
            raise LoadError(f"{self._name}: table {table.name} is missing, or {self._settings.user!r} may not read it")
        columns: list[Column] = []
        for name, kind, charset, length, nullable in described:
            raw_name = name.lower() if name.lower() in table.needed else _fit(name, {column.name for column in columns})
            columns.append(
                Column(raw_name, "`" + name.replace("`", "``") + "`", kind.lower(), charset, int(length or 0), nullable != "NO")
            )
        missing = set(table.needed) - {column.name for column in columns}
        if missing:
            raise LoadError(f"{self._name}: table {table.name} has no column {', '.join(sorted(missing))}, which the models need")
        unreadable = [
            f"{name} is {kind}" for name, kind, *_ in described if name.lower() in table.needed and kind.lower() in _NO_TEXT
        ]
        if unreadable:
            raise LoadError(
                f"{self._name}: table {table.name}: {', '.join(unreadable)}, where the models need a text, number or date"
            )
        return columns

    def lines(self, table: ErpTable, columns: Sequence[Column], *, by_server: bool) -> Iterator[list[bytes]]:
        """Stream a table as CSV lines in UTF-8, without line ends and without NUL characters.

        Args:
            table: the table.
            columns: its columns.
            by_server: let the server write the lines, which saves most of the work; else they are written here.

        Yields:
            Up to `ROWS_PER_BATCH` lines at a time.

        Raises:
            ConnectionLostError: the connection breaks.
            CannotWriteError: the server cannot write a row as a line.
            LoadError: the server refuses.
        """
        fields = (column.csv if by_server else column.value for column in columns)
        wanted = f"""concat({", ',', ".join(fields)})""" if by_server else ", ".join(fields)
        begun = False
        with self._cursor(table.name) as cursor:
            try:
                cursor.execute(f"select {wanted} from {table.name}")
                while rows := self._whole_lines(cursor) if by_server else cursor.fetchmany(ROWS_PER_BATCH):
                    begun = True
                    lines = list(rows) if by_server else [_line(values) for values in rows]
                    if None in lines:
                        raise CannotWriteError(f"{self._name}: table {table.name}: the server cannot write a row as a line")
                    yield _clean(lines)
            except pymysql.Error as error:
                if by_server and not begun and not _is_lost(error):
                    raise CannotWriteError(f"{self._name}: table {table.name}: {one_line(error)}") from error
                raise

    def _whole_lines(self, cursor: pymysql.cursors.SSCursor) -> list[Any]:
        """Fetch rows of one column. Rows in the buffer are cut out of it, without PyMySQL's objects, which take most of a read.

        PyMySQL reads everything else: a row that is not complete yet, a long one, NULL, an error, the end.
        """
        stream: Any = self._connection._rfile  # type: ignore[attr-defined]
        lines: list[Any] = []
        while len(lines) < ROWS_PER_BATCH and cursor._result.unbuffered_active:  # type: ignore[attr-defined]
            packets, place, before = stream.peek(), 0, len(lines)
            # A packet is its length (three bytes), its number (one), and here a text after its own length (one byte or three).
            while place + 5 <= len(packets) and (first := packets[place + 4]) < 253 and first != 251:
                end = place + 4 + int.from_bytes(packets[place : place + 3], "little")
                if end > len(packets):
                    break
                lines.append(packets[place + (5 if first < 251 else 7) : end])
                place = end
            if place:
                stream.read(place)
                self._connection._next_seq_id = (self._connection._next_seq_id + len(lines) - before) % 256  # type: ignore[attr-defined]
            elif row := cursor.fetchone():
                lines.append(row[0])
        return lines

    @contextmanager
    def _cursor(self, table: str | None) -> Iterator[pymysql.cursors.SSCursor]:
        """Yield a cursor for one statement. After an error the connection is not used again."""
        with self._connection.cursor() as cursor, self._errors(table):
            try:
                yield cursor
            except CannotWriteError:
                raise  # the exception: closing the cursor reads the rest, and the connection can be used again
            except BaseException:
                # Otherwise PyMySQL would read the rest before it closes the cursor, even from a broken connection.
                if self._connection._result is not None:  # type: ignore[attr-defined]
                    self._connection._result.unbuffered_active = False  # type: ignore[attr-defined]
                raise

    @contextmanager
    def _errors(self, table: str | None) -> Iterator[None]:
        """Turn the driver's exceptions into one line that names the server and the table."""
        try:
            yield
        except (pymysql.Error, OSError, UnicodeError) as error:
            cause = getattr(error, "original_exception", None)
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise LoadError(f"{self._name}: {not_trusted('MYSQL', cause)}") from error
            code, said = error.args[0] if error.args else None, one_line(error)
            kind = ConnectionLostError if _is_lost(error) else LoadError
            if table:
                remedy = f" ({_REMEDIES[code].format(table=table)})" if code in _REMEDIES else ""
                failure = kind(f"{self._name}: table {table}: {said}{remedy}")
                failure.is_remedied = bool(remedy)
                raise failure from error
            if code in _LOGIN:
                said = _LOGIN[code].format(said=said, user=self._settings.user, database=self._settings.database)
            raise kind(f"{self._name}: {said}") from error


class CannotWriteError(LoadError):
    """The server cannot write a table's rows as lines; reading column by column may work."""


def _is_lost(error: BaseException) -> bool:
    return isinstance(error, OSError) or bool(error.args and error.args[0] in _LOST)


def _line(values: Sequence[bytes | None]) -> bytes:
    """Write a line as the server would."""
    return b",".join(b"" if value is None else b'"' + value.replace(b'"', b'""') + b'"' for value in values)


def _clean(lines: list[Any]) -> list[bytes]:
    """Remove NUL characters, and replace invalid UTF-8, which MySQL does not always reject."""
    whole = b"".join(lines)
    if b"\0" in whole:
        lines = [line.replace(b"\0", b"") for line in lines]
    try:
        whole.decode()
    except UnicodeDecodeError:
        return [line.decode(errors="replace").encode() for line in lines]
    return lines


def _fit(name: str, taken: Set[str]) -> str:
    """Return the name in raw of a column that the models do not know: its own, changed only as far as PostgreSQL requires.

    It is cut to 63 bytes, and gets underscores if an earlier column has the same name, ignoring case.
    """
    in_use = {other.lower() for other in taken}
    for underscores in count():
        fitted = name.encode()[: _LONGEST_NAME - underscores].decode(errors="ignore") + "_" * underscores
        if fitted.lower() not in in_use and fitted not in _RESERVED:
            return fitted
    raise AssertionError("unreachable")


def with_raw_names(columns: Sequence[Column], raw_columns: Set[str]) -> list[Column]:
    """Keep the names that raw has: a column whose name has changed only in case stays the same column."""
    names = {name.lower(): name for name in sorted(raw_columns)}
    return [replace(column, name=names.get(column.name.lower(), column.name)) for column in columns]
