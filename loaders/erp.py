"""The ERP loader: four tables of a legacy MySQL, every column they have, into raw.

Each run reads all four tables, in one consistent snapshot: the ERP keeps no reliable time of change, and rows are deleted from it.
A table's lines are hashed while they stream into a file. The hash is the table's version, which raw keeps. If the version differs,
dlt copies the rows that raw lacks (all rows, if raw's table is empty), and one transaction then updates all tables. Values arrive
as text, as the server writes them (zero dates too): staging gives them their types.
"""

import hashlib
import logging
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import psycopg2.extensions

from common.errors import ConnectionLostError, LoadError
from common.journal import progress
from common.raw import ERP_TABLES, ErpTable, quoted
from common.report import RunReport
from common.settings import MysqlSettings, pipelines_folder
from common.warehouse import Warehouse
from loaders.mysql import CannotWriteError, Column, Erp, with_raw_names
from loaders.spool import disk_errors, working_folder

log = logging.getLogger(__name__)

# How many rows are compared at once: their hashes are kept in memory.
ROWS_COMPARED = 1_000_000
# Names that dlt can read in the first line of a CSV file, which it splits at commas.
_PLAIN_NAME = re.compile(r"\w(?:[^,\"\r\n]*\w)?")

Advance = Callable[[int], object]


@dataclass(frozen=True)
class RawShape:
    """A table in raw: its columns without the loader's own, its version, and whether it is empty."""

    columns: frozenset[str]
    version: str
    is_empty: bool


@dataclass
class Stream:
    """A table as it was read: its lines in a CSV file, the length of each, its version; and what raw held before."""

    table: ErpTable
    raw: "RawShape"
    columns: Sequence[Column]
    file: Path
    lengths: "array[int]" = field(default_factory=lambda: array("Q"))
    version: str = ""
    departed: list[bytes] = field(default_factory=list)
    added: int = 0

    @property
    def is_direct(self) -> bool:
        """Whether its lines go directly into raw's table."""
        return self.raw.is_empty and all(_PLAIN_NAME.fullmatch(column.name) for column in self.columns)

    @property
    def arrivals(self) -> str:
        """The table into which dlt copies them."""
        return self.table.name if self.is_direct else f"_new_{self.table.name}"

    @property
    def missing(self) -> list[str]:
        """The columns that raw lacks."""
        return [column.name for column in self.columns if column.name not in self.raw.columns]

    @property
    def header(self) -> list[str]:
        """The names of the columns in the table of new rows."""
        return [column.name if self.is_direct else f"c{number}" for number, column in enumerate(self.columns)]

    @property
    def names(self) -> str:
        """Raw's columns, quoted for a statement."""
        return ", ".join(quoted(column.name) for column in self.columns)

    def read(self, erp: Erp, advance: Advance) -> None:
        """Read the table from the ERP, in its snapshot, and report progress in rows."""
        try:
            self._read(erp.lines(self.table, self.columns, by_server=True), advance)
        except CannotWriteError as error:
            log.info("%s: reading column by column", error)
            self._read(erp.lines(self.table, self.columns, by_server=False), advance)

    def _read(self, batches: Iterator[list[bytes]], advance: Advance) -> None:
        self.lengths = array("Q")
        digest = hashlib.blake2b(repr([column.name for column in self.columns]).encode(), digest_size=16)
        with open(self.file, "wb", buffering=1 << 20) as file:
            file.write(",".join(self.header).encode() + b"\n")
            for lines in batches:
                lines.append(b"")  # so that the last line gets its line end
                block = b"\n".join(lines)
                digest.update(block)
                file.write(block)
                self.lengths.extend([len(line) + 1 for line in lines[:-1]])
                advance(len(lines) - 1)
        self.version = digest.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """Read the lines of the file again, each with its line end."""
        with open(self.file, "rb", buffering=1 << 20) as file:
            file.readline()
            for length in self.lengths:
                yield file.read(length)

    def keep(self, numbers: Sequence[int]) -> None:
        """Keep the lines with these numbers (in order) and drop the others, which raw holds already."""
        kept, wanted = self.file.with_suffix(".new"), iter(numbers)
        number = next(wanted, -1)
        with open(kept, "wb", buffering=1 << 20) as file:
            file.write(",".join(self.header).encode() + b"\n")
            for place, line in enumerate(self.lines()):
                if place == number:
                    file.write(line)
                    number = next(wanted, -1)
        kept.replace(self.file)
        self.added = len(numbers)


