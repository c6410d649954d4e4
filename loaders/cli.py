"""The command line: `python -m loaders load [logs|erp]`, `python -m loaders reload PATTERN`."""

import argparse
import logging
import os
from collections.abc import Callable, Mapping, Sequence

from common.command import command_parser, run_command
from common.journal import open_console, open_log_file, remove_old_files
from common.report import RunReport
from common.settings import FtpSettings, MysqlSettings, PostgresSettings, Reader, log_folder, pipelines_folder
from common.warehouse import Warehouse
from loaders.erp import load_erp
from loaders.logs import load_logs

log = logging.getLogger("loaders")

SOURCES = ("logs", "erp")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the arguments; None takes those of the process.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 for success, 1 if something failed (each failure is one line), 2 for wrong arguments, 130 if it was
        interrupted.
    """
    words = _parser().parse_args(argv)
    open_console()
    return run_command(words, environ, log)


def _parser() -> argparse.ArgumentParser:
    """Build the parser. Each command sets `run`, the function that takes the arguments and the environment."""
    parser = command_parser("loaders", "Copy the sources into the raw schema.")
    commands = parser.add_subparsers(required=True)

    load = commands.add_parser("load", help="copy what is new or changed")
    load.add_argument("sources", nargs="*", choices=[*SOURCES, []], help="logs or erp; both if none is named")
    load.set_defaults(run=_load, files=None)

    reload = commands.add_parser("reload", help="copy chosen log files again")
    reload.add_argument("files", metavar="PATTERN", help="a shell pattern for folder/file, such as 'DEM12 (PVC)/202505*'")
    reload.set_defaults(run=_load, sources=["logs"])

    return parser


def _load(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Load the sources one after the other. If one fails, the other is loaded all the same."""
    open_log_file(log_folder(environ))
    sources = words.sources or SOURCES
    folder = pipelines_folder(environ)
    # All settings are read first, so that all mistakes in them are reported together, before anything happens.
    reader = Reader(environ)
    loads: list[Callable[[Warehouse], RunReport]] = []
    if "logs" in sources:
        ftp = FtpSettings.read(reader)
        loads.append(lambda warehouse: load_logs(ftp, warehouse, words.files, folder))
    if "erp" in sources:
        mysql = MysqlSettings.read(reader)
        loads.append(lambda warehouse: load_erp(mysql, warehouse, folder))
    postgres = PostgresSettings.read(reader)
    reader.check()
    remove_old_files(log_folder(environ), postgres.records_days)
    failed = False
    with Warehouse(postgres) as warehouse:
        for load in loads:
            try:
                failed |= warehouse.run_with_retry(load).failed > 0
            except Exception:
                if words.debug:
                    raise
                failed = True  # the report has logged the reason
    return 1 if failed else 0
