"""A load in its own process, which starts fast and may be killed."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from loaders.cli import main

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload([__name__])


def start_load(environ: Mapping[str, str], *, largest_file: int | None = None) -> ForkServerProcess:
    """Start `python -m loaders load`; its exit code is the process's.

    Args:
        environ: the settings.
        largest_file: how many bytes a file that it writes may have.
    """
    process = _FORKSERVER.Process(target=_load, args=({**os.environ, **environ}, largest_file))
    process.start()
    return process


def _load(environ: Mapping[str, str], largest_file: int | None) -> None:
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    sys.exit(main(["load"], environ))
