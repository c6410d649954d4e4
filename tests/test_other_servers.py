"""The loaders against real servers of other kinds and versions, and what these do."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pymysql
import pytest

from common.errors import LoadError, causes
from common.raw import ERP_TABLES
from common.retry import ATTEMPTS
from common.settings import MysqlSettings
from loaders.erp import differences
from loaders.ftp import parse_listed
from loaders.mysql import Erp
from tests.factory import ERP_DDL, ROOT, Factory
from tests.relay import Fault, cut
from tests.servers import mysql_5_6, pooler, proftpd, pure_ftpd
from tests.test_faults import ERP, LOGS, TORN, expect_all, expect_erp, fill, load, relayed
from tests.test_load_erp import LAST_RUN as LAST_ERP_RUN
from tests.test_load_erp import raw
from tests.test_load_logs import ALU, LAST_RUN, PVC, expect_raw, file

# --------------------------------------------------------------------------------------------------
# Connections that break again and again
# --------------------------------------------------------------------------------------------------

BREAKS = {
    "while raw is made": ("postgres", "up", b"raw.publish_log_files", 0),
    "while lines are copied": ("postgres", "up", b'COPY "raw"."log_lines"', 0),
    "once lines are committed": ("postgres", "down", b"COPY 20", 0),
    "while rows of the ERP are copied": ("postgres", "up", b'COPY "raw"."a_kopf"', 0),
    "while the ERP sends rows": ("mysql", "down", b"", 300_000),
    "between two tables of the ERP": ("mysql", "up", b"from a_logbuch", 0),
    "while a file is transferred": ("ftp", "data", b"", 300_000),
}


@pytest.mark.parametrize("times", [1, 2, ATTEMPTS - 1])
@pytest.mark.parametrize("moment", BREAKS)
def test_a_connection_that_breaks_several_times_is_made_anew_each_time(factory: Factory, moment: str, times: int) -> None:
    server, channel, text, after = BREAKS[moment]
    fill(factory)
    with relayed(factory, **{server: Fault(channel, cut, text, after, times)}):
        load(factory)
    expect_all(factory)


@pytest.mark.parametrize("moment", ["while lines are copied", "while the ERP sends rows"])
def test_a_connection_that_always_breaks_ends_the_load_in_one_line(factory: Factory, moment: str) -> None:
    server, channel, text, after = BREAKS[moment]
    fill(factory)
    with relayed(factory, **{server: Fault(channel, cut, text, after, ATTEMPTS)}):
        began = time.monotonic()
        load(factory, expect=1)
        assert time.monotonic() - began < 30
    load(factory)
    expect_all(factory)


def test_chains_of_exceptions_that_bite_their_tail_have_an_end() -> None:
    first, second = LoadError("first"), OSError("second")
    first.__cause__, second.__context__ = second, first
    assert list(causes(first)) == [first, second]
    first.__cause__ = first
    assert list(causes(first)) == [first]


# --------------------------------------------------------------------------------------------------
# dlt
# --------------------------------------------------------------------------------------------------


def test_dlt_tells_what_its_pipelines_have_done(factory: Factory, tmp_path: Path) -> None:
    fill(factory)
    load(factory, LOG_DIR=str(tmp_path))
    dlt = str(Path(sys.executable).with_name("dlt"))
    for name, table in (("logs", "log_lines"), ("erp", "a_kopf")):
        words = ["pipeline", "--pipelines-dir", str(tmp_path / "pipelines"), name]
        for command, said in (("info", table), ("trace", table), ("failed-jobs", "No failed jobs")):
            done = subprocess.run(
                [dlt, "--non-interactive", *words, command], capture_output=True, text=True, cwd=tmp_path, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert said.lower() in (done.stdout + done.stderr).lower(), (name, command, done.stdout)
    assert factory.ask("select schema_name, count(*), max(status) from raw._dlt_loads group by 1 order by 1") == [
        ("erp", 1, 0),
        ("logs", 2, 0),
    ]


@pytest.mark.parametrize("loss", ["lost", "not to be written", "in use", "full of a failed package"])
def test_the_working_folder_costs_nothing(factory: Factory, tmp_path: Path, loss: str) -> None:
    fill(factory)
    folder = tmp_path / "pipelines"
    environ: dict[str, Any] = {"LOG_DIR": str(tmp_path)}
    with relayed(factory, postgres=Fault("up", cut, b'COPY "raw"."log_lines"', times=ATTEMPTS)):
        load(factory, "load", "logs", expect=1, **environ)
    if loss == "lost":
        subprocess.run(["rm", "-r", folder], check=True)
    if loss == "not to be written":
        subprocess.run(["rm", "-r", folder], check=True)
        folder.write_text("no folder")
    with open(tmp_path / "lock" if loss != "in use" else folder / "logs.lock", "w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        load(factory, **environ)
    expect_all(factory)


def test_variables_and_files_that_look_like_dlts_own_change_nothing(
    factory: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text('dev_mode = true\ndataset_name = "elsewhere"\n')
    monkeypatch.chdir(tmp_path)
    fill(factory)
    own = {"DEV_MODE": "true", "DATASET_NAME": "other", "LOAD__WORKERS": "none", "SCHEMA__NAMING": "snake_case"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    load(factory)
    expect_all(factory)
    names = factory.ask("select nspname::text from pg_namespace where nspname in ('elsewhere', 'other') or nspname like 'raw\\_%'")
    assert names == []


def test_dlt_is_started_only_when_there_is_something_to_load(factory: Factory) -> None:
    fill(factory)
    load(factory)
    watched = (
        "import sys; from loaders.cli import main; code = main(['load']);"
        " sys.exit(code or 3 * ('dlt' in sys.modules or 'pyarrow' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", watched], cwd=ROOT, env={**os.environ, **factory.environment}, check=False)
    assert done.returncode == 0
    assert factory.ask("select source, outcome, loaded from raw.load_runs order by run_id desc limit 2") == [
        ("erp", "ok", 0),
        ("logs", "ok", 0),
    ]


# --------------------------------------------------------------------------------------------------
# The ERP
# --------------------------------------------------------------------------------------------------

HARD_DDL = (
    "id varchar(32) character set utf8 primary key, aunummer int zerofill, aualpha varchar(10) character set latin1,"
    " aufstatus text character set utf8mb4 collate utf8mb4_bin, kommission text character set ucs2, breite float, hoehe float(7,2),"
    " d double, d2 double(9,3), big bigint unsigned, price decimal(20,6), day date, dayn date not null, moment datetime(3),"
    " ts timestamp not null default '0000-00-00 00:00:00', t time, t6 time(6), y year, b blob, bi bit(10), vb varbinary(20),"
    " e enum('a\"b','ü') character set latin2, s set('x','y'), `we\"ird, näme` text character set latin1, ch char(5),"
    " cy varchar(10) character set cp1251"
)
HARD_ROWS: list[dict[str, Any]] = [
    {
        "id": "K1", "aunummer": 5, "aualpha": "é €", "aufstatus": " tab\t\\N \"' \n\r\n\\.\n", "kommission": "€ x",
        "breite": 12.345678, "hoehe": 3.45, "d": 0.1, "d2": 1.5, "big": 2**64 - 1, "price": "12345678901234.000001",
        "day": "0000-00-00", "dayn": "2024-00-15", "moment": "2024-02-29 23:59:59.123", "ts": "2024-01-01 00:00:00",
        "t": "-12:34:56", "t6": "-838:59:59", "y": 1999, "b": b"\x00\xff", "bi": b"\x01", "vb": b"ab", "e": 'a"b', "s": "x,y",
        'we"ird, näme': 'say "hi", \\', "ch": "ab ", "cy": "ж",
    },
    {"id": "K2", "aufstatus": "", "breite": 1e-7, "d": 1e300, "dayn": "0000-00-00", "ch": ""},
    {"id": "K3", "aualpha": "NUL\0x", "kommission": "NUL \0 \\' \\", "breite": 3.4e38, "dayn": "9999-12-31", "e": "ü", "cy": ""},
]  # fmt: skip


def fill_hard(connection: "pymysql.Connection[Any]") -> None:
    with connection.cursor() as cursor:
        cursor.execute("set session sql_mode = ''")
        cursor.execute("drop table if exists a_kopf")
        cursor.execute(f"create table a_kopf ({HARD_DDL}) engine=InnoDB")
        for row in HARD_ROWS:
            names = ", ".join("`" + name.replace("%", "%%") + "`" for name in row)
            cursor.execute(f"insert into a_kopf ({names}) values ({', '.join(['%s'] * len(row))})", [*row.values()])
    connection.commit()


def lines_both_ways(environ: dict[str, str]) -> tuple[list[bytes], list[bytes]]:
    """The lines of `a_kopf`, as the server writes them, and put together from columns."""
    with Erp(MysqlSettings.from_environ(environ)) as erp:
        columns = erp.columns(ERP_TABLES[0])
        both = [[line for some in erp.lines(ERP_TABLES[0], columns, by_server=by) for line in some] for by in (True, False)]
    return both[0], both[1]


@pytest.fixture(scope="module")
def old_mysql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with mysql_5_6(tmp_path_factory.mktemp("mysql"), "--max-allowed-packet=1M", "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES") as settings:
        with old_erp(settings) as connection, connection.cursor() as cursor:
            cursor.execute("create database erp")
        yield settings


def old_erp(settings: dict[str, str], **more: Any) -> "closing[pymysql.Connection[Any]]":
    host, port = settings["MYSQL_HOST"], int(settings["MYSQL_PORT"])
    return closing(pymysql.connect(host=host, port=port, user="root", password="", charset="utf8mb4", **more))


def fill_old(settings: dict[str, str]) -> None:
    with old_erp(settings, database="erp") as connection:
        fill_hard(connection)
        with connection.cursor() as cursor:
            for table in ("a_logbuch", "p_zubeh", "a_vorgang"):
                cursor.execute(f"drop table if exists {table}")
                cursor.execute(f"create table {table} ({ERP_DDL[table]})")


def test_the_server_writes_the_line_that_its_columns_make(factory: Factory, old_mysql: dict[str, Any]) -> None:
    with factory.erp() as connection:
        fill_hard(connection)
    written, made = lines_both_ways(factory.environment)
    assert written == made
    assert len(written) == len(HARD_ROWS)
    fill_old(old_mysql)
    of_old = lines_both_ways(old_mysql)
    assert of_old == (written, made)


def test_mysql_5_6_is_loaded_faithfully(factory: Factory, old_mysql: dict[str, Any]) -> None:
    fill_old(old_mysql)
    for outcome in (("ok", 4, 1, 3, 0, 3), ("ok", 4, 0, 4, 0, 0)):
        factory.load("erp", **old_mysql)
        assert factory.ask(LAST_ERP_RUN) == [outcome]
    columns = 'aunummer, aualpha, aufstatus, kommission, breite, day, dayn, t, bi, "we""ird, näme", ch, cy'
    assert factory.ask(f"select {columns} from raw.a_kopf order by id") == [
        (
            "0000000005", "é €", " tab\t\\N \"' \n\r\n\\.\n", "€ x", "12.345678329467773", "0000-00-00", "2024-00-15", "-12:34:56",
            "1", 'say "hi", \\', "ab", "ж",
        ),
        (None, None, "", None, "0.00000010000000116860974", None, "0000-00-00", None, None, None, "", None),
        (None, "NULx", None, "NUL  \\' \\", "3.3999999521443642e38", None, "9999-12-31", None, None, None, None, ""),
    ]  # fmt: skip


def test_what_the_server_cannot_put_into_a_line_is_read_column_by_column(factory: Factory, old_mysql: dict[str, Any]) -> None:
    fill_old(old_mysql)
    long = '"' * 700_000
    with old_erp(old_mysql, database="erp") as connection, connection.cursor() as cursor:
        cursor.execute("alter table a_kopf modify aufstatus longtext character set utf8mb4")
        cursor.execute("insert into a_kopf (id, kommission, aufstatus, dayn) values ('K4', 'x', %s, '2024-01-01')", (long,))
        cursor.execute("insert into a_kopf (id, kommission, dayn) values ('K5', 'y', '2024-01-01')")
        connection.commit()
    said = factory.load("erp", **old_mysql)
    assert "reading column by column" in said
    assert factory.ask("select count(*), max(length(aufstatus)) from raw.a_kopf") == [(5, len(long))]
    factory.load("erp", **old_mysql)
    assert factory.ask(LAST_ERP_RUN) == [("ok", 4, 0, 4, 0, 0)]


def crash(factory: Factory, table: str) -> None:
    """Cut the index file of a table, as a power cut does."""
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute(f"alter table {table} engine=MyISAM, add index (id_a_kopf)")
        cursor.execute("flush tables")
        index = next(factory.stack.home.glob(f"mariadb/**/erp/{table}.MYI"))
        index.write_bytes(index.read_bytes()[:40])
        cursor.execute("flush tables")


def test_a_table_that_fails_while_it_is_read_is_named_and_the_others_are_loaded(factory: Factory) -> None:
    fill(factory)
    load(factory, "load", "erp")
    crash(factory, "p_zubeh")
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute("update a_kopf set kommission = 'changed' where aunummer = 7")
        cursor.execute("update a_vorgang set bezeichnung = 'changed'")
        connection.commit()
    said = factory.load("erp", expect=1)
    assert "table p_zubeh: " in said
    assert "REPAIR TABLE p_zubeh" in said
    assert factory.ask(LAST_ERP_RUN) == [("partial", 4, 2, 1, 1, 4)]
    assert factory.ask("select kommission from raw.a_kopf where aunummer = '7'") == [("changed",)]
    assert factory.ask("select bezeichnung from raw.a_vorgang") == [("changed",)]
    assert factory.ask("select count(*) from raw.p_zubeh") == [(1,)]


def test_a_view_in_the_place_of_a_table_that_is_broken_or_slow_is_named(factory: Factory) -> None:
    fill(factory)
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute("create table base (id_a_kopf varchar(32), zcode varchar(9), text text)")
        cursor.execute("drop table p_zubeh")
        cursor.execute("create view p_zubeh as select * from base")
        cursor.execute("drop table base")
        cursor.execute("drop table a_vorgang")
        slow = "select id as id_a_kopf, sleep(0.01) as nummer, 'x' as bezeichnung from a_kopf"
        cursor.execute(f"create view a_vorgang as {slow}")
        cursor.execute("set global max_statement_time = 1")
    try:
        said = factory.load("erp", expect=1)
    finally:
        with factory.erp() as connection, connection.cursor() as cursor:
            cursor.execute("set global max_statement_time = 0")
            cursor.execute("drop view p_zubeh, a_vorgang")
    assert "table p_zubeh" in said
    assert "table a_vorgang: " in said
    assert "time limit" in said
    assert factory.ask("select outcome, loaded, failed from raw.load_runs") == [("partial", 2, 2)]


def test_a_raw_table_that_was_written_to_by_hand_is_compared_again(factory: Factory) -> None:
    fill(factory)
    load(factory, "load", "erp")
    content = [raw(factory, table) for table in ERP]
    by_hand = (
        "update raw.a_kopf set kommission = 'by hand' where aunummer = '3'",
        "delete from raw.p_zubeh",
        "insert into raw.a_vorgang (id_a_kopf) values ('K9')",
        "truncate raw.a_logbuch",
        # Like a restore of one table's data, which bypasses triggers.
        "alter table raw.a_kopf disable trigger all; delete from raw.a_kopf; alter table raw.a_kopf enable trigger all",
        "set session_replication_role = replica; delete from raw.a_kopf where aunummer < '5'",
        "drop table raw.a_kopf cascade; create table raw.a_kopf (id text, aunummer text); alter table raw.a_kopf owner to loader",
    )
    for statement in by_hand:
        factory.ask(statement)
        assert [raw(factory, table) for table in ERP] != content, statement
        load(factory, "load", "erp")
        assert [raw(factory, table) for table in ERP] == content, statement


def test_another_order_of_rows_writes_nothing(factory: Factory) -> None:
    rows = [{"id_a_kopf": f"K{number}", "zcode": "VR", "text": "x"} for number in range(50)]
    factory.put_erp({"p_zubeh": rows})
    load(factory, "load", "erp")
    before = factory.ask("select ctid::text, xmin::text from raw.p_zubeh order by 1")
    factory.put_erp({"p_zubeh": rows[::-1]})
    load(factory, "load", "erp")
    assert factory.ask("select ctid::text, xmin::text from raw.p_zubeh order by 1") == before
    assert factory.ask(LAST_ERP_RUN) == [("ok", 4, 0, 4, 0, 0)]


@pytest.mark.parametrize("at_once", [1_000, 7])
def test_bags_are_compared_with_what_stands_in_them_several_times(at_once: int) -> None:
    rng = random.Random(7)
    for _ in range(200):
        new, old = ([rng.randrange(-4, 4) for _ in range(rng.randrange(30))] for _ in range(2))
        arrived, departed = differences(new, old, at_once)
        assert (arrived, departed) == (sorted(arrived), sorted(departed))
        kept = [value for number, value in enumerate(old) if number not in departed]
        assert sorted(kept + [new[number] for number in arrived]) == sorted(new)
        assert not {new[number] for number in arrived} & {old[number] for number in departed}


# --------------------------------------------------------------------------------------------------
# What a listing does not show clearly
# --------------------------------------------------------------------------------------------------


def test_a_folder_that_may_be_entered_but_not_listed_is_named(factory: Factory) -> None:
    logs = {(folder, "20250526.LOG"): b"x\n" for folder in (PVC, ALU)}
    factory.put_logs(logs)
    folder = factory.stack.ftp_root / ALU
    folder.chmod(0o711)
    try:
        said = factory.load("logs", expect=1)
        assert "folder 'DEMALU (ALU)': " in said
        assert "cannot be listed" in said
        expect_raw(factory, {(PVC, "20250526.LOG"): b"x\n"})
        factory.stack.ftp_root.chmod(0o711)
        said = factory.load("logs", expect=1)
        assert "its root folder: " in said
    finally:
        folder.chmod(0o755)
        factory.stack.ftp_root.chmod(0o755)
    factory.load("logs")
    expect_raw(factory, logs)


@pytest.mark.parametrize("server", [proftpd, pure_ftpd], ids=["ProFTPD", "Pure-FTPd"])
def test_other_servers_show_and_hide_the_same(factory: Factory, tmp_path_factory: pytest.TempPathFactory, server: Any) -> None:
    if os.geteuid() != 0:
        pytest.skip("these servers log in as root does")
    # A folder that all accounts may enter; those of pytest are closed.
    home = Path(tempfile.mkdtemp())
    try:
        home.chmod(0o755)
        root = home / "root"
        for name in (PVC, ALU, "empty"):
            (root / name).mkdir(parents=True)
            (root / name / "20250526.LOG").write_bytes(f"{name}\r\n".encode() * 3)
        (root / "empty" / "20250526.LOG").unlink()
        (root / "link").symlink_to(PVC)
        for path in (root, *root.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)
        (root / ALU).chmod(0o311)
        with server(tmp_path_factory.mktemp("server"), root) as settings:
            said = factory.load("logs", expect=1, **settings)
            assert said.count("which is not followed") == said.count("cannot be listed") == 1
            assert factory.ask(LAST_RUN) == [("partial", 1, 1, 0, 2, 3)]
            (root / ALU).chmod(0o755)
            (root / "link").unlink()
            factory.load("logs", **settings)
            expect_raw(factory, {(name, "20250526.LOG"): f"{name}\r\n".encode() * 3 for name in (PVC, ALU)})
            factory.load("logs", **settings)
            assert factory.ask(LAST_RUN) == [("ok", 2, 0, 2, 0, 0)]
            assert "login as 'u' refused" in factory.load("logs", expect=1, **{**settings, "FTP_PASS": "wrong"})
    finally:
        shutil.rmtree(home)


def test_links_are_named_and_the_rest_is_loaded(factory: Factory) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    (factory.stack.ftp_root / "SU12 (HYBRIDE)").symlink_to(PVC)
    file(factory, PVC, "20250527.LOG").symlink_to("20250526.LOG")
    file(factory, PVC, "latest").symlink_to("20250526.LOG")
    try:
        said = factory.load("logs", expect=1)
    finally:
        (factory.stack.ftp_root / "SU12 (HYBRIDE)").unlink()
        file(factory, PVC, "20250527.LOG").unlink()
        file(factory, PVC, "latest").unlink()
    assert "symbolic link, which is not followed: 'SU12 (HYBRIDE) -> DEM12 (PVC)'" in said
    assert "symbolic link, which is not followed: '20250527.LOG -> 20250526.LOG'" in said
    assert "latest" not in said
    expect_raw(factory, {(PVC, "20250526.LOG"): b"x\n"})


def test_owners_and_groups_may_hold_blanks_and_lines_of_another_form_are_none() -> None:
    from datetime import UTC, datetime

    now = datetime(2025, 6, 1, tzinfo=UTC)
    entry = parse_listed("-rw-r--r--    1 CORP\\jean luc domain users   123 May 26 10:01 20250526.LOG", now)
    assert entry is not None
    assert (entry.kind, entry.name, entry.size, entry.listed_at.isoformat()) == (
        "-", "20250526.LOG", 123, "2025-05-26T10:01:00+00:00",
    )  # fmt: skip
    assert parse_listed("05-26-25  10:01AM       <DIR>          DEM12 (PVC)", now) is None


UTF8, LATIN1 = "Découpe (PVC)".encode(), "Découpe (PVC)".encode("latin-1")


def make_folder(factory: Factory, name: bytes, content: bytes) -> None:
    folder = os.path.join(os.fsencode(factory.stack.ftp_root), name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, b"20250526.LOG"), "wb") as log:
        log.write(content)


@pytest.mark.parametrize(("first", "second"), [(UTF8, LATIN1), (LATIN1, UTF8)], ids=["UTF-8 first", "Latin-1 first"])
def test_of_two_folders_that_read_the_same_the_second_is_named(factory: Factory, first: bytes, second: bytes) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    make_folder(factory, first, b"of the first\n")
    factory.load("logs")
    make_folder(factory, second, b"of the second, longer\n")
    for _ in range(2):
        said = factory.load("logs", expect=1)
        assert said.count("two on the server read the same") == 1
        assert factory.ask("select line from raw.log_lines where folder = 'Découpe (PVC)'") == [("of the first",)]
    # Once the first is gone, its name is free.
    subprocess.run(["rm", "-r", os.path.join(os.fsencode(factory.stack.ftp_root), first)], check=True)
    factory.load("logs")
    assert factory.ask("select line from raw.log_lines where folder = 'Découpe (PVC)'") == [("of the second, longer",)]


def test_two_folders_that_read_the_same_from_the_beginning_keep_no_other_from_loading(factory: Factory) -> None:
    factory.put_logs({(PVC, "20250526.LOG"): b"x\n"})
    make_folder(factory, LATIN1, b"latin\n")
    make_folder(factory, UTF8, b"utf\n")
    make_folder(factory, b"A\x81", b"one\n")
    make_folder(factory, b"A\x8d", b"other\n")
    factory.load("logs", expect=1)
    lines = factory.ask("select folder, line from raw.log_lines order by folder")
    assert lines == [("A\x81", "one"), ("A\x8d", "other"), (PVC, "x"), ("Découpe (PVC)", "utf")]


# --------------------------------------------------------------------------------------------------
# The warehouse
# --------------------------------------------------------------------------------------------------

SETTINGS = {
    "standard_conforming_strings": "off",
    "client_encoding": "LATIN1",
    "default_transaction_isolation": "serializable",
    "quote_all_identifiers": "on",
    "statement_timeout": "1ms",
    "transaction_timeout": "30ms",
    "idle_in_transaction_session_timeout": "1ms",
    "idle_session_timeout": "1ms",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "TimeZone": "Pacific/Auckland",
    "bytea_output": "escape",
    "search_path": "marts, public",
}


def test_what_a_database_and_a_role_set_for_people_changes_no_load(factory: Factory) -> None:
    database = factory.environment["POSTGRES_DB"]
    for name, value in SETTINGS.items():
        factory.ask(f"alter role loader in database {database} set {name} = '{value}'")
    try:
        fill(factory)
        load(factory)
        expect_all(factory)
        grown = {**LOGS, (PVC, "20250526.LOG"): LOGS[PVC, "20250526.LOG"] + b"one more, \\'quoted\\'\r\n"}
        factory.put_logs(grown)
        load(factory)
        expect_all(factory, grown)
    finally:
        factory.ask(f"alter role loader in database {database} reset all")


def test_a_publication_for_all_tables_stops_no_load(factory: Factory) -> None:
    factory.ask("create publication tout for all tables")
    try:
        fill(factory)
        load(factory)
        grown = {**LOGS, (PVC, "20250526.LOG"): b"another\n"}
        factory.put_logs(grown)
        with factory.erp() as connection, connection.cursor() as cursor:
            cursor.execute("update a_kopf set kommission = 'new' where aunummer < 4")
            connection.commit()
        load(factory)
        expect_all(factory, grown)
        without = factory.ask(
            "select relname::text from pg_class c where relnamespace = 'raw'::regnamespace and relkind = 'r' and relreplident = 'd'"
            " and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)"
        )
        assert without == []
    finally:
        factory.ask("drop publication tout")


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler_that_drops_the_settings_of_a_connection_is_refused_in_one_line(
    factory: Factory, tmp_path_factory: pytest.TempPathFactory, mode: str
) -> None:
    with pooler(tmp_path_factory.mktemp("pooler"), factory.environment, mode) as port:
        said = factory.load(expect=1, POSTGRES_PORT=str(port))
    assert len(said.splitlines()) == 1
    assert "a connection pooler stands in front" in said


@pytest.mark.parametrize(("mode", "code"), [("transaction", 1), ("session", 0)])
def test_a_pooler_that_would_let_go_of_the_lock_is_refused_in_one_line(
    factory: Factory, tmp_path_factory: pytest.TempPathFactory, mode: str, code: int
) -> None:
    fill(factory)
    sets = "set lock_timeout = ''1h''"
    with pooler(tmp_path_factory.mktemp("pooler"), factory.environment, mode, sets) as port:
        said = factory.load("erp", expect=code, POSTGRES_PORT=str(port))
    if code:
        assert len(said.splitlines()) == 1
        assert "loses the lock" in said
    else:
        expect_erp(factory)


# --------------------------------------------------------------------------------------------------
# Upgrades
# --------------------------------------------------------------------------------------------------


def test_raw_of_the_former_version_needs_no_transfer_of_unchanged_files(factory: Factory) -> None:
    fill(factory)
    load(factory)
    # The old shape: an index in place of the key, without this version's tables and triggers, and without dlt's tables.
    factory.ask("""
        alter table raw.log_lines drop constraint log_lines_pkey, replica identity default;
        create index log_lines_file_version on raw.log_lines (file_version);
        drop table raw.log_transfers, raw.log_folders, raw.erp_versions, raw._dlt_loads, raw._dlt_version;
        drop function raw.publish_log_files() cascade;
        drop function raw.forget_erp_version() cascade;
    """)
    before = factory.transfers()
    places = factory.ask("select ctid::text, xmin::text from raw.a_kopf order by 1")
    load(factory)
    assert factory.transfers() == before
    assert factory.ask(LAST_RUN) == [("ok", 3, 0, 3, 0, 0)]
    assert factory.ask(LAST_ERP_RUN) == [("ok", 4, 0, 4, 0, 0)]
    assert factory.ask("select ctid::text, xmin::text from raw.a_kopf order by 1") == places
    keys = "select conname::text from pg_constraint where conrelid = 'raw.log_lines'::regclass and contype = 'p'"
    assert factory.ask(keys) == [("log_lines_pkey",)]
    assert factory.ask("select to_regclass('raw.log_lines_file_version')") == [(None,)]
    grown = {**LOGS, (PVC, "20250526.LOG"): b"another\n"}
    factory.put_logs(grown)
    load(factory)
    expect_all(factory, grown)
    assert factory.ask(TORN) == []


# --------------------------------------------------------------------------------------------------
# Settings
# --------------------------------------------------------------------------------------------------


def said_of(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "loaders", *words], cwd=ROOT, env={"PATH": os.environ["PATH"], **environ}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stderr


def test_all_that_is_wrong_with_the_settings_is_told_at_once(tmp_path: Path) -> None:
    said = said_of({"FTP_PORT": "many", "MYSQL_TLS": "perhaps", "FTP_TLS_CA": "nowhere", "POSTGRES_SSLMODE": "x"}, "load")
    assert len(said.splitlines()) == 1
    for name in (
        *("FTP_HOST", "FTP_USER", "MYSQL_HOST", "MYSQL_USER", "MYSQL_DB", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_DB"),
        *("FTP_PORT is 'many'", "MYSQL_TLS is 'perhaps'", "FTP_TLS_CA is 'nowhere'", "POSTGRES_SSLMODE is 'x'"),
    ):
        assert name in said, name
    assert "MYSQL" not in said_of({"FTP_HOST": "x"}, "load", "logs")


@pytest.mark.parametrize(
    ("source", "change", "named"),
    [
        ("erp", {"MYSQL_PASSWORD": "wrong"}, ("login as 'erp_lecture' refused", "MYSQL_USER and MYSQL_PASSWORD")),
        ("erp", {"MYSQL_DB": "nowhere"}, ("MYSQL_DB",)),
        ("erp", {"MYSQL_PORT": "1"}, ("MYSQL_HOST and MYSQL_PORT",)),
        ("erp", {"POSTGRES_PASSWORD": "wrong"}, ("POSTGRES_USER and POSTGRES_PASSWORD",)),
        ("logs", {"FTP_PASS": "wrong"}, ("FTP_USER, FTP_PASS",)),
        ("logs", {"FTP_PORT": "1"}, ("FTP_HOST and FTP_PORT",)),
    ],
)
def test_a_refusal_says_what_where_and_which_variable(
    factory: Factory, source: str, change: dict[str, str], named: tuple[str, ...]
) -> None:
    said = factory.load(source, expect=1, **change)
    assert len(said.splitlines()) == 1
    assert all(words in said for words in named), said


# --------------------------------------------------------------------------------------------------
# The doctor
# --------------------------------------------------------------------------------------------------


def examined(factory: Factory, **environ: str) -> list[str]:
    """The doctor's output, a line per check."""
    done = subprocess.run(
        [sys.executable, "-m", "operation", "doctor"], cwd=ROOT, env={**os.environ, **factory.environment, **environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_the_doctor_counts_sessions_and_its_remedy_fits_the_cause(factory: Factory) -> None:
    fill(factory)
    crash(factory, "p_zubeh")
    factory.ask("alter role loader connection limit 2; alter role transformer connection limit 4")
    try:
        told = examined(factory)
    finally:
        factory.ask("alter role loader connection limit -1; alter role transformer connection limit -1")
    (postgres,) = [line for line in told if "a load needs 3" in line]
    assert postgres.startswith("FAILED")
    assert "alter role loader connection limit 3" in postgres
    assert [line for line in told if "transformer may open 4 sessions at once; a build needs 6" in line]
    (table,) = [line for line in told if "REPAIR TABLE p_zubeh" in line]
    assert "staging model" not in table


def test_the_doctor_sees_a_pooler(factory: Factory, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pooler(tmp_path_factory.mktemp("pooler"), factory.environment, "transaction") as port:
        told = examined(factory, POSTGRES_PORT=str(port))
    assert [line for line in told if line.startswith("FAILED") and "a connection pooler stands in front" in line]
