"""Whatever breaks, after the next run raw and the marts hold exactly what the sources hold."""

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from logging.handlers import RotatingFileHandler
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from common.retry import ATTEMPTS
from loaders.cli import main
from tests import reference
from tests.factory import Factory
from tests.relay import Fault, FtpRelay, Relay, cut, leave
from tests.test_incremental import day
from tests.test_load_logs import ALU, LAST_RUN, PVC, expect_raw, file
from tests.test_marts import CENTRES, expect_marts
from tests.victim import start_load

BIG = b"20250525 10:00:00|@X: y\r\n" * 20_000
LOGS = {(PVC, "20250525.LOG"): BIG, (PVC, "20250526.LOG"): day("20250526"), (ALU, "20250526.LOG"): day("20250526", pieces=5)}
ERP: dict[str, list[dict[str, Any]]] = {
    "a_kopf": [{"id": f"K{n}", "aunummer": n, "aualpha": "A", "aufstatus": "x", "kommission": "y" * 50} for n in range(9_000)],
    "a_logbuch": [{"id": 1, "id_a_kopf": "K1", "datum": "2025-05-26 10:00:00", "notiz": "cde Planifiée"}],
    "p_zubeh": [{"id_a_kopf": "K1", "zcode": "VR1", "text": "Volet"}],
    "a_vorgang": [{"id_a_kopf": "K1", "nummer": "10", "bezeichnung": "Montage"}],
}
# Lines without a row in the ledger, and rows that lack some of their lines.
TORN = """
    select coalesce(file.file_version, line.file_version)
    from raw.log_files as file
    full join (select file_version, count(*) as n from raw.log_lines group by 1) as line using (file_version)
    where file.line_count is distinct from coalesce(line.n, 0)
"""


def fill(factory: Factory) -> None:
    factory.put_logs(LOGS)
    factory.put_erp(ERP)


def load(factory: Factory, *words: str, expect: int = 0, **environ: str) -> None:
    """Load in this process, which saves a start of Python."""
    try:
        assert main(words or ["load"], {**os.environ, **factory.environment, **environ}) == expect
    finally:
        for handler in [each for each in logging.getLogger().handlers if isinstance(each, RotatingFileHandler)]:
            logging.getLogger().removeHandler(handler)
            handler.close()


def expect_all(factory: Factory, logs: dict[tuple[str, str], bytes] = LOGS) -> None:
    """Raw holds what the sources hold, no row twice and none missing."""
    expect_raw(factory, logs)
    assert factory.ask(TORN) == []
    expect_erp(factory)


def expect_erp(factory: Factory) -> None:
    with factory.erp() as connection, connection.cursor() as cursor:
        for table, rows in ERP.items():
            names = ", ".join(rows[0])
            cursor.execute(f"select {names} from {table}")
            there = sorted(tuple(str(value) for value in row) for row in cursor.fetchall())
            assert sorted(factory.ask(f"select {names} from raw.{table}")) == there


@contextmanager
def relayed(
    factory: Factory, *, ftp: Fault | None = None, mysql: Fault | None = None, postgres: Fault | None = None
) -> Iterator[None]:
    """Connect the platform to the servers through relays, and check that each fault has happened."""
    direct = factory.environment
    with (
        FtpRelay(direct["FTP_PORT"], ftp) as to_ftp,
        Relay(direct["MYSQL_PORT"], mysql) as to_mysql,
        Relay(direct["POSTGRES_PORT"], postgres) as to_postgres,
    ):
        factory.environment = {**direct, "FTP_PORT": to_ftp.port, "MYSQL_PORT": to_mysql.port, "POSTGRES_PORT": to_postgres.port}
        try:
            yield
        finally:
            factory.environment = direct
    assert not any(fault.times for fault in (ftp, mysql, postgres) if fault), "the fault has not come about"


# Into an empty warehouse, and into one that has been loaded before.
FIRST_TIME = {
    "PostgreSQL connects": ("postgres", "up", b"", 0),
    "the lock is taken": ("postgres", "up", b"pg_try_advisory_lock", 0),
    "raw's tables are made": ("postgres", "up", b"raw.a_vorgang (", 0),
    "FTP lists": ("ftp", "up", b"LIST", 0),
    "dlt makes its tables": ("postgres", "up", b"_dlt_loads", 0),
    "what has arrived is told": ("postgres", "up", b'COPY "raw"."log_transfers"', 0),
    "the first lines are copied": ("postgres", "up", b'COPY "raw"."log_lines"', 0),
    "the key is made": ("postgres", "up", b"call raw.complete", 0),
    "MySQL sends rows": ("mysql", "down", b"", 300_000),
    "ERP rows are written": ("postgres", "up", b'COPY "raw"."a_vorgang"', 0),
}
LATER = {
    "FTP transfers": ("ftp", "data", b"", 200_000),
    "half of the lines are copied": ("postgres", "up", b"", 800_000),
    "lines are committed": ("postgres", "up", b"COMMIT", 0),
    "lines have been committed": ("postgres", "down", b"COMMIT\0", 0),
    "the run of the logs ends": ("postgres", "up", b"outcome = 'ok'", 0),
    "MySQL connects": ("mysql", "up", b"consistent snapshot", 0),
    "ERP rows are compared": ("postgres", "up", b"force_quote", 0),
    "ERP rows arrive": ("postgres", "up", b'COPY "raw"."_new_a_kopf"', 0),
    "ERP rows are taken out": ("postgres", "up", b"copy departed", 0),
    "ERP versions are written": ("postgres", "up", b"insert into raw.erp_versions", 0),
}


