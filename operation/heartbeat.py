"""A file whose time says that the schedule is alive: touched by it every minute, gone once it has ended in order."""

import logging
import time
from contextlib import suppress
from pathlib import Path

from common.errors import LoadError

log = logging.getLogger(__name__)

NAME = "schedule.heartbeat"
EVERY_SECONDS = 60
# Three beats may be missed by a machine that is very busy.
DEAD_AFTER_SECONDS = 4 * EVERY_SECONDS


class Heartbeat:
    """The file, in a folder that is created where it is missing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def start(self) -> None:
        """Make the file. Where that cannot be, a warning says so, and the schedule is never taken for alive."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
        except OSError as error:
            reason = "nobody can tell that the schedule is alive; set LOG_DIR to a folder that can be written"
            log.warning("%s: %s: %s", self._path, error.strerror, reason)

    def beat(self) -> None:
        """Say that all is well."""
        with suppress(OSError):
            self._path.touch()

    def end(self) -> None:
        """Say that the schedule has ended."""
        with suppress(OSError):
            self._path.unlink()

    def age(self) -> float:
        """Tell how many seconds ago the schedule was alive.

        Raises:
            LoadError: it is not alive.
        """
        try:
            age = time.time() - self._path.stat().st_mtime
        except OSError as error:
            raise LoadError(f"{self._path}: {error.strerror}: no schedule is at work") from None
        if age > DEAD_AFTER_SECONDS:
            raise LoadError(f"{self._path}: last touched {age:.0f} s ago: the schedule is dead, or hangs")
        return age
