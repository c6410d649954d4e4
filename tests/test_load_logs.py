"""The log loader against a real FTP server: what arrives, what is transferred, what is reported."""

import os
import random
import time
from pathlib import Path

import pytest

from tests import reference
from tests.factory import Factory

PVC, ALU = "DEM12 (PVC)", "DEMALU (ALU)"
LINES = "select folder, file_name, line_number, line from raw.log_lines"
LAST_RUN = (
    "select outcome, found, loaded, unchanged, failed, rows from raw.load_runs where source = 'logs' order by run_id desc limit 1"
)


def file(factory: Factory, folder: str, name: str) -> Path:
    return factory.stack.ftp_root / folder / name


def expect_raw(factory: Factory, logs: dict[tuple[str, str], bytes]) -> None:
    assert sorted(factory.ask(LINES)) == sorted(reference.raw_log_lines(logs))
    ledger = factory.ask("select folder, file_name, size_bytes, line_count from raw.log_files")
    assert sorted(ledger) == sorted(reference.raw_log_files(logs))


def test_every_byte_arrives(factory: Factory) -> None:
    every_byte = bytes(byte for byte in range(256) if byte != 10)
    awkward = [
        every_byte,
        b"\\N",
        b"\\.",
        b"\"quoted\", 'and'\tmore\\",
        b"",
        b" ",
        b"\xef\xbb\xbfmark",
        "œ € 🪟".encode(),
        b"\x00\x00",
        b"cr\rinside\r",
    ]
    logs = {
        (PVC, "20250526.LOG"): b"\r\n".join(awkward) + b"\r\n",
        (PVC, "20250527.log"): b"\n".join(awkward),
        ("Übung & Co (é)", "20250526.LOG"): b"cut in the mid",
        (ALU, "20250526.LOG"): b"",
        (ALU, "20250527.LOG"): b"\n\r\n\n",
        (ALU, "20250528.LOG"): b"\xef\xbb\xbf",
    }
    factory.put_logs(logs)
    factory.load("logs")
    expect_raw(factory, logs)


def test_a_file_larger_than_a_block_and_lines_longer_than_one(factory: Factory) -> None:
    rng = random.Random(5)
    lines = [rng.randbytes(size).replace(b"\n", b"") for size in (3_000_000, 10, 5_000_000, 2_097_151, 2_097_152, 0, 40)]
    logs = {(PVC, "20250526.LOG"): b"\r\n".join(lines * 2), (PVC, "20250527.LOG"): b"20250527 10:00:00|@X: y\r\n" * 200_000}
    factory.put_logs(logs)
    factory.load("logs")
    expect_raw(factory, logs)


def test_only_new_and_changed_files_are_transferred(factory: Factory) -> None:
    logs = {(folder, f"202505{day}.LOG"): f"{folder} {day}\r\n".encode() for folder in (PVC, ALU) for day in range(20, 25)}
    factory.put_logs(logs)
    factory.load("logs")
    assert factory.ask(LAST_RUN) == [("ok", 10, 10, 0, 0, 10)]
    before = factory.transfers()
    versions = factory.ask("select folder, file_name, ctid::text, xmin::text from raw.log_files order by 1, 2")

    factory.load("logs")
    assert factory.transfers() == before
    assert factory.ask("select folder, file_name, ctid::text, xmin::text from raw.log_files order by 1, 2") == versions
    assert factory.ask(LAST_RUN) == [("ok", 10, 0, 10, 0, 0)]

    logs[PVC, "20250520.LOG"] += b"one more"
    logs[PVC, "20250521.LOG"] = b""
    logs[ALU, "20250525.LOG"] = b"new"
    factory.put_logs(logs)
    factory.load("logs")
    assert factory.transfers() == before + 3
    expect_raw(factory, logs)
    assert factory.ask(LAST_RUN) == [("ok", 11, 3, 8, 0, 3)]


