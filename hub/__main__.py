"""The command line: `python -m hub` makes the hub as the file of the sites says; with `--without lyon` it takes that site out."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from common.command import command_parser, run_command
from common.journal import open_console
from common.settings import ROOT
from hub.hub import make_hub

log = logging.getLogger("hub")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the arguments; None takes those of the process.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 for success; 1 if something failed (one line says what); 2 for wrong arguments; 130 if it was interrupted.
    """
    parser = command_parser("hub", "Make one schema marts over those of several sites.")
    parser.add_argument("--without", metavar="SITES", default="", help="take out these sites, which the file no longer names")
    parser.add_argument("--manifest", type=Path, default=ROOT / "target/manifest.json", help="dbt's (default: %(default)s)")
    parser.set_defaults(run=_make)
    open_console("%(message)s")
    return run_command(parser.parse_args(argv), environ, log)


def _make(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    make_hub(environ, words.manifest, words.without)


if __name__ == "__main__":
    sys.exit(main())
