"""The command line: `python -m publication alerts`."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence

from loaders.errors import LoadError
from publication.alerts import publish_alerts


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the command's words; those of the process where None.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 where it was done, 1 where something failed (said in one line), 2 for wrong words.
    """
    parser = argparse.ArgumentParser(prog="python -m publication", description="Bring what the marts hold to people.")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("alerts", help="print the new alerts, and post them once to ALERT_WEBHOOK_URL")
    parser.parse_args(argv)
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    try:
        publish_alerts(environ)
    except LoadError as error:
        logging.getLogger("publication").error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
