"""Does it help to partition the lines by month? Measured, by hand: `python -m demo.partitions`.

Two warehouses with the same lines, on a PostgreSQL of their own: one as the project makes it, one whose `raw.log_lines` and
`intermediate.int_lignes` are partitioned by month, raw by the file's name, which is its day, the events by the production day.
The statements are the loader's and the project's own, as dbt compiles them for each of the two; in the partitioned warehouse
they name the file beside its version, so that PostgreSQL may leave out the other months. What is short is done in both by
turns, several times, so that whatever else the machine does hits both; and in the plain one with a BRIN index on the production
day too, the cheap way to the same end. It takes half an hour and 20 GB.
"""

import argparse
import io
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from demo.bench import Bench, log_file
from loaders.raw import SCRIPT

FIRST_DAY = date(2024, 1, 1)
FOLDERS = ("DEM12 (PVC)", "DEMALU (ALU)", "SU12 (HYBRIDE)", *(f"CU{number:02d} (PVC)" for number in range(4, 100)))
COLUMNS = "folder, file_name, line_number, line, file_version"
MODELS = "target/compiled/usine/dbt_project/models"
LIGNES, JOURS = "intermediate/production/int_lignes", "intermediate/production/int_fichiers_jours"
SESSION_MODELS = ("session_production", "piece_production", "job_profil", "periode_attente", "periode_arret")
VIEWS = [
    "int_fichiers_jours",
    "int_sessions",
    "int_evenements",
    "int_pieces",
    "int_profils",
    "int_attentes",
    "int_arrets",
    "int_sessions_metriques",
]

QUERIES = {
    "events by type, one centre, one month": """
        select evenement, count(*) from intermediate.int_lignes
        where date_production >= %(begin)s and date_production < %(end)s
            and fichier_id in (select fichier_id from intermediate.int_fichiers where dossier = %(folder)s)
        group by 1
    """,
    "events by type, all centres, one month": """
        select evenement, count(*) from intermediate.int_lignes
        where date_production >= %(begin)s and date_production < %(end)s group by 1
    """,
    "events by type, all centres, one year": """
        select evenement, count(*) from intermediate.int_lignes
        where date_production >= '2024-03-01' and date_production < '2025-03-01' group by 1
    """,
    "events by type, all there is": "select evenement, count(*) from intermediate.int_lignes group by 1",
    "the events of one session": "select * from intermediate.int_evenements where session_id = %(session)s",
    "one line, traced in raw": """
        select line from raw.log_lines join raw.log_files using (folder, file_name, file_version)
        where folder = %(folder)s and file_name = %(file)s and line_number = 1234
    """,
}


@dataclass(frozen=True)
class Cost:
    """What something took, in seconds: by the clock, and of the processors."""

    wall: float
    cpu: float | None


Costs = dict[str, list[Cost]]


