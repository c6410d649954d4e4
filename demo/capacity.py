"""Estimates from measured unit costs what one server carries: `make capacity ARGS='--machines 10000 --years 5'`.

The unit costs are in `unit_costs.toml`. A run is a load and a build, every quarter of an hour: it lists all folders, asks for the
times of recent files, transfers whole each file that has grown since the run before, and builds its session. The later the run,
the longer the files of the day; and a run that takes too long skips the next one. So a day is simulated, not multiplied.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

UNIT_COSTS = Path(__file__).with_name("unit_costs.toml")

# --- Assumptions on the factory and its server; in seconds and bytes, unless another unit is given ---
LINES = 4_000  # of a machine's production day
LINE = 45  # bytes of a line on the FTP server
DAYS = 250  # production days of a year
BEGIN, END = 6 * 3600, 22 * 3600  # the production day, in which the file grows evenly
QUARTER = 900
RECENT_FILES = 5  # files of a machine younger than eight days, without today's: each one's time is asked for
CONNECTIONS = 4  # the loader's FTP_CONNECTIONS
ROUND_TRIP = 0.001  # of the network: the unit costs were measured on loopback
LISTING_TRIPS, TIME_TRIPS, TRANSFER_TRIPS = 5, 2, 10  # commands, and data connections, for a folder, a time, a file
LINK = 125e6  # bytes a second: 1 Gbit/s
DISK = 1e12
MEMORY = 16e9
NIGHT = 8 * 3600
WAL_A_DAY = 1e12  # archived each day

Costs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Run:
    """One run: the second of the day at which it begins, the lines of each machine's file of today by then, and its costs.

    `listing` and `transfer` (seconds) are parts of `load`; `read` are the bytes that come from the FTP server, `wal` those that
    PostgreSQL writes to its log.
    """

    begin: int
    lines: float
    listing: float
    transfer: float
    load: float
    build: float
    read: float
    wal: float

    @property
    def seconds(self) -> float:
        """How long the run takes."""
        return self.load + self.build


@dataclass(frozen=True)
class Bottleneck:
    """A resource: `load` returns how much of it N machines need, in `unit`s; `limit` is how much there is."""

    name: str
    unit: str
    limit: float
    load: Callable[[int], float]

    def saturated_at(self, most: int = 10_000_000) -> int | None:
        """Return the smallest number of machines that needs more than the limit; None if `most` machines do not."""
        if self.load(most) <= self.limit:
            return None
        enough, too_many = 0, most
        while too_many - enough > 1:
            middle = (enough + too_many) // 2
            if self.load(middle) > self.limit:
                too_many = middle
            else:
                enough = middle
        return too_many


def unit_costs() -> tuple[str, Costs]:
    """Return when and where the unit costs were measured, and the costs by part and name."""
    known: dict[str, Any] = tomllib.loads(UNIT_COSTS.read_text(encoding="utf-8"))
    return f"{known.pop('date')}, {known.pop('machine')}", known


def lines_by(moment: int) -> float:
    """Return how many lines a machine has written at a second of the day."""
    return LINES * min(1.0, max(0.0, (moment - BEGIN) / (END - BEGIN)))


def run_at(costs: Costs, machines: int, years: float, moment: int, before: int) -> Run:
    """Return the costs of a run.

    Args:
        costs: the unit costs.
        machines: how many machines write, all day.
        years: how many years of files the server and the warehouse hold.
        moment: the second of the day at which it begins.
        before: the second at which the run before began.
    """
    ftp, load, build, history = costs["ftp"], costs["load"], costs["build"], costs["history"]
    lines, sessions = lines_by(moment), machines * DAYS * years
    changed = machines if lines > lines_by(before) else 0
    listing = (
        machines * (ftp["folder_s"] + LISTING_TRIPS * ROUND_TRIP)
        + sessions * ftp["listed_file_s"]
        + machines * RECENT_FILES * (ftp["modification_time_s"] + TIME_TRIPS * ROUND_TRIP)
    )
    read = changed * lines * LINE
    transfer = changed * (load["changed_file_s"] + lines * load["line_s"] + TRANSFER_TRIPS * ROUND_TRIP / CONNECTIONS) + read / LINK
    return Run(
        begin=moment,
        lines=lines,
        listing=listing,
        transfer=transfer,
        load=load["run_s"] + listing + transfer + sessions * history["load_session_s"],
        build=build["run_s"]
        + changed * (build["changed_session_s"] + lines * build["line_s"])
        + sessions * history["build_session_s"],
        read=read,
        wal=changed * (lines * (load["wal_line_bytes"] + build["wal_line_bytes"]) + build["wal_session_bytes"]),
    )


def day(costs: Costs, machines: int, years: float) -> list[Run]:
    """Simulate the runs of a day, one each quarter of an hour. If one takes longer, those due meanwhile are skipped."""
    runs: list[Run] = []
    moment, before = 0, 0
    while moment < 24 * 3600:
        run = run_at(costs, machines, years, moment, before)
        runs.append(run)
        before = moment
        moment += QUARTER * max(1, -int(-run.seconds // QUARTER))
    return runs


def longest(costs: Costs, years: float) -> Callable[[int], Run]:
    """Return a function from the number of machines to the longest run of a day, when the day's files are complete."""
    return lambda machines: run_at(costs, machines, years, END, END - QUARTER)


