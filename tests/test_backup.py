"""Backups: what one holds, that it goes on when it is restored, which are kept, and what is said if one cannot be made."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from common import programs
from common.errors import LoadError
from demo.stack.postgres import program
from operation import backup, doctor
from operation.__main__ import main
from operation.backup import backups
from operation.grants import grant
from tests import past
from tests.factory import ROOT, Factory
from tests.test_build_record import DBT, start
from tests.test_constraints import existing
from tests.test_faults import wait_for_waiting
from tests.test_grants import one_user
from tests.test_incremental import PVC
from tests.test_upgrades import marts

RESTORED = "usine_restored"
KEPT = ("raw", "intermediate", "historique", "marts")
CHANGED = {
    **past.LOGS,
    (PVC, "20250528.LOG"): past.LOGS[PVC, "20250528.LOG"] + b"20250528 09:00:00|@StukUitgevoerd: neuf\r\n",
}


@pytest.fixture
def factory(factory: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Factory]:
    """A factory that was loaded and built, and backs up with an account of its own."""
    past.begin(factory)
    factory.environment |= {
        "BACKUP_DIR": str(tmp_path / "backups"),
        "BACKUP_POSTGRES_USER": "backup",
        "BACKUP_POSTGRES_PASSWORD": "ein \"Paßwort' @:/?",
    }
    grant(factory.environment)
    yield factory
    factory._maintain(f"drop database if exists {RESTORED} with (force)")
    factory.environment = factory.stack.environment()


def run(factory: Factory, *words: str, expect: int = 0, **environ: str) -> None:
    assert main(list(words), {**factory.environment, **environ}) == expect


def made(factory: Factory) -> list[Path]:
    """The backups in the folder, the newest first."""
    folder = Path(factory.environment["BACKUP_DIR"])
    return [file for _, file in backups(folder, factory.environment["POSTGRES_DB"])]


def databases(factory: Factory) -> set[str]:
    return {name for (name,) in factory.ask("select datname::text from pg_database")}


@contextmanager
def in_place_of_the_lost(factory: Factory) -> Iterator[None]:
    """Lose the warehouse, and put the restored one in its place; rights are not restored with it."""
    warehouse = factory.environment["POSTGRES_DB"]
    factory._maintain(f"drop database {warehouse} with (force)")
    try:
        factory._maintain(f"alter database {RESTORED} rename to {warehouse}")
        grant(factory.environment)
        yield
    finally:
        with suppress(psycopg2.Error):
            factory._maintain(f"create database {warehouse}")


def test_a_restored_backup_goes_on_where_it_stopped(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    run(factory, "backup")
    (file,) = made(factory)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.with_name(f"{file.name}.sha256").read_text() == f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
    before, keys = {schema: factory.snapshot(schema) for schema in KEPT}, existing(factory)
    assert all(before.values())

    run(factory, "restore", str(file), RESTORED)
    assert f"set POSTGRES_DB={RESTORED}" in caplog.text
    with in_place_of_the_lost(factory):
        assert {schema: factory.snapshot(schema) for schema in KEPT} == before
        written, transfers = "select id, xmin::text from marts.piece_production order by 1", factory.transfers()
        rows, figures = factory.ask(written), marts(factory)
        factory.load()
        factory.build()
        assert factory.transfers() == transfers
        assert factory.ask(written) == rows
        assert marts(factory) == figures
        assert existing(factory) == keys
        factory.put_logs(CHANGED)
        factory.load("logs")
        factory.build_only()
        assert factory.ask("select count(*) from marts.piece_production where details = 'neuf'") == [(1,)]


def test_a_backup_made_in_the_middle_of_a_build_is_completed_by_the_next_one(factory: Factory) -> None:
    factory.put_logs(CHANGED)
    factory.load("logs")
    command = [DBT, "--quiet", "build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    command += ["--target-path", str(factory.target), "--profiles-dir", str(factory.profiles())]
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(6581364, hashtext('int_lignes'))")
        build = start(factory, *command)
        wait_for_waiting(factory, 2)
        run(factory, "backup")
        assert build.poll() is None
    assert build.communicate(timeout=120)
    assert build.returncode == 0
    complete = {name: rows for name, rows in marts(factory).items() if name != "revisions"}  # which have the time of the build
    assert any("neuf" in row for row in complete["piece_production"])

    run(factory, "restore", str(made(factory)[0]), RESTORED)
    with in_place_of_the_lost(factory):
        assert not any("neuf" in row for row in marts(factory)["piece_production"])
        factory.load()
        factory.build_only()
        assert {name: rows for name, rows in marts(factory).items() if name != "revisions"} == complete


def test_the_newest_backup_is_tried_and_the_trial_is_gone(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    run(factory, "restore-check", expect=1)
    assert "has no backup of" in caplog.text
    run(factory, "backup")
    before = databases(factory)
    run(factory, "restore-check")
    assert "restored and dropped again" in caplog.text
    assert databases(factory) == before


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file; as long as it exists, the programs `pg_restore` wait after they have restored something."""
    held, real = tmp_path / "held", programs.program_for("pg_restore", 18)
    held.touch()
    waiting = f'[ "$1" = --version ] || while [ -e {held} ]; do sleep 0.1; done'
    (tmp_path / "pg_restore").write_text(f'#!/bin/sh\n{real} "$@" || exit\n{waiting}\n')
    (tmp_path / "pg_restore").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return held


