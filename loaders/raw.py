"""The tables of the raw schema, as the loaders create them and dbt reads them.

They exist, with every column that dbt counts on, from the first run of any loader, whatever that run finds; tables that an earlier
version created take the columns and keys that they lack.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass


def quoted(identifier: str) -> str:
    """Return a name as PostgreSQL takes it in a statement, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


@dataclass(frozen=True)
class RawTable:
    """The shape of a table: its columns with their definitions, and its keys, the primary one first."""

    name: str
    columns: Mapping[str, str]
    keys: tuple[tuple[str, ...], ...] = ()

    def statements(self, columns: Mapping[str, bool], keys: Set[tuple[str, ...]]) -> Iterator[str]:
        """Say how the table gets this shape. Of rows that are one under a key that was missing, the last one stays.

        Args:
            columns: the columns that it has, and whether each is NOT NULL; none where there is no such table.
            keys: its primary and unique keys, each as the columns in it.

        Yields:
            Statements, in order; none where nothing is missing.
        """
        if not columns:
            keys = set()
            yield f"create table raw.{self.name} ({', '.join(f'{quoted(name)} {kind}' for name, kind in self.columns.items())})"
        else:
            for name, kind in self.columns.items():
                if name not in columns:
                    yield f"alter table raw.{self.name} add column {quoted(name)} {kind}"
                elif " not null" in kind and not columns[name]:
                    yield f"alter table raw.{self.name} alter column {quoted(name)} set not null"
        for key in self.keys:
            if key not in keys:
                listed = ", ".join(key)
                yield (
                    f"delete from raw.{self.name} where ctid in (select ctid from (select ctid, row_number() over"
                    f" (partition by {listed} order by ctid desc) as place from raw.{self.name}) as places where place > 1)"
                )
                yield f"alter table raw.{self.name} add {'primary key' if key is self.keys[0] else 'unique'} ({listed})"


@dataclass(frozen=True)
class ErpTable:
    """A table of the ERP, with the columns that staging needs; the others are copied too, and added as they appear."""

    name: str
    needed: tuple[str, ...]

    @property
    def copy(self) -> RawTable:
        """Its copy. All values are text, just as MySQL spells them."""
        return RawTable(self.name, dict.fromkeys(self.needed, "text") | {"_loaded_at": "timestamptz not null default now()"})


ERP_TABLES = (
    ErpTable("a_kopf", ("id", "aunummer", "aualpha", "aufstatus", "kommission")),
    ErpTable("a_logbuch", ("id_a_kopf", "datum", "notiz")),
    ErpTable("p_zubeh", ("id_a_kopf", "zcode", "text")),
    ErpTable("a_vorgang", ("id_a_kopf", "nummer", "bezeichnung")),
)

# Finds the lines of a file among all the others. Made once the first load is done: filling the table first is faster.
CREATE_INDEX = "create index if not exists log_lines_file_version on raw.log_lines (file_version)"

CREATE_SEQUENCE = "create sequence if not exists raw.log_file_version"

# Names sort by code point wherever they are compared, whatever the database's locale.
_NAME = 'text collate "C" not null'

RAW_TABLES = (
    RawTable(
        "load_runs",
        {
            "run_id": "bigint generated always as identity",
            "source": "text not null",
            "started_at": "timestamptz not null default clock_timestamp()",
            "ended_at": "timestamptz",
            "outcome": "text not null default 'running'",
            "found": "integer",
            "loaded": "integer",
            "unchanged": "integer",
            "failed": "integer",
            "rows": "bigint",
            "error": "text",
            "peak_memory_bytes": "bigint",
        },
        keys=(("run_id",),),
    ),
    RawTable(
        "log_files",
        {
            "folder": _NAME,
            "file_name": _NAME,
            "size_bytes": "bigint not null",
            "modified_at": "timestamptz not null",
            "line_count": "integer not null",
            "loaded_at": "timestamptz not null default now()",
            "file_version": "bigint not null",
            "purged_at": "timestamptz",
        },
        keys=(("folder", "file_name"), ("file_version",)),
    ),
    RawTable(
        "log_lines",
        {
            "folder": _NAME,
            "file_name": _NAME,
            "line_number": "integer not null",
            "line": "text not null",
            "file_version": "bigint not null",
        },
    ),
    *(table.copy for table in ERP_TABLES),
)