def test_a_load_killed_at_any_moment_is_made_good_by_the_next(factory: Factory) -> None:
    victims: Queue[ForkServerProcess] = Queue()

    def kill(relay: Relay) -> None:
        victims.get().kill()
        cut(relay)

    fill(factory)
    logs = dict(LOGS)
    for turn, (moment, (server, channel, text, after)) in enumerate([*FIRST_TIME.items(), *LATER.items()]):
        if turn == len(FIRST_TIME):
            load(factory)
            expect_all(factory, logs)
        # Something to do in every phase, whatever the loads before this one had done when they died.
        # A file of the same size, written in the same second, would be the same to any loader.
        logs[PVC, "20250525.LOG"] = BIG + b"x" * turn + b"\n"
        logs[PVC, "20250526.LOG"] += b"20250526 11:00:00|@StukUitgevoerd: x\r\n"
        factory.put_logs(logs)
        with factory.erp() as connection, connection.cursor() as cursor:
            cursor.execute("update a_kopf set kommission = %s where aunummer < 3", (f"turn {turn}",))
            connection.commit()
        with relayed(factory, **{server: Fault(channel, kill, text, after)}):
            victim = start_load(factory.environment)
            victims.put(victim)
            victim.join(60)
        assert victim.exitcode == -signal.SIGKILL, moment
        if factory.ask("select to_regclass('raw.log_lines') is not null") == [(True,)]:
            assert factory.ask(TORN) == [], moment
    load(factory)
    expect_all(factory, logs)
    factory.build_only()
    erp = {**ERP, "a_kopf": [{**row, "kommission": f"turn {turn}"} if row["aunummer"] < 3 else row for row in ERP["a_kopf"]]}
    expect_marts(factory, reference.marts(logs, CENTRES, erp))


def test_an_ftp_connection_that_breaks_is_made_anew(factory: Factory) -> None:
    fill(factory)
    with relayed(factory, ftp=Fault("up", cut, b"RETR")):
        load(factory, "load", "logs")
    expect_raw(factory, LOGS)
    grown = {**LOGS, (PVC, "20250525.LOG"): BIG * 2}
    factory.put_logs(grown)
    with relayed(factory, ftp=Fault("data", cut, after=300_000)):
        load(factory, "load", "logs")
    assert factory.ask(LAST_RUN) == [("ok", 3, 1, 2, 0, 40_000)]
    expect_raw(factory, grown)


def test_an_ftp_server_that_goes_is_given_up_once_and_what_had_arrived_is_kept(factory: Factory) -> None:
    many = {(PVC, f"202501{number:02}.LOG"): b"x\n" * 10 for number in range(1, 31)}
    factory.put_logs(many)
    with relayed(factory, ftp=Fault("up", leave, b"RETR 20250120.LOG")):
        load(factory, "load", "logs", expect=1, FTP_CONNECTIONS="1")
    assert factory.ask("select outcome, loaded, failed, error ~ '^FTP server .*20250120' from raw.load_runs") == [
        ("partial", 19, 1, True)
    ]
    load(factory, "load", "logs")
    expect_raw(factory, many)


def test_an_ftp_server_that_allows_few_connections_gets_few(factory: Factory, tmp_path: Path) -> None:
    settings = factory.stack.home / "vsftpd.conf"
    if not settings.exists():
        pytest.skip("pyftpdlib stands in for vsftpd")
    with Relay(1) as relay:  # for its port
        port = relay.port
    own = re.sub(r"listen_port=\d+", f"listen_port={port}", settings.read_text()) + "max_per_ip=2\n"
    (tmp_path / "vsftpd.conf").write_text(own)
    program = shutil.which("vsftpd") or factory.stack.home / "vsftpd/usr/sbin/vsftpd"
    server = subprocess.Popen([program, tmp_path / "vsftpd.conf"])
    try:
        logs = {(PVC, f"2025010{number}.LOG"): BIG * 5 for number in range(1, 7)}
        factory.put_logs(logs)
        load(factory, "load", "logs", FTP_PORT=port, FTP_CONNECTIONS="6")
        expect_raw(factory, logs)
    finally:
        server.terminate()
        server.wait()


