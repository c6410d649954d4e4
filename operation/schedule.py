"""`make schedule` runs the jobs at their times until it is stopped; `make job` runs one of them once."""

import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from common.errors import LoadError
from common.journal import open_log_file
from common.settings import log_folder
from operation import heartbeat
from operation.jobs import Runner, jobs_of
from operation.times import TIMES, ScheduleSettings

log = logging.getLogger(__name__)

LOG_FILE = "schedule.log"


def run_schedule(folder: Path, environ: Mapping[str, str]) -> None:
    """Run the schedule until SIGTERM or SIGINT.

    Args:
        folder: where the Makefile is.
        environ: the environment with the settings.

    Raises:
        LoadError: a setting is malformed, or all jobs are switched off.
    """
    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if not settings.times:
        raise LoadError(f"{', '.join(name for _, name, _ in TIMES)} are all empty: there is nothing to do")
    open_log_file(log_folder(environ), LOG_FILE)
    file = log_folder(environ) / heartbeat.NAME
    runner = Runner(folder, settings.retries, settings.retry_seconds, partial(heartbeat.beat, file))
    _stop_by_signals(runner)
    heartbeat.start(file)
    try:
        run_at_times(settings, {name: partial(runner.run, jobs[name]) for name in settings.times}, runner)
    finally:
        with suppress(OSError):
            file.unlink()
    log.info("ended")


def run_at_times(settings: ScheduleSettings, work: Mapping[str, Callable[[], object]], runner: Runner) -> None:
    """Run jobs at their times, one at a time, until the runner is stopped.

    A job that comes due while another one runs waits for its end. One that comes due while it runs itself, once or several times,
    runs once more afterwards.

    Args:
        settings: the times.
        work: a function for each job's name.
        runner: what waits, and is stopped.
    """
    # The first run is now: some times may have passed while the schedule was not running. But a backup at each of many starts would
    # push out the older ones, which are to be kept.
    now = datetime.now(UTC)
    due = {name: times.after(now) if name == "backup" else now for name, times in settings.times.items()}
    while not runner.stopping:
        name = min(due, key=due.__getitem__)
        began = datetime.now(UTC)
        if began < due[name]:
            # The clock may be set meanwhile.
            runner.wait(min((due[name] - began).total_seconds(), 60))
            continue
        work[name]()
        due[name] = settings.times[name].after(began)
        if not runner.stopping:
            again = "came due while it was running: once more now" if due[name] <= datetime.now(UTC) else ""
            shown = due[name].astimezone(settings.zone).isoformat(sep=" ", timespec="minutes")
            log.info("%s: %s", name, again or f"next run at {shown}")


def run_job(folder: Path, name: str, environ: Mapping[str, str]) -> int:
    """Run one job once, with its retries.

    Args:
        folder: where the Makefile is.
        name: the job's name.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 if every target succeeded in the end, 1 if not, 130 after SIGTERM or SIGINT.

    Raises:
        LoadError: a setting is malformed, or there is no such job.
    """
    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if name not in jobs:
        raise LoadError(f"JOB is {name!r}: set it to logs, erp, daily or backup")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(folder, settings.retries, settings.retry_seconds)
    _stop_by_signals(runner)
    succeeded = runner.run(jobs[name])
    return 130 if runner.stopping else int(not succeeded)


def _stop_by_signals(runner: Runner) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, runner.stop)
