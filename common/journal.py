"""Where messages go: the console, a log file, and on a terminal a progress bar."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from common.errors import one_line

log = logging.getLogger(__name__)

PACKAGES = ("common", "loaders", "operation")
FILE_NAME = "loaders.log"
FILE_BYTES = 5 << 20
FILES_KEPT = 5
_TIME = "%Y-%m-%dT%H:%M:%S%z"


class _OneLine(logging.Formatter):
    """A message on one line, without the traceback that a library may have added."""

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        return " ".join(super().format(plain).splitlines())


class _LogFile(RotatingFileHandler):
    """The log file. If it cannot be written, one warning says so, and the work goes on without it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        logging.getLogger().removeHandler(self)
        _warn_without_file(self.baseFilename, sys.exception() or OSError("cannot be written"))


def open_console(form: str = "%(message)s") -> None:
    """Send messages to standard error: the project's from level INFO, those of libraries from level WARNING.

    Args:
        form: the format of a line, as `logging` takes it.
    """
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(_OneLine(form, datefmt=_TIME))
    logging.basicConfig(handlers=[console])
    for package in PACKAGES:
        logging.getLogger(package).setLevel(logging.INFO)


def open_log_file(folder: Path, name: str = FILE_NAME) -> None:
    """Send messages to a log file too, with time and level. Several processes may write to it at once.

    Args:
        folder: the folder of the file, created if it is missing. If that fails, a warning says so.
        name: the file's name.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _LogFile(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        _warn_without_file(path, error)
        return
    file.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s", datefmt=_TIME))
    logging.getLogger().addHandler(file)


def _warn_without_file(path: object, error: BaseException) -> None:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else one_line(error)
    log.warning("log file %s: %s: going on without it; set LOG_DIR to a folder that can be written", path, reason)


@contextmanager
def progress(subject: str, total: int | None, unit: str) -> Iterator[Callable[[int], object]]:
    """Show progress if standard error is a terminal.

    Args:
        subject: what is being done, in a word.
        total: how much there is to do; None if that is unknown.
        unit: what is counted.

    Yields:
        A function to call with how much more is done.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # Imported only here, because it is slow to import and scheduled loads have no terminal.
    from tqdm import tqdm
    from tqdm.contrib.logging import logging_redirect_tqdm

    with logging_redirect_tqdm(), tqdm(desc=subject, total=total, unit=unit, unit_scale=True, leave=False) as bar:
        yield bar.update
