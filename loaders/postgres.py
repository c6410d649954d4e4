"""Sessions in PostgreSQL: opened with patience, and the one lock that keeps runs of all kinds apart."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_manager
import psycopg2
import psycopg2.errors
import psycopg2.extensions

from loaders.errors import ConnectionLostError, LoadError, UnreachableError, one_line
from loaders.retry import retrying
from loaders.settings import PostgresSettings

log = logging.getLogger(__name__)

# One advisory lock for everything that writes to the warehouse; any number that nothing else there takes will do.
LOCK = 6581364
# Fifteen seconds in all: a server that recovers from a crash takes its time.
ATTEMPTS = 6
_ABOUT_TLS = re.compile("certificate|no encryption|SSL was required")
# What PostgreSQL says while it starts, stops or is full. It says so without the code by which other errors are told.
_PASSES = ("starting up", "shutting down", "recovery mode", "not yet accepting", "too many", "connection slots")


def connect(settings: PostgresSettings) -> psycopg2.extensions.connection:
    """Open a session in which each statement takes effect at once; a server that is just starting is waited for.

    Args:
        settings: the warehouse.

    Raises:
        UnreachableError: the server cannot be reached.
        LoadError: it refuses the login.
    """
    try:
        for attempt in retrying(lambda error: isinstance(error, ConnectionLostError), ATTEMPTS):
            with attempt, errors_of(settings):
                connection = psycopg2.connect(settings.uri())
    except ConnectionLostError as error:
        raise UnreachableError(str(error)) from error
    connection.autocommit = True
    return connection


def take_lock(connection: psycopg2.extensions.connection, settings: PostgresSettings) -> None:
    """Wait until no other load or build runs, and keep any from beginning for as long as this session lives.

    Args:
        connection: the session.
        settings: the warehouse that it was opened with.

    Raises:
        LoadError: another run has kept the lock for as long as any lock is waited for.
    """
    with errors_of(settings), connection.cursor() as cursor:
        # The session does nothing but live, perhaps for hours.
        cursor.execute("set idle_session_timeout = 0")
        cursor.execute("select pg_try_advisory_lock(%s)", (LOCK,))
        if cursor.fetchone() == (True,):
            return
        log.info("%s: another load or build is at work; waiting for its end", settings)
        try:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
        except psycopg2.errors.LockNotAvailable as error:
            raise LoadError(f"{settings}: another load or build has been at work for an hour; see whether it hangs") from error


@contextmanager
def errors_of(settings: PostgresSettings) -> Iterator[None]:
    """Turn the drivers' exceptions into one line that names the server.

    Args:
        settings: the warehouse that is spoken to in the block.

    Raises:
        ConnectionLostError: the connection could not be made, or broke.
        LoadError: PostgreSQL refuses something.
    """
    try:
        yield
    except (psycopg2.Error, adbc_driver_manager.Error) as error:
        kind = ConnectionLostError if _is_lost(error) else LoadError
        remedy = " (check POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT)" if _ABOUT_TLS.search(str(error)) else ""
        raise kind(f"{settings}: {one_line(error)}{remedy}") from error


def _is_lost(error: psycopg2.Error | adbc_driver_manager.Error) -> bool:
    """Tell a connection that broke, or may yet be made, from a statement or a login that PostgreSQL refuses."""
    code: str | None = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
    if code:
        return code.startswith(("08", "57P"))
    if not isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError, adbc_driver_manager.OperationalError)):
        return False
    text = str(error)
    is_refused = "connection to server" in text and ("FATAL" in text or _ABOUT_TLS.search(text))
    return not is_refused or any(words in text for words in _PASSES)
