"""What one run of a loader did, and how it is told."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from common.errors import ConnectionLostError, LoadError, UnreachableError, one_line

log = logging.getLogger(__name__)


def shown(name: str) -> str:
    """Spell out what would disturb a line: a folder may be called anything."""
    return name if name.isprintable() else repr(name)


@dataclass
class PartReport:
    """What a run did with one part of its source: a folder of log files, or a table of the ERP.

    `found`, `loaded`, `unchanged` and `failed` count the folder's files, or the one table. `read`, `added` and
    `removed` count lines or rows: those that arrived from the source, those written to raw, and those taken out of it. Lines that
    a newer version of their file has replaced are not counted as removed.
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
    """What one run of a loader did: its row in `raw.load_runs`, and the lines in which it is told at the run's end.

    `parts` are the folders or tables by name, in the order in which they were met; `errors` holds one line for each
    thing that failed. The totals are sums over the parts, so that the two cannot differ.
    """

    source: str
    parts: dict[str, PartReport] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def part(self, name: str) -> PartReport:
        """Return the account of a folder or a table, opened when it is first asked for."""
        return self.parts.setdefault(name, PartReport())

    @property
    def found(self) -> int:
        """How many files (logs) or tables (ERP) the source showed."""
        return sum(part.found for part in self.parts.values())

    @property
    def loaded(self) -> int:
        """How many of them were new or changed, and were loaded."""
        return sum(part.loaded for part in self.parts.values())

    @property
    def unchanged(self) -> int:
        """How many of them were left alone."""
        return sum(part.unchanged for part in self.parts.values())

    @property
    def failed(self) -> int:
        """How many things failed, the end of the run among them where it did not come to its own."""
        return len(self.errors)

    @property
    def rows(self) -> int:
        """How many lines or rows were written to raw or taken out of it."""
        return sum(part.added + part.removed for part in self.parts.values())

    @property
    def outcome(self) -> str:
        """`ok`; `partial` where something failed and the rest was loaded; `failed` where nothing could be looked at."""
        if not self.errors:
            return "ok"
        return "partial" if self.loaded or self.unchanged else "failed"

    def fail(self, error: BaseException, part: str | None = None) -> None:
        """Count a failure, keep what it said, and say it.

        Args:
            error: what was raised.
            part: the folder or table that it befell; None where it is none in particular.
        """
        if part is not None:
            self.part(part).failed += 1
        self.errors.append(one_line(error))
        log.error("%s", one_line(error))

    @contextmanager
    def one_failure(self, part: str | None = None) -> Iterator[None]:
        """Let a `LoadError` in the block be a failure among others, not the end of the run, unless its server is gone.

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
        """Tell the run: a line for each part, then the total with the time it took until now.

        Nothing is told of a run that failed before it saw anything: its error has said it all.
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


# What a part of each source consists of.
_UNITS = {"logs": "lines", "erp": "rows"}


def _part_line(source: str, part: PartReport) -> str:
    """Tell one part: a folder by its files, a table by its rows."""
    if source == "logs":
        # Files that are neither: the run ended before they were in raw.
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
