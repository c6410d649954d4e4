"""What the platform costs, measured: `make bench`.

Everything runs in one go on the local stack, so that the ratios hold whatever the machine: a plain COPY of the same lines is the
limit that the rest is compared with. Sizes are options; the results are one table and `bench.json` in the bench's home.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pymysql
import pymysql.cursors
import yaml

from demo.stack import Stack
from operation.grants import grant

PROJECT = Path(__file__).parent.parent
PLAIN_COPY = "plain COPY of the same lines"
REPEATS = 3
CENTRES = ("DEM12 (PVC)", "DEMALU (ALU)", "SU12 (HYBRIDE)")
FIRST_DAY = date(1990, 1, 1)
# What a hub is asked, and one server that has everything. The session is one of the first site's.
SITES = ("lyon", "metz", "nice")
TIMES = 100
QUESTIONS = {
    "sums by centre and week": "select site, centre, date_debut, sum(pieces) from marts.production_hebdomadaire group by 1, 2, 3",
    "losses by centre": "select site, centre, etat, classe, sum(minutes) from marts.pertes group by 1, 2, 3, 4",
    "the twenty longest stops": (
        "select s.centre, s.date_production, a.duree_secondes from marts.periode_arret a"
        " join marts.session_production s on s.id = a.session_id order by a.duree_secondes desc limit 20"
    ),
    "a session's pieces": (
        "select * from marts.piece_production where session_id ="
        " (select min(id::text)::uuid from marts.session_production where centre = 'DEM12' and date_production = '1990-01-08')"
    ),
    "profiles of all of history": "select * from marts.production_profil",
}
TABLES = {
    "a_kopf": "id varchar(32) primary key, aunummer int, aualpha varchar(10), aufstatus varchar(40), kommission varchar(100)",
    "a_logbuch": (
        "id int auto_increment primary key, id_a_kopf varchar(32), datum datetime, notiz text,"
        " benutzer varchar(20), art int, geraet varchar(20)"
    ),
    "p_zubeh": "id_a_kopf varchar(32), zcode varchar(20), text varchar(200)",
    "a_vorgang": "id_a_kopf varchar(32), nummer int, bezeichnung varchar(200)",
}


@dataclass(frozen=True)
class Measure:
    """One measured step.

    Attributes:
        name: what it is.
        seconds: of wall clock.
        peak_mb: memory of the largest process (None for a step in this process).
        processor: seconds that the command and the stack's servers took of the processors (None likewise).
    """

    name: str
    seconds: float
    peak_mb: float | None = None
    processor: float | None = None


def log_file(day: date, lines: int) -> bytes:
    """Make a production day's LOG file.

    Args:
        day: the production day, which begins at six.
        lines: how many lines; one in forty is a profile, two are waits, one each a stop and a start, the rest pieces.

    Returns:
        The file, in Windows-1252 with CRLF.
    """
    moment = datetime(day.year, day.month, day.day, 6)
    step = timedelta(seconds=min(12.0, 64_000 / lines))
    written = []
    for number in range(lines):
        match number % 40:
            case 0:
                event = f"JobProfiel: R:21{number % 50:04d} L:{3000 + number % 3000}.0 C:7016 G ALU"
            case 5 | 15:
                event = f"MachineWait: {number % 30 + 1} sec"
            case 20:
                event = "MachineStop"
            case 22:
                event = "MachineStart"
            case _:
                event = f"StukUitgevoerd: Pièce {number} vantail {number % 7}"
        written.append(f"{moment:%Y%m%d %H:%M:%S}|@{event}")
        moment += step
    return ("\r\n".join(written) + "\r\n").encode("cp1252")


def write_days(root: Path, first: int, count: int, lines: int, centres: Sequence[str] = CENTRES) -> None:
    """Write `count` files of `lines` lines, day by day in turn for each centre, beginning with the `first`-th."""
    for number in range(first, first + count):
        day = FIRST_DAY + timedelta(days=number // len(centres))
        folder = root / centres[number % len(centres)]
        folder.mkdir(exist_ok=True)
        path = folder / f"{day:%Y%m%d}.LOG"
        path.write_bytes(log_file(day, lines))
        os.utime(path, (0, datetime(day.year, day.month, day.day, 22).timestamp()))


class Bench:
    """A stack of its own, and what was measured on it so far.

    Loads and make targets run the `code`, a checkout of this project; `build` has dbt run the `project`.
    """

    def __init__(self, home: Path, code: Path = PROJECT) -> None:
        self.home = home
        self.code = code
        self.stack = Stack(home / "stack")
        self.measures: list[Measure] = []
        self.project = PROJECT
        self.settings: dict[str, str] = {}

    def command(self, name: str, *words: str) -> float:
        """Run a command as a user would, and note its wall clock and its peak memory; return its seconds."""
        environment = {
            # What a make that has started the bench hands down is not for those that the bench starts.
            **{name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS")},
            **self.stack.environment(),
            "LOG_DIR": str(self.home / "logs"),
            "SCHEDULE_RETRIES": "0",
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
            **self.settings,
        }
        begin, before = time.perf_counter(), self.stack.processor_seconds()
        with (
            open(self.home / "output.log", "ab") as output,
            subprocess.Popen(words, cwd=self.code, env=environment, stdout=output, stderr=output) as process,
        ):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"bench: {' '.join(words)} failed: see {self.home / 'output.log'}")
        seconds = time.perf_counter() - begin
        processor = self.stack.processor_seconds() - before + usage.ru_utime + usage.ru_stime
        return self.note(name, seconds, usage.ru_maxrss / 1024, processor)

    def note(self, name: str, seconds: float, peak_mb: float | None = None, processor: float | None = None) -> float:
        """Keep a measure, show it, return its seconds."""
        self.measures.append(Measure(name, round(seconds, 2), peak_mb and round(peak_mb), processor and round(processor, 2)))
        print(f"  {name:<60} {seconds:8.2f} s" + (f" {peak_mb:6.0f} MB" if peak_mb else ""), flush=True)
        return seconds

    def load(self, name: str, source: str) -> float:
        """Measure a run of a loader."""
        return self.command(name, sys.executable, "-m", "loaders", "load", source)

    def make(self, name: str, *words: str) -> float:
        """Measure a make target of the checkout."""
        return self.command(name, "make", "--silent", *words)

    def keep_median(self) -> None:
        """Put the middle one of the last repeats in their place."""
        self.measures[-REPEATS:] = [sorted(self.measures[-REPEATS:], key=lambda measure: measure.processor or 0)[REPEATS // 2]]

    def build(self, name: str, *words: str) -> float:
        """Measure a run of dbt, by default of `dbt build`."""
        dbt = str(Path(sys.executable).parent / "dbt")
        folders = ("--project-dir", str(self.project), "--profiles-dir", str(self.home / "profiles"))
        return self.command(name, dbt, *(words or ("build",)), *folders, "--quiet")

    def empty(self) -> None:
        """Start over with empty servers."""
        shutil.rmtree(self.home / "profiles", ignore_errors=True)
        (self.home / "profiles").mkdir()
        shutil.copy(PROJECT / "profiles.yml.example", self.home / "profiles" / "profiles.yml")
        self.stack.empty()
        grant(self.stack.environment())
        with closing(pymysql.connect(**self.stack.erp_admin)) as mysql, mysql.cursor() as cursor:
            for table, columns in TABLES.items():
                cursor.execute(f"create table {table} ({columns})")

    def warehouse(self) -> Any:
        """Connect to the warehouse as its administrator, each statement on its own."""
        connection = psycopg2.connect(**self.stack.warehouse_admin)
        connection.autocommit = True
        return connection


def timed(action: Callable[[], object]) -> float:
    """Run something and return how many seconds it took."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def plain_copy(bench: Bench) -> None:
    """The limit: the lines that raw holds, copied by psycopg2 into a table of the contract's four columns without an index."""
    # Through a file: a child's peak memory is counted from its parent's.
    with (
        closing(bench.warehouse()) as connection,
        connection.cursor() as cursor,
        open(bench.home / "plain.copy", "w+b", buffering=1 << 20) as lines,
    ):
        cursor.copy_expert("copy (select folder, file_name, line_number, line from raw.log_lines) to stdout", lines)
        for _ in range(REPEATS):
            cursor.execute("drop table if exists plain")
            cursor.execute("create table plain (folder text, file_name text, line_number integer, line text)")
            lines.seek(0)
            before = bench.stack.processor_seconds() + time.process_time()
            seconds = timed(lambda: cursor.copy_expert("copy plain from stdin", lines))
            bench.note(PLAIN_COPY, seconds, None, bench.stack.processor_seconds() + time.process_time() - before)
        cursor.execute("drop table plain")
    bench.keep_median()


