"""The command line: `python -m loaders load [logs|erp]`, and the commands beside it."""

import argparse
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from loaders.erp import load_erp
from loaders.errors import LoadError, one_line
from loaders.grants import grant
from loaders.journal import open_console, open_log_file
from loaders.logs import load_logs
from loaders.report import RunReport
from loaders.retention import first_day_kept, purge
from loaders.settings import FtpSettings, MysqlSettings, PostgresSettings, log_folder
from loaders.warehouse import Warehouse

log = logging.getLogger("loaders")

SOURCES = ("logs", "erp")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the command's words; those of the process where None.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where everything went well, 1 where something failed (each said in one line), 2 for wrong words,
        130 where somebody stopped it.
    """
    words = _parser().parse_args(argv)
    open_console()
    run: Callable[[argparse.Namespace, Mapping[str, str]], int] = words.run
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
    parser = argparse.ArgumentParser(prog="python -m loaders", description="Copy the sources into the raw schema.")
    parser.add_argument("--debug", action="store_true", help="show where in the code an error comes from")
    commands = parser.add_subparsers(required=True)

    load = commands.add_parser("load", help="copy what is new or changed")
    load.add_argument("sources", nargs="*", choices=[*SOURCES, []], help="logs, erp; both where none is named")
    load.set_defaults(run=_load, files=None)

    reload = commands.add_parser("reload", help="copy chosen log files anew")
    reload.add_argument("files", metavar="PATTERN", help="a shell's pattern for folder/file, such as 'DEM12 (PVC)/202505*'")
    reload.set_defaults(run=_load, sources=["logs"])

    purge = commands.add_parser("purge", help="take log files before a date out of raw, for good")
    purge.add_argument("before", metavar="DATE", nargs="?", default="", help="the first day to keep; or else RETENTION_MONTHS ago")
    purge.set_defaults(run=_purge)

    grants = commands.add_parser(
        "grants", help="create the roles loader, transformer, analyst and notifier, and give each what is its own"
    )
    grants.set_defaults(run=_grants)

    doctor = commands.add_parser("doctor", help="say what works and what does not; changes nothing")
    doctor.set_defaults(run=_doctor)

    return parser


def _load(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Load some sources, one after the other: what stops one does not stop the other."""
    open_log_file(log_folder(environ))
    sources = words.sources or SOURCES
    # All settings are read first, so that a missing one is told before anything happens.
    loads: list[Callable[[Warehouse], RunReport]] = []
    if "logs" in sources:
        ftp = FtpSettings.from_environ(environ)
        loads.append(lambda warehouse: load_logs(ftp, warehouse, words.files))
    if "erp" in sources:
        mysql = MysqlSettings.from_environ(environ)
        loads.append(lambda warehouse: load_erp(mysql, warehouse))
    failed = False
    with Warehouse(PostgresSettings.from_environ(environ)) as warehouse:
        for load in loads:
            try:
                failed |= warehouse.patiently(load).failed > 0
            except Exception:
                if words.debug:
                    raise
                failed = True  # the report has said why
    return 1 if failed else 0


def _purge(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Take old log files out of raw."""
    open_log_file(log_folder(environ))
    since = first_day_kept(words.before, environ, date.today())
    with Warehouse(PostgresSettings.from_environ(environ)) as warehouse:
        purge(warehouse, since)
    return 0


def _grants(_words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Create the warehouse's roles."""
    grant(environ)
    return 0


def _doctor(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Say what works, a line a check; fail where something does not."""
    from loaders.doctor import examine

    return examine(environ)