class Variant:
    """One of the two warehouses, in a database of its own; what was measured there is kept by the measure's name."""

    def __init__(self, bench: Bench, name: str, *, partitioned: bool) -> None:
        self.name, self.partitioned = name, partitioned
        self.costs: Costs = {}
        self._index = ""
        self._bench = bench
        self._login: dict[str, Any] = {**bench.stack.warehouse_admin, "dbname": f"usine_{name}"}
        with closing(bench.warehouse()) as admin, admin.cursor() as cursor:
            cursor.execute(f"drop database if exists usine_{name} with (force)")
            cursor.execute(f"create database usine_{name}")
        self.connection = psycopg2.connect(**self._login)
        self.cursor = self.connection.cursor()

    def dbt(self, *words: str) -> None:
        """Run dbt in this warehouse."""
        account = {"POSTGRES_DB": self._login["dbname"], "DBT_POSTGRES_USER": self._login["user"]}
        self._bench.overrides = {**account, "DBT_POSTGRES_PASSWORD": self._login["password"]}
        self._bench.build(f"{self.name}: dbt {' '.join(words)[:40]}", *words)

    def compiled(self, model: str) -> str:
        """Return a model's select, as dbt has last compiled it for this warehouse."""
        return (self._bench.home / MODELS / f"{model}.sql").read_text()

    def run(self, *statements: str) -> None:
        """Run statements as one transaction."""
        for statement in statements:
            self.cursor.execute(statement)
        self.connection.commit()

    @contextmanager
    def measured(self, measure: str) -> Iterator[None]:
        """Measure what is done in the block: this session's processor time, and that of its parallel workers."""
        wall, cpu = time.perf_counter(), self._cpu()
        yield
        self.costs.setdefault(measure, []).append(Cost(time.perf_counter() - wall, self._cpu() - cpu))

    def with_index(self, name: str, index: str) -> "Variant":
        """Return the same warehouse under another name, with an index that it has only while it is its turn."""
        other = copy(self)
        other.name, other.costs, other._index = name, {}, index
        return other

    @contextmanager
    def its_turn(self) -> Iterator[None]:
        """Be as this variant is, for the time of the block."""
        if self._index:
            self.run(f"create index {self.name} on {self._index}")
        yield
        if self._index:
            self.run(f"drop index intermediate.{self.name}")

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Do something that leaves nothing behind, so that it can be repeated."""
        self.cursor.execute("set local work_mem = '64MB'")
        try:
            yield
        finally:
            self.connection.rollback()

    def _cpu(self) -> float:
        """Processor seconds so far of this connection's process, and of all of PostgreSQL's processes that have ended."""
        process = Path("/proc", str(self.connection.info.backend_pid))
        own = int((process / "schedstat").read_text().split()[0]) / 1e9
        parent = Path("/proc", (process / "stat").read_text().rpartition(")")[2].split()[1])
        ended = (parent / "stat").read_text().rpartition(")")[2].split()[13:15]
        return own + sum(map(int, ended)) / 100


def months(days: int) -> list[tuple[date, date]]:
    """Return the months, each with its first day and the next one's, that `days` days touch."""
    firsts = sorted({(FIRST_DAY + timedelta(days=number)).replace(day=1) for number in range(days)})
    return [(first, (first + timedelta(days=31)).replace(day=1)) for first in firsts]


def partition(table: str, days: int, bound: str) -> list[str]:
    """Return the statements that give a partitioned table a partition a month, and one for all that has no such month."""
    name = table.replace(".", "_")
    return [
        "create schema if not exists partitions",
        f"create table partitions.{name}_reste partition of {table} default",
        *(
            f"create table partitions.{name}_{begin:%Y%m} partition of {table}"
            f" for values from ('{begin:{bound}}') to ('{end:{bound}}')"
            for begin, end in months(days)
        ),
    ]


def fill_raw(variant: Variant, centres: int, days: int, lines: int) -> None:
    """Give a warehouse its raw tables, and the lines of so many centres and days as a first load leaves them: folder by folder."""
    script = SCRIPT.read_text(encoding="utf-8")
    if variant.partitioned:
        # The loader's own table, but for the one clause.
        created = re.compile(r"(create table if not exists raw\.log_lines \(.*?\n\));", re.DOTALL)
        script = created.sub(r"\1 partition by range (file_name);", script)
    variant.run("create schema raw", script, *(partition("raw.log_lines", days, "%Y%m") if variant.partitioned else ()))
    variant.dbt("build", "--exclude-resource-type", "test", "unit_test")
    variant.cursor.execute(
        "insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)"
        " select folder, to_char(%(first)s::date + day, 'YYYYMMDD') || '.LOG', 45 * %(lines)s, %(first)s::date + day,"
        "  %(lines)s,"
        "  row_number() over (order by folder, day)"
        " from unnest(%(folders)s) as folder cross join generate_series(0, %(days)s - 1) as day",
        {"first": FIRST_DAY, "lines": lines, "days": days, "folders": list(FOLDERS[:centres])},
    )
    variant.run("select setval('raw.log_file_version', (select max(file_version) from raw.log_files))")
    # As `demo.bench.log_file` writes them.
    variant.cursor.execute(
        f"insert into raw.log_lines ({COLUMNS}) select folder, file_name, n + 1,"
        " left(file_name, 8) || ' ' || to_char(time '06:00' + n * interval '12 s', 'HH24:MI:SS') || '|@' || case n % 40"
        "  when 0 then 'JobProfiel: R:21' || lpad((n % 50)::text, 4, '0') || ' L:' || 3000 + n % 3000 || '.0 C:7016 G ALU'"
        "  when 5 then 'MachineWait: ' || n % 30 + 1 || ' sec' when 15 then 'MachineWait: ' || n % 30 + 1 || ' sec'"
        "  when 20 then 'MachineStop' when 22 then 'MachineStart' else 'StukUitgevoerd: Pièce ' || n || ' vantail ' || n % 7 end,"
        " file_version from raw.log_files cross join lateral generate_series(0, line_count - 1) as n order by file_version, n",
    )
    # A partitioned table's key would have to hold what it is partitioned by.
    index = "create index log_lines_file_version on raw.log_lines (file_version, line_number)"
    variant.run(index if variant.partitioned else "call raw.complete()")
    variant.connection.autocommit = True
    variant.cursor.execute("vacuum analyze raw.log_lines")
    variant.cursor.execute("analyze raw.log_files")
    variant.connection.autocommit = False


