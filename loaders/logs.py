"""The log loader: from the machines' FTP server to `raw.log_lines` and `raw.log_files`.

It lists, keeps what is new or changed, transfers, and publishes batch by batch. Every transfer of a file has a number
of its own, its `file_version`: lines carry the number of the transfer they came with, and the ledger says
which one counts. A batch's lines, the removal of the lines they replace, and its ledger rows are one transaction.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import IO, Any

import adbc_driver_postgresql.dbapi as adbc
import dlt
import pyarrow as pa
import pyarrow.compute as pc
from dlt.extract import DltResource

from loaders.errors import LoadError, UnreachableError
from loaders.ftp import FtpClient, FtpPool, ListedFile
from loaders.journal import progress
from loaders.ledger import agree
from loaders.pipeline import ROWS_PER_BATCH, copy_into
from loaders.raw import CREATE_INDEX
from loaders.report import RunReport
from loaders.settings import FtpSettings
from loaders.warehouse import Warehouse

log = logging.getLogger(__name__)

# The contract asks for a week; the eighth day makes up for clocks and time zones that differ.
RECENT = timedelta(days=8)
BATCH_BYTES = 256 << 20
BATCH_FILES = 2_000
CHUNK_BYTES = 2 << 20
CHUNK_FILES = 50
# Beyond so many new lines PostgreSQL's statistics are brought up to date, so that dbt's first build is planned with them.
ANALYZE_LINES = 100_000

_LINE: dict[str, pa.DataType] = {
    "folder": pa.string(),
    "file_name": pa.string(),
    "line_number": pa.int32(),
    "line": pa.string(),
    "file_version": pa.int64(),
}
_FILE: dict[str, pa.DataType] = {
    "folder": pa.string(),
    "file_name": pa.string(),
    "size_bytes": pa.int64(),
    "modified_at": pa.timestamp("us", tz="UTC"),
    "line_count": pa.int32(),
    "file_version": pa.int64(),
}
LINES, FILES = pa.schema(_LINE), pa.schema(_FILE)


@dataclass(frozen=True)
class KnownFile:
    """A file as the ledger has it."""

    size: int
    modified_at: datetime


@dataclass
class Transfer:
    """One transfer of one file: its number, and, once it is done, what arrived or why nothing did."""

    version: int
    file: ListedFile
    modified_at: datetime = datetime.min
    size: int = 0
    line_count: int = 0
    error: LoadError | None = None


def lines_of(spool: IO[bytes], block_bytes: int = CHUNK_BYTES) -> Iterator[pa.StringArray]:
    """Cut a file into lines, some at a time, without making a Python object of each.

    Args:
        spool: the file, positioned at its beginning.
        block_bytes: how much is read at once; a longer line is held whole all the same.

    Yields:
        Arrays of lines, their bytes read as Latin-1, without CRLF or LF and without NUL bytes. What stands behind the last
        line end is a line too, unless it is nothing.
    """
    rest: list[bytes] = []
    while block := spool.read(block_bytes):
        end = block.rfind(b"\n") + 1
        if end:
            yield _split(b"".join([*rest, block[:end]]))
            rest = [block[end:]]
        else:
            rest.append(block)
    if last := b"".join(rest):
        yield pa.array([_text(last)], pa.string())


def _split(block: bytes) -> pa.StringArray:
    """Split a block of whole lines."""
    parts: Any = pc.split_pattern(pa.array([_text(block.replace(b"\r\n", b"\n"))], pa.string()), "\n")
    lines: pa.StringArray = parts.values[:-1]  # behind the last line end stands nothing
    return lines


def _text(content: bytes) -> str:
    return content.replace(b"\0", b"").decode("latin-1")


def needs_transfer(client: FtpClient, file: ListedFile, known: KnownFile | None, recent_since: datetime) -> bool:
    """Decide whether a file is new or has changed since it was loaded.

    Args:
        client: the connection on which its exact time can be asked for.
        file: the file as listed.
        known: the file as it was loaded, or None.
        recent_since: files listed with this time or a later one are always asked for their exact time.

    Returns:
        True where it is new, or its size or its modification time differs.

    Raises:
        LoadError: its time cannot be had.
    """
    if known is None or known.size != file.size:
        return True
    if file.listed_at < recent_since and file.shows(known.modified_at):
        return False
    return client.modified_at(file) != known.modified_at


def load_logs(settings: FtpSettings, warehouse: Warehouse, files: str | None = None) -> RunReport:
    """Bring raw up to date with the FTP server. A file that fails is named in the report; the others are loaded.

    Args:
        settings: the FTP server.
        warehouse: the warehouse, locked.
        files: a shell's pattern for `folder/file name`; the files that match are loaded anew, and no others. None loads
            those that are new or have changed.

    Returns:
        What was found, loaded, left alone and failed.

    Raises:
        LoadError: the server cannot be listed or has gone, PostgreSQL fails, or no file matches.
    """
    with warehouse.run("logs") as report:
        agree(warehouse, thoroughly=files is not None)
        with closing(FtpClient(settings)) as client:
            wanted = _wanted(client, warehouse, report, files)
        with closing(FtpPool(settings)) as pool, progress("logs", sum(file.size for file in wanted), "B") as advance:
            for batch in _batches(wanted, BATCH_BYTES, BATCH_FILES):
                _load_batch(pool, warehouse, batch, report, advance)
        warehouse.tell(CREATE_INDEX)
        if report.rows >= ANALYZE_LINES:
            warehouse.tell("analyze raw.log_lines")
    return report


def matches(file: ListedFile, pattern: str) -> bool:
    """Tell whether a shell's pattern, in either case, fits `folder/file name`. Brackets may also mean themselves."""
    name, patterns = str(file).lower(), (pattern.lower(), pattern.lower().replace("[", "[[]"))
    return any(fnmatchcase(name, each) for each in patterns)


