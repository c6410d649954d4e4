"""The command line: `python -m loaders load [logs|erp]`, `python -m loaders grants`."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from loaders.erp import load_erp
from loaders.errors import LoadError, one_line
from loaders.grants import grant
from loaders.logs import load_logs
from loaders.settings import FtpSettings, MysqlSettings, PostgresSettings
from loaders.warehouse import RunReport, Warehouse

log = logging.getLogger("loaders")

SOURCES = ("logs", "erp")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the command's words; those of the process where None.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where everything was done, 1 where something failed (each said in one line), 2 for wrong words.
    """
    parser = argparse.ArgumentParser(prog="python -m loaders", description="Copy the sources into the raw schema.")
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load", help="copy what is new or changed")
    parser.add_argument("--debug", action="store_true", help="show where in the code an error comes from")
    load.add_argument("sources", nargs="*", choices=[*SOURCES, []], help="logs, erp; both where none is named")
    commands.add_parser("grants", help="create the roles loader, transformer and analyst, and give each what is its own")
    words = parser.parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    log.setLevel(logging.INFO)
    try:
        if words.command == "grants":
            grant(environ)
            return 0
        return _load(words.sources or SOURCES, environ, debug=words.debug)
    except Exception as error:
        if words.debug:
            raise
        log.error("%s", error if isinstance(error, LoadError) else f"{type(error).__name__}: {one_line(error)}")
        return 1


def _load(sources: Sequence[str], environ: Mapping[str, str], *, debug: bool) -> int:
    """Load some sources, one after the other: what stops one does not stop the other."""
    # All settings are read first, so that a missing one is told before anything happens.
    loads: dict[str, Callable[[Warehouse], RunReport]] = {}
    if "logs" in sources:
        ftp = FtpSettings.from_environ(environ)
        loads["logs"] = lambda warehouse: load_logs(ftp, warehouse)
    if "erp" in sources:
        mysql = MysqlSettings.from_environ(environ)
        loads["erp"] = lambda warehouse: load_erp(mysql, warehouse)
    failed = False
    with Warehouse(PostgresSettings.from_environ(environ)) as warehouse:
        for source, load in loads.items():
            try:
                report = load(warehouse)
            except Exception:
                if debug:
                    raise
                failed = True  # the report has said why
                continue
            failed |= report.failed > 0
            log.info(
                "%s: %d found, %d loaded, %d unchanged, %d failed, %d rows written",
                source, report.found, report.loaded, report.unchanged, report.failed, report.rows,
            )  # fmt: skip
    return 1 if failed else 0
