"""Measures what one more machine, file, line or session costs: `python -m demo.units` writes `demo/unit_costs.toml`.

Everything is done with different numbers of one thing, and the difference is divided by the number. Processor seconds are counted,
those of the servers included, and the least of repeated measures is taken: other work on the machine hardly changes them. The
result is for `demo.capacity`. It takes a quarter of an hour.
"""

import argparse
import csv
import os
import platform
import re
import shutil
import sys
import tracemalloc
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from common.settings import FtpSettings
from demo.bench import PROJECT, Bench, log_file, timed
from demo.stack.postgres import program
from loaders.ftp import FtpClient

RESULT = Path(__file__).with_name("unit_costs.toml")
FIRST_DAY = date(1990, 1, 1)
MACHINES = 100
HISTORY_DAYS = 5
OLD_DAYS = 1_000
SHORT, LONG = 400, 4_000
Costs = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Step:
    """A load and the build after it: processor seconds, bytes of WAL, the loader's memory in MB and its FTP commands."""

    load: float
    build: float
    load_wal: int
    build_wal: int
    load_mb: float
    commands: Counter[str]


class Factory:
    """A bench whose factory has a hundred machines, all declared in the seed."""

    def __init__(self, home: Path) -> None:
        self.bench = Bench(home)
        self.bench.stack.up()
        self.bench.empty()
        self.folders = [f"CU{number:03d} (PVC)" for number in range(MACHINES)]
        # A copy of the dbt project, to change its seed.
        self.bench.project = home / "project"
        shutil.rmtree(self.bench.project, ignore_errors=True)
        shutil.copytree(PROJECT / "dbt_project", self.bench.project / "dbt_project")
        for name in ("dbt_project.yml", "selectors.yml"):
            shutil.copy(PROJECT / name, self.bench.project / name)
        with open(self.bench.project / "dbt_project" / "seeds" / "centres.csv", "a", encoding="utf-8") as seed:
            csv.writer(seed).writerows([folder, folder[:5], "PVC", "Centre d'usinage", "true"] for folder in self.folders)

    def write(self, folders: Sequence[str], day: int, lines: int) -> None:
        """Write the `day`-th day's file of some machines."""
        when = FIRST_DAY + timedelta(days=day)
        content = log_file(when, lines)
        for folder in folders:
            path = self.bench.stack.ftp_root / folder / f"{when:%Y%m%d}.LOG"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (0, datetime(when.year, when.month, when.day, 22, tzinfo=UTC).timestamp()))

    def ask(self, query: str) -> Any:
        """Return the single value of a query."""
        with closing(self.bench.warehouse()) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            ((value,),) = cursor.fetchall()
            return value

    def step(self, name: str) -> Step:
        """Load and build."""
        begin, log = self._wal(), self.bench.stack.ftp_log
        known = log.stat().st_size
        self.bench.load(f"{name}: load", "logs")
        load = self.bench.measures[-1]
        middle = self._wal()
        with log.open(errors="replace") as lines:
            lines.seek(known)
            commands = Counter(re.findall(r'FTP command: Client "[^"]*", "([A-Z]+)', lines.read()))
        build = self.built(f"{name}: build")
        return Step(load.processor or 0, build, middle - begin, self._wal() - middle, load.peak_mb or 0, commands)

    def built(self, name: str) -> float:
        """Build; return the processor seconds."""
        self.bench.build(name)
        return self.bench.measures[-1].processor or 0

    def everyday(self, machines: int, lines: int) -> Step:
        """Load and build today's file of so many machines, which has grown by a line since the last run; take the least of two."""
        steps = []
        for repeat in range(3):
            self.write(self.folders[:machines], HISTORY_DAYS, lines + repeat)
            steps.append(self.step(f"{machines} files of {lines} lines"))
        again = steps[1:]  # the first replaced fewer lines
        load, build = min(again, key=lambda step: step.load), min(again, key=lambda step: step.build)
        return Step(load.load, build.build, load.load_wal, build.build_wal, load.load_mb, load.commands)

    def _wal(self) -> int:
        return int(self.ask("select pg_current_wal_insert_lsn() - '0/0'"))


def ftp(factory: Factory) -> dict[str, float]:
    """Return the costs of listing a folder, a file in it, and a modification time, on loopback; and a listed file's memory."""
    many = 2_000
    folder = factory.bench.stack.ftp_root / "ZZ (PVC)"
    folder.mkdir()
    for number in range(many):
        (folder / f"{FIRST_DAY + timedelta(days=number):%Y%m%d}.LOG").touch()
    with closing(FtpClient(FtpSettings.from_environ(factory.bench.stack.environment()))) as client:
        *few, large = client.folders()
        folders = min(timed(lambda: [client.files(each) for each in few]) for _ in range(3)) / len(few)
        tracemalloc.start()
        files = client.files(large)
        memory = tracemalloc.get_traced_memory()[0] / many
        tracemalloc.stop()
        listed = min(timed(lambda: client.files(large)) for _ in range(3)) / many
        times = min(timed(lambda: [client.modified_at(file) for file in files[:500]]) for _ in range(3)) / 500
    shutil.rmtree(folder)
    return {"folder_s": folders, "listed_file_s": listed, "listed_file_bytes": memory, "modification_time_s": times}