def _wanted(client: FtpClient, warehouse: Warehouse, report: RunReport, pattern: str | None) -> list[ListedFile]:
    """List every folder and keep the files to transfer."""
    known = {
        (folder, name): KnownFile(size, modified_at)
        for folder, name, size, modified_at in warehouse.ask("select folder, file_name, size_bytes, modified_at from raw.log_files")
    }
    listed: list[ListedFile] = []
    for folder in client.folders():
        with report.one_failure(folder.name):
            files = [file for file in client.files(folder) if pattern is None or matches(file, pattern)]
            if files or pattern is None:
                report.part(folder.name).found = len(files)
            listed += files
    if pattern is not None and not listed:
        raise LoadError(f"{client}: no file there matches {pattern!r}; give a pattern such as 'DEM12 (PVC)/202505*'")
    # Where the server's clock is behind ours, its newest file tells what is recent there.
    newest = max((file.listed_at for file in listed), default=datetime.now(UTC))
    recent_since = min(newest, datetime.now(UTC)) - RECENT
    wanted = []
    for file in listed:
        part = report.part(file.folder.name)
        with report.one_failure(file.folder.name):
            if pattern is not None or needs_transfer(client, file, known.get((file.folder.name, file.name)), recent_since):
                wanted.append(file)
            else:
                part.unchanged += 1
    return wanted


def _batches(files: Iterable[ListedFile], most_bytes: int, most_files: int) -> Iterator[list[ListedFile]]:
    """Cut a list of files into runs of at most so many bytes and files (a larger file is a run of its own)."""
    batch: list[ListedFile] = []
    size = 0
    for file in files:
        if batch and (size + file.size > most_bytes or len(batch) == most_files):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


def _load_batch(
    pool: FtpPool,
    warehouse: Warehouse,
    files: Sequence[ListedFile],
    report: RunReport,
    advance: Callable[[int], object],
) -> None:
    """Transfer some files and publish them, all in one transaction; where the server goes, those that have arrived."""
    versions = warehouse.ask("select nextval('raw.log_file_version') from generate_series(1, %s)", (len(files),))
    transfers = [Transfer(version, file) for (version,), file in zip(versions, files, strict=True)]
    with warehouse.transaction() as connection:
        copy_into(connection, "raw", _log_lines(pool, transfers, advance), workers=pool.connections)
        done = [transfer for transfer in transfers if transfer.error is None]
        if done:
            _publish(connection, done)
    for transfer in transfers:
        part = report.part(transfer.file.folder.name)
        if transfer.error is None:
            part.loaded += 1
            part.read += transfer.line_count
            part.added += transfer.line_count
        elif not isinstance(transfer.error, UnreachableError):
            report.fail(transfer.error, transfer.file.folder.name)
    for transfer in transfers:
        if isinstance(transfer.error, UnreachableError):
            raise transfer.error


