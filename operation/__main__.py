"""The command line: `python -m operation doctor`, `grants`, `purge`, `schedule`, `job logs`, `health`."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from common.errors import LoadError, one_line
from common.journal import open_console, open_log_file
from common.settings import PostgresSettings, log_folder
from common.warehouse import Warehouse

log = logging.getLogger("operation")

Run = Callable[[argparse.Namespace, Mapping[str, str]], int]
ROOT = Path(__file__).parent.parent


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the command's words; those of the process where None.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where all went well, and where the schedule was asked to end; 1 where something failed, which is said in
        one line; 2 for wrong words; 130 where somebody stopped it.
    """
    words = _parser().parse_args(argv)
    open_console("%(asctime)s %(message)s" if words.run in (_schedule, _job) else "%(message)s")
    run: Run = words.run
    try:
        return run(words, environ)
    except KeyboardInterrupt:
        log.error("interrupted")
        return 130
    except Exception as error:
        if words.debug:
            raise
        log.error("%s", error if isinstance(error, LoadError) else f"{type(error).__name__}: {one_line(error)}")
        return 1


def _parser() -> argparse.ArgumentParser:
    """Describe the commands. Each names the function that runs it, which takes the words and the environment."""
    parser = argparse.ArgumentParser(prog="python -m operation", description="Keep the platform running.")
    parser.add_argument("--debug", action="store_true", help="show where in the code an error comes from")
    parser.add_argument("--folder", type=Path, default=ROOT, help="where the Makefile is (default: this project)")
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Run, told: str) -> argparse.ArgumentParser:
        described = commands.add_parser(name, help=told)
        described.set_defaults(run=run)
        return described

    command("doctor", _doctor, "say what works and what does not; changes nothing")
    command("grants", _grants, "create the roles loader, transformer and analyst, and give each what is its own")
    purge = command("purge", _purge, "take log files before a date out of raw, for good")
    purge.add_argument("before", metavar="DATE", nargs="?", default="", help="the first day to keep; or else RETENTION_MONTHS ago")
    command("schedule", _schedule, "do the jobs at their times, for ever")
    command("job", _job, "do one job once, with its retries").add_argument("name", help="logs, erp or daily")
    command("health", _health, "fail where the schedule is dead or hangs")
    return parser


# Each command imports what it needs: a healthcheck every minute need not pay for the rest.


def _doctor(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.doctor import examine

    return examine(environ)


def _grants(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.grants import grant

    grant(environ)
    return 0


def _purge(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.retention import first_day_kept, purge

    open_log_file(log_folder(environ))
    since = first_day_kept(words.before, environ, date.today())
    with Warehouse(PostgresSettings.from_environ(environ)) as warehouse:
        purge(warehouse, since)
    return 0


def _schedule(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.schedule import run_schedule

    return run_schedule(words.folder, environ)


def _job(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.schedule import run_job

    return run_job(words.folder, words.name, environ)


def _health(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.heartbeat import Heartbeat

    print(f"alive {Heartbeat(log_folder(environ)).age():.0f} s ago")
    return 0


if __name__ == "__main__":
    sys.exit(main())