def fill_erp(bench: Bench, rows: int) -> None:
    """Give the ERP a journal of `rows` rows and a tenth as many orders."""
    orders = rows // 10
    with closing(pymysql.connect(**bench.stack.erp_admin)) as connection, connection.cursor() as cursor:
        cursor.execute(
            f"insert into a_kopf select concat('K', seq), seq, 'A', 'Planifiée', concat('Affaire ', seq) from seq_1_to_{orders}"
        )
        cursor.execute(
            f"insert into a_logbuch select seq, concat('K', seq mod {orders} + 1), '2025-01-01' + interval seq second,"
            " if(seq mod 20 = 0, 'Réglé : cde Planifiée', concat('note ', seq, ' du jour')), 'anne', seq mod 5, 'poste 3'"
            f" from seq_1_to_{rows}"
        )
        cursor.execute(
            "insert into p_zubeh select concat('K', seq), elt(seq mod 3 + 1, 'VR12', 'SOP', 'X'), 'Volet roulant'"
            f" from seq_1_to_{orders}"
        )
        cursor.execute(f"insert into a_vorgang select concat('K', seq), seq mod 5, 'Coupe' from seq_1_to_{orders}")
        connection.commit()


def steps(bench: Bench, days: int, lines: int, erp_rows: int, depths: Sequence[int], depth_lines: int) -> None:
    """Measure every step with a bench's checkout: first loads and a first build, then the schedule's runs after some history."""
    bench.empty()
    write_days(bench.stack.ftp_root, 0, days * len(CENTRES), lines)
    print(f"{bench.code}: {days * len(CENTRES)} files of {lines:,} lines, {erp_rows:,} rows of the ERP's journal")
    bench.make("load-logs, cold", "load-logs")
    plain_copy(bench)
    bench.make("first build", "build")
    fill_erp(bench, erp_rows)
    bench.make("load-erp, cold", "load-erp")
    bench.make("load-erp, unchanged", "load-erp")
    bench.empty()
    written = 0
    for files in depths:
        write_days(bench.stack.ftp_root, written, files - written, depth_lines)
        bench.make(f"load-logs of {files - written:,} files", "load-logs")
        bench.make(f"build of {files - written:,} files", "build")
        for _ in range(REPEATS):
            bench.make(f"scheduled run, nothing new after {files:,} files", "job", "JOB=logs")
        bench.keep_median()
        written = files + REPEATS
        for new in range(files, written):
            write_days(bench.stack.ftp_root, new, 1, depth_lines)
            bench.make(f"scheduled run, one new file after {files:,}", "job", "JOB=logs")
        bench.keep_median()


