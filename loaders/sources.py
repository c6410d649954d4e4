"""The two sources as dlt knows them: their tables, keys and write dispositions.

Both hand over files of CSV, which dlt's destination copies into raw as they are. What is in them is found out before: see `logs.py`
and `erp.py`, which run these sources only when there is something new.
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
    """A file of CSV for a table: the columns are named in its first line, as in the table."""

    table: str
    columns: Sequence[str]
    path: Path
    rows: int


def _columns(names: Iterable[str]) -> dict[str, TColumnSchema]:
    """Describe columns, which are there already, with their types. To dlt '' in a column that may be NULL would be NULL."""
    return {name: {"name": name, "data_type": "text", "nullable": False} for name in names}


@dlt.source(name="logs")
def logs(transfer: Callable[[], Sequence[File]]) -> Iterable[DltResource]:
    """The machines' log files that are new or have changed, a batch of them.

    Args:
        transfer: transfers the files of the batch, and returns the file of what has arrived, and that of the lines.
    """
    arrived: list[File] = []

    @dlt.resource(
        name="log_transfers",
        columns=_columns(("folder", "file_name", "size_bytes", "modified_at", "line_count", "file_version", "batch")),
        primary_key="file_version",
        write_disposition="replace",
    )
    def log_transfers() -> Iterator[Any]:
        """One row a file that has arrived: what the ledger will say of it."""
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
        """Their lines. In their transaction the older lines of these files go, and `log_transfers` becomes part of the ledger."""
        for file in arrived[1:]:
            yield dlt.mark.with_file_import(str(file.path), "csv", file.rows)

    return log_transfers, log_lines


@dlt.source(name="erp")
def erp(files: Sequence[File]) -> Iterable[DltResource]:
    """The ERP's tables: `a_kopf`, `a_logbuch`, `p_zubeh`, `a_vorgang`, those of which raw lacks rows.

    They have no key that could be counted on, and no time of change. Into an empty table go all rows; or else those that have
    arrived go into `_new_a_kopf` and so on, and from there to raw while those that have departed are taken out.

    Args:
        files: the rows of each table.
    """

    def rows(file: File) -> Iterator[Any]:
        yield dlt.mark.with_file_import(str(file.path), "csv", file.rows)

    for file in files:
        yield dlt.resource(rows, name=file.table, columns=_columns(file.columns), write_disposition="append")(file)
