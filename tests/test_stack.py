"""The demo's servers: they start, stop, and recover from crashes."""

from __future__ import annotations

import ftplib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pymysql
import pytest

from demo.stack import PARTS, Stack, StackError
from demo.stack.__main__ import main

PROJECT = Path(__file__).parent.parent


def cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "demo.stack", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # pytest's own folder is closed to others, so the servers need the right to pass through it
    return tmp_path_factory.mktemp("stack") / "the stack's é"


@pytest.fixture(scope="module")
def shared(home: Path) -> Iterator[Stack]:
    stack = Stack(home)
    try:
        started = cli("up", "--home", str(home))  # by a process that ends
        assert started.returncode == 0, started.stderr
        yield stack
    finally:
        stack.destroy()
    assert not home.exists()


@pytest.fixture
def stack(shared: Stack) -> Stack:
    shared.up()
    return shared


def state(stack: Stack) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((stack.home / "stack.json").read_text())
    return content


def postgres(stack: Stack, sql: str) -> Any:
    connection = psycopg2.connect(**stack.warehouse_admin)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def erp(stack: Stack, sql: str, *, admin: bool = False) -> Any:
    env = stack.environment()
    login: Any = stack.erp_admin
    if not admin:
        login |= {"user": env["MYSQL_USER"], "password": env["MYSQL_PASSWORD"]}
    with pymysql.connect(**login, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def ftp(stack: Stack, *, password: str | None = None) -> ftplib.FTP:
    env = stack.environment()
    client = ftplib.FTP(encoding="latin-1")
    client.connect(env["FTP_HOST"], int(env["FTP_PORT"]), timeout=10)
    try:
        client.login(env["FTP_USER"], env["FTP_PASS"] if password is None else password)
    except ftplib.Error:
        client.close()
        raise
    return client


def works(stack: Stack, part: str) -> bool:
    """Return whether a server can be used as the platform does."""
    match part:
        case "postgres":
            return bool(postgres(stack, "select 1") == (1,))
        case "mariadb":
            return bool(erp(stack, "select 1") == (1,))
        case _:
            with ftp(stack) as client:
                return client.pwd() == "/"


def kill(stack: Stack, part: str) -> None:
    os.kill(state(stack)["pids"][part], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while stack.running()[part]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_servers_outlive_the_process_that_started_them(stack: Stack) -> None:
    assert stack.running() == dict.fromkeys(PARTS, True)
    assert all(works(stack, part) for part in PARTS)


def test_postgres_is_utf8_durable_and_the_version_promised(stack: Stack) -> None:
    settings = "server_encoding", "fsync", "listen_addresses"
    columns = ", ".join(f"current_setting('{name}')" for name in settings)
    assert postgres(stack, f"select {columns}") == ("UTF8", "on", "127.0.0.1")
    version = "select current_setting('server_version_num')::int / 10000"
    assert postgres(stack, version) == (18,)


def test_erp_accounts(stack: Stack) -> None:
    erp(stack, "create table if not exists t (d datetime)", admin=True)
    erp(stack, "insert into t values ('0000-00-00')", admin=True)
    assert erp(stack, "select count(*) > 0 from t") == (1,)
    for forbidden in ("insert into t values (now())", "drop table t", "create table u (i int)"):
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            erp(stack, forbidden)
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        pymysql.connect(host="127.0.0.1", port=stack.erp_admin["port"], user="root")


def serves_files(stack: Stack) -> None:
    """Check what the loaders rely on."""
    folder = stack.ftp_root / "DEM12 (PVC)"
    folder.mkdir(exist_ok=True)
    file = folder / "20250528.LOG"
    file.write_bytes(b"line\r\n")
    os.utime(file, (1748433600, 1748433600))  # 2025-05-28 12:00:00 UTC
    lines: list[str] = []
    before = stack.ftp_log.read_text().count('"RETR ')
    with ftp(stack) as client:
        assert client.nlst() == ["DEM12 (PVC)"]
        assert client.sendcmd("MDTM DEM12 (PVC)/20250528.LOG") == "213 20250528120000"
        client.retrlines("RETR DEM12 (PVC)/20250528.LOG", lines.append)
        for command in ("MLSD", "MLST", "DELE DEM12 (PVC)/20250528.LOG"):
            with pytest.raises(ftplib.error_perm):
                client.sendcmd(command)
    assert lines == ["line"]
    assert stack.ftp_log.read_text().count('"RETR ') == before + 1
    with pytest.raises(ftplib.error_perm, match="530"):
        ftp(stack, password="wrong")


def test_ftp(stack: Stack) -> None:
    serves_files(stack)


def test_ftp_without_vsftpd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object) -> None:
        raise StackError("not here")

    monkeypatch.setattr("demo.stack.ftp.Ftp._get_vsftpd", unavailable)
    stack = Stack(tmp_path / "home")
    said: list[str] = []
    try:
        stack.up(say=said.append)
        assert "FTP: pyftpdlib takes the place of vsftpd (not here)" in said
        serves_files(stack)
        kill(stack, "ftp")
        stack.up()
        serves_files(stack)
    finally:
        stack.destroy()


def test_up_again_does_nothing_and_is_quick(stack: Stack) -> None:
    before, said = state(stack), list[str]()
    began = time.monotonic()
    stack.up(say=said.append)
    assert time.monotonic() - began < 1
    assert state(stack) == before
    assert said == []


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_server_comes_back_on_its_port(stack: Stack, part: str) -> None:
    env = stack.environment()
    kill(stack, part)
    assert stack.running() == {name: name != part for name in PARTS}
    stack.up()
    assert works(stack, part)
    assert stack.environment() == env


@pytest.mark.parametrize("part", PARTS)
def test_stop_start_restart(stack: Stack, part: str) -> None:
    stack.stop(part)
    stack.stop(part)
    assert stack.running() == {name: name != part for name in PARTS}
    stack.start(part)
    first = state(stack)["pids"][part]
    stack.start(part)
    assert state(stack)["pids"][part] == first
    stack.restart(part)
    assert state(stack)["pids"][part] != first
    assert works(stack, part)


def test_an_unknown_part_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match="oracle"):
        stack.restart("oracle")


