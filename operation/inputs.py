"""Whether there is anything to build: what a build would read (the code, each source), compared with the last build."""

import hashlib
import os
from pathlib import Path

import psycopg2.extensions

from common.errors import LoadError
from common.postgres import errors_of
from common.settings import ROOT as PROJECT
from common.settings import PostgresSettings, seeds_folder

Inputs = dict[str, str | None]

_STANDING = """
    select count(*)::text, to_regclass('staging.stg_chargements__versions') is not null from pg_class
    where relkind in ('r', 'v') and relnamespace::regnamespace::text in ('seeds', 'staging', 'intermediate', 'marts')
"""
# A build that begins takes them away from the one before it: at most one row has any.
_LAST = "select empreintes, finie_le::timestamptz(0)::text from historique.constructions where empreintes is not null"


def read_inputs(session: psycopg2.extensions.connection, settings: PostgresSettings, variables: str) -> Inputs:
    """Return the inputs of a build that would start now.

    Args:
        session: a session that may read the warehouse.
        settings: the warehouse.
        variables: the value of dbt's option `--vars`.

    Returns:
        The `variables`; `code`, a hash of the code, the seeds and the site; `relations`, how many tables and views there are; and
        the version of each source, from `stg_chargements__versions`, unless nothing was built yet.

    Raises:
        LoadError: a file cannot be read or is missing, or PostgreSQL refuses something.
    """
    code = hashlib.sha256(os.environ.get("SITE", "").encode())
    try:
        seeds = seeds_folder(os.environ, PROJECT).rglob("*.csv")
        paths = [PROJECT / "dbt_project.yml", PROJECT / "selectors.yml", *sorted({*PROJECT.glob("dbt_project/**/*"), *seeds})]
        for path in filter(Path.is_file, paths):
            code.update(f"{os.path.relpath(path, PROJECT)}\n".encode() + path.read_bytes())
            # dbt would not say which file it cannot read.
            if path.suffix == ".csv" and not path.read_text("utf-8").strip():
                raise LoadError(f"{os.path.relpath(path, PROJECT)} is empty: give it its first line again")
    except UnicodeDecodeError as error:
        raise LoadError(f"{os.path.relpath(path, PROJECT)} is not UTF-8: save it as «CSV UTF-8»") from error
    except OSError as error:
        raise LoadError(f"{error.filename}: {error.strerror}") from error
    inputs: Inputs = {"variables": variables, "code": code.hexdigest()}
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute(_STANDING)
        ((inputs["relations"], is_built),) = cursor.fetchall()
        if is_built:
            cursor.execute("select source, version from staging.stg_chargements__versions")
            inputs |= dict(cursor.fetchall())
    return inputs


def last_inputs(session: psycopg2.extensions.connection, settings: PostgresSettings) -> tuple[Inputs, str]:
    """Return the inputs of the last build, and when it ended. Without inputs if it failed or was partial."""
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute(
            "select from pg_attribute where attrelid = to_regclass('historique.constructions') and attname = 'empreintes'"
        )
        if cursor.rowcount:
            cursor.execute(_LAST)
        return (cursor.fetchone() if cursor.rowcount > 0 else None) or ({}, "")


def selector_of(now: Inputs, last: Inputs) -> str | None:
    """Return dbt's selector for what has changed since the last build, or None if nothing has."""
    changed = {name for name in now if now[name] != last.get(name)}
    return "courant" if changed - {"logs", "erp"} else "_".join(sorted(changed, reverse=True)) or None
