"""The command line: `python -m operation doctor`, `grants`, `purge`, `backup`, `restore`, `schedule`, `job logs`, `health`."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from common.command import Run, command_parser, run_command
from common.journal import open_console, open_log_file
from common.settings import ROOT, PostgresSettings, log_folder

log = logging.getLogger("operation")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the arguments; None takes those of the process.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 for success, also if the schedule was asked to end; 1 if something failed (one line says what); 2 for wrong
        arguments; 130 if it was interrupted.
    """
    words = _parser().parse_args(argv)
    open_console("%(asctime)s %(message)s" if words.run in (_schedule, _job) else "%(message)s")
    return run_command(words, environ, log)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("operation", "Keep the platform running.")
    parser.add_argument("--folder", type=Path, default=ROOT, help="where the Makefile is (default: this project)")
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Run, told: str) -> argparse.ArgumentParser:
        described = commands.add_parser(name, help=told)
        described.set_defaults(run=run)
        return described

    command("doctor", _doctor, "check servers, accounts and data; changes nothing")
    command("grants", _grants, "create the warehouse's roles and give each its rights")
    purge = command("purge", _purge, "delete the lines of old log files from raw")
    purge.add_argument("before", metavar="DATE", nargs="?", default="", help="the first day to keep; or RETENTION_MONTHS")
    command("backup", _backup, "back the database up into BACKUP_DIR")
    restored = command("restore", _restore, "restore a backup into a new database")
    restored.add_argument("file", help="the backup")
    restored.add_argument("database", help="the new database")
    command("restore-check", _restore_check, "restore the newest backup into a database that is dropped again")
    command("schedule", _schedule, "run the jobs at their times, until it is stopped")
    command("job", _job, "run one job once, with its retries").add_argument("name", help="logs, erp, daily or backup")
    command("health", _health, "fail if the schedule is dead or hangs")
    return parser


# Each command imports what it needs, so that the health check, which runs every minute, stays cheap.


def _doctor(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.doctor import examine

    return examine(environ)


def _grants(_words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.grants import grant

    grant(environ)


def _purge(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from common.warehouse import Warehouse
    from operation.retention import first_day_kept, purge

    open_log_file(log_folder(environ))
    since = first_day_kept(words.before, environ, date.today())
    with Warehouse(PostgresSettings.from_environ(environ)) as warehouse:
        purge(warehouse, since)


def _backup(_words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.backup import backup

    backup(environ)


def _restore(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.backup import restore

    restore(environ, words.file, words.database)


def _restore_check(_words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.backup import check_restore

    check_restore(environ)


def _schedule(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.schedule import run_schedule

    run_schedule(words.folder, environ)


def _job(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from operation.schedule import run_job

    return run_job(words.folder, words.name, environ)


def _health(_words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from operation.heartbeat import NAME, age, check_jobs
    from operation.times import ScheduleSettings

    file = log_folder(environ) / NAME
    seconds = age(file)
    check_jobs(environ, ScheduleSettings.from_environ(environ).times, file)
    print(f"alive {seconds:.0f} s ago")


if __name__ == "__main__":
    sys.exit(main())
