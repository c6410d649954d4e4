"""The log loader: from the machines' FTP server to `raw.log_lines` and `raw.log_files`.

It lists, keeps what is new or changed, and has dlt copy it batch by batch. Every transfer of a file has a number of its own, its
`file_version`: lines carry the number of the transfer they came with, and the ledger says which one counts. A batch's lines, the
removal of the lines they replace, and its ledger rows are one transaction (see `raw.py`).
"""

import gzip
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any

from common.errors import LoadError, UnreachableError
from common.journal import progress
from common.report import RunReport
from common.settings import FtpSettings, pipelines_folder
from common.warehouse import Warehouse
from loaders.ftp import Folder, FtpClient, FtpPool, ListedFile
from loaders.spool import DISK_FULL, disk_errors, working_folder

if TYPE_CHECKING:
    from loaders.sources import File

log = logging.getLogger(__name__)

# The contract asks for a week; the eighth day makes up for clocks and time zones that differ.
RECENT = timedelta(days=8)
BATCH_BYTES = 256 << 20
BATCH_FILES = 10_000
BLOCK_BYTES = 2 << 20
# Beyond so many new lines PostgreSQL's statistics are brought up to date, so that dbt's first build is planned with them.
ANALYZE_LINES = 100_000

Advance = Callable[[int], object]


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
    modified_at: datetime | None = None
    size: int = 0
    line_count: int = 0
    error: LoadError | None = None


def lines_of(spool: IO[bytes], block_bytes: int = BLOCK_BYTES) -> Iterator[list[str]]:
    """Cut a file into lines, some at a time.

    Args:
        spool: the file, positioned at its beginning.
        block_bytes: how much is read at once; a longer line is held whole all the same.

    Yields:
        Lines, their bytes read as Latin-1, without CRLF or LF and without NUL bytes. What stands behind the last line end is a
        line too, unless it is nothing.
    """
    rest: list[bytes] = []
    while block := spool.read(block_bytes):
        end = block.rfind(b"\n") + 1
        if end:
            lines = _text(b"".join([*rest, block[:end]]).replace(b"\r\n", b"\n")).split("\n")
            lines.pop()  # behind the last line end stands nothing
            yield lines
            rest = [block[end:]]
        else:
            rest.append(block)
    if last := b"".join(rest):
        yield [_text(last)]


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


def load_logs(settings: FtpSettings, warehouse: Warehouse, files: str | None = None, folder: Path | None = None) -> RunReport:
    """Bring raw up to date with the FTP server. A file that fails is named in the report; the others are loaded.

    Args:
        settings: the FTP server.
        warehouse: the warehouse, locked.
        files: a shell's pattern for `folder/file name`; the files that match are loaded anew, and no others. None loads
            those that are new or have changed.
        folder: the working folders of dlt's pipelines; the project's own where None.

    Returns:
        What was found, loaded, left alone and failed.

    Raises:
        LoadError: the server cannot be listed or has gone, PostgreSQL fails, or no file matches.
    """
    with warehouse.run("logs") as report:
        _check_ledger(warehouse, thoroughly=files is not None)
        with closing(FtpClient(settings)) as client:
            wanted = _wanted(client, warehouse, report, files)
        if wanted:
            with (
                closing(FtpPool(settings)) as pool,
                progress("logs", sum(file.size for file in wanted), "B") as advance,
                working_folder(folder or pipelines_folder({}), "logs") as spool,
            ):
                for batch in _batches(wanted, BATCH_BYTES, BATCH_FILES):
                    with disk_errors(spool.files):
                        try:
                            _Batch(pool, warehouse, batch, spool.files, advance).load(spool.pipelines, report)
                        except OSError as error:
                            if error.errno not in DISK_FULL:
                                raise
                            log.warning("%s: %s: once more, in a tenth of the room", spool.files, error.strerror)
                            _Batch(pool, warehouse, batch, spool.files, advance, gzip.open).load(spool.pipelines, report)
        warehouse.complete_raw()
        if report.rows >= ANALYZE_LINES:
            warehouse.tell("analyze raw.log_lines")
    return report


def _check_ledger(warehouse: Warehouse, *, thoroughly: bool) -> None:
    """Put right what somebody has changed by hand: thoroughly any difference of ledger and lines, or else one that was emptied."""
    if not thoroughly and warehouse.ask("select raw.ledger_is_wrong()") == [(True,)]:
        log.warning("raw.log_files and raw.log_lines do not agree; were they changed by hand? They are put right")
        thoroughly = True
    if thoroughly:
        warehouse.tell("call raw.put_ledger_right()")


def matches(file: ListedFile, pattern: str) -> bool:
    """Tell whether a shell's pattern, in either case, fits `folder/file name`. Brackets may also mean themselves."""
    name, patterns = str(file).lower(), (pattern.lower(), pattern.lower().replace("[", "[[]"))
    return any(fnmatchcase(name, each) for each in patterns)


def _wanted(client: FtpClient, warehouse: Warehouse, report: RunReport, pattern: str | None) -> list[ListedFile]:
    """List every folder and keep the files to transfer. What is not shown clearly is a failure, never nothing."""
    known = {
        (folder, name): KnownFile(size, modified_at)
        for folder, name, size, modified_at in warehouse.ask("select folder, file_name, size_bytes, modified_at from raw.log_files")
    }
    listed: list[ListedFile] = []
    for folder in _told_apart(client.folders(report.fail), warehouse, report):
        with report.one_failure(folder.name):
            files = [
                file
                for file in client.files(folder, partial(report.fail, part=folder.name))
                if pattern is None or matches(file, pattern)
            ]
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