def load_erp(settings: MysqlSettings, warehouse: Warehouse, folder: Path | None = None) -> RunReport:
    """Bring raw up to date with the ERP. A table that cannot be read is named in the report; the others are loaded.

    Args:
        settings: the MySQL server.
        warehouse: the warehouse, locked.
        folder: the working folder of dlt's pipelines; None takes the project's.

    Returns:
        What was found, loaded (changed), unchanged and failed, in tables; and the rows written.

    Raises:
        LoadError: the server cannot be read, or PostgreSQL fails.
    """
    with warehouse.run("erp") as report, working_folder(folder or pipelines_folder({}), "erp") as spool:
        streams = []
        with Erp(settings) as erp, progress("erp", None, " rows") as advance:
            shapes = _raw_shapes(warehouse)
            for table in ERP_TABLES:
                with report.one_failure(table.name), disk_errors(spool.files):
                    columns = with_raw_names(erp.columns(table), shapes[table].columns)
                    report.part(table.name).found = 1
                    stream = Stream(table, shapes[table], columns, spool.files / f"{table.name}.csv")
                    stream.read(erp, advance)
                    streams.append(stream)
        changed = [stream for stream in streams if stream.version != stream.raw.version]
        if changed:
            with disk_errors(spool.files):
                _publish(warehouse, changed, spool.pipelines)
        for stream in streams:
            part = report.part(stream.table.name)
            part.read, part.added, part.removed = len(stream.lengths), stream.added, len(stream.departed)
            part.loaded, part.unchanged = (1, 0) if part.added or part.removed else (0, 1)
    return report


def _raw_shapes(warehouse: Warehouse) -> dict[ErpTable, RawShape]:
    versions = dict(warehouse.ask("select table_name, version from raw.erp_versions"))
    shapes = {}
    for table in ERP_TABLES:
        names = warehouse.ask(
            "select attname::text from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            (f"raw.{table.name}",),
        )
        columns = frozenset(name for (name,) in names) - {"_loaded_at"}
        ((is_empty,),) = warehouse.ask(f"select not exists (select from raw.{table.name})")
        shapes[table] = RawShape(columns, versions.get(table.name, ""), is_empty)
    return shapes


def _publish(warehouse: Warehouse, streams: Sequence[Stream], pipelines_folder: Path) -> None:
    """Make raw equal to the source, writing only what differs, for all tables in one transaction.

    Empty tables are filled before it, each by one COPY: nobody has read them yet.
    """
    for stream in streams:
        if stream.is_direct:
            for name in stream.missing:
                warehouse.tell(f"alter table raw.{stream.table.name} add column {quoted(name)} text")
        else:
            # Created for this run only. Unlogged tables are not published for replication either.
            warehouse.tell(f"drop table if exists raw.{stream.arrivals}")
            declared = ", ".join(f"{name} text" for name in stream.header)
            warehouse.tell(f"create unlogged table raw.{stream.arrivals} ({declared})")
    with warehouse.transaction() as cursor:
        for stream in streams:
            if stream.is_direct:
                stream.added = len(stream.lengths)
            else:
                # If the session with the run's lock has broken, another run may have started: this lock makes one wait.
                cursor.execute(f"lock table raw.{stream.table.name} in share row exclusive mode")
                _follow_columns(cursor, stream)
                _compare(cursor, stream)
        to_copy = [stream for stream in streams if stream.added]
        if to_copy:
            # Imported only here: dlt is slow to import, and most runs find nothing new.
            from loaders import pipelines, sources

            files = [sources.File(stream.arrivals, stream.header, stream.file, stream.added) for stream in to_copy]
            pipelines.run(sources.erp(files), pipelines_folder, warehouse.settings, warehouse.options())
        for stream in streams:
            _bring_up_to_date(cursor, stream)
        cursor.executemany(
            "insert into raw.erp_versions (table_name, version) values (%s, %s)"
            " on conflict (table_name) do update set version = excluded.version, loaded_at = now()",
            [(stream.table.name, stream.version) for stream in streams],
        )
    warehouse.complete_raw()