def _publish(connection: adbc.Connection, transfers: Sequence[Transfer]) -> None:
    """Let the lines just copied replace those of earlier transfers of the same files, and say so in the ledger."""
    ledger_rows = pa.Table.from_pylist(
        [
            {
                "folder": transfer.file.folder.name,
                "file_name": transfer.file.name,
                "size_bytes": transfer.size,
                "modified_at": transfer.modified_at,
                "line_count": transfer.line_count,
                "file_version": transfer.version,
            }
            for transfer in transfers
        ],
        schema=FILES,
    )
    with connection.cursor() as cursor:
        # Should the session that holds the run's lock have broken, another run may be at work by now: one after the other.
        cursor.execute("lock table raw.log_files in share row exclusive mode")
        cursor.adbc_ingest("transferred_files", ledger_rows, mode="create", temporary=True)
        cursor.execute("analyze transferred_files")
        cursor.execute(
            "delete from raw.log_lines where file_version in ("
            " select log_files.file_version from raw.log_files join transferred_files using (folder, file_name))"
        )
        cursor.execute(
            "insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)"
            " select folder, file_name, size_bytes, modified_at, line_count, file_version from transferred_files"
            " on conflict (folder, file_name) do update set size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,"
            " line_count = excluded.line_count, file_version = excluded.file_version, loaded_at = excluded.loaded_at,"
            " purged_at = null"
        )


def _log_lines(pool: FtpPool, transfers: Sequence[Transfer], advance: Callable[[int], object]) -> DltResource:
    """Make the dlt resource that transfers files in several threads.

    Args:
        pool: the FTP server's connections, which the threads share.
        transfers: what to transfer; each is completed in place, also where it fails.
        advance: told how many bytes are done with.

    Returns:
        A resource named `log_lines` that yields tables of the schema `LINES`.
    """

    @dlt.resource(name="chunks", selected=False)
    def chunks() -> Iterator[list[Transfer]]:
        by_file = {transfer.file: transfer for transfer in transfers}
        for files in _batches(by_file, CHUNK_BYTES, CHUNK_FILES):
            yield [by_file[file] for file in files]

    @dlt.transformer(data_from=chunks, name="log_lines", parallelized=True)
    def log_lines(chunk: list[Transfer]) -> Iterator[pa.Table]:
        yield from _tables(pool, chunk)
        advance(sum(transfer.file.size for transfer in chunk))

    return log_lines


def _tables(pool: FtpPool, chunk: Sequence[Transfer]) -> Iterator[pa.Table]:
    """Transfer a few files and yield their lines, small files together, a large one in parts."""
    tables: list[pa.Table] = []
    for transfer in chunk:
        try:
            transfer.modified_at = pool.modified_at(transfer.file)
            with pool.download(transfer.file) as spool:
                for lines in lines_of(spool):
                    if tables and sum(map(len, tables)) + len(lines) > ROWS_PER_BATCH:
                        yield pa.concat_tables(tables)
                        tables = []
                    tables.append(_table(transfer, lines))
                    transfer.line_count += len(lines)
                transfer.size = spool.tell()
        except LoadError as error:
            transfer.error = error
    if tables:
        yield pa.concat_tables(tables)


def _table(transfer: Transfer, lines: pa.StringArray) -> pa.Table:
    """Build the rows of some consecutive lines of one file, the first of which follows the lines already counted."""
    first = transfer.line_count + 1
    return pa.table(
        [
            pa.repeat(transfer.file.folder.name, len(lines)),
            pa.repeat(transfer.file.name, len(lines)),
            pa.array(range(first, first + len(lines)), pa.int32()),
            lines,
            pa.repeat(pa.scalar(transfer.version, pa.int64()), len(lines)),
        ],
        schema=LINES,
    )