def test_down_keeps_the_data(stack: Stack) -> None:
    postgres(stack, "create table if not exists kept as select 'é' as word")
    erp(stack, "create table if not exists kept as select 'é' as word", admin=True)
    stack.down()
    assert stack.running() == dict.fromkeys(PARTS, False)
    stack.up()
    assert postgres(stack, "select word from kept") == ("é",)
    assert erp(stack, "select word from kept") == ("é",)


@pytest.mark.parametrize("part", PARTS)
def test_a_taken_port_is_replaced(stack: Stack, part: str) -> None:
    stack.stop(part)
    port = state(stack)["ports"][part]
    with socket.create_server(("127.0.0.1", port)):
        stack.start(part)
        assert works(stack, part)
    assert state(stack)["ports"][part] != port


def test_numbers_of_processes_that_are_not_ours(stack: Stack) -> None:
    """After a reboot, the process ids kept on disk belong to other processes."""
    kill(stack, "postgres")
    with subprocess.Popen(["sleep", "60"]) as stranger:
        known = state(stack)
        known["pids"]["postgres"] = stranger.pid
        (stack.home / "stack.json").write_text(json.dumps(known))
        lock = stack.home / "postgres" / "postmaster.pid"
        owner = state(stack)["pids"]["mariadb"]  # one that PostgreSQL's account could be running
        lock.write_text("\n".join([str(owner), *lock.read_text().splitlines()[1:]]))
        assert not stack.running()["postgres"]
        stack.stop("postgres")
        assert stranger.poll() is None
        stranger.kill()
    stack.up()
    assert works(stack, "postgres")


def test_two_stacks_at_once(stack: Stack, tmp_path: Path) -> None:
    other = Stack(tmp_path / "other")
    try:
        other.up()
        assert all(works(other, part) for part in PARTS)
        mine, its = stack.environment(), other.environment()
        for name in ("FTP_PORT", "MYSQL_PORT", "POSTGRES_PORT", "FTP_PASS", "POSTGRES_PASSWORD"):
            assert mine[name] != its[name]
        other.down()
        assert stack.running() == dict.fromkeys(PARTS, True)
    finally:
        other.destroy()


def test_a_failed_start_is_one_clear_line(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "home")
    try:
        stack.start("postgres")
        stack.stop("postgres")
        with (stack.home / "postgres" / "postgresql.conf").open("a") as settings:
            settings.write("no_such_setting = 1\n")
        with pytest.raises(StackError, match=r"^PostgreSQL does not start: .*FATAL.*$"):
            stack.start("postgres")
    finally:
        stack.destroy()


def test_a_stack_of_an_older_version_gets_the_passwords_it_lacks(stack: Stack) -> None:
    before, known = stack.environment(), state(stack)
    del known["passwords"]["loader"]
    (stack.home / "stack.json").write_text(json.dumps(known))
    stack.up()
    after = stack.environment()
    assert stack.environment() == after
    assert {name for name in after if after[name] != before[name]} == {"POSTGRES_PASSWORD"}


def test_secrets_are_private(stack: Stack) -> None:
    passwords = state(stack)["passwords"].values()
    for file in [*stack.home.iterdir(), *(stack.home / "log").iterdir()]:
        text = file.read_text(errors="replace") if file.is_file() else ""
        if any(password in text for password in passwords):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = process.read_text(errors="replace")
        except OSError:
            continue
        assert not any(password in arguments for password in passwords)


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    for action in (Stack(tmp_path).up, Stack(tmp_path).destroy):
        with pytest.raises(StackError, match="not a stack's"):
            action()
    assert [file.name for file in tmp_path.iterdir()] == ["precious"]


def test_env_can_be_read_by_a_shell(stack: Stack) -> None:
    names = list(stack.environment())
    script = "; ".join(f'printf "%s\\0" "${name}"' for name in names)
    exports = cli("env", "--home", str(stack.home)).stdout
    values = subprocess.check_output(["sh", "-c", exports + script], text=True).split("\0")
    assert dict(zip(names, values, strict=False)) == stack.environment()


def test_command_line(stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--home", str(stack.home)]) == 0
    assert capsys.readouterr().out == "postgres: running\nmariadb: running\nftp: running\n"
    nowhere = tmp_path / "nowhere"
    assert main(["env", "--home", str(nowhere)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"demo.stack: there is no stack in {nowhere}: start it first\n"
    assert main(["down", "--home", str(nowhere)]) == 0
    assert not nowhere.exists()


def test_the_servers_processor_time_counts_a_session_that_has_ended(stack: Stack) -> None:
    before = stack.processor_seconds()
    with closing(psycopg2.connect(**stack.warehouse_admin)) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) from generate_series(1, 2000000)")
    deadline = time.monotonic() + 10
    while stack.processor_seconds() - before < 0.05:
        assert time.monotonic() < deadline