def _follow_columns(cursor: psycopg2.extensions.cursor, stream: Stream) -> None:
    """Add the columns that raw lacks. Columns gone from the source are set to NULL and kept, because views may use them."""
    table = stream.table.name
    for name in stream.missing:
        cursor.execute(f"alter table raw.{table} add column {quoted(name)} text")
    if stream.missing:
        log.info("%s: new columns %s", table, ", ".join(stream.missing))
    for name in sorted(stream.raw.columns - {column.name for column in stream.columns}):
        # The models see from the time of loading that there is a change.
        cursor.execute(f"update raw.{table} set {quoted(name)} = null, _loaded_at = now() where {quoted(name)} is not null")
        if cursor.rowcount:
            log.warning("%s: column %s is gone from the ERP, and is NULL in raw now", table, name)


class _OldRows:
    """Receives a table's rows from PostgreSQL, one per call, and keeps each row's place and the hash of its line."""

    def __init__(self) -> None:
        self.places: array[int] = array("Q")
        self.hashes: array[int] = array("q")

    def write(self, row: bytes) -> None:
        """Receive a row: its place, quoted, then its line."""
        end = row.index(b'"', 1)
        block, _, offset = row[2 : end - 1].partition(b",")
        self.places.append(int(block) << 16 | int(offset))
        self.hashes.append(hash(row[end + 2 :]))


def _compare(cursor: psycopg2.extensions.cursor, stream: Stream) -> None:
    """Find the rows that are new and those that are gone, and keep the lines of the new ones.

    Rows have no reliable key and may be repeated. So both sides are compared as multisets, by hashes of the lines: PostgreSQL
    writes a line exactly as MySQL did.
    """
    old = _OldRows()
    cursor.copy_expert(
        f"copy (select ctid::text as place, {stream.names} from raw.{stream.table.name}) to stdout (format csv, force_quote *)", old
    )
    if cursor.rowcount != len(old.places):
        raise LoadError(f"raw.{stream.table.name}: expected {cursor.rowcount} rows to compare, received {len(old.places)}")
    new = array("q", map(hash, stream.lines()))
    arrived, departed = differences(new, old.hashes)
    stream.departed = [b"(%d,%d)\n" % divmod(old.places[number], 1 << 16) for number in departed]
    stream.keep(arrived)


def differences(new: Sequence[int], old: Sequence[int], at_once: int = ROWS_COMPARED) -> tuple[list[int], list[int]]:
    """Compare two multisets.

    Args:
        new: the hashes of one.
        old: the hashes of the other.
        at_once: about how many are kept in a dictionary at once.

    Returns:
        The positions of values that `new` has more often, and of those that `old` has more often, both in order.
    """
    parts = len(new) // at_once + 1
    arrived: list[int] = []
    departed: list[int] = []
    for part in range(parts):
        counts: dict[int, int] = {}
        for value in new if parts == 1 else (value for value in new if value % parts == part):
            counts[value] = counts.get(value, 0) + 1
        for number, value in enumerate(old):
            if parts > 1 and value % parts != part:
                continue
            left = counts.get(value)
            if left is None:
                departed.append(number)
            elif left == 1:
                del counts[value]
            else:
                counts[value] = left - 1
        for number, value in enumerate(new) if counts else ():
            left = counts.get(value)
            if left:
                arrived.append(number)
                counts[value] = left - 1
    return sorted(arrived), sorted(departed)


def _bring_up_to_date(cursor: psycopg2.extensions.cursor, stream: Stream) -> None:
    """Update raw's table: delete the rows that are gone, insert the new ones."""
    table = stream.table.name
    if stream.is_direct:
        cursor.execute(f"lock table raw.{table} in share row exclusive mode")
        cursor.execute(f"select count(*) from raw.{table}")
        if cursor.fetchone() != (len(stream.lengths),):
            raise ConnectionLostError(f"raw.{table}: another load has filled it at the same time")
        cursor.execute(f"analyze raw.{table}")
        return
    if stream.departed:
        cursor.execute("create temporary table departed (place tid) on commit drop")
        cursor.copy_expert("copy departed from stdin", BytesIO(b"".join(stream.departed)))
        cursor.execute(f"delete from raw.{table} where ctid = any (array(select place from departed))")
        if cursor.rowcount != len(stream.departed):
            raise LoadError(f"raw.{table}: deleted {cursor.rowcount} rows of {len(stream.departed)}")
        cursor.execute("drop table departed")
    if stream.added:
        cursor.execute(f"insert into raw.{table} ({stream.names}) select {', '.join(stream.header)} from raw.{stream.arrivals}")
        if cursor.rowcount != stream.added:
            raise LoadError(f"raw.{table}: inserted {cursor.rowcount} rows of {stream.added}")
    cursor.execute(f"drop table raw.{stream.arrivals}")
