"""Where files lie on their way from a source into raw: a folder for each pipeline, empty whenever a run begins."""

import errno
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from common.errors import LoadError

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Spool:
    """The folders of a run: of dlt's pipelines, and of the files that it is given."""

    pipelines: Path
    files: Path


@contextmanager
def working_folder(folder: Path, name: str) -> Iterator[Spool]:
    """Give a pipeline's working folders, emptied: a load package that has failed is never taken up again.

    What an earlier run has left there only serves those who look at it; its loss costs nothing.

    Args:
        folder: the folder of all pipelines. Where it cannot be written, or another process works in it, a temporary one serves.
        name: the pipeline's.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(open(folder / f"{name}.lock", "w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="usine-")))
        spool = _emptied(folder, name)
        stack.callback(shutil.rmtree, spool.files, ignore_errors=True)
        yield spool


def _emptied(folder: Path, name: str) -> Spool:
    spool = Spool(folder, folder / f"{name}.files")
    for each in (folder / name, spool.files):
        shutil.rmtree(each, ignore_errors=True)
    with disk_errors(spool.files):
        spool.files.mkdir()
    return spool


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Say in one line that a folder cannot be written.

    Raises:
        LoadError: it cannot.
    """
    try:
        yield
    except OSError as error:
        remedy = "make room there, or set LOG_DIR to a folder with more"
        raise LoadError(f"{folder}: {error.strerror or error}: {remedy}") from error
