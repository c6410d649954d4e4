"""How dlt is used here: it extracts Arrow tables into Parquet files, and its load jobs copy these into PostgreSQL.

The destination is one of our own (`dlt.destination`) because dlt's for PostgreSQL commits table by table. Ours copies
every file over ADBC, at the speed of a binary COPY, within the one transaction that the caller commits. Hence a
load package has nothing to survive for: it lives in a temporary folder, and a run that fails starts over.
"""

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import dlt
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.common.destination import Destination
from dlt.common.schema import TTableSchema
from dlt.pipeline.exceptions import PipelineStepFailed

from loaders.errors import LoadError

ROWS_PER_BATCH = 50_000


def _copy_destination(connection: adbc.Connection, schema: str | None) -> Destination[Any, Any]:
    """Make the destination that copies load jobs into tables that exist already, inside `connection`'s transaction."""

    @dlt.destination(batch_size=0, loader_file_format="parquet", name="postgres_copy", loader_parallelism_strategy="sequential")
    def copy(parquet_path: Any, table: TTableSchema, /) -> None:
        with pq.ParquetFile(parquet_path) as parquet, connection.cursor() as cursor:
            batches = pa.RecordBatchReader.from_batches(parquet.schema_arrow, parquet.iter_batches(ROWS_PER_BATCH))
            cursor.adbc_ingest(table["name"], batches, mode="append", db_schema_name=schema, temporary=schema is None)

    return copy()


def copy_into(connection: adbc.Connection, schema: str | None, resource: Any, workers: int = 1) -> None:
    """Extract a dlt resource or source and copy its Arrow tables into the PostgreSQL tables of the same names.

    Args:
        connection: an open transaction; nothing is committed here.
        schema: the schema of the tables, or None for the connection's temporary tables.
        resource: a dlt resource or source that yields Arrow tables with the columns, or some of them, of their targets.
        workers: how many threads may extract at once.

    Raises:
        LoadError: extraction or copying failed; where it raised a `LoadError`, this is that one.
    """
    with TemporaryDirectory(prefix="loaders-") as folder, dlt.config.values({"extract.workers": workers}):
        pipeline = dlt.pipeline("loaders", pipelines_dir=folder, destination=_copy_destination(connection, schema))
        try:
            pipeline.run(resource)
        except PipelineStepFailed as error:
            raise _cause(error) from error


def _cause(error: PipelineStepFailed) -> BaseException:
    """Find what went wrong behind dlt's own exceptions, which speak of its insides."""
    chain = list(_chain(error))
    return next((cause for cause in chain if isinstance(cause, LoadError)), chain[-1])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
