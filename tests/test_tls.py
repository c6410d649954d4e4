"""TLS to all three servers: what is encrypted, which certificates are accepted, and the messages for others."""

import ftplib
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from common import warehouse
from common.errors import LoadError
from common.settings import FtpSettings, MysqlSettings, PostgresSettings
from common.warehouse import Warehouse
from demo.stack import HOST, Stack
from loaders.erp import load_erp
from loaders.ftp import FtpClient
from loaders.logs import load_logs
from loaders.mysql import Erp
from tests import reference
from tests.factory import ROOT, Factory
from tests.tls import Authority, Certificate, debian_postgres, mariadb_options, restarted, vsftpd_options

PVC, ALU = "DEM12 (PVC)", "DEMALU (ALU)"
LINES = "select folder, file_name, line_number, line from raw.log_lines"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "The factory's authority")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "Somebody else's authority")


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.issue(HOST)


@pytest.fixture(scope="module")
def postgres(authority: Authority, certificate: Certificate) -> Iterator[dict[str, str]]:
    """The variables for Debian's PostgreSQL, which admits nobody without TLS."""
    with debian_postgres(certificate, "p'stgres %40 #?") as environment:
        yield {**environment, "POSTGRES_SSLMODE": "verify-full", "POSTGRES_SSLROOTCERT": str(authority.file)}


@pytest.fixture
def ftps(factory: Factory, certificate: Certificate) -> Iterator[dict[str, str]]:
    """The variables for vsftpd, speaking nothing but TLS, with sessions resumed; without its authority."""
    if factory.environment["FTP_USER"] != "anonymous":
        pytest.skip("pyftpdlib stands in for vsftpd, which needs root")
    with restarted(factory.stack, "ftp", *vsftpd_options(certificate)):
        yield {**factory.stack.environment(), "FTP_TLS": "true"}


@pytest.fixture
def mysqls(factory: Factory, certificate: Certificate) -> Iterator[dict[str, str]]:
    """The variables for MariaDB, speaking nothing but TLS; without its authority."""
    with restarted(factory.stack, "mariadb", *mariadb_options(certificate)):
        yield {**factory.stack.environment(), "MYSQL_TLS": "true"}


def list_folders(environ: dict[str, str]) -> list[str]:
    with closing(FtpClient(FtpSettings.from_environ(environ))) as client:
        return [folder.name for folder in client.folders()]


def read_erp(environ: dict[str, str]) -> None:
    with Erp(MysqlSettings.from_environ(environ)):
        pass


def enter_warehouse(environ: dict[str, str]) -> None:
    with Warehouse(PostgresSettings.from_environ(environ)):
        pass


def refusal(action: Any, environ: dict[str, str]) -> str:
    """The message of an action that is refused: one line, without retries."""
    began = time.monotonic()
    with pytest.raises(LoadError) as refused:
        action(environ)
    assert time.monotonic() - began < 3
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_whole_load_over_tls_to_all_three_servers(
    factory: Factory,
    authority: Authority,
    ftps: dict[str, str],
    mysqls: dict[str, str],
    postgres: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Debian 12's PostgreSQL is older than the models take; for the loaders it would do.
    monkeypatch.setattr(warehouse, "OLDEST_POSTGRES", 150000)
    logs = {(folder, f"202505{day}.LOG"): f"{folder}\r\n{day}\r\n".encode() for folder in (PVC, ALU) for day in range(10, 30)}
    logs[PVC, "20250526.LOG"] = b"20250526 10:00:00|@X: y\r\n" * 400_000  # larger than what is held in memory
    logs[PVC, "20250527.LOG"] = b""
    factory.put_logs(logs)
    factory.put_erp({"a_kopf": [{"id": "K1", "aunummer": 1}]})
    environ = {**ftps, **mysqls, **postgres, "FTP_TLS": "true", "FTP_TLS_CA": str(authority.file)}
    environ |= {"MYSQL_TLS_CA": str(authority.file)}
    with Warehouse(PostgresSettings.from_environ(environ)) as entered:
        for unchanged in (0, 40):
            report = load_logs(FtpSettings.from_environ(environ), entered)
            assert (report.errors, report.found, report.unchanged) == ([], 40, unchanged)
        assert load_erp(MysqlSettings.from_environ(environ), entered).rows == 1
        assert sorted(entered.ask(LINES)) == sorted(reference.raw_log_lines(logs))
        assert entered.ask("select id, aunummer from raw.a_kopf") == [("K1", "1")]


# FTP


def test_the_ftp_server_insists_on_resumed_sessions(ftps: dict[str, str], authority: Authority) -> None:
    client = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=authority.file))
    with closing(client):
        client.connect(ftps["FTP_HOST"], int(ftps["FTP_PORT"]))
        client.login(ftps["FTP_USER"], ftps["FTP_PASS"])
        client.prot_p()
        with pytest.raises(ftplib.error_perm, match="session reuse required"):
            client.retrlines("LIST", print)


