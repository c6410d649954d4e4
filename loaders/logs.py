"""The log loader: from the machines' FTP server to `raw.log_lines` and `raw.log_files` (the ledger).

It lists the files, picks those that are new or changed, and has dlt copy them batch by batch. Each transfer of a file has a number,
its `file_version`: lines carry the number of their transfer, and the ledger has the current one. A batch's lines, the deletion of
the lines they replace, and its ledger rows are one transaction (see `common/raw.sql`).
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

# A week is required; the eighth day allows for clocks and time zones that differ.
RECENT = timedelta(days=8)
BATCH_BYTES = 256 << 20
BATCH_FILES = 10_000
BLOCK_BYTES = 2 << 20
# After so many new lines PostgreSQL's statistics are updated, so that the next build is planned with them.
ANALYZE_LINES = 100_000

Advance = Callable[[int], object]


@dataclass(frozen=True)
class KnownFile:
    """A file's row in the ledger."""

    size: int
    modified_at: datetime


@dataclass
class Transfer:
    """One transfer of one file: its number, and, once it is done, what arrived or the error."""

    version: int
    file: ListedFile
    modified_at: datetime | None = None
    size: int = 0
    line_count: int = 0
    error: LoadError | None = None


def lines_of(spool: IO[bytes], block_bytes: int = BLOCK_BYTES) -> Iterator[list[str]]:
    """Split a file into lines, block by block.

    Args:
        spool: the file, positioned at its start.
        block_bytes: how much is read at once; a longer line is still kept whole.

    Yields:
        Lines, their bytes read as Latin-1, without CRLF or LF and without NUL bytes. Bytes after the last line end are a line
        too.
    """
    rest: list[bytes] = []
    while block := spool.read(block_bytes):
        end = block.rfind(b"\n") + 1
        if end:
            lines = _text(b"".join([*rest, block[:end]]).replace(b"\r\n", b"\n")).split("\n")
            lines.pop()  # the empty text after the last line end
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
        client: the connection on which the file's exact time can be asked for.
        file: the file as listed.
        known: the file's row in the ledger, or None.
        recent_since: the exact time of files listed with this time or a later one is always asked for.

    Returns:
        True if it is new, or its size or its modification time differs.

    Raises:
        LoadError: its time cannot be read.
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
        files: a shell pattern for `folder/file name`; only the files that match are loaded, changed or not. None loads those
            that are new or have changed.
        folder: the working folder of dlt's pipelines; None takes the project's.

    Returns:
        What was found, loaded, unchanged and failed.

    Raises:
        LoadError: the server cannot be listed or reached, PostgreSQL fails, or no file matches.
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
                            log.warning("%s: %s: trying again with compressed files", spool.files, error.strerror)
                            _Batch(pool, warehouse, batch, spool.files, advance, gzip.open).load(spool.pipelines, report)
        warehouse.complete_raw()
        if report.rows >= ANALYZE_LINES:
            warehouse.tell("analyze raw.log_lines")
    return report


def _check_ledger(warehouse: Warehouse, *, thoroughly: bool) -> None:
    """Repair what somebody has changed by hand: `thoroughly` finds any difference of ledger and lines, else a truncated table."""
    if not thoroughly and warehouse.ask("select raw.ledger_is_wrong()") == [(True,)]:
        log.warning("raw.log_files and raw.log_lines differ; were they changed by hand? Repairing them")
        thoroughly = True
    if thoroughly:
        warehouse.tell("call raw.put_ledger_right()")


def matches(file: ListedFile, pattern: str) -> bool:
    """Return whether a shell pattern matches `folder/file name`, ignoring case. Brackets may also be literal."""
    name, patterns = str(file).lower(), (pattern.lower(), pattern.lower().replace("[", "[[]"))
    return any(fnmatchcase(name, each) for each in patterns)


def _wanted(client: FtpClient, warehouse: Warehouse, report: RunReport, pattern: str | None) -> list[ListedFile]:
    """List every folder and return the files to transfer. A listing that is not clear is a failure, never an empty folder."""
    known = {
        (folder, name): KnownFile(size, modified_at)
        for folder, name, size, modified_at in warehouse.ask("select folder, file_name, size_bytes, modified_at from raw.log_files")
    }
    listed: list[ListedFile] = []
    for folder in _with_unique_names(client.folders(report.fail), warehouse, report):
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
    # If the server's clock is behind ours, its newest file shows what is recent there.
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


def _with_unique_names(folders: Sequence[Folder], warehouse: Warehouse, report: RunReport) -> Iterator[Folder]:
    """Yield the folders with a unique name in raw: of two that read the same, the one that raw knows, or else the first.

    A name is free again once its folder is no longer on the server.
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
    """Group files into batches of at most so many bytes and files. A larger file is a batch of its own."""
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
    """Files that are published together: transferred in several threads, their lines written to one CSV file."""

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
        """Transfer the files and publish them in one transaction; if the server is lost, those that have arrived."""
        # Imported only here: dlt is slow to import, and most runs find nothing new.
        from loaders import pipelines, sources

        number = self._transfers[0].version
        settings, options = self._warehouse.settings, self._warehouse.options(batch=number)
        source = sources.logs(self._transfer)
        pipelines.run(source.with_resources("log_transfers"), pipelines_folder, settings, options)
        if any(transfer.line_count for transfer in self._transfers):
            pipelines.run(source.with_resources("log_lines"), pipelines_folder, settings, options)
        else:
            # dlt copies no file without rows. A statement without rows fires the trigger that writes the ledger.
            with self._warehouse.transaction() as cursor:
                cursor.execute("select set_config('loaders.batch', %s, true)", (str(number),))
                cursor.execute("insert into raw.log_lines select * from raw.log_lines where false")
        self._add_to(report)

    def _add_to(self, report: RunReport) -> None:
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
        """Transfer the files; return the CSV file of those that arrived, and that of their lines."""
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
        """Transfer a file and write its lines, or keep the error."""
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
