"""Certificate authorities and servers with TLS, for the tests."""

import datetime as dt
import ipaddress
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.stack import HOST, Stack, unpack

_START_SECONDS = 30
_ACCOUNT = "daemon"


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, each a file in PEM form."""

    file: Path
    key: Path


class Authority:
    """A private certificate authority; `file` is its certificate."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        own = self._builder(self._name, self._key.public_key()).add_extension(constraints, critical=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(_pem(own.sign(self._key, hashes.SHA256())))

    def issue(self, address: str) -> Certificate:
        """Issue a certificate to the server at an IP address."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        signed = self._builder(subject, key.public_key()).add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        certificate = Certificate(self._folder / f"{address}.pem", self._folder / f"{address}.key")
        certificate.file.write_bytes(_pem(signed))
        certificate.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
        return certificate

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def restarted(stack: Stack, part: str, *options: str) -> Iterator[None]:
    """Run one of the stack's servers with more options until the block ends, on the same port and data."""
    stack.stop(part)
    try:
        stack.start(part, *options)
        yield
    finally:
        stack.restart(part)


def vsftpd_options(certificate: Certificate) -> list[str]:
    """Make vsftpd accept only TLS, and only data connections that resume the control connection's session."""
    settings = {
        "ssl_enable": "YES",
        "allow_anon_ssl": "YES",
        "force_anon_logins_ssl": "YES",
        "force_anon_data_ssl": "YES",
        "require_ssl_reuse": "YES",
        "ssl_ciphers": "HIGH",
        "rsa_cert_file": certificate.file,
        "rsa_private_key_file": certificate.key,
    }
    return [f"-o{name}={value}" for name, value in settings.items()]


def mariadb_options(certificate: Certificate) -> list[str]:
    """Make MariaDB accept only TLS."""
    return [f"--ssl-cert={certificate.file}", f"--ssl-key={certificate.key}", "--require-secure-transport=ON"]


@contextmanager
def debian_postgres(certificate: Certificate, password: str) -> Iterator[dict[str, str]]:
    """Run Debian's PostgreSQL, which has TLS (that of the stack has none), and let it refuse whatever is not encrypted.

    Debian 12's is version 15, older than the platform takes.

    Yields:
        The variables that point the platform at it.
    """
    home = Path(tempfile.mkdtemp(prefix="debian-postgres-"))
    try:
        binaries = _binaries(home)
        data = home / "data"
        data.mkdir(mode=0o700)
        (home / "password").write_text(password)
        shutil.copy(certificate.file, home / "server.pem")
        shutil.copy(certificate.key, home / "server.key")
        (home / "server.key").chmod(0o600)
        if os.geteuid() == 0:
            account = pwd.getpwnam(_ACCOUNT)
            for path in (home, data, *home.glob("server.*"), home / "password"):
                os.chown(path, account.pw_uid, account.pw_gid)
        initdb = [binaries / "initdb", "-D", data, "--encoding=UTF8", "--locale=C", "--no-sync"]
        initdb += ["--username=usine", "--pwfile", home / "password", "--auth=scram-sha-256"]
        with _spawn(initdb, home) as process:
            assert process.wait() == 0, (home / "log").read_text()
        (data / "pg_hba.conf").write_text(f"hostssl all all {HOST}/32 scram-sha-256\n")
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        settings = {
            "listen_addresses": HOST, "port": port, "unix_socket_directories": "", "fsync": "off",
            "ssl": "on", "ssl_cert_file": home / "server.pem", "ssl_key_file": home / "server.key",
        }  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with _spawn([binaries / "postgres", "-D", data, *options], home) as process:
            try:
                _wait(process, port, password, home / "log")
                yield {
                    "POSTGRES_HOST": HOST,
                    "POSTGRES_PORT": str(port),
                    "POSTGRES_USER": "usine",
                    "POSTGRES_PASSWORD": password,
                    "POSTGRES_DB": "postgres",
                }
            finally:
                process.terminate()
                process.wait()
    finally:
        shutil.rmtree(home)


def _binaries(home: Path) -> Path:
    """Find the machine's PostgreSQL, or unpack Debian's."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not installed:
        versions = subprocess.check_output(["apt-cache", "depends", "postgresql"], text=True)
        package = re.findall(r"postgresql-\d+", versions)[0]
        installed = [unpack(package, "usr/lib/postgresql/*/bin/postgres", home / "unpacked", home / "apt.log")]
        (home / "unpacked").chmod(0o755)
    return installed[-1].parent


def _spawn(command: Sequence[object], home: Path) -> "subprocess.Popen[bytes]":
    """Start a command without root's rights, which PostgreSQL refuses."""
    with (home / "log").open("ab") as log:
        account = {"user": _ACCOUNT, "group": _ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
        words = [str(word) for word in command]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, **account)  # type: ignore[call-overload,no-any-return]


def _wait(process: "subprocess.Popen[bytes]", port: int, password: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(host=HOST, port=port, user="usine", password=password, dbname="postgres").close()
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
