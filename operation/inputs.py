"""Whether there is anything to build: what a build would read (the code, each source), compared with the last build."""

import hashlib
from pathlib import Path

import psycopg2.extensions

from common.postgres import errors_of
from common.settings import PostgresSettings

PROJECT = Path(__file__).parent.parent
SOURCES = ("logs", "erp")
EVERYTHING = "courant"

Inputs = dict[str, str | None]

_LAST = "select resultat, empreintes, finie_le::timestamp(0)::text from historique.constructions order by commencee_le desc limit 1"


def read_inputs(session: psycopg2.extensions.connection, settings: PostgresSettings, variables: str) -> Inputs:
    """Return the inputs of a build that would start now.

    Args:
        session: a session that may read the warehouse.
        settings: the warehouse.
        variables: the value of dbt's option `--vars`.

    Returns:
        `code`: a hash of the code, the seeds and the variables. And the version of each source, from `stg_chargements__versions`,
        unless nothing was built yet.
    """
    code = hashlib.sha256(variables.encode())
    paths = [PROJECT / "dbt_project.yml", PROJECT / "selectors.yml", *sorted(PROJECT.glob("dbt_project/**/*"))]
    for path in filter(Path.is_file, paths):
        code.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute("select to_regclass('staging.stg_chargements__versions')")
        if cursor.fetchone() == (None,):
            return {"code": code.hexdigest()}
        cursor.execute("select source, version from staging.stg_chargements__versions")
        return {"code": code.hexdigest(), **dict(cursor.fetchall())}


def last_inputs(session: psycopg2.extensions.connection, settings: PostgresSettings) -> tuple[Inputs, str]:
    """Return the inputs of the last build, and when it ended. Without inputs if it failed or was partial."""
    with errors_of(settings), session.cursor() as cursor:
        cursor.execute(
            "select from pg_attribute where attrelid = to_regclass('historique.constructions') and attname = 'empreintes'"
        )
        if not cursor.rowcount:
            return {}, ""
        cursor.execute(_LAST)
        outcome, inputs, ended = cursor.fetchone() or ("", None, "")
        return (inputs or {} if outcome == "ok" else {}), ended


def selector_of(now: Inputs, last: Inputs) -> str | None:
    """Return dbt's selector for what has changed since the last build, or None if nothing has."""
    if now["code"] != last.get("code"):
        return EVERYTHING
    return "_".join(source for source in SOURCES if now.get(source) != last.get(source)) or None
