"""Reads the marts, on one read-only connection and in one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2

from common.errors import LoadError, one_line
from common.settings import PostgresSettings
from publication.roles import take_role

_QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Answer:
    """A query's rows. `types` are the OIDs of the columns' types."""

    columns: tuple[str, ...]
    types: tuple[int, ...]
    rows: Sequence[tuple[Any, ...]]


class Marts:
    """The marts at one moment. Use it as a context manager.

    Args:
        settings: the warehouse, with an account that may read the marts. If it may do more, it takes the role `analyst`.
    """

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            LoadError: the server cannot be reached, or refuses the login.
        """
        try:
            self._connection = psycopg2.connect(self._settings.uri())
        except psycopg2.Error as error:
            raise LoadError(f"{self._settings}: {one_line(error)}") from error
        # All queries see the same moment, even if a build commits meanwhile.
        self._connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with self._connection.cursor() as cursor:
            take_role(cursor, "analyst")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Disconnect."""
        self._connection.close()

    def ask(self, query: str, parameters: Mapping[str, object]) -> Answer:
        """Run one of the queries in the folder `queries`.

        Args:
            query: the name of its file, without `.sql`.
            parameters: the values of its parameters.

        Raises:
            LoadError: a mart is missing, the account may not read it, or PostgreSQL is gone.
        """
        text = (_QUERIES / f"{query}.sql").read_text(encoding="utf-8")
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(text, parameters)
                columns = cursor.description or ()
                return Answer(
                    tuple(column.name for column in columns), tuple(column.type_code for column in columns), cursor.fetchall()
                )
        except (psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn, psycopg2.errors.InvalidSchemaName) as error:
            raise LoadError(f"{self._settings}: {error.diag.message_primary}: run make build first") from error
        except psycopg2.errors.InsufficientPrivilege as error:
            raise LoadError(f"{self._settings}: {error.diag.message_primary}: name dbt's or an analyst's account") from error
        except psycopg2.Error as error:
            raise LoadError(f"{self._settings}: {one_line(error)}") from error
