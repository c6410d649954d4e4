"""Loads and builds at their times, for ever: `make schedule`, in a container or by hand; `make job JOB=logs` does one job once.

A job is a list of make targets, which are run as a person would run them. Three of them, by `SCHEDULE_LOGS`, `SCHEDULE_ERP` and
`SCHEDULE_DAILY`: crontab expressions separated by `;`, in the time zone `SCHEDULE_TIMEZONE`; an empty value switches a job off.

What a container needs to know: the process takes SIGTERM and SIGINT, ends what is at work and itself within ten seconds, and exits
with 0. `python -m operation health` exits with 1 where the process is dead or hangs: it looks at the time of the file
`schedule.heartbeat` in `LOG_DIR`, which the schedule touches every minute. Messages go to standard error and to `schedule.log` in
`LOG_DIR`; what the targets say goes to the same standard output and error.
"""

import logging
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from common.errors import LoadError
from common.journal import open_log_file
from common.settings import log_folder
from operation.clockwork import Clockwork
from operation.heartbeat import Heartbeat
from operation.jobs import Runner, jobs_of
from operation.times import TIMES, ScheduleSettings

log = logging.getLogger(__name__)

LOG_FILE = "schedule.log"


def run_schedule(folder: Path, environ: Mapping[str, str]) -> int:
    """Run the schedule until it is asked to end.

    Args:
        folder: where the Makefile is.
        environ: the environment with the settings.

    Returns:
        The exit code, 0.

    Raises:
        LoadError: a setting is malformed, or there is nothing to do.
    """
    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if not settings.triggers:
        raise LoadError(f"{', '.join(name for _, name, _ in TIMES)} are all empty: there is nothing to do")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(folder, settings.retries, settings.retry_seconds)
    heart = Heartbeat(log_folder(environ))
    clockwork = Clockwork(settings, {name: partial(runner.run, jobs[name]) for name in settings.triggers}, heart.beat)
    heart.start()
    try:
        _take_term_for_interrupt()
        clockwork.run()
    except KeyboardInterrupt:
        log.info("asked to end")
    finally:
        _ignore_signals()
        clockwork.end(runner.stop)
        heart.end()
    log.info("ended")
    return 0


def run_job(folder: Path, name: str, environ: Mapping[str, str]) -> int:
    """Do one job once, with its retries.

    Args:
        folder: where the Makefile is.
        name: the job's name.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where every target was done in the end, 1 where not, 130 where it was asked to end.

    Raises:
        LoadError: a setting is malformed, or there is no such job.
    """
    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if name not in jobs:
        raise LoadError(f"JOB is {name!r}: set it to logs, erp or daily")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(folder, settings.retries, settings.retry_seconds)
    with ThreadPoolExecutor(1) as thread:
        try:
            _take_term_for_interrupt()
            return 0 if thread.submit(runner.run, jobs[name]).result() else 1
        except KeyboardInterrupt:
            _ignore_signals()
            runner.stop()
            return 130


def _take_term_for_interrupt() -> None:
    """Have SIGTERM raise KeyboardInterrupt in the main thread, as SIGINT does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _ignore_signals() -> None:
    """Let the end that has begun come to its own."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
