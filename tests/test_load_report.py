"""The report of a load, on the console and in the log file."""

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from common.journal import FILE_BYTES
from tests.factory import ERP_DDL, ROOT, Factory

PVC, ALU, ODD = "DEM12 (PVC)", "DEMALU (ALU)", "Été\x1b[31m\t"
LOGGED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (INFO|WARNING|ERROR) (\S.*)")


def without_time(said: str) -> list[str]:
    """The output without the times."""
    return [re.sub(r" in \d+\.\d s, \d+ (lines|rows)/s", "", line) for line in said.splitlines()]


def logged(folder: Path) -> list[tuple[str, str]]:
    """Level and message of every line of the log file, each of which must be whole."""
    matches = [LOGGED.fullmatch(line) for line in (folder / "loaders.log").read_text().splitlines()]
    assert all(matches)
    return [(match[1], match[2]) for match in matches if match]


def start(factory: Factory, *words: str, **options: Any) -> "subprocess.Popen[str]":
    environ = {**os.environ, **factory.environment, **options.pop("environ", {})}
    command = [sys.executable, "-m", "loaders", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environ, text=True, **{"stderr": subprocess.PIPE, **options})


def test_every_folder_is_told_with_what_failed_in_it_whatever_its_name(factory: Factory) -> None:
    logs = {
        (PVC, "20250526.LOG"): b"one\ntwo\n",
        (PVC, "20250527.LOG"): b"three\n",
        (ALU, "20250526.LOG"): b"hidden\n",
        (ODD, "20250526.LOG"): b"x\n",
    }
    factory.put_logs(logs)
    assert without_time(factory.load("logs")) == [
        "logs: DEM12 (PVC)      2 files found, 2 loaded, 0 unchanged, 0 failed; 3 lines",
        "logs: DEMALU (ALU)     1 files found, 1 loaded, 0 unchanged, 0 failed; 1 lines",
        "logs: 'Été\\x1b[31m\\t'  1 files found, 1 loaded, 0 unchanged, 0 failed; 1 lines",
        "logs: 4 found, 4 loaded, 0 unchanged, 0 failed, 5 rows written; 5 lines read",
    ]
    logs |= {(PVC, "20250527.LOG"): b"3\n4\n5\n6\n", (PVC, "20250528.LOG"): b"secret\n"}
    factory.put_logs(logs)
    unreadable = factory.stack.ftp_root / PVC / "20250528.LOG", factory.stack.ftp_root / ALU
    for path in unreadable:
        path.chmod(0)
    try:
        said = factory.load("logs", expect=1)
    finally:
        for path in unreadable:
            path.chmod(0o755)
    errors, told = without_time(said)[:2], without_time(said)[2:]
    assert ALU in errors[0]
    assert "20250528.LOG" in errors[1]
    assert told == [
        "logs: DEM12 (PVC)      3 files found, 1 loaded, 1 unchanged, 1 failed; 4 lines",
        "logs: DEMALU (ALU)     0 files found, 0 loaded, 0 unchanged, 1 failed; 0 lines",
        "logs: 'Été\\x1b[31m\\t'  1 files found, 0 loaded, 1 unchanged, 0 failed; 0 lines",
        "logs: 4 found, 1 loaded, 2 unchanged, 2 failed, 4 rows written; 4 lines read",
    ]
    assert factory.ask("select found, loaded, unchanged, failed, rows from raw.load_runs order by run_id") == [
        (4, 4, 0, 0, 5),
        (4, 1, 2, 2, 4),
    ]


def test_every_table_is_told_with_its_rows(factory: Factory) -> None:
    accessory = {"id_a_kopf": "K1", "zcode": "VR1", "text": "Volet"}
    factory.put_erp({"p_zubeh": [accessory, {**accessory, "zcode": "VR2"}, {**accessory, "zcode": "VR3"}]})
    factory.load("erp")
    factory.put_erp(
        {"p_zubeh": [accessory, {**accessory, "zcode": "VR4"}], "a_vorgang": [{"id_a_kopf": "K1", "nummer": "1"}]},
        {**ERP_DDL, "a_logbuch": "id_a_kopf varchar(32), datum datetime"},
    )
    said = without_time(factory.load("erp", expect=1))
    assert "table a_logbuch has no column notiz" in said[0]
    assert said[1:] == [
        "erp: a_kopf     0 rows read, 0 added, 0 removed",
        "erp: a_logbuch  failed",
        "erp: p_zubeh    2 rows read, 1 added, 2 removed",
        "erp: a_vorgang  1 rows read, 1 added, 0 removed",
        "erp: 3 found, 2 loaded, 1 unchanged, 1 failed, 4 rows written; 3 rows read",
    ]