def test_a_file_whose_encrypted_transfer_is_cut_is_transferred_again(
    factory: Factory, authority: Authority, certificate: Certificate
) -> None:
    if factory.environment["FTP_USER"] != "anonymous":
        pytest.skip("pyftpdlib stands in for vsftpd, which needs root")
    logs = {(PVC, "20250526.LOG"): b"20250526 10:00:00|@X: y\r\n" * 40_000}
    factory.put_logs(logs)
    before = factory.transfers()
    slowly = "-oanon_max_rate=1000000"
    with restarted(factory.stack, "ftp", *vsftpd_options(certificate), slowly):
        environ = {**factory.stack.environment(), "FTP_TLS": "true", "FTP_TLS_CA": str(authority.file)}
        command = [sys.executable, "-m", "loaders", "load", "logs"]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}) as load:
            while factory.transfers() == before and load.poll() is None:
                time.sleep(0.02)
            time.sleep(0.3)
            for session in sessions(factory.stack):
                os.kill(session, signal.SIGKILL)
        assert load.returncode == 0
    assert factory.transfers() == before + 2
    assert sorted(factory.ask(LINES)) == sorted(reference.raw_log_lines(logs))


def sessions(stack: Stack) -> list[int]:
    """The processes in which vsftpd serves its clients."""
    found, parents = [], [json.loads((stack.home / "stack.json").read_text())["pids"]["ftp"]]
    for parent in parents:
        children = [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        parents += children
        found += children
    return found


def test_an_ftp_server_that_cannot_be_trusted_gets_no_password(
    factory: Factory, ftps: dict[str, str], authority: Authority, stranger: Authority
) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    trusting = {**ftps, "FTP_TLS_CA": str(authority.file)}
    assert list_folders(trusting) == [PVC]
    assert list_folders({**ftps, "FTP_TLS_VERIFY": "false"}) == [PVC]
    before = factory.stack.ftp_log.read_text()
    for environ in (ftps, {**ftps, "FTP_TLS_CA": str(stranger.file)}, {**trusting, "FTP_HOST": "localhost"}):
        said = refusal(list_folders, environ)
        assert "certificate is not trusted" in said
        assert "FTP_TLS_CA" in said
    written = factory.stack.ftp_log.read_text().removeprefix(before)
    assert written.count("CONNECT:") == 3  # one attempt each
    assert '"USER' not in written
    assert "FTP_TLS" in refusal(list_folders, {**ftps, "FTP_TLS": "false"})


def test_an_ftp_server_without_tls_gets_no_password(factory: Factory) -> None:
    before = factory.stack.ftp_log.read_text()
    assert "FTP_TLS" in refusal(list_folders, {**factory.environment, "FTP_TLS": "true"})
    written = factory.stack.ftp_log.read_text().removeprefix(before)
    assert "AUTH TLS" in written
    assert '"USER' not in written


# MySQL


def test_a_mysql_server_is_believed_by_its_certificate_only(
    factory: Factory, mysqls: dict[str, str], authority: Authority, stranger: Authority
) -> None:
    trusting = {**mysqls, "MYSQL_TLS_CA": str(authority.file)}
    read_erp(trusting)
    read_erp({**mysqls, "MYSQL_TLS_VERIFY": "false"})
    for environ in (mysqls, {**mysqls, "MYSQL_TLS_CA": str(stranger.file)}, {**trusting, "MYSQL_HOST": "localhost"}):
        said = refusal(read_erp, environ)
        assert "certificate is not trusted" in said
        assert "MYSQL_TLS_CA" in said
    assert "Access denied" in refusal(read_erp, {**mysqls, "MYSQL_TLS": "false"})  # MySQL 8 says that TLS is missing
    said = factory.load("erp", expect=1, **mysqls)
    assert "MYSQL_TLS_CA" in said
    assert "Traceback" not in said


def test_a_mysql_server_without_tls_is_refused(factory: Factory) -> None:
    assert "SSL is required" in refusal(read_erp, {**factory.environment, "MYSQL_TLS": "true"})


# PostgreSQL


@pytest.mark.parametrize("mode", ["verify-full", "require", "prefer"])
def test_postgres_is_spoken_to_over_tls(postgres: dict[str, str], mode: str) -> None:
    settings = PostgresSettings.from_environ({**postgres, "POSTGRES_SSLMODE": mode})
    with closing(psycopg2.connect(settings.uri())) as connection, connection.cursor() as cursor:
        cursor.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
        assert cursor.fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"POSTGRES_SSLROOTCERT": "stranger"}, "certificate verify failed", id="another authority"),
        pytest.param({"POSTGRES_SSLROOTCERT": ""}, "root.crt", id="no authority"),
        pytest.param({"POSTGRES_HOST": "localhost"}, 'does not match host name "localhost"', id="another name"),
        pytest.param({"POSTGRES_SSLMODE": "disable"}, "no encryption", id="no TLS"),
    ],
)
def test_postgres_is_believed_by_its_certificate_only(
    postgres: dict[str, str], stranger: Authority, change: dict[str, str], named: str
) -> None:
    change = {name: value.replace("stranger", str(stranger.file)) for name, value in change.items()}
    for connect in (enter_warehouse, lambda environ: Warehouse(PostgresSettings.from_environ(environ)).transaction().__enter__()):
        said = refusal(connect, {**postgres, **change})
        assert named in said
        assert "POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT" in said


