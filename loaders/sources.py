"""The two sources as dlt knows them: their tables, keys and write dispositions.

Both yield CSV files, which dlt's destination copies into raw as they are. `logs.py` and `erp.py` write these files, and run the
sources only when there is something new.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlt
from dlt.common.schema.typing import TColumnSchema
from dlt.extract import DltResource


@dataclass(frozen=True)
class File:
    """A CSV file for a table. Its first line has the names of the columns, as in the table."""

    table: str
    columns: Sequence[str]
    path: Path
    rows: int


def _columns(names: Iterable[str]) -> dict[str, TColumnSchema]:
    """Describe the columns of an existing table. Not nullable, because dlt would read '' in a nullable column as NULL."""
    return {name: {"name": name, "data_type": "text", "nullable": False} for name in names}


@dlt.source(name="logs")
def logs(transfer: Callable[[], Sequence[File]]) -> Iterable[DltResource]:
    """A batch of log files that are new or have changed.

    Args:
        transfer: transfers the batch; returns the CSV file of the files that arrived, and that of their lines.
    """
    arrived: list[File] = []

    @dlt.resource(
        name="log_transfers",
        columns=_columns(("folder", "file_name", "size_bytes", "modified_at", "line_count", "file_version", "batch")),
        primary_key="file_version",
        write_disposition="replace",
    )
    def log_transfers() -> Iterator[Any]:
        """One row per file that has arrived: its future row in the ledger."""
        arrived.extend(transfer())
        for file in arrived[:1]:
            yield dlt.mark.with_file_import(str(file.path), "csv", file.rows)

    @dlt.resource(
        name="log_lines",
        columns=_columns(("folder", "file_name", "line_number", "line", "file_version")),
        primary_key=("file_version", "line_number"),
        write_disposition="append",
    )
    def log_lines() -> Iterator[Any]:
        """Their lines. A trigger deletes the older lines of these files and moves `log_transfers` to the ledger."""
        for file in arrived[1:]:
            yield dlt.mark.with_file_import(str(file.path), "csv", file.rows)

    return log_transfers, log_lines


@dlt.source(name="erp")
def erp(files: Sequence[File]) -> Iterable[DltResource]:
    """Those of the ERP's tables `a_kopf`, `a_logbuch`, `p_zubeh`, `a_vorgang` that have new rows.

    They have no reliable key and no time of change. An empty table in raw takes all rows directly. Otherwise the new rows go to
    `_new_a_kopf` and so on, and `erp.py` moves them to raw while it deletes the rows that are gone.

    Args:
        files: the new rows of each table.
    """

    def rows(file: File) -> Iterator[Any]:
        yield dlt.mark.with_file_import(str(file.path), "csv", file.rows)

    for file in files:
        yield dlt.resource(rows, name=file.table, columns=_columns(file.columns), write_disposition="append")(file)
