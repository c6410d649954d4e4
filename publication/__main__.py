"""The command line: `python -m publication alerts`, `… report`, `… dictionary`."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from common.command import command_parser, run_command
from common.errors import LoadError
from common.journal import open_console

log = logging.getLogger("publication")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command.

    Args:
        argv: the arguments; None takes those of the process.
        environ: the environment with the settings.

    Returns:
        The exit code: 0 for success, 1 if something failed (one line says what), 2 for wrong arguments, 130 if it was
        interrupted.
    """
    parser = command_parser("publication", "Publish what the marts hold.")
    commands = parser.add_subparsers(required=True)

    alerts = commands.add_parser("alerts", help="print the new alerts, and post them once to the chat and by mail")
    alerts.set_defaults(run=_alerts)

    follow = commands.add_parser("notify", help="what follows a job: post alerts and failures, write the metrics")
    follow.add_argument("job", nargs="?", default="", help="the job that has ended")
    follow.add_argument("--failed", action="store_true", help="it has failed")
    follow.set_defaults(run=_notify)

    report = commands.add_parser("report", help="write the report, one HTML page")
    report.add_argument("--page", type=Path, default=Path("target", "rapport.html"), help="the page (default: %(default)s)")
    report.add_argument("--days", type=_days, default=92, help="production days that it shows (default: %(default)s)")
    report.set_defaults(run=_report)

    dictionary = commands.add_parser("dictionary", help="write the dictionary of the marts, one HTML page, beside the dbt docs")
    dictionary.add_argument("--folder", type=Path, default=Path("target"), help="where the dbt docs are (default: %(default)s)")
    dictionary.set_defaults(run=_dictionary)

    words = parser.parse_args(argv)
    open_console(stream=sys.stdout)
    return run_command(words, environ, log)


def _days(text: str) -> int:
    """Read a number of days."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3660):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 3660")
    return int(text)


# Each command imports what it needs: drawing takes a second to import, and the alerts run every quarter of an hour.


def _alerts(_words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from common.channels import Channels
    from publication.alerts import publish_alerts

    channels = Channels.from_environ(environ)
    publish_alerts(environ, channels)
    if channels.mistakes:
        raise LoadError("; ".join(map(str, channels.mistakes)))


def _notify(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from publication.notify import notify

    notify(environ, words.job, has_failed=words.failed)


def _report(words: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from publication.report import write_report

    size = write_report(environ, words.page, words.days)
    log.info("The report is %s (%.1f MB)", words.page, size / 1e6)


def _dictionary(words: argparse.Namespace, _environ: Mapping[str, str]) -> None:
    from publication.dictionary import write_dictionary

    log.info("The dictionary is %s", write_dictionary(words.folder))
    log.info("The dbt docs are %s", words.folder / "static_index.html")


if __name__ == "__main__":
    sys.exit(main())
