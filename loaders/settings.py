"""The two sources and the warehouse, as the environment describes them."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from loaders.errors import LoadError, one_line

# libpq's words, from no protection to the most.
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


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


def whole_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Read a whole number between two others; `default` where the variable is missing or empty.

    Raises:
        LoadError: it is something else.
    """
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise LoadError(f"{name} is {value!r}: set it to a whole number from {least} to {most}")
    return int(value)


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    return whole_number(environ, name, default, 1, 65535)


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = (environ.get(name) or str(default)).lower()
    if value not in ("true", "false"):
        raise LoadError(f"{name} is {value!r}: set it to true or false")
    return value == "true"


def retention_months(environ: Mapping[str, str]) -> int | None:
    """Return how many months log files are kept beside the present one: `RETENTION_MONTHS`; None where it is not set.

    Raises:
        LoadError: it is malformed.
    """
    return whole_number(environ, "RETENTION_MONTHS", 1, 1, 1200) if environ.get("RETENTION_MONTHS") else None


def log_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the log file: `LOG_DIR`, or else the project's own `logs`."""
    return Path(environ.get("LOG_DIR") or Path(__file__).parent.parent / "logs")


def _certificates(environ: Mapping[str, str], name: str) -> str:
    """Read the name of a file of certificates, and see that it is one."""
    path = environ.get(name, "")
    if path:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except ssl.SSLError:
            raise LoadError(f"{name} is {path!r}: it holds no certificate in PEM form") from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else one_line(error)
            raise LoadError(f"{name} is {path!r}: {reason}; set it to a file of certificates") from None
    return path


@dataclass(frozen=True)
class TlsSettings:
    """How a source's certificate is judged. `ca` is a file of authorities to trust besides the system's, or empty."""

    verify: bool
    ca: str

    def context(self) -> ssl.SSLContext:
        """Return what Python's TLS connections are made with."""
        context = ssl.create_default_context()
        # From 3.13 on, Python would refuse the authorities that people make for themselves with a plain `openssl req -x509`.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.ca:
            context.load_verify_locations(self.ca)
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def not_trusted(source: str, error: ssl.SSLCertVerificationError) -> str:
    """Say that a certificate is refused, why, and by which settings that can be changed.

    Args:
        source: what the names of these settings begin with, `FTP` or `MYSQL`.
        error: the refusal.
    """
    remedy = f"check {source}_HOST, and {source}_TLS_CA (the file with its authority's certificate)"
    return f"the server's certificate is not trusted ({error.verify_message.rstrip('.')}): {remedy}"


@dataclass(frozen=True)
class FtpSettings:
    """The machines' FTP server; over TLS unless `tls` is None. `connections` is how many the loader opens at once."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: TlsSettings | None
    connections: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `FTP_HOST`, `FTP_PORT`, `FTP_USER`, `FTP_PASS`, `FTP_TLS` with `_VERIFY` and `_CA`, `FTP_CONNECTIONS`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        tls = TlsSettings(_switch(environ, "FTP_TLS_VERIFY", default=True), _certificates(environ, "FTP_TLS_CA"))
        return cls(
            host=_text(environ, "FTP_HOST"),
            port=_port(environ, "FTP_PORT", 21),
            user=_text(environ, "FTP_USER"),
            password=environ.get("FTP_PASS", ""),
            tls=tls if _switch(environ, "FTP_TLS", default=False) else None,
            connections=whole_number(environ, "FTP_CONNECTIONS", 4, 1, 32),
        )


@dataclass(frozen=True)
class MysqlSettings:
    """The ERP's MySQL (or MariaDB) server, over TLS unless `tls` is None; its account needs SELECT only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    tls: TlsSettings | None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `MYSQL_HOST`, `MYSQL_PORT`, `MYSQL_USER`, `MYSQL_PASSWORD`, `MYSQL_DB`, `MYSQL_TLS` with `_VERIFY` and `_CA`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        tls = TlsSettings(_switch(environ, "MYSQL_TLS_VERIFY", default=True), _certificates(environ, "MYSQL_TLS_CA"))
        return cls(
            host=_text(environ, "MYSQL_HOST"),
            port=_port(environ, "MYSQL_PORT", 3306),
            user=_text(environ, "MYSQL_USER"),
            password=environ.get("MYSQL_PASSWORD", ""),
            database=_text(environ, "MYSQL_DB"),
            tls=tls if _switch(environ, "MYSQL_TLS", default=False) else None,
        )


@dataclass(frozen=True)
class PostgresSettings:
    """The warehouse. `sslmode` and `sslrootcert` (a file, or empty) mean what they mean to libpq."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    sslmode: str
    sslrootcert: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `POSTGRES_HOST`, `_PORT`, `_USER`, `_PASSWORD`, `_DB`, `_SSLMODE`, `_SSLROOTCERT`.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        sslmode = environ.get("POSTGRES_SSLMODE") or "prefer"
        if sslmode not in SSL_MODES:
            raise LoadError(f"POSTGRES_SSLMODE is {sslmode!r}: set it to one of {', '.join(SSL_MODES)}")
        return cls(
            host=_text(environ, "POSTGRES_HOST"),
            port=_port(environ, "POSTGRES_PORT", 5432),
            user=_text(environ, "POSTGRES_USER"),
            password=environ.get("POSTGRES_PASSWORD", ""),
            database=_text(environ, "POSTGRES_DB"),
            sslmode=sslmode,
            sslrootcert=_certificates(environ, "POSTGRES_SSLROOTCERT"),
        )

    def __str__(self) -> str:
        return f"PostgreSQL {self.host}:{self.port}/{self.database}"

    def uri(self) -> str:
        """Return the connection URI that libpq takes, with the password in it: never print it.

        A server that has vanished without a word is noticed within about a minute; no lock is waited for longer than an hour.
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
            "options": "-c TimeZone=UTC -c client_encoding=UTF8 -c lock_timeout=1h",
        }
        query = {name: value for name, value in options.items() if value != ""}
        # libpq reads a plus sign in a URI as itself, so that a blank has to be %20.
        return "postgresql:///?" + urlencode(query).replace("+", "%20")
