"""`make grants`: applies `grants.sql`, which says what each role may do, and sets the roles' passwords.

A role that is named by `POSTGRES_USER`, `DBT_POSTGRES_USER`, `REPORT_POSTGRES_USER`, `ALERTS_POSTGRES_USER` or
`BACKUP_POSTGRES_USER` may log in with the password in the variable beside it.
"""

import logging
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812  # a class, whatever psycopg2 calls it
from psycopg2.extensions import encrypt_password
from psycopg2.sql import SQL, Identifier, Literal

from common.alert_states import make_alert_states
from common.errors import LoadError, one_line
from common.postgres import connect, take_lock
from common.settings import PostgresSettings

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_suffix(".sql")
# The roles that may log in, and the prefix of the variables with their accounts. Analysts have accounts of their own.
ACCOUNTS = {
    "loader": "POSTGRES",
    "transformer": "DBT_POSTGRES",
    "analyst": "REPORT_POSTGRES",
    "notifier": "ALERTS_POSTGRES",
    "backup": "BACKUP_POSTGRES",
}


def grant(environ: Mapping[str, str]) -> None:
    """Create the roles, give each its rights and its tables, and let them log in. Waits for a running load or build.

    Args:
        environ: the settings. `POSTGRES_ADMIN_USER` and `POSTGRES_ADMIN_PASSWORD`, if set, replace `POSTGRES_USER` and
            `POSTGRES_PASSWORD`: a superuser, or the database's owner.

    Raises:
        LoadError: a setting is missing, or PostgreSQL refuses something.
    """
    settings = PostgresSettings.from_environ({**environ, **administrator(environ)})
    try:
        with closing(connect(settings)) as connection:
            take_lock(connection, settings)
            connection.autocommit = False
            with connection, connection.cursor() as cursor:
                cursor.execute(SCRIPT.read_text(encoding="utf-8"))
                cursor.execute("set local role transformer")
                make_alert_states(cursor)
                cursor.execute("grant select, insert on historique.alertes_etats to notifier; reset role")
                for role, prefix in ACCOUNTS.items():
                    if environ.get(f"{prefix}_USER") == role:
                        _let_in(cursor, role, environ.get(f"{prefix}_PASSWORD", ""))
                        log.info("%s: may log in with %s_PASSWORD", role, prefix)
                    elif role in ("loader", "transformer"):
                        log.info("%s: no password set, because %s_USER is not %s", role, prefix, role)
                cursor.execute("select pg_has_role('backup', 'pg_read_all_data', 'usage')")
                if cursor.fetchone() != (True,) and environ.get("BACKUP_POSTGRES_USER") == "backup":
                    log.warning("backup: a superuser has to let it: grant pg_read_all_data to backup; alter role backup createdb")
    except psycopg2.Error as error:
        said = f"{settings}: {error.diag.message_primary or one_line(error)}"
        if isinstance(error, psycopg2.errors.InsufficientPrivilege):
            said += "; name an administrator in POSTGRES_ADMIN_USER and POSTGRES_ADMIN_PASSWORD"
        raise LoadError(said) from error


def administrator(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the administrator's account as `POSTGRES_USER` and `POSTGRES_PASSWORD`, or nothing if none is set."""
    if not environ.get("POSTGRES_ADMIN_USER"):
        return {}
    return {"POSTGRES_USER": environ["POSTGRES_ADMIN_USER"], "POSTGRES_PASSWORD": environ.get("POSTGRES_ADMIN_PASSWORD", "")}


def _let_in(cursor: Cursor, role: str, password: str) -> None:
    """Let a role log in. A SCRAM verifier is sent, not the password, because the server may log the statement."""
    verifier = encrypt_password(password, role, cursor.connection, "scram-sha-256") if password else None
    cursor.execute(SQL("alter role {} login password {}").format(Identifier(role), Literal(verifier)))