def test_a_file_that_shrinks_while_it_is_read_is_read_again_and_named_if_it_never_stops(factory: Factory) -> None:
    path = file(factory, ALU, "20250601.LOG")

    def shrink(relay: Relay) -> None:
        os.truncate(path, path.stat().st_size - 2)

    factory.put_logs({**LOGS, (ALU, "20250601.LOG"): b"x\n" * 10})
    with relayed(factory, ftp=Fault("up", shrink, b"RETR 20250601.LOG", times=ATTEMPTS)):
        load(factory, "load", "logs", expect=1)
    expect_raw(factory, LOGS)
    said = "error like '%DEMALU (ALU)/20250601.LOG%shrank from 14 to 12 bytes%'"
    assert factory.ask(f"select outcome, {said} from raw.load_runs") == [("partial", True)]
    with relayed(factory, ftp=Fault("up", shrink, b"RETR 20250601.LOG")):
        load(factory, "load", "logs")
    expect_raw(factory, {**LOGS, (ALU, "20250601.LOG"): b"x\n" * 5})


def test_postgresql_restarted_and_crashed_in_the_middle_of_a_load(factory: Factory) -> None:
    fill(factory)
    with relayed(factory, postgres=Fault("up", lambda relay: factory.stack.restart("postgres"), b'COPY "raw"."log_lines"')):
        load(factory, "load", "logs")
    expect_raw(factory, LOGS)

    def crash(relay: Relay) -> None:
        ((pid,),) = factory.ask("select pid from pg_stat_activity where application_name = 'loaders' and state <> 'idle'")
        os.kill(pid, signal.SIGKILL)

    with relayed(factory, postgres=Fault("up", crash, b'"a_vorgang"')):
        load(factory, "load", "erp")
    expect_all(factory)
    outcomes = factory.ask("select source, outcome from raw.load_runs order by run_id")
    assert outcomes == [("logs", "interrupted"), ("logs", "ok"), ("erp", "interrupted"), ("erp", "ok")]


def test_a_mysql_connection_that_breaks_is_made_anew_and_a_server_that_goes_is_named(factory: Factory) -> None:
    factory.put_erp(ERP)
    with relayed(factory, mysql=Fault("down", cut, after=300_000)):
        load(factory, "load", "erp")
    expect_erp(factory)
    factory.put_erp({**ERP, "p_zubeh": []})
    with relayed(factory, mysql=Fault("down", leave, after=300_000)):
        load(factory, "load", "erp", expect=1)
    assert factory.ask("select outcome, error like 'MySQL %' from raw.load_runs order by run_id desc limit 1") == [("failed", True)]
    assert factory.ask("select count(*) from raw.p_zubeh") == [(1,)]
    load(factory, "load", "erp")
    expect_erp(factory)


def test_a_full_temporary_folder_is_said_and_a_missing_one_does_no_harm(factory: Factory, tmp_path: Path) -> None:
    fill(factory)
    logs = {**LOGS, (ALU, "20250525.LOG"): BIG * 20}  # too large for memory
    factory.put_logs(logs)
    victim = start_load(factory.environment, largest_file=1 << 20)
    victim.join(60)
    assert victim.exitcode == 1
    expect_all(factory)
    runs = factory.ask("select source, outcome, error from raw.load_runs order by run_id")
    assert [run[:2] for run in runs] == [("logs", "partial"), ("erp", "ok")]
    assert re.search(r"DEMALU \(ALU\)/20250525.LOG.*File too large", runs[0][2])
    victim = start_load({**factory.environment, "TMPDIR": str(tmp_path / "gone")})
    victim.join(60)
    assert victim.exitcode == 0
    expect_all(factory, logs)