def hub_steps(bench: Bench, days: int, lines: int) -> None:
    """Measure the same questions, and the report, on one server that has everything and on a hub over three sites, a centre each.

    All of them are databases of the stack's one PostgreSQL: the hub has no more processors than the one server.
    """
    admin: Any = bench.stack.warehouse_admin
    one = admin["dbname"]
    for site, centres in {"everything": CENTRES, **dict(zip(SITES, ([centre] for centre in CENTRES), strict=True))}.items():
        bench.empty()
        write_days(bench.stack.ftp_root, 0, days * len(centres), lines, centres)
        bench.settings = {"SITE": "" if site == "everything" else site}
        bench.make(f"load-logs, {site}", "load-logs")
        bench.make(f"build, {site}", "build")
        with closing(bench.warehouse()) as connection, connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        with closing(psycopg2.connect(**{**admin, "dbname": "postgres"})) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(f"drop database if exists {site} with (force)")
            cursor.execute(f"alter database {one} rename to {site}")
            cursor.execute(f"create database {one}")
    account = {"user": admin["user"], "password_env": "POSTGRES_PASSWORD", "host": admin["host"], "port": admin["port"]}
    (bench.home / "sites.yml").write_text(yaml.safe_dump({site: {**account, "database": site} for site in SITES}))
    login = {
        "POSTGRES_USER": admin["user"],
        "POSTGRES_PASSWORD": admin["password"],
        "DBT_POSTGRES_USER": "",
        "DBT_POSTGRES_PASSWORD": "",
    }
    bench.settings = {**login, "SITES_FILE": str(bench.home / "sites.yml")}
    bench.command("make hub", sys.executable, "-m", "hub", "--manifest", str(bench.home / "target" / "manifest.json"))
    ask_both(bench)