def bottlenecks(costs: Costs, years: float) -> list[Bottleneck]:
    """Return the resources that may run short after so many years."""
    last = longest(costs, years)
    lines = DAYS * years * LINES
    disk, backup, history = sum(costs["disk"].values()), costs["backup"], costs["history"]
    memory_row = costs["ftp"]["listed_file_bytes"] + history["ledger_row_bytes"]
    return [
        Bottleneck("the longest run: load and build", "s", QUARTER, lambda n: last(n).seconds),
        Bottleneck("- listing folders, asking for times, on one connection", "s", QUARTER, lambda n: last(n).listing),
        Bottleneck("- transferring today's files and copying them into raw", "s", QUARTER, lambda n: last(n).transfer),
        Bottleneck("- the ledger, read whole", "s", QUARTER, lambda n: n * DAYS * years * history["load_session_s"]),
        Bottleneck(
            "- dbt build: what changed", "s", QUARTER, lambda n: last(n).build - n * DAYS * years * history["build_session_s"]
        ),
        Bottleneck(
            "- dbt build: worklists over all sessions", "s", QUARTER, lambda n: n * DAYS * years * history["build_session_s"]
        ),
        Bottleneck("FTP link, in the longest run", "MB/s", LINK / 1e6, lambda n: last(n).read / QUARTER / 1e6),
        Bottleneck(
            "memory of the loader: files listed, ledger",
            "GB",
            MEMORY / 1e9,
            lambda n: history["loader_mb"] / 1e3 + n * DAYS * years * memory_row / 1e9,
        ),
        Bottleneck("WAL a day", "GB", WAL_A_DAY / 1e9, lambda n: sum(run.wal for run in day(costs, n, years)) / 1e9),
        Bottleneck("disk of the warehouse", "GB", DISK / 1e9, lambda n: n * lines * disk / 1e9),
        Bottleneck("pg_dump, each night", "h", NIGHT / 3600, lambda n: n * lines * backup["dump_line_s"] / 3600),
    ]


def facts(costs: Costs, machines: int, years: float) -> dict[str, str]:
    """Return figures without a limit for a number of machines."""
    runs = day(costs, machines, years)
    sent, written = sum(run.read for run in runs), machines * LINES * LINE
    stale = max(run.seconds for run in runs) + max(later.begin - run.begin for run, later in pairwise(runs))
    sessions, backup, last = machines * DAYS * years, costs["backup"], longest(costs, years)(machines)
    return {
        "lines and sessions a day": f"{machines * LINES:,} and {machines:,}",
        "files listed in each run": f"{sessions:,.0f}",
        "runs a day, and by how many minutes what analysts see is behind at worst": f"{len(runs)}, {stale / 60:,.0f}",
        "the longest run": f"load {last.load / 60:,.1f} min, build {last.build / 60:,.1f} min",
        "FTP connections at once": f"1 to list, then {CONNECTIONS}",
        "written by the machines, sent by FTP, a day": f"{written / 1e9:.2f} GB, {sent / 1e9:.2f} GB ({sent / written:.1f} times)",
        "the warehouse grows by, a year": f"{machines * DAYS * LINES * sum(costs['disk'].values()) / 1e9:,.1f} GB",
        "a dump, and its restore": f"{sessions * LINES * backup['dump_line_bytes'] / 1e9:,.1f} GB,"
        f" {sessions * LINES * backup['restore_line_s'] / 3600:.1f} h",
        "the ERP": "unchanged: it does not grow with the machines",
    }


def report(machines: int, years: float) -> str:
    """Return the estimate as Markdown."""
    measured, costs = unit_costs()
    things = bottlenecks(costs, years)
    saturated = {thing.name: at for thing in things if (at := thing.saturated_at()) is not None}
    rows = [
        f"| {thing.name} | {_number(thing.load(machines))} | {thing.limit:,.0f} {thing.unit} |"
        f" {_number(saturated[thing.name]) if thing.name in saturated else 'never'} |"
        for thing in things
    ]
    scarcest = min(saturated, key=lambda name: saturated[name])
    return "\n".join(
        [
            f"{machines:,} machines after {years:g} years; unit costs of {measured}",
            "",
            *(f"- {name}: {value}" for name, value in facts(costs, machines, years).items()),
            f"- first to run short: {scarcest}, from {saturated[scarcest]:,} machines on",
            "",
            f"| bottleneck | at {machines:,} machines | limit | too much from, machines |",
            "| --- | ---: | ---: | ---: |",
            *rows,
        ]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the projection for the options in `argv`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.capacity", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--machines", type=int, default=3, help="how many machines write")
    parser.add_argument("--years", type=float, default=5, help="how many years of files are held")
    options = parser.parse_args(argv)
    print(report(options.machines, options.years))
    return 0


if __name__ == "__main__":
    sys.exit(main())
