"""The tables of the raw schema, as the loaders create them and dbt reads them.

They exist, with every column that dbt counts on, from the first run of any loader, whatever that run finds.
"""

from dataclasses import dataclass


def quoted(identifier: str) -> str:
    """Return a name as PostgreSQL takes it in a statement, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


@dataclass(frozen=True)
class ErpTable:
    """A table of the ERP, with the columns that staging needs; the others are copied too, and added as they appear."""

    name: str
    needed: tuple[str, ...]

    @property
    def create(self) -> str:
        """The statement that creates its copy. All values are text, just as MySQL spells them."""
        columns = "".join(f"{quoted(column)} text, " for column in self.needed)
        return f"create table if not exists raw.{self.name} ({columns}_loaded_at timestamptz not null default now())"


ERP_TABLES = (
    ErpTable("a_kopf", ("id", "aunummer", "aualpha", "aufstatus", "kommission")),
    ErpTable("a_logbuch", ("id_a_kopf", "datum", "notiz")),
    ErpTable("p_zubeh", ("id_a_kopf", "zcode", "text")),
    ErpTable("a_vorgang", ("id_a_kopf", "nummer", "bezeichnung")),
)

# Finds the lines of a file among all the others. Made once the first load is done: filling the table first is faster.
CREATE_INDEX = "create index if not exists log_lines_file_version on raw.log_lines (file_version)"

# Names sort by code point wherever they are compared, whatever the database's locale.
CREATE_STATEMENTS = (
    """
    create table if not exists raw.load_runs (
        run_id bigint generated always as identity primary key,
        source text not null,
        started_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz,
        outcome text not null default 'running',
        found integer,
        loaded integer,
        unchanged integer,
        failed integer,
        rows bigint,
        error text
    )
    """,
    """
    create table if not exists raw.log_files (
        folder text collate "C" not null,
        file_name text collate "C" not null,
        size_bytes bigint not null,
        modified_at timestamptz not null,
        line_count integer not null,
        loaded_at timestamptz not null default now(),
        file_version bigint not null unique,
        primary key (folder, file_name)
    )
    """,
    """
    create table if not exists raw.log_lines (
        folder text collate "C" not null,
        file_name text collate "C" not null,
        line_number integer not null,
        line text not null,
        file_version bigint not null
    )
    """,
    "create sequence if not exists raw.log_file_version",
    *(table.create for table in ERP_TABLES),
)
