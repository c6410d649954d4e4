"""`make schedule` runs the jobs at their times until it is stopped; `make job` runs one of them once."""

import logging
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from common.errors import LoadError
from common.journal import open_log_file
from common.settings import log_folder
from operation import heartbeat
from operation.clockwork import Clockwork
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
    if not settings.triggers:
        raise LoadError(f"{', '.join(name for _, name, _ in TIMES)} are all empty: there is nothing to do")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(folder, settings.retries, settings.retry_seconds)
    file = log_folder(environ) / heartbeat.NAME
    work = {name: partial(runner.run, jobs[name]) for name in settings.triggers}
    clockwork = Clockwork(settings, work, partial(heartbeat.beat, file))
    heartbeat.beat(file)
    try:
        _handle_signals(signal.default_int_handler)
        clockwork.run()
    except KeyboardInterrupt:
        log.info("asked to end")
    finally:
        _handle_signals(signal.SIG_IGN)
        clockwork.end(runner.stop)
        with suppress(OSError):
            file.unlink()
    log.info("ended")


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
        raise LoadError(f"JOB is {name!r}: set it to logs, erp or daily")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(folder, settings.retries, settings.retry_seconds)
    with ThreadPoolExecutor(1) as thread:
        try:
            _handle_signals(signal.default_int_handler)
            return 0 if thread.submit(runner.run, jobs[name]).result() else 1
        except KeyboardInterrupt:
            _handle_signals(signal.SIG_IGN)
            runner.stop()
            return 130


def _handle_signals(handler: Callable[..., object] | signal.Handlers) -> None:
    """Have SIGTERM and SIGINT raise KeyboardInterrupt (`default_int_handler`), or ignore them while the end is under way."""
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