def test_what_a_failure_takes_back_is_not_told_as_loaded(factory: Factory) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    factory.load("logs")
    factory.ask("create function raw.refuse() returns trigger language plpgsql as $$ begin raise 'no more'; end $$")
    for table in ("log_lines", "a_vorgang"):
        factory.ask(f"create trigger refuse before insert on raw.{table} for each statement execute function raw.refuse()")
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n", (PVC, "20250527.LOG"): b"y\n", (ALU, "20250527.LOG"): b"y\n"})
    factory.put_erp({"a_kopf": [{"id": "K1"}], "a_vorgang": [{"id_a_kopf": "K1"}]})
    said = without_time(factory.load(expect=1))
    refused = [line for line in said if "no more" in line]
    assert len(refused) == 2
    assert [line for line in said if line not in refused] == [
        "logs: DEM12 (PVC)   2 files found, 0 loaded, 1 unchanged, 0 failed, 1 not loaded; 0 lines",
        "logs: DEMALU (ALU)  1 files found, 0 loaded, 0 unchanged, 0 failed, 1 not loaded; 0 lines",
        "logs: 3 found, 0 loaded, 1 unchanged, 1 failed, 0 rows written; 0 lines read",
        "erp: a_kopf     not loaded",
        "erp: a_logbuch  not loaded",
        "erp: p_zubeh    not loaded",
        "erp: a_vorgang  not loaded",
        "erp: 4 found, 0 loaded, 0 unchanged, 1 failed, 0 rows written; 0 rows read",
    ]
    assert factory.ask("select source, outcome, loaded, failed, rows from raw.load_runs order by run_id desc limit 2") == [
        ("erp", "failed", 0, 1, 0),
        ("logs", "partial", 0, 1, 0),
    ]


def test_two_loads_at_once_share_the_log_file_which_rotates(factory: Factory, tmp_path: Path) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    old = "2025-01-01T00:00:00+0100 INFO old\n" * (FILE_BYTES // 34)
    (tmp_path / "loaders.log").write_text(old)
    factory.load("logs", expect=1, LOG_DIR=str(tmp_path), POSTGRES_PASSWORD="wrong-password")
    assert (tmp_path / "loaders.log.1").read_text() == old
    loads = [start(factory, "load", "logs", environ={"LOG_DIR": str(tmp_path)}) for _ in range(2)]
    said = [load.communicate(timeout=60)[1].splitlines() for load in loads]
    (level, refused), *rest = logged(tmp_path)
    assert level == "ERROR"
    assert "password authentication failed" in refused
    assert "wrong-password" not in refused
    assert sorted(rest) == sorted(("INFO", line) for line in said[0] + said[1])
    assert len([line for _, line in rest if "waiting for its end" not in line]) == 4


def test_a_log_file_that_cannot_be_written_does_not_stop_the_load(factory: Factory, tmp_path: Path) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    (tmp_path / "no folder").touch()
    (tmp_path / "loaders.log").symlink_to("/dev/full")
    for folder, reason in (("no folder", "File exists"), (".", "No space left on device")):
        said = factory.load("logs", LOG_DIR=str(tmp_path / folder)).splitlines()
        warnings = [line for line in said if "log file" in line]
        assert len(warnings) == 1
        assert reason in warnings[0]
        assert "LOG_DIR" in warnings[0]
        assert len(said) == 3


def test_a_terminal_shows_a_bar_and_a_pipe_plain_lines(factory: Factory, tmp_path: Path) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n" * 1000, (ALU, "20250526.LOG"): b"hidden\n"})
    (factory.stack.ftp_root / ALU / "20250526.LOG").chmod(0)
    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    load = start(factory, "load", stderr=terminal, environ={"LOG_DIR": str(tmp_path)})
    os.close(terminal)
    shown = b""
    try:
        while part := os.read(main, 1 << 16):
            shown += part
    except OSError:  # how a terminal says that nobody writes to it any more
        pass
    assert load.wait(60) == 1
    lines = shown.decode().replace("\r\n", "\n")
    assert re.search(r"\rlogs: +\d+%\|", lines)
    assert re.search(r"\rerp: [\d.]+ rows", lines)
    messages = [message for _, message in logged(tmp_path)]
    assert len(messages) == 9
    assert all(re.search(rf"(^|\r){re.escape(message)}$", lines, re.MULTILINE) for message in messages)
    assert "\r" not in factory.load(expect=1)


def test_a_traceback_is_shown_where_it_is_asked_for(factory: Factory) -> None:
    said = start(factory, "--debug", "load", "logs", environ={"FTP_PASS": "wrong-password"}).communicate()[1]
    assert "Traceback" in said
    assert "wrong-password" not in said


def test_an_interrupted_load_ends_in_one_line(factory: Factory) -> None:
    # What a job in the background ignores, its children ignore too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    factory.load("logs")
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("lock table raw.load_runs in exclusive mode")
        load = start(factory, "load", "logs")
        deadline = time.monotonic() + 30
        while factory.ask("select count(*) from pg_locks where not granted") == [(0,)]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        load.send_signal(signal.SIGINT)
        connection.rollback()
    said = load.communicate(timeout=60)[1]
    assert load.returncode == 130
    assert said.splitlines()[-1] == "interrupted"
    assert "Traceback" not in said
