"""What the platform costs, measured: `make bench`.

Everything runs in one go on the local stack, so that the ratios hold whatever the machine: a plain COPY of the same lines is the
limit that the rest is compared with. Sizes are options; the results are one table and `bench.json` in the bench's home.
"""

import argparse
import ftplib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pymysql
import pymysql.cursors

from demo.stack import Stack
from operation.grants import grant

PROJECT = Path(__file__).parent.parent
CENTRES = ("DEM12 (PVC)", "DEMALU (ALU)", "SU12 (HYBRIDE)")
FIRST_DAY = date(1990, 1, 1)
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


def write_days(root: Path, first: int, count: int, lines: int) -> None:
    """Write `count` files of `lines` lines, day by day in turn for each centre, beginning with the `first`-th."""
    for number in range(first, first + count):
        day = FIRST_DAY + timedelta(days=number // len(CENTRES))
        folder = root / CENTRES[number % len(CENTRES)]
        folder.mkdir(exist_ok=True)
        path = folder / f"{day:%Y%m%d}.LOG"
        path.write_bytes(log_file(day, lines))
        os.utime(path, (0, datetime(day.year, day.month, day.day, 22).timestamp()))


class Bench:
    """A stack of its own, and what was measured on it so far.

    Commands have the `overrides` in their environment; dbt runs the `project`. Loads run the `code`, a checkout of this project, by
    the Python of its own virtual environment where it has one.
    """

    def __init__(self, home: Path, code: Path = PROJECT) -> None:
        self.home = home
        self.code = code
        self.stack = Stack(home / "stack")
        self.measures: list[Measure] = []
        self.overrides: dict[str, str] = {}
        self.project = PROJECT

    def command(self, name: str, *words: str) -> float:
        """Run a command as a user would, and note its wall clock and its peak memory; return its seconds."""
        environment = {
            **os.environ,
            **self.stack.environment(),
            **self.overrides,
            "LOG_DIR": str(self.home / "logs"),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
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
        python = self.code / ".venv" / "bin" / "python"
        return self.command(name, str(python) if python.exists() else sys.executable, "-m", "loaders", "load", source)

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


def plain_copy(bench: Bench) -> float:
    """The limit: the lines that raw holds, copied by psycopg2 into a table of the contract's four columns without an index."""
    # Through a file: a child's peak memory is counted from its parent's.
    with (
        closing(bench.warehouse()) as connection,
        connection.cursor() as cursor,
        open(bench.home / "plain.copy", "w+b", buffering=1 << 20) as lines,
    ):
        cursor.copy_expert("copy (select folder, file_name, line_number, line from raw.log_lines) to stdout", lines)
        best = float("inf")
        for _ in range(3):
            cursor.execute("drop table if exists plain")
            cursor.execute("create table plain (folder text, file_name text, line_number integer, line text)")
            lines.seek(0)
            best = min(best, timed(lambda: cursor.copy_expert("copy plain from stdin", lines)))
        cursor.execute("drop table plain")
    return bench.note("plain COPY of the same lines (best of 3)", best)


def historical(bench: Bench, lines: int) -> float:
    """The historical way: split each line in Python, insert it as a row of its own. Done on a sample, told for all lines."""
    sample = log_file(FIRST_DAY, 20_000).decode("cp1252").splitlines()
    with closing(bench.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("create table evenements (horodatage timestamp, evenement text, details text)")

        def insert() -> None:
            cursor.execute("begin")
            for line in sample:
                moment, _, rest = line.partition("|@")
                event, _, details = rest.partition(":")
                values = (datetime.strptime(moment, "%Y%m%d %H:%M:%S"), event.strip(), details.strip())
                cursor.execute("insert into evenements values (%s, %s, %s)", values)
            cursor.execute("commit")

        seconds = timed(insert) * lines / len(sample)
        cursor.execute("drop table evenements")
    return bench.note("the historical way, from 20,000 lines", seconds)


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


def plain_stream(bench: Bench) -> float:
    """The limit for the ERP: the four tables streamed by PyMySQL, row by row, into COPY."""
    settings: dict[str, Any] = {**bench.stack.erp_admin, "cursorclass": pymysql.cursors.SSCursor}

    class Rows(io.RawIOBase):
        def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
            self.rows, self.rest = rows, b""

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size and (row := next(self.rows, None)) is not None:
                self.rest += ("\t".join("\\N" if value is None else str(value) for value in row) + "\n").encode()
            part, self.rest = self.rest[:size], self.rest[size:]
            return part

    def stream() -> None:
        with closing(pymysql.connect(**settings)) as mysql, closing(bench.warehouse()) as connection:
            for table in TABLES:
                with mysql.cursor() as source, connection.cursor() as target:
                    source.execute(f"select * from {table}")
                    columns = ", ".join(f"c{number} text" for number in range(len(source.description)))
                    target.execute(f"create table plain ({columns})")
                    target.copy_expert("copy plain from stdin", Rows(iter(source.fetchone, None)), 1 << 16)
                    target.execute("drop table plain")

    return bench.note("ERP: plain stream from PyMySQL into COPY", timed(stream))


def plain_ftp(bench: Bench) -> float:
    """The limit for the logs: every file over one connection of ftplib, into COPY."""
    environ = bench.stack.environment()

    def transfer() -> None:
        with ftplib.FTP(timeout=30) as ftp, closing(bench.warehouse()) as connection, connection.cursor() as cursor:
            ftp.connect(environ["FTP_HOST"], int(environ["FTP_PORT"]))
            ftp.login(environ["FTP_USER"], environ["FTP_PASS"])
            cursor.execute("create table plain (folder text, file_name text, line_number integer, line text)")
            for centre in CENTRES:
                ftp.cwd(f"/{centre}")
                rows = io.BytesIO()
                for name in ftp.nlst():
                    file = io.BytesIO()
                    ftp.retrbinary(f"RETR {name}", file.write)
                    lines = file.getvalue().decode("latin-1").splitlines()
                    rows.write("".join(f"{centre}\t{name}\t{number}\t{line}\n" for number, line in enumerate(lines, 1)).encode())
                rows.seek(0)
                cursor.copy_expert("copy plain from stdin", rows)
            cursor.execute("drop table plain")

    return bench.note("logs: plain ftplib into COPY", timed(transfer))


def loads(bench: Bench, days: int, lines: int, erp_rows: int) -> dict[str, float]:
    """The loads of one checkout: cold, with nothing new, with little that is; return the processor seconds of each."""
    bench.empty()
    write_days(bench.stack.ftp_root, 0, days * len(CENTRES), lines)
    taken: dict[str, float] = {}

    def load(name: str, source: str) -> None:
        bench.load(name, source)
        taken[name] = bench.measures[-1].processor or 0

    load("load-logs, cold", "logs")
    load("load-logs, nothing new", "logs")
    write_days(bench.stack.ftp_root, days * len(CENTRES), 1, lines)
    load("load-logs, one new file", "logs")
    fill_erp(bench, erp_rows)
    load("load-erp, cold", "erp")
    load("load-erp, unchanged", "erp")
    with closing(pymysql.connect(**bench.stack.erp_admin)) as connection, connection.cursor() as cursor:
        cursor.execute("update a_logbuch set notiz = concat(notiz, ' !') where id mod 100 = 7")
        connection.commit()
    load("load-erp, 1 % changed", "erp")
    return taken


def beside(bench: Bench, other: Bench, days: int, lines: int, erp_rows: int) -> dict[str, float]:
    """The loads of this checkout and those of another, one after the other; return the ratios of their processor seconds."""
    print(f"Loads of {bench.code}")
    own = loads(bench, days, lines, erp_rows)
    print("The limits")
    plain_ftp(bench)
    print(f"Loads of {other.code}")
    other.stack.up()
    try:
        others = loads(other, days, lines, erp_rows)
    finally:
        other.stack.down()
    return {f"{name}: processor, this / {other.code.name}": seconds / others[name] for name, seconds in own.items()}


def bulk(bench: Bench, days: int, lines: int, erp_rows: int, huge_mb: int) -> dict[str, float]:
    """The first load of years, its full build, the ERP, one huge file; return the ratios."""
    bench.empty()
    write_days(bench.stack.ftp_root, 0, days * len(CENTRES), lines)
    total = days * len(CENTRES) * lines
    print(f"{total:,} lines in {days * len(CENTRES)} files")
    load = bench.load("load-logs, cold", "logs")
    copy = plain_copy(bench)
    plain_ftp(bench)
    build = bench.build("dbt build, first, without tests", "build", "--selector", "courant", "--exclude-resource-type", "test")
    anew = bench.build("dbt run --full-refresh, in place", "run", "--full-refresh")
    old = historical(bench, total)
    print(f"ERP with a journal of {erp_rows:,} rows")
    fill_erp(bench, erp_rows)
    stream = plain_stream(bench)
    erp = bench.load("load-erp, cold", "erp")
    same = bench.load("load-erp, unchanged", "erp")
    with closing(pymysql.connect(**bench.stack.erp_admin)) as connection, connection.cursor() as cursor:
        cursor.execute("update a_logbuch set notiz = concat(notiz, ' !') where id mod 100 = 7")
        connection.commit()
    some = bench.load("load-erp, 1 % changed", "erp")
    print(f"One file of {huge_mb} MB")
    content = log_file(FIRST_DAY - timedelta(days=1), 4_000)
    with open(bench.stack.ftp_root / CENTRES[0] / f"{FIRST_DAY - timedelta(days=1):%Y%m%d}.LOG", "wb") as huge:
        for _ in range(huge_mb * 1_000_000 // len(content)):
            huge.write(content)
    bench.load(f"load-logs, one file of {huge_mb} MB", "logs")
    return {
        "load-logs, cold / plain COPY": load / copy,
        "dbt build, first, without tests / plain COPY": build / copy,
        "dbt run --full-refresh / the first build": anew / build,
        "the historical way / cold load and full build": old / (load + build),
        "load-erp, cold / plain stream": erp / stream,
        "load-erp, unchanged / plain stream": same / stream,
        "load-erp, 1 % changed / plain stream": some / stream,
    }


def depth(bench: Bench, depths: Sequence[int], lines: int) -> dict[str, float]:
    """The everyday run, after ever more history; return the ratios."""
    bench.empty()
    written = 0
    everyday: dict[int, float] = {}
    for files in depths:
        print(f"{files:,} files of {lines} lines loaded")
        write_days(bench.stack.ftp_root, written, files - written, lines)
        bench.load(f"load-logs of {files - written:,} files", "logs")
        bench.build("dbt build after it")
        runs = []
        for repeat in range(3):
            write_days(bench.stack.ftp_root, files + repeat, 1, lines)
            runs.append(
                bench.load(f"one new file after {files:,}: load", "logs") + bench.build(f"one new file after {files:,}: dbt build")
            )
        written = files + len(runs)
        everyday[files] = sorted(runs)[len(runs) // 2]
        bench.load(f"nothing new, {files:,} files: load", "logs")
        bench.build(f"nothing new, {files:,} files: dbt build")
    least, most = min(depths), max(depths)
    return {f"one new file after {most:,} files / after {least:,}": everyday[most] / everyday[least]}


def table(measures: Sequence[Measure], ratios: Mapping[str, float]) -> str:
    """Write the results as a Markdown table."""
    rows = [f"| {m.name} | {m.seconds:.2f} s | {f'{m.peak_mb} MB' if m.peak_mb else ''} |" for m in measures]
    rows += [f"| **{name}** | **{ratio:.2f}** | |" for name, ratio in ratios.items()]
    return "\n".join(["| measure | time or ratio | peak memory |", "| --- | --- | --- |", *rows])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bench with the options in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--home", type=Path, default=Path(".stack-bench"), help="where the servers and the results go")
    parser.add_argument("--days", type=int, default=120, help="production days of each of the three centres")
    parser.add_argument("--lines", type=int, default=4_000, help="lines of a day")
    parser.add_argument("--erp-rows", type=int, default=1_000_000, help="rows of the ERP's journal")
    parser.add_argument("--huge-mb", type=int, default=300, help="size of the one huge file")
    parser.add_argument("--depths", type=int, nargs="*", default=[100, 1_000, 10_000], help="files loaded before the everyday run")
    parser.add_argument("--depth-lines", type=int, default=400, help="lines of each of these files")
    parser.add_argument(
        "--beside", type=Path, help="another checkout, with packages of its own: only loads, and both beside each other"
    )
    options = parser.parse_args(argv)
    options.home.mkdir(exist_ok=True)
    bench = Bench(options.home.absolute())
    bench.stack.up()
    try:
        if options.beside:
            other = Bench(options.home.absolute() / "beside", options.beside.absolute())
            other.home.mkdir(exist_ok=True)
            ratios = beside(bench, other, options.days, options.lines, options.erp_rows)
        else:
            ratios = bulk(bench, options.days, options.lines, options.erp_rows, options.huge_mb)
        if options.depths and not options.beside:
            ratios |= depth(bench, options.depths, options.depth_lines)
    finally:
        bench.stack.down()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    results = {"machine": machine, "measures": [asdict(measure) for measure in bench.measures], "ratios": ratios}
    (options.home / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    print(f"\n{machine}\n\n{table(bench.measures, ratios)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
