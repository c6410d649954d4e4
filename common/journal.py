"""Where messages go: the console, a log file, and on a terminal a progress bar."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from common.errors import one_line

log = logging.getLogger(__name__)

PACKAGES = ("common", "hub", "loaders", "operation", "publication")
FILE_NAME = "loaders.log"
FILE_BYTES = 5 << 20
FILES_KEPT = 5
_TIME = "%Y-%m-%dT%H:%M:%S%z"


class _OneLine(logging.Formatter):
    """A message on one line, without the traceback that a library may have added."""

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        return " ".join(super().format(plain).splitlines())


class _Json(_OneLine):
    """A message as a line of JSON, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": self.formatTime(record, _TIME), "level": record.levelname, "logger": record.name}
        return json.dumps({**told, "message": super().format(record)}, ensure_ascii=False)


def _formatter(form: str) -> logging.Formatter:
    """Return a formatter of lines of this form, or of JSON if `LOG_FORMAT` says so, for consoles and files alike."""
    return _Json("%(message)s") if os.environ.get("LOG_FORMAT", "").lower() == "json" else _OneLine(form, datefmt=_TIME)


class _LogFile(RotatingFileHandler):
    """The log file. If it cannot be written, one warning says so, and the work goes on without it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        logging.getLogger().removeHandler(self)
        _warn_without_file(self.baseFilename, sys.exception() or OSError("cannot be written"))


def open_console(form: str = "%(message)s", stream: TextIO | None = None) -> None:
    """Send messages to the console: the project's from level INFO, those of libraries from level WARNING.

    Args:
        form: the format of a line, as `logging` takes it.
        stream: where to; None is standard error.
    """
    console = logging.StreamHandler(stream)
    console.setFormatter(_formatter(form))
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
    file.setFormatter(_formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(file)


def remove_old_files(folder: Path, days: int) -> None:
    """Remove the log files that have been put aside (`loaders.log.1` and so on, dbt's too) and were last written many days ago.

    Args:
        folder: the folder of the log files.
        days: how long they are kept.
    """
    for path in folder.glob("*.log.*"):
        with suppress(OSError):  # another process may be putting it aside
            if time.time() - path.stat().st_mtime > days * 86_400:
                path.unlink()


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
