"""How the jobs ended, and other notes of small programs: JSON files beside the schedule's log.

The health check, the metrics and the notices read the outcomes.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.files import replace
from common.settings import log_folder

log = logging.getLogger(__name__)

NAME = "jobs.json"


@dataclass(frozen=True)
class Outcome:
    """How a job ended the last time, when it last succeeded (seconds since 1970), and how often it has failed since.

    `failed` are the targets that failed, and `seconds` is how long it took, with its retries.
    """

    ended_at: float
    seconds: float
    failed: Sequence[str]
    succeeded_at: float | None
    failures: int

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Outcome":
        """Read one; whatever is wrong with it is a `TypeError`, `ValueError` or `OverflowError`."""
        outcome = cls(**values)
        for moment in (outcome.ended_at, outcome.succeeded_at or 0):
            datetime.fromtimestamp(moment, UTC)
        if not (isinstance(outcome.failed, list) and all(isinstance(target, str) for target in outcome.failed)):
            raise TypeError("failed")
        return cls(outcome.ended_at, float(outcome.seconds), outcome.failed, outcome.succeeded_at, int(outcome.failures))


def read_outcomes(environ: Mapping[str, str]) -> dict[str, Outcome]:
    """Return the outcomes by job; none of a job that has not run. If the file is not understood, a warning says so."""
    file = log_folder(environ) / NAME
    try:
        return {job: Outcome.read(values) for job, values in read_notes(file).items()}
    except (TypeError, ValueError, OverflowError):
        log.warning("%s is not understood, and taken for empty: the next job writes it anew", file)
        return {}


def note_outcome(environ: Mapping[str, str], job: str, failed: Sequence[str], seconds: float) -> None:
    """Note how a job ended. If that fails, a warning says so.

    Args:
        environ: the environment, for `LOG_DIR`.
        job: its name.
        failed: the targets that failed in the end.
        seconds: how long it took.
    """
    file, now = log_folder(environ) / NAME, datetime.now(UTC).timestamp()
    try:
        with locked(file):
            outcomes = read_outcomes(environ)
            before = outcomes.get(job)
            last, failures = (before.succeeded_at, before.failures) if before else (None, 0)
            outcomes[job] = Outcome(now, seconds, [*failed], last if failed else now, failures + 1 if failed else 0)
            replace(file, json.dumps({name: asdict(outcome) for name, outcome in outcomes.items()}))
    except OSError as error:
        log.warning("%s: %s: set LOG_DIR to a folder that can be written", file, error.strerror)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep others from changing the notes of a folder meanwhile.

    Raises:
        OSError: there is no such folder, or it cannot be read.
    """
    # The folder, and no file: one that root has made could not be opened by the service's own account.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_notes(file: Path) -> dict[str, Any]:
    """Return what is in a file of notes, nothing if there is none.

    Raises:
        ValueError: it is not JSON, or no object.
    """
    try:
        notes = json.loads(file.read_bytes())
    except OSError:
        return {}
    if not isinstance(notes, dict):
        raise ValueError(f"{file} is no object")
    return notes