def ask_both(bench: Bench) -> None:
    """Measure the questions and the report, on the one server and on the hub."""
    admin: Any = bench.stack.warehouse_admin
    for where, database in (("one server", "everything"), ("the hub", admin["dbname"])):
        bench.settings["POSTGRES_DB"] = database
        for _ in range(REPEATS):
            words = ("-m", "publication", "report", "--page", str(bench.home / "report.html"))
            bench.command(f"the report, {where}", sys.executable, *words)
        bench.keep_median()
        for name, query in QUESTIONS.items():
            with closing(psycopg2.connect(**{**admin, "dbname": database})) as connection, connection.cursor() as cursor:
                cursor.execute(query)  # connects the hub with its sites
                for _ in range(REPEATS):
                    before = bench.stack.processor_seconds() + time.process_time()
                    seconds = timed(lambda: [cursor.execute(query) for _ in range(TIMES)])  # noqa: B023  # called at once
                    processor = bench.stack.processor_seconds() + time.process_time() - before
                    bench.note(f"{TIMES} × {name}, {where}", seconds, None, processor)
                bench.keep_median()


def table(measures: Sequence[Measure], others: Sequence[Measure], other: str) -> str:
    """Write the results as a Markdown table, with the ratios of processor seconds to a plain COPY and to another checkout."""
    # What takes less than a clock tick counts as one.
    limit = next(measure.processor or 0.01 for measure in measures if measure.name == PLAIN_COPY)
    rows = ["| measure | clock | processor | peak memory | / plain COPY |" + (f" / {other} |" if others else "")]
    rows.append("| --- |" + " ---: |" * (5 if others else 4))
    beside = {measure.name: measure.processor or 0.01 for measure in others}
    for measure in measures:
        memory, processor = f"{measure.peak_mb} MB" if measure.peak_mb else "", measure.processor or 0
        row = f"| {measure.name} | {measure.seconds:.2f} s | {processor:.2f} s | {memory} | {processor / limit:.1f} |"
        ratio = f"{processor / beside[measure.name]:.2f}" if measure.name in beside else ""
        rows.append(row + (f" {ratio} |" if others else ""))
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bench with the options in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--home", type=Path, default=Path(".stack-bench"), help="where the servers and the results go")
    parser.add_argument("--days", type=int, default=120, help="production days of each of the three centres")
    parser.add_argument("--lines", type=int, default=4_000, help="lines of a day")
    parser.add_argument("--erp-rows", type=int, default=1_000_000, help="rows of the ERP's journal")
    parser.add_argument("--depths", type=int, nargs="*", default=[100, 10_000], help="files loaded before the scheduled runs")
    parser.add_argument("--depth-lines", type=int, default=400, help="lines of each of these files")
    parser.add_argument("--beside", type=Path, help="another checkout, after `make setup`: its figures beside these")
    options = parser.parse_args(argv)
    options.home.mkdir(exist_ok=True)
    bench = Bench(options.home.absolute())
    benches = [bench]
    if options.beside:
        benches.append(Bench(options.home.absolute() / "beside", options.beside.absolute()))
        benches[1].home.mkdir(exist_ok=True)
    for each in benches:
        each.stack.up()
        try:
            steps(each, options.days, options.lines, options.erp_rows, options.depths, options.depth_lines)
            if (each.code / "hub").is_dir():
                hub_steps(each, options.days, options.lines)
        finally:
            each.stack.down()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    results = {"machine": machine, **{str(each.code): [asdict(measure) for measure in each.measures] for each in benches}}
    (options.home / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    others = benches[1].measures if options.beside else []
    print(f"\n{machine}\n\n{table(bench.measures, others, benches[-1].code.name)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
