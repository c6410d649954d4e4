"""Whether the schedule is alive, and its jobs get their work done.

Its heartbeat is a file beside its log: made at the start, touched about every second, and deleted at the end.
"""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from common.errors import LoadError
from common.outcomes import read_outcomes
from operation.times import Times

NAME = "schedule.heartbeat"
# A busy machine may be slow.
DEAD_AFTER_SECONDS = 240
# So many failures in a row, or so many intervals without a success, and a job is not healthy.
PATIENCE = 3


def start(file: Path) -> None:
    """Create the file, which holds the time of the start. If that fails, so does the log beside it, which says so."""
    with suppress(OSError):
        file.write_text(str(time.time()))


def beat(file: Path) -> None:
    """Touch the file."""
    with suppress(OSError):
        os.utime(file)


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


def check_jobs(environ: Mapping[str, str], times: Mapping[str, Times], file: Path) -> None:
    """Check that the jobs get their work done.

    Args:
        environ: the environment, for `LOG_DIR`.
        times: those of each job.
        file: the heartbeat.

    Raises:
        LoadError: the last runs of a job have all failed, or it has not succeeded for three times its interval since the start.
    """
    outcomes = read_outcomes(environ)
    try:
        started = datetime.fromtimestamp(float(file.read_text()), UTC).timestamp()
    except (OSError, ValueError, OverflowError):
        raise LoadError(f"{file} is not understood: start the schedule again") from None
    for job, own in times.items():
        outcome = outcomes.get(job)
        if outcome and outcome.failures >= PATIENCE:
            said = f"failed {outcome.failures} times in a row, the last time {', '.join(outcome.failed)}"
            raise LoadError(f"{job}: {said}: see its log, then make job JOB={job}")
        since = max(started, (outcome and outcome.succeeded_at) or 0)
        due = datetime.fromtimestamp(since, UTC)
        # An interval is what lies between two due times, whatever the expressions are.
        for _ in range(PATIENCE + 1):
            due = own.after(due)
        if due < datetime.now(UTC):
            raise LoadError(f"{job}: has not succeeded since {datetime.fromtimestamp(since, UTC):%Y-%m-%d %H:%M} UTC: see its log")