def test_a_postgres_server_without_tls_is_refused_where_tls_is_demanded(factory: Factory) -> None:
    said = refusal(enter_warehouse, {**factory.environment, "POSTGRES_SSLMODE": "require"})
    assert "does not support SSL" in said
    assert "POSTGRES_SSLMODE" in said


def test_dbt_connects_over_tls_and_believes_by_the_certificate_only(
    factory: Factory, postgres: dict[str, str], stranger: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory.environment = postgres
    for name, value in postgres.items():
        monkeypatch.setenv(name, value)  # so that they are forgotten after this test
    for name in ("DBT_POSTGRES_USER", "DBT_POSTGRES_PASSWORD"):
        monkeypatch.delenv(name, raising=False)  # this server knows one account
    factory.dbt("debug", "--connection")
    factory.environment = {**postgres, "POSTGRES_SSLROOTCERT": str(stranger.file)}
    assert not factory.dbt("debug", "--connection", expect=False).success


# Settings


@pytest.mark.parametrize("variable", ["FTP_TLS_CA", "MYSQL_TLS_CA", "POSTGRES_SSLROOTCERT"])
def test_a_file_of_certificates_that_is_none_is_told_by_its_variable(stack: Stack, variable: str, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for value, reason in (
        (tmp_path / "none.pem", "No such file"),
        (tmp_path, "directory"),
        (tmp_path / "empty.pem", "no certificate"),
        (__file__, "no certificate"),
    ):
        said = refusal(settings, {**stack.environment(), variable: str(value)})
        assert said.startswith(f"{variable} is '{value}'")
        assert reason in said


@pytest.mark.parametrize("variable", ["FTP_TLS", "FTP_TLS_VERIFY", "MYSQL_TLS", "MYSQL_TLS_VERIFY", "POSTGRES_SSLMODE"])
def test_a_word_that_says_nothing_about_tls_is_refused(stack: Stack, variable: str) -> None:
    assert f"{variable} is 'on'" in refusal(settings, {**stack.environment(), variable: "on"})


def settings(environ: dict[str, str]) -> None:
    for each in (FtpSettings, MysqlSettings, PostgresSettings):
        each.from_environ(environ)
