"""The two sources and the warehouse, as the environment describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from loaders.errors import LoadError


class NotSetError(LoadError):
    """A variable that has no default is missing; `name` is the variable's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not set: set it in the environment or in .env (see .env.example)")
        self.name = name


def _text(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise NotSetError(name)
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise LoadError(f"{name} is {value!r}: set it to a whole number from {least} to {most}")
    return int(value)


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    return _whole_number(environ, name, default, 1, 65535)


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = (environ.get(name) or str(default)).lower()
    if value not in ("true", "false"):
        raise LoadError(f"{name} is {value!r}: set it to true or false")
    return value == "true"


def log_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the log file: `LOG_DIR`, or else the project's own `logs`."""
    return Path(environ.get("LOG_DIR") or Path(__file__).parent.parent / "logs")


@dataclass(frozen=True)
class FtpSettings:
    """The machines' FTP server. `connections` is how many the loader opens at once."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    connections: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `FTP_HOST`, `FTP_PORT`, `FTP_USER`, `FTP_PASS`, `FTP_TLS`, `FTP_CONNECTIONS`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        return cls(
            host=_text(environ, "FTP_HOST"),
            port=_port(environ, "FTP_PORT", 21),
            user=_text(environ, "FTP_USER"),
            password=environ.get("FTP_PASS", ""),
            tls=_switch(environ, "FTP_TLS", default=False),
            connections=_whole_number(environ, "FTP_CONNECTIONS", 4, 1, 32),
        )


@dataclass(frozen=True)
class MysqlSettings:
    """The ERP's MySQL (or MariaDB) server; its account needs SELECT only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `MYSQL_HOST`, `MYSQL_PORT`, `MYSQL_USER`, `MYSQL_PASSWORD`, `MYSQL_DB`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        return cls(
            host=_text(environ, "MYSQL_HOST"),
            port=_port(environ, "MYSQL_PORT", 3306),
            user=_text(environ, "MYSQL_USER"),
            password=environ.get("MYSQL_PASSWORD", ""),
            database=_text(environ, "MYSQL_DB"),
        )


@dataclass(frozen=True)
class PostgresSettings:
    """The warehouse."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `POSTGRES_HOST`, `POSTGRES_PORT`, `POSTGRES_USER`, `POSTGRES_PASSWORD`, `POSTGRES_DB`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        return cls(
            host=_text(environ, "POSTGRES_HOST"),
            port=_port(environ, "POSTGRES_PORT", 5432),
            user=_text(environ, "POSTGRES_USER"),
            password=environ.get("POSTGRES_PASSWORD", ""),
            database=_text(environ, "POSTGRES_DB"),
        )

    def uri(self) -> str:
        """Return the connection URI that libpq takes, with the password in it: never print it."""
        options = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.database,
            "connect_timeout": 15,
            "application_name": "loaders",
            "options": "-c TimeZone=UTC -c client_encoding=UTF8",
        }
        query = {name: value for name, value in options.items() if value != ""}
        # libpq reads a plus sign in a URI as itself, so that a blank has to be %20.
        return "postgresql:///?" + urlencode(query).replace("+", "%20")
