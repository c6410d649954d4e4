"""Run a command that no load and no other such command overlaps: `python -m loaders.locked COMMAND [ARG ...]`.

dbt opens and closes its sessions as it goes, so that none of them could hold a lock for the whole of a build. Here a
session is opened for nothing but the lock, and its socket left open in the process that becomes the command: however that
ends, also by kill -9, the session ends with it, and the lock is free.
"""

import logging
import os
import sys
from collections.abc import Mapping

from loaders.errors import LoadError
from loaders.journal import open_console
from loaders.postgres import connect, take_lock
from loaders.settings import PostgresSettings

log = logging.getLogger("loaders")


def main(argv: list[str]) -> int:
    """Wait for the lock and replace this process by `argv`.

    Returns:
        1 where the lock cannot be had, which is said in one line; 127 where there is no such command.
    """
    open_console()
    try:
        settings = PostgresSettings.from_environ(_of_dbt(os.environ))
        session = connect(settings)
        take_lock(session, settings)
    except LoadError as error:
        log.error("%s", error)
        return 1
    os.set_inheritable(session.fileno(), True)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        log.error("%s: %s", argv[0], error.strerror)
    return 127


def _of_dbt(environ: Mapping[str, str]) -> dict[str, str]:
    """Put dbt's own account, where it has one, in the place of the loaders', as `profiles.yml` does."""
    own = {name: environ.get(f"DBT_{name}", "") for name in ("POSTGRES_USER", "POSTGRES_PASSWORD")}
    return {**environ, **{name: value for name, value in own.items() if value}}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
