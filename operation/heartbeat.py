"""The heartbeat of the schedule: a file beside its log, touched every minute, and deleted at the end."""

import time
from contextlib import suppress
from pathlib import Path

from common.errors import LoadError

NAME = "schedule.heartbeat"
EVERY_SECONDS = 60
# A busy machine may miss three beats.
DEAD_AFTER_SECONDS = 4 * EVERY_SECONDS


def beat(file: Path) -> None:
    """Touch the file. If that fails, so does the log beside it, which says so."""
    with suppress(OSError):
        file.touch()


def age(file: Path) -> float:
    """Return how many seconds ago the file was touched.

    Raises:
        LoadError: the schedule has ended, or is dead, or hangs.
    """
    try:
        seconds = time.time() - file.stat().st_mtime
    except OSError as error:
        raise LoadError(f"{file}: {error.strerror}: no schedule is at work") from None
    if seconds > DEAD_AFTER_SECONDS:
        raise LoadError(f"{file}: last touched {seconds:.0f} s ago: the schedule is dead, or hangs")
    return seconds
