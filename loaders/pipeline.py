"""How dlt is used here: it extracts, with its resources and their threads, and what it yields streams into one COPY.

dlt's own pipeline would extract all to files, then load these table by table, each committed on its own. Here a resource is
iterated, and every Arrow table it yields goes on over ADBC, in PostgreSQL's binary COPY, within the one transaction that the caller
commits: reading and writing overlap, nothing is kept on disk, and a run that fails has nothing to clean up.
"""

from collections.abc import Iterator
from itertools import chain

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import dlt
import pyarrow as pa
from dlt.extract import DltResource
from dlt.extract.exceptions import ResourceExtractionError

from loaders.errors import LoadError, causes

ROWS_PER_BATCH = 50_000


def copy_into(connection: adbc.Connection, schema: str | None, resource: DltResource, workers: int = 1) -> None:
    """Extract a dlt resource and copy its Arrow tables into the PostgreSQL table of the resource's name.

    Args:
        connection: an open transaction; nothing is committed here.
        schema: the schema of the table, or None for one of the connection's temporary tables.
        resource: a dlt resource that yields Arrow tables of one schema, with the columns, or some of them, of the table.
        workers: how many threads may extract at once.

    Raises:
        LoadError: extraction failed with this error.
        adbc_driver_manager.Error: PostgreSQL refuses the rows, or is gone.
    """
    failures: list[BaseException] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for table in chain([first], tables):
                yield from table.to_batches()
        except BaseException as error:
            failures.append(error)  # ADBC would tell no more than its text
            raise

    with dlt.config.values({"extract.workers": workers}), connection.cursor() as cursor:
        tables = iter(resource)
        try:
            first = next(tables, None)
            if first is not None:
                reader = pa.RecordBatchReader.from_batches(first.schema, batches())
                cursor.adbc_ingest(resource.name, reader, mode="append", db_schema_name=schema, temporary=schema is None)
        except (ResourceExtractionError, adbc_driver_manager.Error) as error:
            failure = failures[0] if failures else error
            raise (_cause(failure) or failure) from error


def _cause(error: BaseException) -> LoadError | None:
    """Find our own error behind dlt's, which speak of its insides."""
    return next((cause for cause in causes(error) if isinstance(cause, LoadError)), None)
