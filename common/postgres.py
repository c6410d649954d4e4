"""Sessions in PostgreSQL: opened with retries, with the settings that the code relies on; and the lock of loads and builds."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import psycopg2.errors
import psycopg2.extensions

from common.errors import ConnectionLostError, LoadError, UnreachableError, one_line
from common.retry import retrying
from common.settings import PostgresSettings

log = logging.getLogger(__name__)

# The advisory lock of everything that writes to the warehouse. The number is arbitrary.
LOCK = 6581364
# Fifteen seconds in all, because a server may be recovering from a crash.
ATTEMPTS = 6
# How many sessions a load opens at once: one for the lock, one for a transaction, one of dlt.
SESSIONS = 3

_ABOUT_TLS = re.compile("certificate|no encryption|SSL was required|SSL off|SSL on")
# psycopg2 gives no error code for a refused login. A refusal in other words, or in another language, is taken for a temporary error
# (the server starts, stops or is full): it is then reported after fifteen seconds of retries.
_REFUSED = re.compile(
    "authentication failed|does not exist|no pg_hba.conf entry|permission denied|not permitted|not currently accepting"
    "|unsupported startup parameter|unrecognized configuration parameter|invalid value for|invalid connection option|no password"
)
# Connection errors, shutdowns, and time-outs that our sessions switch off but a pooler may set.
_LOST_CODES = ("08", "57P", "25P03", "25P04")


def connect(settings: PostgresSettings) -> psycopg2.extensions.connection:
    """Open a session in autocommit mode. Temporary errors are retried, as when the server is just starting.

    Args:
        settings: the warehouse.

    Raises:
        UnreachableError: the server cannot be reached.
        LoadError: it refuses the login, or a pooler in front of it drops our settings.
    """
    try:
        for attempt in retrying(lambda error: isinstance(error, ConnectionLostError), ATTEMPTS):
            with attempt, errors_of(settings):
                connection = psycopg2.connect(settings.uri())
    except ConnectionLostError as error:
        raise UnreachableError(str(error)) from error
    connection.autocommit = True
    try:
        with errors_of(settings), connection.cursor() as cursor:
            cursor.execute("select current_setting('lock_timeout')")
            if cursor.fetchone() != ("1h",):
                raise LoadError(f"{settings}: {_POOLER} (it drops the settings of a connection): {_DIRECT}")
            if unlimited(connection):
                cursor.execute("set transaction_timeout = 0")
    except BaseException:
        connection.close()
        raise
    return connection


def unlimited(connection: psycopg2.extensions.connection) -> str:
    """Return one more option for `PINNED`, which exists since version 17: an older server would refuse the connection."""
    return " -c transaction_timeout=0" if connection.info.server_version >= 170000 else ""


_POOLER = "a connection pooler stands in front of the server"
_DIRECT = "set POSTGRES_HOST and POSTGRES_PORT to the server itself"


def take_lock(connection: psycopg2.extensions.connection, settings: PostgresSettings) -> None:
    """Wait until no other load or build runs, and block others for as long as this session lives.

    Args:
        connection: the session.
        settings: the warehouse that it was opened with.

    Raises:
        LoadError: another run holds the lock for an hour, or a pooler would lose it; or it is no plant's warehouse.
    """
    with errors_of(settings), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s), to_regclass('hub.sites') is not null", (LOCK,))
        ((is_free, is_hub),) = cursor.fetchall()
        if is_hub:
            raise LoadError(f"{settings} is a hub of several plants: name a plant's warehouse in POSTGRES_DB")
        if not is_free:
            log.info("%s: another load or build is at work; waiting for its end", settings)
            try:
                cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            except psycopg2.errors.LockNotAvailable as error:
                raise LoadError(f"{settings}: another load or build has been at work for an hour; see whether it hangs") from error
        if not _is_ours(cursor, settings):
            raise LoadError(f"{settings}: {_POOLER}, and gives each transaction another session, which loses the lock: {_DIRECT}")


def _is_ours(cursor: psycopg2.extensions.cursor, settings: PostgresSettings) -> bool:
    """Return whether the lock is held by this very server session, and the next statement will run in the same one."""
    held = "select pg_backend_pid(), exists (select from pg_locks where pid = pg_backend_pid() and objid = %s and granted)"
    cursor.execute(held, (LOCK,))
    ((pid, is_held),) = cursor.fetchall()
    if pid == cursor.connection.info.backend_pid:
        return bool(is_held)
    # A pooler. In transaction mode, a second connection that opens a transaction now gets the session that holds the lock.
    with closing(psycopg2.connect(settings.uri())) as other, other.cursor() as transaction:
        transaction.execute("set local lock_timeout = '1s'")
        transaction.execute(held, (LOCK,))
        ((other_pid, other_holds),) = transaction.fetchall()
        if other_holds or other_pid == pid:
            return False
        cursor.execute(held, (LOCK,))
        return cursor.fetchall() == [(pid, True)]


@contextmanager
def errors_of(settings: PostgresSettings) -> Iterator[None]:
    """Turn the driver's exceptions into one line that names the server.

    Args:
        settings: the warehouse that the block talks to.

    Raises:
        ConnectionLostError: the connection could not be made, or broke.
        LoadError: PostgreSQL refuses something.
    """
    try:
        yield
    except psycopg2.Error as error:
        kind = ConnectionLostError if _is_lost(error) else LoadError
        text, remedy = one_line(error), ""
        if _ABOUT_TLS.search(text):
            remedy = " (check POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT)"
        elif "authentication failed" in text or "no password" in text:
            remedy = " (check POSTGRES_USER and POSTGRES_PASSWORD)"
        elif "could not translate host name" in text:
            remedy = " (check POSTGRES_HOST)"
        raise kind(f"{settings}: {text}{remedy}") from error


def _is_lost(error: psycopg2.Error) -> bool:
    """Return whether the connection broke or may succeed later, rather than that PostgreSQL refused a statement or login."""
    if error.pgcode:
        return error.pgcode.startswith(_LOST_CODES)
    if not isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)):
        return False
    text = str(error)
    is_refused = "connection to server" in text and (_REFUSED.search(text) or _ABOUT_TLS.search(text))
    return not is_refused