@pytest.mark.parametrize(
    ("loaded_as", "becomes"),
    [
        pytest.param(-10, -9, id="a second apart, today"),
        pytest.param(-6 * 86_400, -6 * 86_400 + 1, id="a second apart, six days ago"),
        pytest.param(-30 * 86_400, -30 * 86_400 + 3_600, id="an hour apart, a month ago"),
        pytest.param(-900 * 86_400, -800 * 86_400, id="months apart, years ago"),
        pytest.param(-900 * 86_400, -5, id="years ago, uploaded again today"),
        pytest.param(-5, -900 * 86_400, id="today, replaced by an old one"),
    ],
)
def test_another_modification_time_alone_is_a_change(factory: Factory, loaded_as: int, becomes: int) -> None:
    logs = {(PVC, "20250526.LOG"): b"same size\r\n", (PVC, "20250527.LOG"): b"other\r\n"}
    factory.put_logs(logs)
    now = int(time.time())
    os.utime(file(factory, PVC, "20250526.LOG"), (now, now + loaded_as))
    factory.load("logs")
    before = factory.transfers()
    file(factory, PVC, "20250526.LOG").write_bytes(b"SAME SIZE\r\n")
    os.utime(file(factory, PVC, "20250526.LOG"), (now, now + becomes))
    factory.load("logs")
    assert factory.transfers() == before + 1
    expect_raw(factory, {**logs, (PVC, "20250526.LOG"): b"SAME SIZE\r\n"})
    assert factory.ask("select extract(epoch from modified_at)::bigint from raw.log_files where file_name = '20250526.LOG'") == [
        (now + becomes,)
    ]


def test_what_was_removed_from_the_server_stays(factory: Factory) -> None:
    logs = {(PVC, "20250526.LOG"): b"one\n", (ALU, "20250526.LOG"): b"two\n"}
    factory.put_logs(logs)
    factory.load("logs")
    factory.put_logs({(ALU, "20250527.LOG"): b"three\n"})
    factory.load("logs")
    expect_raw(factory, {**logs, (ALU, "20250527.LOG"): b"three\n"})


def test_other_files_and_folders_are_ignored(factory: Factory) -> None:
    root = factory.stack.ftp_root
    factory.put_logs({(PVC, name): b"x\n" for name in ("20250526.LOG.bak", "2025052.LOG", "notes.txt", "LOG", "20250526_LOG")})
    (root / PVC / "20250528.LOG").mkdir()
    (root / "20250526.LOG").write_bytes(b"in the root\n")
    (root / "empty folder").mkdir()
    said = factory.load("logs")
    assert factory.ask("select count(*) from raw.log_files") == [(0,)]
    assert "0 found" in said


def test_an_unreadable_file_or_folder_is_named_and_the_rest_is_loaded(factory: Factory) -> None:
    logs = {(PVC, "20250526.LOG"): b"good\n", (PVC, "20250527.LOG"): b"secret\n", (ALU, "20250526.LOG"): b"hidden\n"}
    factory.put_logs(logs)
    file(factory, PVC, "20250527.LOG").chmod(0)
    (factory.stack.ftp_root / ALU).chmod(0)
    try:
        said = factory.load("logs", expect=1)
    finally:
        (factory.stack.ftp_root / ALU).chmod(0o755)
        file(factory, PVC, "20250527.LOG").chmod(0o644)
    expect_raw(factory, {(PVC, "20250526.LOG"): b"good\n"})
    assert "DEM12 (PVC)/20250527.LOG" in said
    assert "DEMALU (ALU)" in said
    assert "Traceback" not in said
    ((outcome, error),) = factory.ask("select outcome, error from raw.load_runs")
    assert outcome == "partial"
    assert "20250527.LOG" in error
    factory.load("logs")
    expect_raw(factory, logs)


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("FTP_HOST", "", "FTP_HOST"),
        ("FTP_HOST", "x" * 70, "FTP server"),
        ("FTP_PORT", "twenty", "FTP_PORT"),
        ("FTP_PORT", "1", "127.0.0.1:1"),
        ("FTP_PASS", "wrong-password", "FTP_PASS"),
        ("FTP_TLS", "yes", "FTP_TLS"),
        ("POSTGRES_PASSWORD", "wrong-password", "PostgreSQL"),
        ("POSTGRES_DB", "nowhere", "nowhere"),
        ("POSTGRES_PORT", "1", "PostgreSQL"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_without_the_password(factory: Factory, variable: str, value: str, named: str) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    said = factory.load("logs", expect=1, **{variable: value})
    assert named in said
    assert len(said.strip().splitlines()) == 1
    assert "wrong-password" not in said
    assert factory.environment["POSTGRES_PASSWORD"] not in said
    assert factory.environment["FTP_PASS"] not in said


def test_a_run_that_died_is_told_apart_from_one_that_found_nothing(factory: Factory) -> None:
    factory.load("logs")
    factory.ask("insert into raw.load_runs (source) values ('logs')")
    factory.load("logs")
    outcomes = factory.ask("select outcome, ended_at is not null from raw.load_runs order by run_id")
    assert outcomes == [("ok", True), ("interrupted", True), ("ok", True)]