class OneFile:
    """The everyday run, for one file of today that has grown: the loader's statements, then those of the models."""

    def __init__(self, variant: Variant, day: date, lines: int) -> None:
        self._file = {"folder": FOLDERS[0], "file": f"{day:%Y%m%d}.LOG"}
        text = log_file(day, lines).decode("cp1252").splitlines()
        row = "{folder}\t{file}\t{number}\t{line}\t0\n"
        self._rows = "".join(row.format(**self._file, number=number, line=line) for number, line in enumerate(text, 1))
        self._lignes, self._jours = variant.compiled(LIGNES), variant.compiled(JOURS)
        self._sessions = {model: variant.compiled(f"marts/production/{model}") for model in SESSION_MODELS}
        self._in_file = ""
        if variant.partitioned:
            self._in_file = " and log_lines.file_name = log_files.file_name"
            known, named = "lignes.version_fichier = versions.version_fichier", " and lignes.fichier = versions.fichier"
            if known not in self._lignes:
                raise SystemExit(f"partitions: int_lignes no longer says {known}: mend demo/partitions.py")
            self._lignes = self._lignes.replace(known, known + named)

    def run(self, variant: Variant) -> None:
        """Do it once, and undo it."""
        cursor = variant.cursor
        with variant.undone():
            cursor.execute("create temporary table transferred_files on commit drop as select * from raw.log_files limit 0")
            cursor.execute(
                "insert into transferred_files (folder, file_name, file_version) values (%(folder)s, %(file)s, 0)", self._file
            )
            cursor.execute("analyze transferred_files")
            with variant.measured("one file: raw, copied and published"):
                cursor.copy_expert(f"copy raw.log_lines ({COLUMNS}) from stdin", io.StringIO(self._rows))
                cursor.execute(
                    "delete from raw.log_lines using raw.log_files join transferred_files using (folder, file_name)"
                    f" where log_lines.file_version = log_files.file_version{self._in_file}"
                )
            cursor.execute(
                "update raw.log_files set file_version = 0 where folder = %(folder)s and file_name = %(file)s", self._file
            )
            files = "select cle, empreinte from intermediate.int_fichiers where dossier = %(folder)s and fichier = %(file)s"
            self._worklist(variant, files)
            with variant.measured("one file: int_lignes"):
                self._synchronise(variant, "int_lignes", self._lignes)
            with variant.measured("one file: int_fichiers_jours"):
                self._synchronise(variant, "int_fichiers_jours", self._jours)
            cursor.execute("drop table perimetre")
            day = "dossier = %(folder)s and date_production = left(%(file)s, 8)::date"
            self._worklist(variant, f"select cle, empreinte from intermediate.int_sessions where {day}")
            with variant.measured("one file: its session, read for five marts"):
                for model, select in self._sessions.items():
                    self._select(variant, model, select)

    def _worklist(self, variant: Variant, select: str) -> None:
        variant.cursor.execute(f"create temporary table perimetre on commit drop as {select}", self._file)
        if variant.cursor.rowcount != 1:
            raise SystemExit(f"partitions: {variant.cursor.rowcount} scopes on the worklist instead of 1")
        variant.cursor.execute("analyze perimetre")

    def _select(self, variant: Variant, model: str, select: str) -> None:
        variant.cursor.execute(f"create temporary table {model}__tmp on commit drop as ({select})")
        if not variant.cursor.rowcount:
            raise SystemExit(f"partitions: {model} has no rows for {self._file}")

    def _synchronise(self, variant: Variant, model: str, select: str) -> None:
        """Do what the project's incremental strategy does for a model without a key."""
        self._select(variant, model, select)
        variant.cursor.execute(
            f"delete from intermediate.{model} as cible using perimetre where cible.fichier_id = md5(perimetre.cle)::uuid"
        )
        variant.cursor.execute(f"insert into intermediate.{model} select * from {model}__tmp")


