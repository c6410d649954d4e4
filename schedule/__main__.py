"""The command line: `python -m schedule run`, `python -m schedule job logs`, `python -m schedule health`."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from loaders.errors import LoadError
from loaders.journal import open_console, open_log_file
from loaders.settings import log_folder
from schedule.heartbeat import Heartbeat

log = logging.getLogger("schedule")

ROOT = Path(__file__).parent.parent
LOG_FILE = "schedule.log"


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the command's words; those of the process where None.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where all went well, and where the schedule was asked to end; 1 where something failed; 2 for wrong
        words; 130 where a job was asked to end.
    """
    parser = argparse.ArgumentParser(prog="python -m schedule", description="Do the jobs at their times.")
    parser.add_argument("--folder", type=Path, default=ROOT, help="where the Makefile is (default: this project)")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("run", help="run the schedule for ever").set_defaults(run=_run)
    job = commands.add_parser("job", help="do one job once, with its retries")
    job.add_argument("name", help="logs, erp or daily")
    job.set_defaults(run=_job)
    commands.add_parser("health", help="fail where the schedule is dead or hangs").set_defaults(run=_health)

    words = parser.parse_args(argv)
    open_console("%(asctime)s %(message)s" if words.run is not _health else "%(message)s")
    run: Callable[[argparse.Namespace, Mapping[str, str]], int] = words.run
    try:
        return run(words, environ)
    except LoadError as error:
        log.error("%s", error)
        return 1


def _run(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run the schedule until it is asked to end."""
    # Imported only here: a healthcheck every minute need not pay for it.
    from schedule.clockwork import Clockwork
    from schedule.jobs import Runner, jobs_of
    from schedule.settings import TIMES, ScheduleSettings

    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if not settings.triggers:
        raise LoadError(f"{', '.join(name for _, name, _ in TIMES)} are all empty: there is nothing to do")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(words.folder, settings.retries, settings.retry_seconds)
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


def _job(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Do one job once."""
    from schedule.jobs import Runner, jobs_of
    from schedule.settings import ScheduleSettings

    settings, jobs = ScheduleSettings.from_environ(environ), jobs_of(environ)
    if words.name not in jobs:
        raise LoadError(f"JOB is {words.name!r}: set it to logs, erp or daily")
    open_log_file(log_folder(environ), LOG_FILE)
    runner = Runner(words.folder, settings.retries, settings.retry_seconds)
    with ThreadPoolExecutor(1) as thread:
        try:
            _take_term_for_interrupt()
            return 0 if thread.submit(runner.run, jobs[words.name]).result() else 1
        except KeyboardInterrupt:
            _ignore_signals()
            runner.stop()
            return 130


def _health(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Say whether the schedule is alive."""
    print(f"alive {Heartbeat(log_folder(environ)).age():.0f} s ago")
    return 0


def _take_term_for_interrupt() -> None:
    """Have SIGTERM raise KeyboardInterrupt in the main thread, as SIGINT does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _ignore_signals() -> None:
    """Let the end that has begun come to its own."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
