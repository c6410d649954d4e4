"""The stack: three servers in one folder."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from demo.stack.errors import StackError
from demo.stack.ftp import Ftp
from demo.stack.mariadb import ErpLogin, MariaDB
from demo.stack.ports import HOST
from demo.stack.postgres import Postgres, WarehouseLogin
from demo.stack.programs import ENVIRONMENT, last_error
from demo.stack.server import START_SECONDS, Server, end, pid_of, wait_ready
from demo.stack.state import State

_ATTEMPTS = 3

_SERVERS: tuple[type[Server], ...] = (Postgres, MariaDB, Ftp)
PARTS = tuple(server.name for server in _SERVERS)


class Stack:
    """The three servers of one home folder.

    Args:
        home: the folder that holds everything the stack has; created by ``up``.

    Attributes:
        home: that folder, absolute.
        ftp_root: the folder served as the FTP server's root, writable by the caller.
        ftp_log: the FTP server's log; each command a client sends is a line with
            ``FTP command: Client "127.0.0.1", "RETR name"`` in it.
    """

    def __init__(self, home: Path) -> None:
        self.home = Path(home).resolve()
        self.ftp_root = self.home / "ftp"
        self.ftp_log = self.home / "log" / "ftp-commands.log"
        self._file = self.home / "stack.json"

    def up(self, *, say: Callable[[str], None] = print) -> None:
        """Start the servers that do not run; install and create what is missing.

        Args:
            say: called with a line for each step that takes time.

        Raises:
            StackError: a server cannot be installed or does not start.
        """
        self._start(PARTS, say)

    def down(self) -> None:
        """Stop the servers; their data is kept."""
        self._stop(reversed(PARTS))

    def destroy(self) -> None:
        """Stop the servers and remove the home folder with all that is in it.

        Raises:
            StackError: the folder exists, but is not a stack's.
        """
        if self.home.exists():
            self._check_is_ours()
            self.down()
            for folder in filter(Path.is_dir, self.home.iterdir()):
                shutil.rmtree(folder)  # before stack.json: if this fails, it can be repeated
            shutil.rmtree(self.home)

    def start(self, part: str, *options: str) -> None:
        """Start one server, unless it runs.

        Args:
            part: ``postgres``, ``mariadb`` or ``ftp``.
            options: more arguments of its command line, until it is stopped.

        Raises:
            StackError: it does not start.
        """
        self._start([part], lambda line: None, options)

    def stop(self, part: str) -> None:
        """Stop one server, if it runs.

        Args:
            part: ``postgres``, ``mariadb`` or ``ftp``.
        """
        self._stop([part])

    def restart(self, part: str) -> None:
        """Stop one server and start it again, on the same port if it is still free.

        Args:
            part: ``postgres``, ``mariadb`` or ``ftp``.

        Raises:
            StackError: it does not start.
        """
        self.stop(part)
        self.start(part)

    def empty(self) -> None:
        """Reset the running servers: no log file, no table in the ERP, a new database for the warehouse."""
        import psycopg2  # not above: stopping and removing a stack must work without packages
        import pymysql

        for path in self.ftp_root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        warehouse, erp = self.warehouse_admin, self.erp_admin
        maintenance: Any = {**warehouse, "dbname": "postgres"}
        with contextlib.closing(psycopg2.connect(**maintenance)) as postgres:
            postgres.autocommit = True
            with postgres.cursor() as cursor:
                cursor.execute(f"drop database if exists {warehouse['dbname']} with (force)")
                cursor.execute(f"create database {warehouse['dbname']}")
        with contextlib.closing(pymysql.connect(**erp)) as mariadb, mariadb.cursor() as cursor:
            cursor.execute(f"drop database {erp['database']}")
            cursor.execute(f"create database {erp['database']}")

    def running(self) -> dict[str, bool]:
        """Return whether each part's process runs."""
        state = State.load(self._file)
        return {part: bool(state and pid_of(self._server(part, state))) for part in PARTS}

    def processor_seconds(self) -> float:
        """Return the processor time of the running servers so far, ended child processes included."""
        state = State.load(self._file)
        counted = {pid for part in PARTS if state and (pid := pid_of(self._server(part, state)))}
        parents, ticks = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                pid = int(stat.parent.name)
                # Its own, and those of its children that have ended.
                parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
        while children := {pid for pid, parent in parents.items() if parent in counted} - counted:
            counted |= children
        return sum(ticks.get(pid, 0) for pid in counted) / os.sysconf("SC_CLK_TCK")

    def environment(self) -> dict[str, str]:
        """Return the variables that point the platform at this stack, each part with its own role.

        The roles exist once ``make grants`` has run with these variables.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        ftp = Ftp(self.home, state)
        return {
            "FTP_HOST": HOST,
            "FTP_PORT": str(ftp.port),
            "FTP_USER": ftp.user,
            "FTP_PASS": state.passwords["ftp"],
            "FTP_TLS": "false",
            "MYSQL_HOST": HOST,
            "MYSQL_PORT": str(state.ports["mariadb"]),
            "MYSQL_USER": "erp_lecture",
            "MYSQL_PASSWORD": state.passwords["erp_lecture"],
            "MYSQL_DB": MariaDB.database,
            "POSTGRES_HOST": HOST,
            "POSTGRES_PORT": str(state.ports["postgres"]),
            "POSTGRES_USER": "loader",
            "POSTGRES_PASSWORD": state.passwords["loader"],
            "POSTGRES_DB": Postgres.database,
            "LOG_DIR": str(self.home / "log"),
            "SEEDS_DIR": "",
            "DBT_POSTGRES_USER": "transformer",
            "DBT_POSTGRES_PASSWORD": state.passwords["transformer"],
            "POSTGRES_ADMIN_USER": Postgres.user,
            "POSTGRES_ADMIN_PASSWORD": state.passwords["postgres"],
        }

    @property
    def warehouse_admin(self) -> WarehouseLogin:
        """The administrator's login of the warehouse: arguments of ``psycopg2.connect``.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        return {
            "host": HOST,
            "port": state.ports["postgres"],
            "user": Postgres.user,
            "password": state.passwords["postgres"],
            "dbname": Postgres.database,
        }

    @property
    def erp_admin(self) -> ErpLogin:
        """The administrator's login of the ERP, for sample data: arguments of ``pymysql.connect``.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        return {
            "host": HOST,
            "port": state.ports["mariadb"],
            "user": "erp_admin",
            "password": state.passwords["erp_admin"],
            "database": MariaDB.database,
        }

    def serve_ftp(self) -> None:
        """Run pyftpdlib in this process until it is killed; for the stack's own use."""
        Ftp(self.home, self._known_state("ftp")).serve()

    def _server(self, part: str, state: State) -> Server:
        for server in _SERVERS:
            if server.name == part:
                return server(self.home, state)
        raise ValueError(f"{part!r} is none of {', '.join(PARTS)}")

    def _known_state(self, *parts: str) -> State:
        state = State.load(self._file)
        if state is None or not {*(parts or PARTS)} <= {*state.ports}:
            raise StackError(f"there is no stack in {self.home}: start it first")
        return state

    def _check_is_ours(self) -> None:
        if any(self.home.iterdir()) and not self._file.exists():
            raise StackError(f"{self.home} is not empty and not a stack's: choose another folder")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the stack: one process at a time changes it."""
        folder = os.open(self.home, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _start(self, parts: Iterable[str], say: Callable[[str], None], options: Sequence[str] = ()) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._check_is_ours()
            state = State.load(self._file) or State.new()
            state.save(self._file)
            (self.home / "log").mkdir(exist_ok=True)
            for part in parts:
                server = self._server(part, state)
                if (pid := pid_of(server)) and wait_ready(server, pid):
                    continue
                if pid_of(server):
                    raise StackError(f"{server.label} runs but does not answer: see {server.log}")
                server.prepare(say)
                self._launch(server, state, options)
                say(f"{server.label}: started on {HOST}:{server.port}")

    def _launch(self, server: Server, state: State, options: Sequence[str]) -> None:
        """Start a server and wait until it answers.

        This may take several attempts: a port may be taken between choosing and using it, and a killed
        PostgreSQL leaves orphans, which hold its shared memory until their query is done.
        """
        deadline = time.monotonic() + START_SECONDS
        with server.log.open("ab") as log:
            for attempt in itertools.count(1):
                beginning = log.seek(0, os.SEEK_END)
                server.choose_ports()
                state.save(self._file)
                process = subprocess.Popen(
                    [*server.command(), *options],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=server.data,
                    env=ENVIRONMENT,
                    start_new_session=True,
                )
                process.returncode = 0  # no warning that it outlives this process
                state.pids[server.name] = process.pid
                state.save(self._file)
                if wait_ready(server, process.pid):
                    return
                reason = last_error(server.log, beginning) or "it does not answer"
                wait = time.monotonic() < deadline and "still in use" in reason
                if pid_of(server) or not (wait or attempt < _ATTEMPTS):
                    break
                time.sleep(0.5)
        end(server)
        raise StackError(f"{server.label} does not start: {reason}")

    def _stop(self, parts: Iterable[str]) -> None:
        if not self.home.exists():
            return
        with self._locked():
            if state := State.load(self._file):
                for part in parts:
                    end(self._server(part, state))
