"""The jobs: lists of make targets, and how they are run and retried."""

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

# A target that takes longer is taken to hang. Ending a load or a build is always safe.
TARGET_SECONDS = 6 * 3600
# Docker sends SIGKILL ten seconds after SIGTERM.
GRACE_SECONDS = 7
# Variables of the make that has started this process. The targets must not inherit them.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Job:
    """A list of make targets. Each is run even if one before it has failed.

    `follow` says that each target uses the results of those before it: if one is retried, so are those after it. `last` are run
    once, after all retries.
    """

    name: str
    targets: tuple[str, ...]
    follow: bool
    last: tuple[str, ...]

    def again(self, failed: Collection[str]) -> tuple[str, ...]:
        """Return the targets to run again after some have failed."""
        if self.follow:
            return self.targets[min(map(self.targets.index, failed)) :]
        return tuple(target for target in self.targets if target in failed)


def jobs_of(environ: Mapping[str, str]) -> dict[str, Job]:
    """Return the jobs by name. The daily one begins with the purge if `RETENTION_MONTHS` is set.

    Each ends with the alerts, also if it has failed. Where nothing posts them, only the daily one prints them.

    Raises:
        LoadError: `RETENTION_MONTHS` is malformed.
    """
    purge = () if retention_months(environ) is None else ("purge",)
    posted = ("alerts",) if environ.get("ALERT_WEBHOOK_URL") else ()
    jobs = (
        Job("logs", ("load-logs", "build-new"), follow=True, last=posted),
        Job("erp", ("load-erp", "build-new"), follow=True, last=posted),
        Job("daily", (*purge, "audit", "docs", "report"), follow=False, last=("alerts",)),
    )
    return {job.name: job for job in jobs}


class Runner:
    """Runs jobs, each target in a process group of its own, until it is stopped.

    `folder` holds the Makefile. Failed targets are retried `retries` times, `retry_seconds` apart.
    """

    def __init__(self, folder: Path, retries: int, retry_seconds: int) -> None:
        self._folder = folder
        self._retries = retries
        self._retry_seconds = retry_seconds
        self._stopping = Event()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, job: Job) -> bool:
        """Run a job with its retries, and log what happens.

        Returns:
            Whether every target succeeded in the end.
        """
        log.info("%s: began", job.name)
        began = time.monotonic()
        targets, failed = job.targets, list[str]()
        for retry in range(self._retries + 1):
            if retry:
                targets = job.again(failed)
                log.info("%s: retry %d of %d in %d s: %s", job.name, retry, self._retries, self._retry_seconds, ", ".join(targets))
                self._stopping.wait(self._retry_seconds)
            failed = [target for target in targets if not self._run_one(job, target)]
            if not failed or self._stopping.is_set():
                break
        failed += [target for target in job.last if not self._run_one(job, target)]
        seconds = time.monotonic() - began
        if self._stopping.is_set():
            log.info("%s: stopped after %.0f s", job.name, seconds)
        elif failed:
            log.error("%s: FAILED after %.0f s: %s", job.name, seconds, ", ".join(failed))
        else:
            log.info("%s: ok after %.0f s", job.name, seconds)
            return True
        return False

    def stop(self) -> None:
        """Start nothing more, end the running target, and wait for its end."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None:
            _end(child)

    def _run_one(self, job: Job, target: str) -> bool:
        environ = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        began = time.monotonic()
        try:
            with self._lock:
                if self._stopping.is_set():
                    return False
                # In a session of its own, so that a signal reaches the target, and all that it has started, only from here.
                child = self._child = subprocess.Popen(
                    ["make", "--silent", target], cwd=self._folder, env=environ, stdin=subprocess.DEVNULL, start_new_session=True
                )
            code = child.wait(TARGET_SECONDS)
        except OSError as error:
            log.error("%s: make %s: %s", job.name, target, error.strerror)
            return False
        except subprocess.TimeoutExpired:
            _end(child)
            log.error("%s: make %s was ended after %d s: see what it hung at", job.name, target, TARGET_SECONDS)
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
    """Ask a process group to end, wait, and kill it if it has not ended."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
