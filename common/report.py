"""What one run of a loader did, and how it is reported."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from common.errors import ConnectionLostError, LoadError, UnreachableError, one_line

log = logging.getLogger(__name__)


def shown(name: str) -> str:
    """Escape a name that has control characters: a folder may have any name."""
    return name if name.isprintable() else repr(name)


@dataclass
class PartReport:
    """What a run did with one part of its source: a folder of log files, or a table of the ERP.

    `found`, `loaded`, `unchanged` and `failed` count the folder's files, or the one table. `read`, `added` and `removed` count
    lines or rows: those read from the source, written to raw, and deleted from raw. Lines replaced by a newer version of their file
    are not counted as removed.
    """

    found: int = 0
    loaded: int = 0
    unchanged: int = 0
    failed: int = 0
    read: int = 0
    added: int = 0
    removed: int = 0


@dataclass
class RunReport:
    """What one run of a loader did: its row in `raw.load_runs`, and the lines of its report.

    `parts` are the folders or tables by name, in the order in which they were read. `errors` has one line for each failure. The
    totals are sums over the parts.
    """

    source: str
    parts: dict[str, PartReport] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def part(self, name: str) -> PartReport:
        """Return the report of a folder or a table, created when it is first used."""
        return self.parts.setdefault(name, PartReport())

    @property
    def found(self) -> int:
        """How many files (logs) or tables (ERP) the source has."""
        return sum(part.found for part in self.parts.values())

    @property
    def loaded(self) -> int:
        """How many of them were new or changed, and were loaded."""
        return sum(part.loaded for part in self.parts.values())

    @property
    def unchanged(self) -> int:
        """How many of them were unchanged."""
        return sum(part.unchanged for part in self.parts.values())

    @property
    def failed(self) -> int:
        """How many failures there were, the one that ended the run included."""
        return len(self.errors)

    @property
    def rows(self) -> int:
        """How many lines or rows were written to raw or deleted from it."""
        return sum(part.added + part.removed for part in self.parts.values())

    @property
    def outcome(self) -> str:
        """`ok`; `partial` if something failed and the rest was loaded; `failed` if nothing was loaded or found unchanged."""
        if not self.errors:
            return "ok"
        return "partial" if self.loaded or self.unchanged else "failed"

    def fail(self, error: BaseException, part: str | None = None) -> None:
        """Count a failure, keep its message, and log it.

        Args:
            error: what was raised.
            part: the folder or table that it is about; None if it is none in particular.
        """
        if part is not None:
            self.part(part).failed += 1
        self.errors.append(one_line(error))
        log.error("%s", one_line(error))

    @contextmanager
    def one_failure(self, part: str | None = None) -> Iterator[None]:
        """Turn a `LoadError` in the block into one failure of the report. If the server is lost, the error is raised.

        Args:
            part: as for `fail`.
        """
        try:
            yield
        except (ConnectionLostError, UnreachableError):
            raise
        except LoadError as error:
            self.fail(error, part)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report: one for each part, then the total with the time so far.

        A run that failed before it read anything has none: its error was logged.
        """
        if self.errors and not self.parts:
            return
        width = max((len(shown(name)) for name in self.parts), default=0)
        for name, part in self.parts.items():
            yield f"{self.source}: {shown(name):{width}}  {_part_line(self.source, part)}"
        seconds = max(time.monotonic() - self.began, 0.001)
        read, unit = sum(part.read for part in self.parts.values()), _UNITS[self.source]
        yield (
            f"{self.source}: {self.found} found, {self.loaded} loaded, {self.unchanged} unchanged, {self.failed} failed,"
            f" {self.rows} rows written; {read} {unit} read in {seconds:.1f} s, {read / seconds:.0f} {unit}/s"
        )


# What the parts of each source consist of.
_UNITS = {"logs": "lines", "erp": "rows"}


def _part_line(source: str, part: PartReport) -> str:
    """Return the line of one part: the files of a folder, or the rows of a table."""
    if source == "logs":
        # Files that are none of these: the run ended before they were in raw.
        left = part.found - part.loaded - part.unchanged - part.failed
        return (
            f"{part.found} files found, {part.loaded} loaded, {part.unchanged} unchanged, {part.failed} failed"
            f"{f', {left} not loaded' if left > 0 else ''}; {part.read} lines"
        )
    if part.failed:
        return "failed"
    if not (part.loaded or part.unchanged):
        return "not loaded"
    return f"{part.read} rows read, {part.added} added, {part.removed} removed"
