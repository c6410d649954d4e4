"""The settings of the two sources and the warehouse, read from the environment."""

import json
import os
import ssl
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlencode

from common.errors import LoadError, one_line

T = TypeVar("T")

# What the code relies on, whatever the database or the role sets: a connection's own options win. A time limit that is meant for
# people would end a long load, and each retry of it.
PINNED = (
    "-c client_encoding=UTF8 -c DateStyle=ISO -c standard_conforming_strings=on -c quote_all_identifiers=off"
    " -c default_transaction_isolation=read\\ committed -c statement_timeout=0"
    " -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0"
)
OPTIONS = f"{PINNED} -c TimeZone=UTC -c lock_timeout=1h"
ROOT = Path(__file__).parent.parent
# libpq's modes, from no protection to the most.
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class Reader:
    """Reads variables, and collects all mistakes in them, so that they are reported together."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._missing: list[str] = []
        self._wrong: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """Read a text; without a default the variable must be set."""
        value = self._environ.get(name) or default
        if value is None:
            self._missing.append(name)
        return value or ""

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Read a whole number from `least` to `most`; `default` if the variable is missing or empty."""
        value = self._environ.get(name) or str(default)
        if value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most:
            return int(value)
        return self._reject(f"{name} is {value!r}: set it to a whole number from {least} to {most}", default)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """Read one of several words, ignoring case."""
        value = (self._environ.get(name) or default).lower()
        if value in choices:
            return value
        listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
        return self._reject(f"{name} is {self._environ[name]!r}: set it to {listed}", default)

    def certificates(self, name: str) -> str:
        """Read the name of a file of certificates, and check that it is one."""
        path = self._environ.get(name, "")
        if path:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
            except ssl.SSLError:
                self._reject(f"{name} is {path!r}: the file has no certificate in PEM form", "")
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else one_line(error)
                self._reject(f"{name} is {path!r}: {reason}; set it to a file of certificates", "")
        return path

    def check(self) -> None:
        """Report the mistakes.

        Raises:
            LoadError: there is at least one.
        """
        mistakes = list(self._wrong)
        if self._missing:
            names = ", ".join(self._missing)
            are = f"{names} is not set: set it" if len(self._missing) == 1 else f"not set: {names}; set them"
            mistakes.insert(0, f"{are} in the environment or in .env (see .env.example){_of_the_demo(self._environ)}")
        if mistakes:
            raise LoadError("; ".join(mistakes))

    def _reject(self, said: str, default: T) -> T:
        self._wrong.append(said)
        return default


def _of_the_demo(environ: Mapping[str, str]) -> str:
    """Return a hint how to use the demo's servers, if they run and the environment names no server at all."""
    if any(environ.get(f"{server}_HOST") for server in ("FTP", "MYSQL", "POSTGRES")):
        return ""
    try:
        pids = json.loads((ROOT / ".stack" / "stack.json").read_text())["pids"].values()
        for pid in pids:
            os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return "; the demo's servers are running: .venv/bin/python -m demo run make load uses them" if pids else ""


def whole_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Read a whole number from `least` to `most`; `default` if the variable is missing or empty.

    Raises:
        LoadError: it is something else.
    """
    reader = Reader(environ)
    value = reader.number(name, default, least, most)
    reader.check()
    return value


def is_host(name: str) -> bool:
    """Return whether a name can be one of a server: Python cannot ask for one with an empty or overlong part."""
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False


def retention_months(environ: Mapping[str, str]) -> int | None:
    """Return `RETENTION_MONTHS`, how many months of log files are kept beside the present one; None if it is not set.

    Raises:
        LoadError: it is malformed.
    """
    return whole_number(environ, "RETENTION_MONTHS", 1, 1, 1200) if environ.get("RETENTION_MONTHS") else None


def with_account(environ: Mapping[str, str], owners: Sequence[str]) -> dict[str, str]:
    """Put another account in the place of `POSTGRES_USER` and `POSTGRES_PASSWORD`, where it is set.

    Args:
        environ: the environment.
        owners: `DBT`, for `DBT_POSTGRES_USER` and `DBT_POSTGRES_PASSWORD`, and so on. The last one that is set wins.
    """
    names = ("POSTGRES_USER", "POSTGRES_PASSWORD")
    own = {name: environ[f"{owner}_{name}"] for owner in owners for name in names if environ.get(f"{owner}_{name}")}
    return {**environ, **own}


def seeds_folder(environ: Mapping[str, str], project: Path = ROOT) -> Path:
    """Return the folder of the seeds: `SEEDS_DIR`, by default the project's `dbt_project/seeds`. A relative one is in the project.

    Raises:
        LoadError: it lacks a file that the project has.
    """
    own = project / "dbt_project" / "seeds"
    folder = project / (environ.get("SEEDS_DIR") or own)
    if missing := [seed.name for seed in sorted(own.glob("*.csv")) if not (folder / seed.name).is_file()]:
        raise LoadError(f"SEEDS_DIR is {str(folder)!r}, which has no {', '.join(missing)}: copy what is missing from {own}")
    return folder


def log_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the log file: `LOG_DIR`, by default the project's `logs`."""
    return Path(environ.get("LOG_DIR") or ROOT / "logs")


def metrics_file(environ: Mapping[str, str]) -> Path:
    """Return the file of the metrics: `METRICS_FILE`, by default the project's `target/metrics.prom`."""
    return Path(environ.get("METRICS_FILE") or ROOT / "target" / "metrics.prom")


