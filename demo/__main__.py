"""The demo that `make demo` runs: local servers, sample data, a load, a build, a summary of the marts, and their pages.

Command line: ``python -m demo [--home DIR]``. It leaves the servers running, and then there are
``python -m demo [--home DIR] query [SQL]`` and ``python -m demo [--home DIR] run COMMAND [ARG ...]``.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg2
import pymysql

from demo.factory import VARIABLES, fill_erp, write_logs
from demo.stack import Stack, StackError
from demo.stack.postgres import program

PROJECT = Path(__file__).parent.parent
DEFAULT_HOME = Path(".stack")
# Variables with these prefixes name the user's own servers, which the demo must never reach.
_CALLERS = ("FTP_", "MYSQL_", "POSTGRES_", "PG", "DBT_")

_CENTRES = """
    select
        centre_usinage.nom as centre,
        centre_usinage.type_cu as type,
        count(*) as sessions,
        sum(session_production.total_pieces) as pieces,
        round(avg(session_production.total_pieces) filter (where session_production.total_pieces > 0)) as "pieces/session",
        round(sum(session_production.temps_production_net), 1) as "production h",
        round(
            100 * sum(session_production.temps_production_net)
            / nullif(sum(session_production.duree_production_totale), 0), 1
        ) as "occupation %",
        (
            select count(*) from marts.periode_attente
            inner join marts.session_production as session on periode_attente.session_id = session.id
            where session.centre_usinage_id = centre_usinage.id
        ) as attentes,
        round(sum(session_production.temps_attente_net), 1) as "attente h",
        (
            select count(*) from marts.periode_arret
            inner join marts.session_production as session on periode_arret.session_id = session.id
            where session.centre_usinage_id = centre_usinage.id
        ) as arrets,
        round(sum(session_production.temps_arret_net), 1) as "arret h"
    from marts.session_production
    inner join marts.centre_usinage on session_production.centre_usinage_id = centre_usinage.id
    group by centre_usinage.id, centre_usinage.nom, centre_usinage.type_cu
    order by centre_usinage.nom
"""
_FILES = "select statut, count(*) as fichiers, sum(nb_lignes) as lignes from marts.suivi_chargement group by statut order by statut"
_REJECTED = """
    select motif, count(*) as lignes, min(ligne) as exemple from marts.lignes_rejetees group by motif order by motif
"""
_ORDERS = """
    select
        (select count(*) from raw.a_kopf) as "in the ERP",
        count(*) as commandes_volets,
        (select count(*) from marts.commandes_volets_accessoires) as accessoires,
        (select count(*) from marts.commandes_volets_operations) as operations,
        (select count(*) from marts.commandes_volets_planifications) as planifications,
        count(semaine_prevue) as "for a week",
        (select count(distinct id_commande) from marts.commandes_volets_avancement where pieces > 0) as "with pieces",
        (select count(*) from marts.commandes_volets_a_planifier) as "to be planned"
    from marts.commandes_volets
