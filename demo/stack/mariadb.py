"""MariaDB: the ERP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypedDict

from demo.stack.errors import StackError
from demo.stack.packages import install_packages
from demo.stack.ports import HOST, greeting
from demo.stack.programs import found, give_away, new_folder, run, unprivileged
from demo.stack.server import Server

_ATTEMPTS = 3


class ErpLogin(TypedDict):
    """Keyword arguments for ``pymysql.connect``."""

    host: str
    port: int
    user: str
    password: str
    database: str


class MariaDB(Server):
    """MariaDB, from two Debian packages that install no service."""

    name = "mariadb"
    label = "MariaDB"

    database: ClassVar[str] = "erp"

    @property
    def marker(self) -> str:
        """The option that names its data folder."""
        return f"--datadir={self.data}"

    def prepare(self, say: Callable[[str], None]) -> None:
        """Install the packages and create the database and its accounts, unless they exist."""
        packages = {"mariadbd": "mariadb-server-core", "mariadb-install-db": "mariadb-server-core"}
        packages["my_print_defaults"] = "mariadb-client-core"
        install_packages(self.label, packages, self.log.with_name("apt.log"), say)
        if self.data.exists():
            return
        say(f"{self.label}: creating the database {self.database}")
        # Another MariaDB that starts deletes this one's files in the temporary folder: then creation is tried again.
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._create()
                return
            except StackError:
                if attempt == _ATTEMPTS:
                    raise

    def _create(self) -> None:
        with new_folder(self.data) as folder:
            give_away(folder)
            prefix = unprivileged(folder, self._server)
            # The socket method lets root log in only through a local socket, which this server does not open.
            install = [found("mariadb-install-db"), "--no-defaults", f"--datadir={folder}"]
            install += ["--auth-root-authentication-method=socket", "--skip-test-db"]
            run(install, self.log, prefix=prefix, cwd=folder)
            bootstrap = [self._server, "--no-defaults", f"--datadir={folder}", "--bootstrap"]
            bootstrap += ["--skip-log-bin"]
            run(bootstrap, self.log, prefix=prefix, cwd=folder, text=self._accounts())

    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""
        return [
            *unprivileged(self.data, self._server),
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
        """Return whether it greets with its protocol version."""
        return greeting(self.port)[4:5] == b"\x0a"  # protocol version 10, after the header

    @property
    def _server(self) -> Path:
        return found("mariadbd")

    def _accounts(self) -> str:
        """Return the SQL that creates the database and the accounts, one statement per line."""
        statements = ["flush privileges", f"create database {self.database}"]
        for user, rights in (("erp_admin", "all privileges"), ("erp_lecture", "select")):
            password = self.state.passwords[user].replace("\\", "\\\\").replace("'", "''")
            statements.append(f"create user {user}@'%' identified by '{password}'")
            option = " with grant option" if user == "erp_admin" else ""
            statements.append(f"grant {rights} on *.* to {user}@'%'{option}")
        return "".join(f"{statement};\n" for statement in statements)