@dataclass(frozen=True)
class TlsSettings:
    """How a server's certificate is checked. `ca` is a file of authorities to trust besides the system's, or empty."""

    verify: bool
    ca: str

    @classmethod
    def read(cls, reader: Reader, source: str) -> Self | None:
        """Read `…_TLS`, `…_TLS_VERIFY` and `…_TLS_CA` of `FTP` or `MYSQL`; None without encryption."""
        switch = ("true", "false")
        settings = cls(reader.choice(f"{source}_TLS_VERIFY", switch, "true") == "true", reader.certificates(f"{source}_TLS_CA"))
        return settings if reader.choice(f"{source}_TLS", switch, "false") == "true" else None

    def context(self) -> ssl.SSLContext:
        """Return the context for TLS connections."""
        context = ssl.create_default_context()
        # Python 3.13 and later would refuse an authority made with a plain `openssl req -x509`.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.ca:
            context.load_verify_locations(self.ca)
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def pipelines_folder(environ: Mapping[str, str]) -> Path:
    """Return the working folder of dlt's pipelines, which also keeps their last run: in the folder of the log file."""
    return log_folder(environ) / "pipelines"


def not_trusted(source: str, error: ssl.SSLCertVerificationError) -> str:
    """Return a message that a certificate is refused, with the reason and the settings to check.

    Args:
        source: `FTP` or `MYSQL`, with which the names of these settings begin.
        error: the refusal.
    """
    remedy = f"check {source}_HOST, and {source}_TLS_CA (the file with its authority's certificate)"
    return f"the server's certificate is not trusted ({error.verify_message.rstrip('.')}): {remedy}"


class _Server(ABC):
    """The settings of a server."""

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader) -> Self:
        """Read the variables; the reader collects the mistakes in them."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables.

        Raises:
            LoadError: some are missing or malformed; the message names them all.
        """
        reader = Reader(environ)
        settings = cls.read(reader)
        reader.check()
        return settings


@dataclass(frozen=True)
class FtpSettings(_Server):
    """The machines' FTP server, over TLS unless `tls` is None. The loader opens up to `connections` at once."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: TlsSettings | None
    connections: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read `FTP_HOST`, `FTP_PORT`, `FTP_USER`, `FTP_PASS`, `FTP_TLS` with `_VERIFY` and `_CA`, `FTP_CONNECTIONS`."""
        return cls(
            host=reader.text("FTP_HOST"),
            port=reader.number("FTP_PORT", 21, 1, 65535),
            user=reader.text("FTP_USER"),
            password=reader.text("FTP_PASS", ""),
            tls=TlsSettings.read(reader, "FTP"),
            connections=reader.number("FTP_CONNECTIONS", 4, 1, 32),
        )


@dataclass(frozen=True)
class MysqlSettings(_Server):
    """The ERP's MySQL (or MariaDB) server, over TLS unless `tls` is None; its account needs SELECT only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    tls: TlsSettings | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read `MYSQL_HOST`, `MYSQL_PORT`, `MYSQL_USER`, `MYSQL_PASSWORD`, `MYSQL_DB`, `MYSQL_TLS` with `_VERIFY` and `_CA`."""
        return cls(
            host=reader.text("MYSQL_HOST"),
            port=reader.number("MYSQL_PORT", 3306, 1, 65535),
            user=reader.text("MYSQL_USER"),
            password=reader.text("MYSQL_PASSWORD", ""),
            database=reader.text("MYSQL_DB"),
            tls=TlsSettings.read(reader, "MYSQL"),
        )


@dataclass(frozen=True)
class PostgresSettings(_Server):
    """The warehouse. `sslmode` and `sslrootcert` (a file, or empty) mean what they mean to libpq.

    The records of loads and builds are kept for `records_days`.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    sslmode: str
    sslrootcert: str
    records_days: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read `POSTGRES_HOST`, `_PORT`, `_USER`, `_PASSWORD`, `_DB`, `_SSLMODE`, `_SSLROOTCERT`, and `RECORDS_DAYS`."""
        return cls(
            host=reader.text("POSTGRES_HOST"),
            port=reader.number("POSTGRES_PORT", 5432, 1, 65535),
            user=reader.text("POSTGRES_USER"),
            password=reader.text("POSTGRES_PASSWORD", ""),
            database=reader.text("POSTGRES_DB"),
            sslmode=reader.choice("POSTGRES_SSLMODE", SSL_MODES, "prefer"),
            sslrootcert=reader.certificates("POSTGRES_SSLROOTCERT"),
            records_days=reader.number("RECORDS_DAYS", 400, 8, 36_500),
        )

    def __str__(self) -> str:
        return f"PostgreSQL {self.host}:{self.port}/{self.database}"

    def uri(self) -> str:
        """Return the connection URI that libpq takes, with the password in it: never print it.

        A server that stops answering is noticed within about a minute. A lock is waited for an hour at most.
        """
        options = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.database,
            "sslmode": self.sslmode,
            "sslrootcert": self.sslrootcert,
            "connect_timeout": 15,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
            "application_name": "loaders",
            "options": OPTIONS,
        }
        query = {name: value for name, value in options.items() if value != ""}
        # libpq does not read a plus sign in a URI as a blank.
        return "postgresql:///?" + urlencode(query).replace("+", "%20")
