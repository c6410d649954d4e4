"""The command line: `python -m loaders load [logs|erp]`, `python -m loaders reload PATTERN`."""

import argparse
import logging
import os
from collections.abc import Callable, Mapping, Sequence

from common.errors import LoadError, one_line
from common.journal import open_console, open_log_file
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

    return parser


def _load(words: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Load some sources, one after the other: what stops one does not stop the other."""
    open_log_file(log_folder(environ))
    sources = words.sources or SOURCES
    folder = pipelines_folder(environ)
    # All settings are read first, so that all that is wrong with them is told at once, before anything happens.
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
    failed = False
    with Warehouse(postgres) as warehouse:
        for load in loads:
            try:
                failed |= warehouse.patiently(load).failed > 0
            except Exception:
                if words.debug:
                    raise
                failed = True  # the report has said why
    return 1 if failed else 0