def build(variant: Variant, days: int, lines: int) -> OneFile:
    """Build `int_lignes` from all lines, and what else the measures need; return the everyday run."""
    variant.dbt("run", "--select", "int_fichiers")
    variant.dbt("compile", "--full-refresh", "--select", "int_lignes")
    select = variant.compiled(LIGNES)
    settings = "set local work_mem = '64MB'; set local maintenance_work_mem = '256MB';"
    settings += "set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0"
    variant.cursor.execute(settings)
    with variant.measured("build: int_lignes, from all lines"):
        if variant.partitioned:
            variant.cursor.execute("create table lignes (like intermediate.int_lignes) partition by range (date_production)")
            for statement in partition("lignes", days, "%Y-%m-%d"):
                variant.cursor.execute(statement)
            variant.cursor.execute(f"insert into lignes {select}")
        else:
            variant.cursor.execute(f"create table lignes as ({select})")
    with variant.measured("build: its index"):
        variant.cursor.execute("create index on lignes (fichier_id, date_production)")
    variant.run(
        "drop table intermediate.int_lignes cascade",
        "alter table lignes rename to int_lignes",
        "alter table int_lignes set schema intermediate",
        "insert into intermediate.etat_construction select 'int_lignes', cle, empreinte from intermediate.int_fichiers",
    )
    variant.connection.autocommit = True
    variant.cursor.execute("vacuum analyze intermediate.int_lignes")
    variant.connection.autocommit = False
    # In the partitioned warehouse, dbt meets a table that it would not have made.
    variant.dbt("run", "--select", "int_lignes", *VIEWS)
    variant.dbt("compile", "--select", "int_lignes", "int_fichiers_jours", *SESSION_MODELS)
    return OneFile(variant, FIRST_DAY + timedelta(days=days - 1), lines)


