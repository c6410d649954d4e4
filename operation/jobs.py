"""The jobs, and how one is done: make targets, run as a person would run them, what has failed once more after a while."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from common.settings import retention_months

log = logging.getLogger(__name__)

# Whatever takes longer hangs. To end a load or a build is always safe.
TARGET_SECONDS = 6 * 3600
# Docker kills ten seconds after it has asked.
GRACE_SECONDS = 7
# What a make that has started us hands down to those it starts.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Job:
    """A list of make targets. Each is run even if another has failed: what has been loaded is to be seen.

    Where they follow from each other, those behind one that is done again are done again too.
    """

    name: str
    targets: tuple[str, ...]
    follow: bool

    def again(self, failed: Collection[str]) -> tuple[str, ...]:
        """Return what has to be done again after some targets have failed."""
        if self.follow:
            return self.targets[min(map(self.targets.index, failed)) :]
        return tuple(target for target in self.targets if target in failed)


def jobs_of(environ: Mapping[str, str]) -> dict[str, Job]:
    """Return the jobs by name. The daily one begins with the purge where the environment says how long log files are kept.

    Raises:
        LoadError: it says so wrongly.
    """
    purge = () if retention_months(environ) is None else ("purge",)
    jobs = (
        Job("logs", ("load-logs", "build-new"), follow=True),
        Job("erp", ("load-erp", "build-new"), follow=True),
        Job("daily", (*purge, "audit", "docs", "report", "alerts"), follow=False),
    )
    return {job.name: job for job in jobs}


class Runner:
    """Does one job after the other, each target in a process group of its own, until it is stopped.

    `folder` holds the Makefile; what has failed is done again `retries` times, `retry_seconds` apart.
    """

    def __init__(self, folder: Path, retries: int, retry_seconds: int) -> None:
        self._folder = folder
        self._retries = retries
        self._retry_seconds = retry_seconds
        self._stopping = Event()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, job: Job) -> bool:
        """Do a job, what fails of it again, and say what becomes of it.

        Returns:
            Whether every target was done in the end.
        """
        log.info("%s: began", job.name)
        began = time.monotonic()
        failed = self._run_all(job, job.targets)
        for retry in range(1, self._retries + 1):
            if not failed or self._stopping.is_set():
                break
            targets = job.again(failed)
            log.info("%s: again in %d s (%d of %d): %s", job.name, self._retry_seconds, retry, self._retries, ", ".join(targets))
            if self._stopping.wait(self._retry_seconds):
                break
            failed = self._run_all(job, targets)
        seconds = time.monotonic() - began
        if self._stopping.is_set():
            log.info("%s: stopped after %.0f s", job.name, seconds)
            return False
        if failed:
            log.error("%s: FAILED after %.0f s: %s", job.name, seconds, ", ".join(failed))
            return False
        log.info("%s: ok after %.0f s", job.name, seconds)
        return True

    def stop(self) -> None:
        """End what is at work, and let nothing more begin. Returns when it has ended."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None:
            _end(child)

    def _run_all(self, job: Job, targets: Collection[str]) -> list[str]:
        """Run targets one after the other; return those that failed."""
        return [target for target in targets if not self._run_one(job, target)]

    def _run_one(self, job: Job, target: str) -> bool:
        environ = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        began = time.monotonic()
        try:
            with self._lock:
                if self._stopping.is_set():
                    return False
                # A session of its own: Ctrl-C is ours to hand on, and so is the end of all that the target has started.
                child = self._child = subprocess.Popen(
                    ["make", "--silent", target],
                    cwd=self._folder,
                    env=environ,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            code = child.wait(TARGET_SECONDS)
        except OSError as error:
            log.error("%s: make %s: %s", job.name, target, error.strerror)
            return False
        except subprocess.TimeoutExpired:
            _end(child)
            log.error("%s: make %s has been at work for %d s, and was ended: see what it hung at", job.name, target, TARGET_SECONDS)
            return False
        seconds = time.monotonic() - began
        if self._stopping.is_set():
            return False
        if code:
            log.error("%s: make %s failed after %.1f s (exit code %d)", job.name, target, seconds, code)
        else:
            log.info("%s: make %s done after %.1f s", job.name, target, seconds)
        return code == 0


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask a process group to end, wait, and kill what has not."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
