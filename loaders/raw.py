"""The tables of the raw schema, as the loaders create them and dbt reads them.

They exist, with every column that dbt counts on, from the first run of any loader, whatever that run finds; tables that an earlier
version created take the columns and keys that they lack.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


def quoted(identifier: str) -> str:
    """Return a name as PostgreSQL takes it in a statement, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


@dataclass(frozen=True)
class RawTable:
    """The shape of a table: its columns with their definitions, and its keys, the primary one first.

    A `late` key is made once there are rows: filling the table first is faster.
    """

    name: str
    columns: Mapping[str, str]
    keys: tuple[tuple[str, ...], ...] = ()
    late: bool = False

    def create(self, columns: Mapping[str, bool]) -> Iterator[str]:
        """Say how the table gets its columns.

        Args:
            columns: those that it has, and whether each is NOT NULL; none where there is no such table.

        Yields:
            Statements, in order; none where nothing is missing.
        """
        if not columns:
            yield f"create table raw.{self.name} ({', '.join(f'{quoted(name)} {kind}' for name, kind in self.columns.items())})"
            if not self.keys or self.late:
                # Without, a table that is published for replication can be inserted into only.
                yield f"alter table raw.{self.name} replica identity full"
            return
        for name, kind in self.columns.items():
            if name not in columns:
                yield f"alter table raw.{self.name} add column {quoted(name)} {kind}"
            elif " not null" in kind and not columns[name]:
                yield f"alter table raw.{self.name} alter column {quoted(name)} set not null"

    def add_key(self, key: tuple[str, ...]) -> str:
        """Say how the table gets one of its keys."""
        kind = "primary key" if key is self.keys[0] else "unique"
        return f"alter table raw.{self.name} add {kind} ({', '.join(key)}), replica identity default"

    def make_unique(self, key: tuple[str, ...]) -> str:
        """Say how the rows that are one under a key become one: the last one stays."""
        return (
            f"delete from raw.{self.name} where ctid in (select ctid from (select ctid, row_number() over"
            f" (partition by {', '.join(key)} order by ctid desc) as place from raw.{self.name}) as places where place > 1)"
        )


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

# Names sort by code point wherever they are compared, whatever the database's locale.
_NAME = 'text collate "C" not null'

_TRANSFER = {
    "folder": _NAME,
    "file_name": _NAME,
    "size_bytes": "bigint not null",
    "modified_at": "timestamptz not null",
    "line_count": "integer not null",
    "file_version": "bigint not null",
}
LOG_LINES = RawTable(
    "log_lines",
    {
        "folder": _NAME,
        "file_name": _NAME,
        "line_number": "integer not null",
        "line": "text not null",
        "file_version": "bigint not null",
    },
    keys=(("file_version", "line_number"),),
    late=True,
)
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
        _TRANSFER | {"loaded_at": "timestamptz not null default now()", "purged_at": "timestamptz"},
        keys=(("folder", "file_name"), ("file_version",)),
    ),
    LOG_LINES,
    # What the load at work has transferred: its rows move to the ledger with the lines, in their transaction.
    RawTable("log_transfers", _TRANSFER | {"batch": "bigint not null"}, keys=(("file_version",),)),
    # The folders' names as the server spells them, byte by byte (read as Latin-1): no two of them have one name in raw.
    RawTable("log_folders", {"folder": _NAME, "wire_name": _NAME}, keys=(("folder",),)),
    # From which date on log files are kept: one row, or none where all of them are.
    RawTable(
        "retention",
        {"one_row": "boolean not null default true check (one_row)", "kept_from": "date not null"},
        keys=(("one_row",),),
    ),
    *(table.copy for table in ERP_TABLES),
    # The version of each of them: a hash of the columns and lines that the ERP held. Whoever writes to the table takes it away.
    RawTable(
        "erp_versions",
        {"table_name": "text not null", "version": "text not null", "loaded_at": "timestamptz not null default now()"},
        keys=(("table_name",),),
    ),
)

CREATE_SEQUENCE = "create sequence if not exists raw.log_file_version"

# Runs at the end of each statement that inserts lines. dlt's COPY of a batch's lines says in `loaders.batch` which batch it is.
# So lines, the removal of those that they replace, and the ledger are one transaction, and each line is written once.
_PUBLISH = """
    create or replace function raw.publish_log_files() returns trigger language plpgsql as $$
    declare
        this_batch bigint := nullif(current_setting('loaders.batch', true), '')::bigint;
        replaced bigint[];
    begin
        if this_batch is null then
            return null;
        end if;
        -- Should the session that holds the run's lock have broken, another run may be at work by now: one after the other.
        lock table raw.log_files in share row exclusive mode;
        if not exists (select from raw.log_transfers where batch = this_batch) then
            raise exception 'the transfers of batch % are not there any more: another load has begun', this_batch;
        end if;
        replaced := array(
            select log_files.file_version
            from raw.log_files
            join raw.log_transfers using (folder, file_name)
            where batch = this_batch
        );
        delete from raw.log_lines where file_version = any (replaced);
        insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)
        select folder, file_name, size_bytes, modified_at, line_count, file_version from raw.log_transfers where batch = this_batch
        on conflict (folder, file_name) do update set
            size_bytes = excluded.size_bytes, modified_at = excluded.modified_at, line_count = excluded.line_count,
            file_version = excluded.file_version, loaded_at = excluded.loaded_at, purged_at = null;
        delete from raw.log_transfers where batch = this_batch;
        return null;
    end
    $$
"""
# Its owner's rights, so that whoever may write to a copy of the ERP's tables also takes its version away.
_FORGET = """
    create or replace function raw.forget_erp_version() returns trigger language plpgsql security definer
    set search_path = pg_catalog as $$
    begin
        delete from raw.erp_versions where table_name = tg_table_name;
        return null;
    end
    $$
"""


@dataclass(frozen=True)
class Trigger:
    """What a table does at the end of each statement that writes to it."""

    table: str
    name: str
    events: str
    function: str

    def statements(self) -> Iterator[str]:
        """Say how the table gets it. It counts for every session, a restore's and a replication's too."""
        yield self.function
        yield f"drop trigger if exists {self.name} on raw.{self.table}"
        yield (
            f"create trigger {self.name} after {self.events} on raw.{self.table}"
            f" for each statement execute function raw.{self.name}()"
        )
        yield f"alter table raw.{self.table} enable always trigger {self.name}"
        # What was written while it was not there, nobody has seen.
        if self.function == _FORGET:
            yield f"delete from raw.erp_versions where table_name = '{self.table}'"


TRIGGERS = (
    Trigger("log_lines", "publish_log_files", "insert", _PUBLISH),
    *(Trigger(table.name, "forget_erp_version", "insert or update or delete or truncate", _FORGET) for table in ERP_TABLES),
)