"""
_SUMMARY = (
    ("Production by machining centre (net: between a session's first piece and its last)", _CENTRES),
    ("Log files by statut", _FILES),
    ("Rejected lines by motif, each with an example", _REJECTED),
    ("Shutter orders that are planned", _ORDERS),
)
_EXAMPLE = (
    "select date_production, total_pieces, taux_occupation_net from marts.session_production order by 3 desc nulls last limit 5"
)


class DemoError(Exception):
    """A step of the demo failed; the message is one line."""


class Demo:
    """The demo in one home folder.

    Args:
        home: the folder of its stack.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stack = Stack(home)
        self._numbers = count(1)
        self._dbt_folder = self.stack.home / "dbt"

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the project's programs first, the stack's servers, and the sample's settings."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        # Alerts on the sample data are not posted.
        own = {"PATH": path, "ALERT_WEBHOOK_URL": "", "SEEDS_DIR": "demo/seeds", "VARS": json.dumps(VARIABLES)}
        return {**os.environ, **self.stack.environment(), **own}

    def run(self) -> None:
        """Run the demo and print each step.

        Raises:
            DemoError: the roles, the load or the build failed.
            StackError: a server does not start.
            pymysql.Error: MariaDB refuses the sample data.
            psycopg2.Error: the marts cannot be read.
        """
        begun = time.monotonic()
        with self._step("Start PostgreSQL, MariaDB and an FTP server on this machine"):
            self.stack.up(say=_say)
            self._run("operation", "grants")
        with self._step("Write six weeks of sample data: machine logs and ERP orders"):
            self._write_sample_data()
        with self._step("Load both sources into the schema raw"):
            self._run("loaders", "load")
        with self._step("Build and test the models with dbt"):
            self._dbt("build")
        with self._step("Write the report, the dictionary of the marts and the dbt docs"):
            self._dbt("docs", "generate", "--static")
            self._run("publication", "dictionary", "--folder", str(self._dbt_folder))
            self._run("publication", "report", "--page", str(self._dbt_folder / "rapport.html"))
        self._print_summary()
        print(f"\nDone in {time.monotonic() - begun:.1f} s. The servers keep running, in {self.home}.")
        self._print_pages()
        self._print_next_commands()

    def query(self, sql: str | None) -> int:
        """Run a query against the marts with psql, or open psql, with an analyst's rights; return its exit code."""
        environment = self._running_environment()
        login = self.stack.warehouse_admin
        environment |= {
            "PGHOST": login["host"],
            "PGPORT": str(login["port"]),
            "PGUSER": login["user"],
            "PGPASSWORD": login["password"],
            "PGDATABASE": login["dbname"],
            "PGCLIENTENCODING": "UTF8",
            "PGOPTIONS": "-c search_path=marts,public -c role=analyst",
        }
        words = [str(program("psql")), "--no-psqlrc", "--pset=pager=off", *(["--command", sql] if sql else [])]
        return subprocess.call(words, env=environment)

    def call(self, words: Sequence[str]) -> int:
        """Run a command with the stack's servers in its environment; return its exit code."""
        environment = self._running_environment()
        path = shutil.which(words[0], path=environment["PATH"])
        if path is None:
            raise DemoError(f"{words[0]}: no such command")
        return subprocess.call([path, *words[1:]], env=environment)

    def _running_environment(self) -> dict[str, str]:
        environment = self.environment()
        if stopped := [part for part, runs in self.stack.running().items() if not runs]:
            raise StackError(
                f"not running: {', '.join(stopped)}; start with {_shown('-m', 'demo.stack', 'up', *self._home_words())}"
            )
        return environment

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        print(f"[{next(self._numbers)}/5] {title}", flush=True)
        begun = time.monotonic()
        yield
        _say(f"{time.monotonic() - begun:.1f} s")

    def _write_sample_data(self) -> None:
        write_logs(self.stack.ftp_root)
        with closing(pymysql.connect(**self.stack.erp_admin)) as connection:
            fill_erp(connection)

    def _run(self, *words: str) -> None:
        """Run a command of the platform and print its output."""
        command = [sys.executable, "-m", *words]
        with subprocess.Popen(
            command,
            cwd=PROJECT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                _say(line.rstrip())
        if process.returncode:
            raise DemoError(f"python -m {' '.join(words[:2])} failed")

    def _dbt(self, *words: str) -> None:
        """Run dbt with its files in the home, because the checkout's `target` may belong to another warehouse."""
        dbt = Path(sys.executable).with_name("dbt")
        if not dbt.exists():
            raise DemoError(f"{dbt} is missing: run make setup")
        self._dbt_folder.mkdir(exist_ok=True)
        # Not the checkout's profiles.yml, which may name another warehouse.
        shutil.copyfile(PROJECT / "profiles.yml.example", self._dbt_folder / "profiles.yml")
        command = [str(dbt), "--no-use-colors", *words, "--profiles-dir", str(self._dbt_folder)]
        command += ["--target-path", str(self._dbt_folder), "--log-path", str(self._dbt_folder / "logs")]
        environment = self.environment()
        command += ["--vars", environment["VARS"]]
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout.rstrip())
            raise DemoError(f"dbt {words[0]} failed; its whole log is {self._dbt_folder / 'logs' / 'dbt.log'}")
        for line in done.stdout.splitlines():
            _say(line)

    def _print_summary(self) -> None:
        with closing(psycopg2.connect(**self.stack.warehouse_admin)) as connection, connection.cursor() as cursor:
            for title, query in _SUMMARY:
                cursor.execute(query)
                print(f"\n{title}")
                for line in _table([column[0] for column in cursor.description or ()], cursor.fetchall()):
                    print(f"  {line}")

    def _print_pages(self) -> None:
        pages = (
            ("The report: a machine's day, its pieces and stops, the orders, the alerts", "rapport.html"),
            ("The dictionary, to be printed: each column of the marts, its unit, what NULL means", "dictionnaire.html"),
            ("The dbt docs: all models with their SQL, and worked questions", "static_index.html"),
        )
        print("\nTo look at in a browser, in French:")
        for about, name in pages:
            print(f"  # {about}\n  {self.home / 'dbt' / name}\n  {(self._dbt_folder / name).as_uri()}")

    def _print_next_commands(self) -> None:
        demo = ("-m", "demo", *self._home_words())
        down = _shown("-m", "demo.stack", "down", *self._home_words()) if self._home_words() else "make down"
        commands = (
            ("Query the marts as an analyst (without a query: psql, to explore)", _shown(*demo, "query", _EXAMPLE)),
            ("Load again: only what has changed is transferred", _shown(*demo, "run", "make", "load")),
            ("Build again: only what has changed is computed", _shown(*demo, "run", "make", "build")),
            ("Write the pages again, into the folder target", _shown(*demo, "run", "make", "report", "docs")),
            ("Stop the servers; the data is kept", down),
        )
        print("\nNext, from this folder:")
        for about, command in commands:
            print(f"  # {about}\n  {command}")

    def _home_words(self) -> list[str]:
        return [] if self.home == DEFAULT_HOME else ["--home", str(self.home)]