def restoring(factory: Factory, *words: str) -> "tuple[subprocess.Popen[str], str]":
    """Start a restore, and wait until there are rows in the database that it makes; return that one's name, too."""
    before = databases(factory)
    command = [sys.executable, "-m", "operation", *words]
    environ = {**os.environ, **factory.environment}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        for name in databases(factory) - before:
            login: Any = {**factory.stack.warehouse_admin, "dbname": name}
            with suppress(psycopg2.Error), closing(psycopg2.connect(**login)) as session, session.cursor() as cursor:
                cursor.execute("select from marts.piece_production")
                if cursor.rowcount:
                    return process, name
        time.sleep(0.1)
    process.kill()
    raise AssertionError(process.communicate())


def test_a_restore_that_is_killed_leaves_no_database_that_looks_good_and_the_next_one_drops_it(
    factory: Factory, slow: Path
) -> None:
    run(factory, "backup")
    (file,) = made(factory)
    before = databases(factory)
    killed, left = restoring(factory, "restore", str(file), RESTORED)
    killed.kill()
    killed.wait()
    assert databases(factory) - before == {left}
    assert left.startswith("restoring_")
    slow.unlink()
    run(factory, "restore", str(file), RESTORED)
    assert databases(factory) - before == {RESTORED}


def test_two_restore_checks_at_once_leave_each_other_alone(factory: Factory, slow: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(factory, "backup")
    before = databases(factory)
    first, _ = restoring(factory, "restore-check")
    run(factory, "restore-check", expect=1)
    assert "another restore or restore-check is at work: wait for its end" in caplog.text
    slow.unlink()
    said = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert databases(factory) == before


def test_a_database_with_the_longest_name_survives_a_restore_check(factory: Factory) -> None:
    longest = "é" * 31 + "x"
    factory._maintain(f"create database {longest} template {factory.environment['POSTGRES_DB']}")
    try:
        grant({**factory.environment, "POSTGRES_DB": longest})
        run(factory, "backup", POSTGRES_DB=longest)
        run(factory, "restore-check", POSTGRES_DB=longest)
        assert longest in databases(factory)
    finally:
        factory._maintain(f"drop database if exists {longest} with (force)")


@pytest.mark.parametrize("name", ["é" * 32, "restoring_0123456789abcdef", "a\nb", os.fsdecode(b"\xff")])
def test_a_name_that_a_restore_cannot_give_is_refused(factory: Factory, name: str, caplog: pytest.LogCaptureFixture) -> None:
    before = databases(factory)
    run(factory, "restore", "some.dump", name, expect=1)
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said == f"DATABASE is {name!r}: set it to a name of 63 bytes at most that does not begin with restoring_"
    assert databases(factory) == before


def test_a_damaged_backup_is_refused_and_a_database_that_exists(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    run(factory, "backup")
    (file,) = made(factory)
    run(factory, "restore", str(file), factory.environment["POSTGRES_DB"], expect=1)
    run(factory, "restore", str(file), "", expect=1)
    run(factory, "restore", str(file.with_name("other.dump")), RESTORED, expect=1)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    run(factory, "restore", str(file), RESTORED, expect=1)
    # Its checksum was made of the damaged file: then nothing is left of the attempt.
    file.write_bytes(content[: len(content) // 2])
    file.with_name(f"{file.name}.sha256").write_text(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")
    run(factory, "restore", str(file), RESTORED, expect=1)
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert all("\n" not in line for line in said)
    for line, part in zip(
        said,
        (
            "exists: name a new one in DATABASE",
            "BACKUP or DATABASE is not set",
            "other.dump.sha256: No such file",
            "is damaged",
            "pg_restore",
        ),
        strict=True,
    ):
        assert part in line
    assert RESTORED not in databases(factory)


def test_backups_are_kept_by_number_and_by_age_and_never_none(factory: Factory) -> None:
    folder = Path(factory.environment["BACKUP_DIR"])
    folder.mkdir()
    now = datetime.now(UTC)
    others = [folder / "usine-of-another-20200101T000000Z.dump", folder / "notes.txt"]
    for path in others:
        path.touch()
    for days in (1, 2, 3, 20, 30):
        file = folder / f"{factory.environment['POSTGRES_DB']}-{now - timedelta(days):%Y%m%dT%H%M%SZ}.dump"
        file.touch()
        file.with_name(f"{file.name}.sha256").touch()
    dead, alive = folder / ".a.part", folder / ".b.part"
    dead.touch()
    alive.touch()
    os.utime(dead, (time.time() - 90_000,) * 2)

    run(factory, "backup", BACKUP_KEEP="4", BACKUP_KEEP_DAYS="10")
    ages = [round((now - when).total_seconds() / 86_400) for when, _ in backups(folder, factory.environment["POSTGRES_DB"])]
    assert ages == [0, 1, 2, 3]
    assert len([*folder.glob("*.sha256")]) == 4
    assert all(path.exists() for path in (*others, alive))
    assert not dead.exists()
    time.sleep(1)
    run(factory, "backup", BACKUP_KEEP="1")
    assert len(made(factory)) == 1


def test_what_prevents_a_backup_is_one_line(
    factory: Factory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    transformer = {name: factory.environment[f"DBT_{name}"] for name in ("POSTGRES_USER", "POSTGRES_PASSWORD")}
    run(factory, "backup", BACKUP_DIR=str(tmp_path / "file" / "x"), expect=1)
    run(factory, "backup", BACKUP_KEEP="0", BACKUP_KEEP_DAYS="x", RECORDS_DAYS="y", expect=1)
    factory.ask("create table analyses.hers as select 1 as a")
    run(factory, "backup", **{f"BACKUP_{name}": value for name, value in transformer.items()}, expect=1)
    run(factory, "backup", BACKUP_POSTGRES_PASSWORD="wrong", expect=1)
    run(factory, "backup", POSTGRES_DB="postgres", BACKUP_POSTGRES_USER="", BACKUP_POSTGRES_PASSWORD="", expect=1)
    monkeypatch.setattr(programs, "find_spec", lambda _: None)
    monkeypatch.setattr(programs, "glob", lambda _: [])
    monkeypatch.setenv("PATH", str(tmp_path))
    run(factory, "backup", expect=1)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.3'\n")
    old.chmod(0o755)
    run(factory, "backup", expect=1)
    told = tmp_path / "told"
    old.write_text(f"#!/bin/sh\n[ $1 = --version ] && echo '(PostgreSQL) 99.1' || {{ echo \"$@\" >{told}; exit 3; }}\n")
    run(factory, "backup", expect=1)
    assert "--format=custom" in told.read_text()
    assert factory.environment["BACKUP_POSTGRES_PASSWORD"][-6:] not in told.read_text()
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert all("\n" not in line and "Paßwort" not in line for line in said)
    for line, part in zip(
        said,
        (
            "file/x': Not a directory; set it to a folder that can be written",
            "BACKUP_KEEP is '0': set it to a whole number from 1 to 10000; BACKUP_KEEP_DAYS is 'x': set it to a whole number",
            "permission denied for schema analyses; name an account that may read everything in BACKUP_POSTGRES_USER",
            "password authentication failed",
            "has no schema raw, intermediate, historique: correct POSTGRES_DB",
            "and here is none: install the package postgresql-client-1",
            "and here is 15: install the package postgresql-client-1",
            "/usine: exit code 3",
        ),
        strict=True,
    ):
        assert part in line
    assert [*Path(factory.environment["BACKUP_DIR"]).iterdir()] == []


def test_a_program_is_the_servers_or_the_next_newer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = []
    for version in (15, 18, 17, 16):
        folder = tmp_path / str(version)
        folder.mkdir()
        folders.append(str(folder))
        for name in ("pg_dump", "pg_restore"):
            (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}.1 (Debian)'\n")
            (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", ":".join([*folders, os.environ["PATH"]]))

    def chosen(name: str, server: int) -> str:
        return Path(programs.program_for(name, server)).parent.name

    assert [chosen("pg_dump", server) for server in (16, 17, 18)] == ["16", "17", "18"]
    assert [chosen("pg_restore", server) for server in (16, 17)] == ["16", "17"]
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / "17" / name).unlink()
        assert chosen(name, 17) == "18"
        # What 17 and 18 write, 16 does not read, and what they set, it does not know.
        (tmp_path / "16" / name).unlink()
        with pytest.raises(LoadError, match=f"{name} for PostgreSQL 16 is needed, and here is 15, 18: install"):
            programs.program_for(name, 16)


def test_a_single_account_backs_up_and_the_package_has_programs_for_the_server(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = factory.stack.warehouse_admin
    for name in ("BACKUP_POSTGRES_USER", "BACKUP_POSTGRES_PASSWORD"):
        factory.environment.pop(name)
    one_user(factory, login["user"], login["password"], monkeypatch)
    run(factory, "backup")
    run(factory, "restore-check")
    assert len(made(factory)) == 1
    assert Path(programs.program_for("pg_dump", 18)) == program("pg_dump") or Path("/usr/lib/postgresql/18").exists()


def test_doctor_tells_the_age_of_the_newest_backup_and_what_prevents_one(
    factory: Factory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    factory.environment["BACKUP_DIR"] = str(tmp_path / "chosen")
    monkeypatch.setattr(backup, "ROOT", tmp_path)
    with ExitStack() as resources:
        context = doctor.Context(factory.environment, resources)
        doctor.check_postgres(context)
        assert doctor.check_backup(context) == doctor.warning(f"{factory.environment['BACKUP_DIR']} has none", "make backup")
        run(factory, "backup")
        found = doctor.check_backup(context)
        assert (found.verdict, found.text.endswith(" s ago")) == ("ok", True)
        (file,) = made(factory)
        old = file.rename(file.with_name(f"{factory.environment['POSTGRES_DB']}-20250101T000000Z.dump"))
        assert doctor.check_backup(context).verdict == "warning"

        context.environ = {}
        assert doctor.check_backup(context) == doctor.ok("none is made here: neither BACKUP_DIR nor SCHEDULE_BACKUP is set")
        context.environ = {"SCHEDULE_BACKUP": "45 4 * * *"}
        assert doctor.check_backup(context) == doctor.warning(f"{tmp_path / 'backups'} has none", "make backup")
        # A timer of systemd has made one, and does not any more.
        context.environ = {}
        (tmp_path / "backups").mkdir()
        shutil.copy(old, tmp_path / "backups")
        assert doctor.check_backup(context).verdict == "warning"

        monkeypatch.setattr(programs, "find_spec", lambda _: None)
        monkeypatch.setattr(programs, "glob", lambda _: [])
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(LoadError, match=r"pg_dump for PostgreSQL 1. is needed, and here is none"):
            doctor.check_backup(context)
