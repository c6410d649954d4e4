"""Sessions in PostgreSQL: opened with patience, with what the code relies on pinned, and the one lock that keeps runs apart."""

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

# One advisory lock for everything that writes to the warehouse; any number that nothing else there takes will do.
LOCK = 6581364
# Fifteen seconds in all: a server that recovers from a crash takes its time.
ATTEMPTS = 6
# How many sessions a load opens at once: the lock's, a transaction's, and dlt's.
SESSIONS = 3

_ABOUT_TLS = re.compile("certificate|no encryption|SSL was required|SSL off|SSL on")
# A refused login has no code in psycopg2. What is said in other words, or another language, is taken for what passes (the server
# starts, stops or is full): the same is then said after fifteen seconds.
_REFUSED = re.compile(
    "authentication failed|does not exist|no pg_hba.conf entry|permission denied|not permitted|not currently accepting"
    "|unsupported startup parameter|unrecognized configuration parameter|invalid value for|invalid connection option|no password"
)
# A session that the server ended since it took its time, though ours have no limit: somebody else's pooler, perhaps.
_LOST_CODES = ("08", "57P", "25P03", "25P04")


def connect(settings: PostgresSettings) -> psycopg2.extensions.connection:
    """Open a session in which each statement takes effect at once; a server that is just starting is waited for.

    Args:
        settings: the warehouse.

    Raises:
        UnreachableError: the server cannot be reached.
        LoadError: it refuses the login, or what stands before it drops our settings.
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
    """Return the option that comes to `PINNED` from version 17 on; an older server would refuse a connection that has it."""
    return " -c transaction_timeout=0" if connection.info.server_version >= 170000 else ""


_POOLER = "a connection pooler stands in front of the server"
_DIRECT = "set POSTGRES_HOST and POSTGRES_PORT to the server itself"


def take_lock(connection: psycopg2.extensions.connection, settings: PostgresSettings) -> None:
    """Wait until no other load or build runs, and keep any from beginning for as long as this session lives.

    Args:
        connection: the session.
        settings: the warehouse that it was opened with.

    Raises:
        LoadError: another run has kept the lock for as long as any lock is waited for, or a pooler would let go of it.
    """
    with errors_of(settings), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", (LOCK,))
        if cursor.fetchone() != (True,):
            log.info("%s: another load or build is at work; waiting for its end", settings)
            try:
                cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
            except psycopg2.errors.LockNotAvailable as error:
                raise LoadError(f"{settings}: another load or build has been at work for an hour; see whether it hangs") from error
        if not _is_ours(cursor, settings):
            raise LoadError(f"{settings}: {_POOLER}, and gives each transaction another session, which loses the lock: {_DIRECT}")


def _is_ours(cursor: psycopg2.extensions.cursor, settings: PostgresSettings) -> bool:
    """See that the lock is held by this very session of the server's, and will be by the next statement's."""
    held = "select pg_backend_pid(), exists (select from pg_locks where pid = pg_backend_pid() and objid = %s and granted)"
    cursor.execute(held, (LOCK,))
    ((pid, is_held),) = cursor.fetchall()
    if pid == cursor.connection.info.backend_pid:
        return bool(is_held)
    # A pooler. In transaction mode a transaction that is opened now, and stays so, gets the session that holds the lock.
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
        settings: the warehouse that is spoken to in the block.

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
    """Tell a connection that broke, or may yet be made, from a statement or a login that PostgreSQL refuses."""
    if error.pgcode:
        return error.pgcode.startswith(_LOST_CODES)
    if not isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)):
        return False
    text = str(error)
    is_refused = "connection to server" in text and (_REFUSED.search(text) or _ABOUT_TLS.search(text))
    return not is_refused