def everyday(factory: Factory, ftp_costs: Mapping[str, float]) -> Costs:
    """Return the costs of a run itself, of a changed file or session, and of a line."""
    one, short, long = factory.everyday(1, SHORT), factory.everyday(MACHINES, SHORT), factory.everyday(MACHINES, LONG)
    lines = MACHINES * (LONG - SHORT)
    load_line, build_line = (long.load - short.load) / lines, (long.build - short.build) / lines
    load_file = (short.load - one.load) / (MACHINES - 1) - SHORT * load_line
    build_session = (short.build - one.build) / (MACHINES - 1) - SHORT * build_line
    listing = MACHINES * (ftp_costs["folder_s"] + (HISTORY_DAYS + 1) * ftp_costs["listed_file_s"])
    asking = one.commands["MDTM"] * ftp_costs["modification_time_s"]
    return {
        "load": {
            "run_s": one.load - listing - asking - load_file - SHORT * load_line,
            "changed_file_s": load_file,
            "line_s": load_line,
            "wal_line_bytes": (long.load_wal - short.load_wal) / lines,
        },
        "build": {
            "run_s": one.build - build_session - SHORT * build_line,
            "changed_session_s": build_session,
            "line_s": build_line,
            "wal_line_bytes": (long.build_wal - short.build_wal) / lines,
            "wal_session_bytes": (short.build_wal - one.build_wal) / (MACHINES - 1),
        },
    }


def disk_and_backup(factory: Factory) -> Costs:
    """Return what a line, with everything that is computed from it, takes on disk and in a dump."""
    lines = int(factory.ask("select count(*) from raw.log_lines"))
    sizes = "select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r' and relnamespace = '{}'::regnamespace"
    login = factory.bench.stack.warehouse_admin
    os.environ["PGPASSWORD"] = login["password"]
    address = ["--host", login["host"], "--port", str(login["port"]), "--username", login["user"]]
    file = factory.bench.home / "warehouse.dump"
    words = [str(program("pg_dump")), *address, "--format=custom", "--file", str(file), login["dbname"]]
    factory.bench.command("pg_dump", *words)
    dump = factory.bench.measures[-1].processor or 0
    with closing(factory.bench.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("create database restored")
        factory.bench.command("pg_restore", str(program("pg_restore")), *address, "--jobs=2", "--dbname=restored", str(file))
        restore = factory.bench.measures[-1].processor or 0
        cursor.execute("drop database restored")
    size = file.stat().st_size
    file.unlink()
    return {
        "disk": {
            f"{schema}_line_bytes": float(factory.ask(sizes.format(schema))) / lines for schema in ("raw", "intermediate", "marts")
        },
        "backup": {"dump_line_s": dump / lines, "restore_line_s": restore / lines, "dump_line_bytes": size / lines},
    }


def history(factory: Factory) -> Costs:
    """Return what an old session costs in each run: in the ledger, the worklists, and the models built whole each time."""
    before = [factory.step("nothing new") for _ in range(3)]
    with closing(factory.bench.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.log_files (folder, file_name, size_bytes, modified_at, line_count, file_version)"
            " select folder, to_char(date '1980-01-01' + day, 'YYYYMMDD') || '.LOG', 45, '1980-01-01', 1,"
            "  nextval('raw.log_file_version')"
            " from unnest(%s) as folder cross join generate_series(1, %s) as day",
            (factory.folders, OLD_DAYS),
        )
        cursor.execute(
            "insert into raw.log_lines (folder, file_name, line_number, line, file_version)"
            " select folder, file_name, 1, left(file_name, 8) || ' 08:00:00|@StukUitgevoerd: A', file_version"
            " from raw.log_files where modified_at = '1980-01-01'"
        )
        cursor.execute("vacuum analyze raw.log_lines, raw.log_files")
    factory.bench.build(f"{MACHINES * OLD_DAYS:,} sessions more: build")
    with closing(factory.bench.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    after = [factory.step("nothing new then") for _ in range(3)]
    sessions = MACHINES * OLD_DAYS
    memory = max(step.load_mb for step in before)
    grown = max(step.load_mb for step in after) - memory
    load, build = (
        min(getattr(step, part) for step in after) - min(getattr(step, part) for step in before) for part in ("load", "build")
    )
    return {
        "history": {
            "load_session_s": load / sessions,
            "build_session_s": build / sessions,
            "ledger_row_bytes": grown * 2**20 / sessions,
            "loader_mb": memory,
        }
    }


def toml(costs: Costs) -> str:
    """Return the costs as TOML, with the date and machine of the measurement."""
    head = [
        "# Measured by demo/units.py, read by demo/capacity.py. Costs of one unit: seconds of one processor core (`_s`) and bytes.",
        f'date = "{datetime.now(UTC):%Y-%m-%d}"',
        f'machine = "{os.cpu_count()} shared {platform.machine()} cores, servers and loaders all on them"',
    ]
    for part, values in costs.items():
        head += ["", f"[{part}]", *(f"{name} = {value:.3g}" for name, value in values.items())]
    return "\n".join(head) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, with the options in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.units", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--home", type=Path, default=Path(".stack-bench/units"), help="folder of the servers; removed at the end")
    options = parser.parse_args(argv)
    options.home.mkdir(parents=True, exist_ok=True)
    factory = Factory(options.home.absolute())
    try:
        for day in range(HISTORY_DAYS):
            factory.write(factory.folders, day, LONG)
        factory.step(f"{MACHINES * HISTORY_DAYS:,} files of {LONG} lines")
        costs = disk_and_backup(factory)
        costs["ftp"] = ftp(factory)
        costs |= everyday(factory, costs["ftp"])
        costs |= history(factory)
    finally:
        factory.bench.stack.down()
    factory.bench.stack.destroy()
    shutil.rmtree(options.home)
    RESULT.write_text(toml(costs))
    print(RESULT.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