def _told_apart(folders: Sequence[Folder], warehouse: Warehouse, report: RunReport) -> Iterator[Folder]:
    """Keep the folders whose names are their own in raw: of two that read the same, the one that raw knows, or else the first.

    A name is free again once the folder that had it is no longer on the server.
    """
    there = {folder.wire_name for folder in folders}
    before = dict(warehouse.ask("select folder, wire_name from raw.log_folders"))
    owners = {name: wire_name for name, wire_name in before.items() if wire_name in there}
    for folder in folders:
        if owners.setdefault(folder.name, folder.wire_name) == folder.wire_name:
            if before.get(folder.name) != folder.wire_name:
                warehouse.tell(
                    "insert into raw.log_folders (folder, wire_name) values (%s, %s)"
                    " on conflict (folder) do update set wire_name = excluded.wire_name",
                    (folder.name, folder.wire_name),
                )
            yield folder
        else:
            raw, other = (name.encode("latin-1") for name in (folder.wire_name, owners[folder.name]))
            report.fail(
                LoadError(f"folder {folder.name!r}: two on the server read the same, {other!r} and {raw!r}: rename the second")
            )


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


class _Batch:
    """Some files that are published together: transferred in several threads, their lines put into one file of CSV."""

    def __init__(
        self,
        pool: FtpPool,
        warehouse: Warehouse,
        files: Sequence[ListedFile],
        folder: Path,
        advance: Advance,
        opener: Callable[..., Any] = open,
    ) -> None:
        self._pool = pool
        self._warehouse = warehouse
        self._folder = folder
        self._advance = advance
        self._opener = opener
        self._lock = Lock()
        versions = warehouse.ask("select nextval('raw.log_file_version') from generate_series(1, %s)", (len(files),))
        self._transfers = [Transfer(version, file) for (version,), file in zip(versions, files, strict=True)]

    def load(self, pipelines_folder: Path, report: RunReport) -> None:
        """Transfer the files and publish them, all in one transaction; where the server goes, those that have arrived."""
        # Imported only here: whoever finds nothing new need not pay for it.
        from loaders import pipelines, sources

        number = self._transfers[0].version
        settings, options = self._warehouse.settings, self._warehouse.options(batch=number)
        source = sources.logs(self._transfer)
        pipelines.run(source.with_resources("log_transfers"), pipelines_folder, settings, options)
        if any(transfer.line_count for transfer in self._transfers):
            pipelines.run(source.with_resources("log_lines"), pipelines_folder, settings, options)
        else:
            # dlt copies no file without rows. The ledger follows a statement without rows as well.
            with self._warehouse.transaction() as cursor:
                cursor.execute("select set_config('loaders.batch', %s, true)", (str(number),))
                cursor.execute("insert into raw.log_lines select * from raw.log_lines where false")
        self._tell(report)

    def _tell(self, report: RunReport) -> None:
        gone = None
        for transfer in self._transfers:
            part = report.part(transfer.file.folder.name)
            if transfer.error is None:
                part.loaded += 1
                part.read += transfer.line_count
                part.added += transfer.line_count
            elif isinstance(transfer.error, UnreachableError):
                gone = transfer.error
            else:
                report.fail(transfer.error, transfer.file.folder.name)
        if gone:
            raise gone

    def _transfer(self) -> "list[File]":
        """Transfer the files; return the file of what has arrived, and that of the lines."""
        from loaders.sources import File

        transfers, lines = self._folder / "log_transfers.csv", self._folder / "log_lines.csv"
        line_columns = ("folder", "file_name", "line_number", "line", "file_version")
        with self._opener(lines, "wb") as out, ThreadPoolExecutor(self._pool.connections) as threads:
            out.write(",".join(line_columns).encode() + b"\n")
            try:
                for transfer in threads.map(lambda transfer: self._fetch(transfer, out), self._transfers):
                    self._advance(transfer.file.size)
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
        arrived = [transfer for transfer in self._transfers if transfer.error is None]
        columns = ("folder", "file_name", "size_bytes", "modified_at", "line_count", "file_version", "batch")
        with open(transfers, "w", encoding="utf-8", newline="") as out_transfers:
            out_transfers.write(",".join(columns) + "\n")
            for each in arrived:
                values = (each.size, each.modified_at, each.line_count, each.version, self._transfers[0].version)
                out_transfers.write(",".join((_quoted(each.file.folder.name), each.file.name, *map(str, values))) + "\n")
        if not arrived:
            return []
        line_count = sum(each.line_count for each in arrived)
        return [File("log_transfers", columns, transfers, len(arrived)), File("log_lines", line_columns, lines, line_count)]

    def _fetch(self, transfer: Transfer, out: IO[bytes]) -> Transfer:
        """Transfer a file and write its lines, or keep what went wrong."""
        try:
            transfer.modified_at = self._pool.modified_at(transfer.file)
            with self._pool.download(transfer.file) as spool:
                before, behind = f"{_quoted(transfer.file.folder.name)},{transfer.file.name},", f",{transfer.version}\n"
                for lines in lines_of(spool):
                    quoted = [line.replace('"', '""') for line in lines]
                    rows = [f'{before}{number},"{line}"{behind}' for number, line in enumerate(quoted, transfer.line_count + 1)]
                    block = "".join(rows).encode()
                    with self._lock:
                        out.write(block)
                    transfer.line_count += len(lines)
                transfer.size = spool.tell()
        except LoadError as error:
            transfer.error = error
        return transfer


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
