"""The jobs: lists of make targets, and how they are run and retried."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from common.outcomes import note_outcome
from common.settings import retention_months

log = logging.getLogger(__name__)

# A target that takes longer is taken to hang. Ending a load or a build is always safe.
TARGET_SECONDS = 6 * 3600
# Docker sends SIGKILL ten seconds after SIGTERM.
GRACE_SECONDS = 7
# How long it takes to see that it is to stop.
TICK_SECONDS = 1.0
# Variables of the make that has started this process. The targets must not inherit them.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Job:
    """A list of make targets. Each is run even if one before it has failed.

    `follow` says that each target uses the results of those before it: if one is retried, so are those after it.
    """

    name: str
    targets: tuple[str, ...]
    follow: bool

    def again(self, failed: Collection[str]) -> tuple[str, ...]:
        """Return the targets to run again after some have failed."""
        if self.follow:
            return self.targets[min(map(self.targets.index, failed)) :]
        return tuple(target for target in self.targets if target in failed)


def jobs_of(environ: Mapping[str, str]) -> dict[str, Job]:
    """Return the jobs by name. The daily one begins with the purge if `RETENTION_MONTHS` is set.

    Raises:
        LoadError: `RETENTION_MONTHS` is malformed.
    """
    purge = () if retention_months(environ) is None else ("purge",)
    jobs = (
        Job("logs", ("load-logs", "build-new"), follow=True),
        Job("erp", ("load-erp", "build-new"), follow=True),
        Job("daily", (*purge, "audit", "docs", "report"), follow=False),
        Job("backup", ("backup", "restore-check"), follow=True),
    )
    return {job.name: job for job in jobs}


class Runner:
    """Runs jobs, each target in a process group of its own, until it is stopped.

    `folder` holds the Makefile. Failed targets are retried `retries` times, `retry_seconds` apart. `beat` is called about every
    second, also while a target runs.
    """

    def __init__(self, folder: Path, retries: int, retry_seconds: int, beat: Callable[[], object] = lambda: None) -> None:
        self._folder = folder
        self._retries = retries
        self._retry_seconds = retry_seconds
        self._beat = beat
        self.stopping = False

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
                self.wait(self._retry_seconds)
            failed = [target for target in targets if not self._run_one(job, target)]
            if not failed or self.stopping:
                break
        seconds = time.monotonic() - began
        if not self.stopping:
            note_outcome(os.environ, job.name, failed, seconds)
            # Once, after the retries, and also if the job has failed: that is what it posts.
            if not self._run_one(job, "notify", FAILED="yes" if failed else ""):
                failed.append("notify")
        if self.stopping:
            log.info("%s: stopped after %.0f s", job.name, seconds)
        elif failed:
            log.error("%s: FAILED after %.0f s: %s", job.name, seconds, ", ".join(failed))
        else:
            log.info("%s: ok after %.0f s", job.name, seconds)
            return True
        return False

    def stop(self, *_signal: object) -> None:
        """Start nothing more, and have the running target ended. This is a handler of signals: all else is done by who waits."""
        self.stopping = True

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than until it is stopped."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            self._beat()
            time.sleep(min(left, TICK_SECONDS))

    def _run_one(self, job: Job, target: str, **variables: str) -> bool:
        if self.stopping:
            return False
        environ = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        environ |= {"JOB": job.name, **variables}
        began = time.monotonic()
        try:
            # In a session of its own, so that a signal reaches the target, and all that it has started, only from here.
            child = subprocess.Popen(
                ["make", "--silent", target], cwd=self._folder, env=environ, stdin=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            log.error("%s: make %s: %s", job.name, target, error.strerror)
            return False
        while True:
            try:
                code = child.wait(TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                self._beat()
            if self.stopping:
                _end(child)
                return False
            if time.monotonic() - began > TARGET_SECONDS:
                _end(child)
                log.error("%s: make %s was ended after %d s: see what it hung at", job.name, target, TARGET_SECONDS)
                return False
        seconds = time.monotonic() - began
        if code and not self.stopping:
            log.error("%s: make %s failed after %.1f s (exit code %d)", job.name, target, seconds, code)
        elif not code:
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
