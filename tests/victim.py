"""A load or a build in its own process, which starts fast and may be killed."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess

from dbt.cli.main import dbtRunner

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


def start_dbt(words: Sequence[str], environ: Mapping[str, str]) -> ForkServerProcess:
    """Start dbt.

    Args:
        words: its command line.
        environ: the settings.
    """
    process = _FORKSERVER.Process(target=_dbt, args=(words, {**os.environ, **environ}))
    process.start()
    return process


def _dbt(words: Sequence[str], environ: Mapping[str, str]) -> None:
    os.environ |= environ
    sys.exit(0 if dbtRunner().invoke([*words]).success else 1)


def _load(environ: Mapping[str, str], largest_file: int | None) -> None:
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    sys.exit(main(["load"], environ))