def ask(variant: Variant, days: int) -> None:
    """Measure the analysts' queries once, in turn, with the time that planning them takes."""
    begin, end = months(days)[len(months(days)) // 2]
    values: dict[str, Any] = {"begin": begin, "end": end, "folder": FOLDERS[1], "file": f"{begin:%Y%m}15.LOG"}
    with variant.undone():
        variant.cursor.execute(
            "select session_id from intermediate.int_sessions where dossier = %(folder)s and date_production = %(begin)s", values
        )
        ((values["session"],),) = variant.cursor.fetchall()
        for name, query in QUERIES.items():
            with variant.measured(f"query: {name}"):
                variant.cursor.execute(query, values)
                variant.cursor.fetchall()
            variant.cursor.execute(f"explain (summary, format json) {query}", values)
            ((plan,),) = variant.cursor.fetchall()
            variant.costs.setdefault(f"planning: {name}", []).append(Cost(plan[0]["Planning Time"] / 1000, None))


def copy_month(variant: Variant, days: int, spool: Path) -> None:
    """Measure COPY of a month's lines of all centres into raw, beside all the others; the lines are in `spool` once it exists."""
    begin, end = months(days)[-2]
    with variant.undone():
        if not spool.exists():
            with spool.open("wb") as out:
                names = f"file_name >= '{begin:%Y%m}' and file_name < '{end:%Y%m}'"
                variant.cursor.copy_expert(f"copy (select {COLUMNS} from raw.log_lines where {names}) to stdout", out)
        with spool.open("rb") as rows, variant.measured("one month of all centres: COPY into raw"):
            variant.cursor.copy_expert(f"copy raw.log_lines ({COLUMNS}) from stdin", rows)


def drop_month(variant: Variant, begin: date, end: date) -> None:
    """Measure how a month's lines and events are got rid of, for good."""
    month = "one month dropped from raw and int_lignes"
    if variant.partitioned:
        with variant.measured(month):
            variant.run(*(f"drop table partitions.{table}_{begin:%Y%m}" for table in ("raw_log_lines", "lignes")))
    else:
        files = f"from raw.log_files where file_name >= '{begin:%Y%m}' and file_name < '{end:%Y%m}'"
        with variant.measured(month):
            variant.run(
                f"delete from raw.log_lines where file_version in (select file_version {files})",
                f"delete from intermediate.int_lignes where fichier_id in (select md5(folder || '/' || file_name)::uuid {files})",
            )
            variant.connection.autocommit = True
            variant.cursor.execute("vacuum raw.log_lines")
            variant.cursor.execute("vacuum intermediate.int_lignes")
            variant.connection.autocommit = False


def size(variant: Variant) -> float:
    """Return how many GB the two tables take, with their indexes and partitions."""
    variant.cursor.execute(
        "select sum(pg_total_relation_size(relid))"
        " from unnest('{raw.log_lines, intermediate.int_lignes}'::regclass[]) as tables (name),"
        " lateral (select relid from pg_partition_tree(name) union select name) as parts"
    )
    ((size,),) = variant.cursor.fetchall()
    variant.connection.commit()
    return float(size) / 1e9


def written(columns: Mapping[str, Costs]) -> list[str]:
    """Write medians as a Markdown table: the first column's time, the others' times and processor times as a share of it."""
    first, *others = columns
    head = ["measure", first, *(f"{name}: {what}" for name in others for what in ("time", "processor"))]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for measure, costs in columns[first].items():
        wall, cpu = median(costs)
        row = [measure, f"{wall * 1000:.2f} ms" if wall < 1 else f"{wall:.1f} s"]
        for name in others:
            other_wall, other_cpu = median(columns[name].get(measure, []))
            row += [f"{other_wall / wall:.2f}" if other_wall else "", f"{other_cpu / cpu:.2f}" if other_cpu and cpu else ""]
        rows.append(row)
    return [f"| {' | '.join(row)} |" for row in rows]


def median(costs: Sequence[Cost]) -> tuple[float, float]:
    """Return the medians of the clock's and the processors' seconds; 0 where there are none."""
    cpu = [cost.cpu for cost in costs if cost.cpu is not None]
    return statistics.median(cost.wall for cost in costs) if costs else 0.0, statistics.median(cpu) if cpu else 0.0


def by_turns(variants: Sequence[Variant], times: int, action: Callable[[Variant], None]) -> None:
    """Do something in each of the variants, so many times, every other time in the other order."""
    for number in range(times):
        for variant in variants if number % 2 else reversed(variants):
            with variant.its_turn():
                action(variant)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiment with the options in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.partitions", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--home", type=Path, default=Path(".stack-bench/partitions"), help="where the servers go; removed in the end"
    )
    parser.add_argument("--centres", type=int, default=10, help="machining centres, at most 99")
    parser.add_argument("--days", type=int, default=750, help="production days of each, one after the other")
    parser.add_argument("--lines", type=int, default=4_000, help="lines of a day")
    parser.add_argument("--times", type=int, default=7, help="how often each short measure is made")
    options = parser.parse_args(argv)
    options.home.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.home.absolute())
    bench.stack.up()
    try:
        bench.empty()
        plain, partitioned = Variant(bench, "plain", partitioned=False), Variant(bench, "partitioned", partitioned=True)
        everyday = {}
        for variant in (plain, partitioned):
            fill_raw(variant, options.centres, options.days, options.lines)
        for variant in (plain, partitioned):
            everyday[variant.partitioned] = build(variant, options.days, options.lines)
        taken = [f"{variant.name} {size(variant):.2f} GB" for variant in (plain, partitioned)]
        variants = (plain, partitioned, plain.with_index("brin", "intermediate.int_lignes using brin (date_production)"))
        by_turns(variants, options.times, lambda variant: everyday[variant.partitioned].run(variant))
        by_turns(variants, options.times, lambda variant: ask(variant, options.days))
        by_turns(variants[:2], 3, lambda variant: copy_month(variant, options.days, options.home / "month.copy"))
        for begin, end in months(options.days)[3:6]:
            drop_month(plain, begin, end)
            drop_month(partitioned, begin, end)
    finally:
        bench.stack.down()
    bench.stack.destroy()
    shutil.rmtree(options.home)
    lines = options.centres * options.days * options.lines
    print(f"\n{lines:,} lines; raw.log_lines and int_lignes with their indexes: {', '.join(taken)}\n")
    print("\n".join(written({variant.name: variant.costs for variant in variants})))
    return 0


if __name__ == "__main__":
    sys.exit(main())