def wait_for_waiting(factory: Factory, kind: int, sessions: int = 1) -> None:
    """Wait until so many sessions wait for an advisory lock: that of whole runs (kind 1), or a model's (kind 2)."""
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted and objsubid = %s"
    deadline = time.monotonic() + 60
    while factory.ask(query, (kind,)) != [(sessions,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def locked(factory: Factory, *command: str) -> "subprocess.Popen[str]":
    """Start a command in the way `make build` starts dbt."""
    return subprocess.Popen(
        [sys.executable, "-m", "operation.locked", *command],
        env={**os.environ, **factory.environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_loads_wait_for_each_other_and_for_a_build_however_it_ends(factory: Factory) -> None:
    fill(factory)
    build = locked(factory, "sh", "-c", "echo $$; exec sleep 600")
    assert build.stdout
    command = int(build.stdout.readline())
    loads = [start_load(factory.environment) for _ in range(2)]
    wait_for_waiting(factory, 1, 2)
    # The process that waits for the build may die: the build goes on, and others must wait.
    build.kill()
    build.wait()
    time.sleep(0.2)
    wait_for_waiting(factory, 1, 2)
    os.kill(command, signal.SIGKILL)
    for each in loads:
        each.join(60)
    assert [each.exitcode for each in loads] == [0, 0]
    expect_all(factory)
    runs = factory.ask("select source, outcome, loaded > 0 from raw.load_runs order by run_id")
    assert runs == [("logs", "ok", True), ("erp", "ok", True), ("logs", "ok", False), ("erp", "ok", False)]


def test_builds_wait_for_each_other_also_the_first_ones(factory: Factory) -> None:
    factory.put_logs(LOGS)
    load(factory, "load", "logs")
    # One model is blocked until both builds run, so that they overlap.
    models = ["stg_logs__files", "stg_logs__lines", "int_fichiers_a_lire", "int_fichiers_purges"]
    models += ["int_lignes_a_lire", "int_lignes_lues", "int_lignes"]
    folders = ["--profiles-dir", str(factory.profiles()), "--target-path", str(factory.target)]
    with closing(factory.warehouse()) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(6581364, hashtext('int_lignes'))")
        dbt = str(Path(sys.executable).with_name("dbt"))
        builds = [locked(factory, dbt, "--quiet", "run", "--select", *models, *folders) for _ in range(2)]
        wait_for_waiting(factory, 1)
        wait_for_waiting(factory, 2)
    said = [build.communicate(timeout=120)[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sorted(text.count("another load or build is at work; waiting for its end") for text in said) == [0, 1]
    assert factory.ask("select count(*) from intermediate.int_lignes") == [(sum(map(bytes.count, LOGS.values(), [b"\n"] * 3)),)]


def test_chosen_files_are_loaded_anew(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    odd = "Ü's [2] (x)"
    logs = {(folder, f"2025052{n}.LOG"): b"one\ntwo\n" for folder in (PVC, ALU, odd) for n in range(3)}
    factory.put_logs(logs)
    load(factory, "load", "logs")
    for pattern, expected in [(f"{PVC}/202505*", 3), (f"{odd}/*0.log", 1), ("dem[!a]*/*[02].LOG", 2)]:
        before = factory.transfers()
        load(factory, "reload", pattern)
        assert factory.transfers() == before + expected
        assert factory.ask(LAST_RUN) == [("ok", expected, expected, 0, 0, 2 * expected)]
    expect_raw(factory, logs)
    caplog.clear()
    load(factory, "reload", "DEM12/*", expect=1)
    assert [record.getMessage() for record in caplog.records if "no file there matches 'DEM12/*'" in record.getMessage()]


def test_raw_tables_that_were_changed_by_hand_are_put_right(factory: Factory) -> None:
    logs = {(folder, f"2025052{n}.LOG"): b"one\ntwo\n" for folder in (PVC, ALU) for n in range(3)}
    factory.put_logs(logs)
    load(factory, "load", "logs")
    held = dict(logs)
    del held[PVC, "20250520.LOG"]
    factory.put_logs(held)

    factory.ask("truncate raw.log_files")
    load(factory, "load", "logs")
    # Files that are gone from the server are kept, with what is still known of them.
    lines = factory.ask("select folder, file_name, line_number, line from raw.log_lines")
    assert sorted(lines) == sorted(reference.raw_log_lines(logs))
    assert factory.ask("select folder, file_name, line_count from raw.log_files where modified_at = 'epoch'") == [
        (PVC, "20250520.LOG", 2)
    ]
    assert factory.ask(TORN) == []

    factory.ask("truncate raw.log_lines")
    load(factory, "load", "logs")
    expect_raw(factory, held)

    factory.ask("delete from raw.log_lines where file_name = '20250522.LOG' and line_number = 2")
    factory.ask("delete from raw.log_files where file_name = '20250521.LOG'")
    load(factory, "reload", "*/20250522.LOG")
    load(factory, "load", "logs")
    expect_raw(factory, held)


def test_an_account_that_may_not_create_temporary_tables_is_told_so(factory: Factory, caplog: pytest.LogCaptureFixture) -> None:
    database = factory.environment["POSTGRES_DB"]
    factory.ask("create role sans_temporaires login password 'x'")
    try:
        factory.ask(f"grant connect on database {database} to sans_temporaires")
        load(factory, expect=1, POSTGRES_USER="sans_temporaires", POSTGRES_PASSWORD="x")
    finally:
        factory.ask("drop owned by sans_temporaires")
        factory.ask("drop role sans_temporaires")
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.endswith(f"'sans_temporaires' may not create temporary tables; grant TEMPORARY on database {database} to it")
