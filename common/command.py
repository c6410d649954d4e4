"""Commands: how an error becomes one line and an exit code."""

import argparse
import logging
from collections.abc import Callable, Mapping

from common.errors import LoadError, one_line
from common.settings import Reader

Run = Callable[[argparse.Namespace, Mapping[str, str]], int | None]


def command_parser(package: str, description: str) -> argparse.ArgumentParser:
    """Return the parser of a package's command line, with the option `--debug`.

    Args:
        package: the package, as it is run with `python -m`.
        description: what its commands do.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {package}", description=description)
    parser.add_argument("--debug", action="store_true", help="show where in the code an error comes from")
    return parser


def run_command(words: argparse.Namespace, environ: Mapping[str, str], log: logging.Logger) -> int:
    """Run the command that was chosen.

    Args:
        words: the arguments. `run` is the command: a function of the arguments and the environment that returns an exit code, or
            None for success.
        environ: the environment with the settings.
        log: where the line goes.

    Returns:
        The exit code: the command's own; 1 after an error, which is logged in one line; 130 if it was interrupted.
    """
    run: Run = words.run
    try:
        reader = Reader(environ)
        reader.choice("LOG_FORMAT", ("text", "json"), "text")
        reader.check()
        return run(words, environ) or 0
    except KeyboardInterrupt:
        log.error("interrupted")
        return 130
    except Exception as error:
        if words.debug:
            raise
        log.error("%s", error if isinstance(error, LoadError) else f"{type(error).__name__}: {one_line(error)}")
        return 1