def _say(line: str) -> None:
    print(f"      {line}", flush=True)


def _shown(*words: str) -> str:
    """Return a command with this Python, as it is typed in the current folder."""
    python = Path(sys.executable)
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    return shlex.join([str(python), *words])


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a table: numbers to the right, with commas between thousands, texts to the left."""
    numeric = [all(not isinstance(row[column], str) for row in rows) for column in range(len(header))]
    cells = [list(header), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    ]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:,}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: its arguments; those of the process if None.

    Returns:
        The exit code: 0, or 1 after an error, which is reported in one line; with `query` and `run` that of the command.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows no accents
    parser = argparse.ArgumentParser(prog="python -m demo", description="Run the demo; or use the stack that it left running.")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="the stack's folder (default: .stack)")
    commands = parser.add_subparsers(dest="command")
    query = commands.add_parser("query", help="query the marts with psql, or explore them; `set role none` shows the rest")
    query.add_argument("sql", nargs="?", help="one statement; psql is opened where there is none")
    run = commands.add_parser("run", help="run a command (make load, dbt build, ...) on the stack")
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND [ARG ...]")
    arguments = parser.parse_args(argv)
    for name in [name for name in os.environ if name.startswith(_CALLERS)]:
        del os.environ[name]
    demo = Demo(arguments.home)
    try:
        match arguments.command:
            case "query":
                return demo.query(arguments.sql)
            case "run":
                if not arguments.words:
                    run.error("a command is missing")
                return demo.call(arguments.words)
        demo.run()
    except (DemoError, StackError, OSError, pymysql.Error, psycopg2.Error) as error:
        print(f"demo: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
