"""The folder for files on their way from a source into raw. Each pipeline has one, which is emptied when a run starts."""

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
    """The folders of a run: dlt's pipelines, and the files for dlt."""

    pipelines: Path
    files: Path


@contextmanager
def working_folder(folder: Path, name: str) -> Iterator[Spool]:
    """Yield a pipeline's working folders, emptied: a load package that has failed is never resumed.

    What an earlier run left there is only for people to look at.

    Args:
        folder: the folder of all pipelines. If it cannot be written, or another process uses it, a temporary one is used.
        name: the pipeline's name.
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
    """Turn a write error in a folder into one line.

    Raises:
        LoadError: the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        remedy = "make room there, or set LOG_DIR to a folder with more"
        raise LoadError(f"{folder}: {error.strerror or error}: {remedy}") from error
