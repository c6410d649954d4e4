"""`make doctor`: what it reports for a working platform, and for each kind of failure."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from common.outcomes import note_outcome
from common.postgres import LOCK
from loaders import ftp
from operation import doctor
from tests.factory import ERP_DDL, ROOT, Factory

CENTRES = ("DEM12 (PVC)", "DEMALU (ALU)", "SU12 (HYBRIDE)")
# Of today: events of long ago would mean that none arrives any more.
TODAY = f"{datetime.now():%Y%m%d}"
LOGS = {(folder, f"{TODAY}.LOG"): f"{TODAY} 10:00:00|@StukUitgevoerd: x\r\nnonsense\r\n".encode() for folder in CENTRES}
ERP: dict[str, list[dict[str, Any]]] = {
    "a_kopf": [{"id": "K1", "aunummer": 1}, {"id": "K2", "aunummer": 2}, {"id": "K3", "aunummer": 3}],
    "a_logbuch": [{"id_a_kopf": "K1", "notiz": "cde Planifiée"}, {"id_a_kopf": "K3", "notiz": "cde Planifiée"}],
    "p_zubeh": [{"id_a_kopf": "K1", "zcode": "VR1"}, {"id_a_kopf": "K1", "zcode": "VR2"}, {"id_a_kopf": "K2", "zcode": "VR1"}],
    "a_vorgang": [{"id_a_kopf": "K1", "nummer": "1"}],
}
ERP_CHECKS = {"ERP table a_kopf", "ERP table a_logbuch", "ERP table p_zubeh", "ERP table a_vorgang"}
NEED_POSTGRES = {
    *(
        "raw schema",
        "models' account",
        "clock of PostgreSQL",
        "last load of logs",
        "last load of erp",
        "last build",
        "events",
        "newest backup",
        "orders left",
    ),
}
NEED_FTP = {"folders", "declared centres", "trial file", "clock of FTP server"}
NEED_MYSQL = {"clock of MySQL", *ERP_CHECKS}


class Told(dict[str, tuple[str, str]]):
    """The doctor's output: verdict and text of each check; and the exit code."""

    def __init__(self, code: int, said: str) -> None:
        self.code, self.said = code, said
        subjects = {check.subject for check in doctor.CHECKS}
        for line in said.splitlines():
            verdict, rest = line.split(maxsplit=1)
            (subject,) = (subject for subject in subjects if rest.startswith(f"{subject} "))
            self[subject] = (verdict, rest.removeprefix(subject).strip())
        assert self.keys() == subjects
        assert all(("Remedy: " in text) == (verdict in ("warning", "FAILED")) for verdict, text in self.values())

    def those(self, verdict: str) -> set[str]:
        return {subject for subject in self if self[subject][0] == verdict}


Examine = Callable[..., Told]


@pytest.fixture
def examine(factory: Factory, capsys: pytest.CaptureFixture[str]) -> Examine:
    def run(environ: Mapping[str, str] | None = None, **changed: str) -> Told:
        code = doctor.examine({**factory.environment, **changed} if environ is None else environ)
        told = Told(code, capsys.readouterr().out)
        assert code == (1 if told.those("FAILED") else 0)
        return told

    return run


def state(factory: Factory) -> list[object]:
    """All that the warehouse holds, down to where each row stands and what each sequence has given out."""
    relations = factory.ask(
        "select n.nspname, c.relname, c.relkind, c.oid, c.relfilenode, c.relowner, c.relacl::text from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace where n.nspname not like 'pg%' order by c.oid"
    )
    tables = [(schema, name) for schema, name, kind, *_ in relations if kind == "r" and schema != "information_schema"]
    rows = [factory.ask(f'select ctid::text, xmin::text, t::text from {schema}."{name}" t order by 1') for schema, name in tables]
    sequences = factory.ask("select schemaname, sequencename, last_value from pg_sequences order by 1, 2")
    return [factory.ask("select nspname from pg_namespace order by 1"), relations, rows, sequences]


def test_all_is_well_after_a_load_and_a_build_and_nothing_is_written(factory: Factory, examine: Examine) -> None:
    factory.put_logs(LOGS)
    factory.put_erp(ERP)
    factory.load()
    factory.build_only()
    before = state(factory)
    log_file = (factory.stack.home / "log" / "loaders.log").read_bytes()
    command = [sys.executable, "-m", "operation", "doctor"]
    environ = {**os.environ, **factory.environment}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    told = Told(done.returncode, done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert told.those("ok") == told.keys(), told.said
    assert "3 folders, 3 log files: DEM12 (PVC) 1, DEMALU (ALU) 1, SU12 (HYBRIDE) 1" in told["folders"][1]
    assert "48 bytes, 2 lines" in told["trial file"][1]
    assert "1 events and 1 rejected lines" in told["trial file"][1]
    assert told["orders left"][1] == "a_kopf 3, accessoire de volet 2, planification 2, commandes_volets 1"
    assert "3 found, 3 loaded, 0 unchanged, 0 failed" in told["last load of logs"][1]
    assert not any(password in told.said for name, password in factory.environment.items() if "PASS" in name)
    assert state(factory) == before
    assert (factory.stack.home / "log" / "loaders.log").read_bytes() == log_file

    # What then goes wrong, and what was loaded and not built.
    factory.ask("update raw.log_files set loaded_at = now() where folder like 'DEM%'")
    factory.ask("truncate intermediate.int_commandes_accessoires")
    factory.ask("update marts.suivi_chargement set nb_evenements = 0")
    factory.ask("insert into raw.load_runs (source) values ('logs')")
    factory.ask("update raw.load_runs set ended_at = now() - interval '2 days' where source = 'erp'")
    told = examine()
    assert told.those("warning") == {"last build", "orders left", "trial file", "last load of logs", "last load of erp"}
    assert "2 log files have been loaded since" in told["last build"][1]
    assert "accessoire de volet 0, planification 2, commandes_volets 0" in told["orders left"][1]
    assert "0 events and 1 rejected lines" in told["trial file"][1]
    assert "died" in told["last load of logs"][1]
    assert "2 days ago" in told["last load of erp"][1]
    with closing(factory.warehouse()) as loader, loader.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
        assert examine()["last load of logs"][0] == "ok"


def test_before_the_first_load_it_says_what_comes_next(factory: Factory, examine: Examine) -> None:
    factory.put_logs(LOGS)
    factory.put_erp(ERP)
    before = state(factory)
    told = examine()
    assert told.code == 0
    assert told.those("warning") == {"last load of logs", "last load of erp", "last build", "events", "orders left"}
    assert "can be written" in told["raw schema"][1]
    assert "nothing has been loaded yet. Remedy: make load-logs" in told["last load of logs"][1]
    assert "not been built yet. Remedy: make build" in told["orders left"][1]
    assert state(factory) == before

    factory.ask("drop schema raw")
    before = state(factory)
    admin = {"POSTGRES_USER": factory.environment["POSTGRES_ADMIN_USER"]}
    admin["POSTGRES_PASSWORD"] = factory.environment["POSTGRES_ADMIN_PASSWORD"]
    assert "not there yet; can be created" in examine(**admin)["raw schema"][1]
    assert state(factory) == before


@pytest.mark.parametrize(
    ("variable", "failed", "skipped"),
    [("POSTGRES_PORT", "PostgreSQL", NEED_POSTGRES), ("FTP_PORT", "FTP server", NEED_FTP), ("MYSQL_PORT", "MySQL", NEED_MYSQL)],
)
def test_a_server_that_is_down_fails_alone(examine: Examine, variable: str, failed: str, skipped: set[str]) -> None:
    told = examine(**{variable: "1"})
    assert told.those("FAILED") == {failed}
    assert told.those("skipped") == skipped
    assert all(failed in told[subject][1] for subject in skipped)


def test_a_refused_login_is_told_without_the_password(examine: Examine) -> None:
    told = examine(POSTGRES_PASSWORD="wrong-password", FTP_PASS="wrong-password", MYSQL_PASSWORD="wrong-password")
    assert told.those("FAILED") == {"PostgreSQL", "FTP server", "MySQL"}
    assert told.those("skipped") == NEED_POSTGRES | NEED_FTP | NEED_MYSQL
    assert "wrong-password" not in told.said
    assert "password authentication failed" in told["PostgreSQL"][1]


def test_with_nothing_configured_every_missing_variable_is_named(examine: Examine) -> None:
    told = examine({})
    assert told.those("FAILED") == {"PostgreSQL", "FTP server", "MySQL"}
    assert "not set: POSTGRES_HOST, POSTGRES_USER, POSTGRES_DB" in told["PostgreSQL"][1]
    assert "not set: FTP_HOST, FTP_USER" in told["FTP server"][1]
    assert "not set: MYSQL_HOST, MYSQL_USER, MYSQL_DB" in told["MySQL"][1]
    assert "MYSQL_PORT is 'x'" in examine({"MYSQL_HOST": "h", "MYSQL_PORT": "x"})["MySQL"][1]


def test_what_is_wrong_on_the_sources_is_named(factory: Factory, examine: Examine) -> None:
    factory.put_logs({**LOGS, ("Été (PVC)", "20250526.LOG"): b"x\n", ("closed", "20250526.LOG"): b"x\n"})
    newest = factory.stack.ftp_root / CENTRES[0] / f"{TODAY}.LOG"
    tomorrow = time.time() + 30 * 3600  # tomorrow, whatever the hour: LIST shows only the date of a time to come
    os.utime(newest, (tomorrow, tomorrow))
    (factory.stack.ftp_root / CENTRES[2]).rename(factory.stack.ftp_root / "SU12")
    factory.put_erp({**ERP, "a_logbuch": []}, {**ERP_DDL, "a_kopf": "id varchar(32) primary key, aunummer int"})
    with factory.erp() as connection, connection.cursor() as cursor:
        cursor.execute("drop table p_zubeh")
    (factory.stack.ftp_root / "closed").chmod(0)
    try:
        told = examine()
    finally:
        (factory.stack.ftp_root / "closed").chmod(0o755)
    assert told.those("FAILED") == {"folders", "ERP table a_kopf", "ERP table p_zubeh"}
    assert "'closed'" in told["folders"][1]
    for named in ("Été (PVC) is not in the seed", "SU12 is not in the seed", "SU12 (HYBRIDE) is not on the server"):
        assert named in told["declared centres"][1]
    assert told["trial file"] == (
        "ok",
        f"DEM12 (PVC)/{TODAY}.LOG: 48 bytes, 2 lines, the first '{TODAY} 10:00:00|@StukUitgevoerd: x'",
    )
    assert told["clock of FTP server"][0] == "warning"
    assert "30 h ahead" in told["clock of FTP server"][1]
    assert "has no column aualpha, aufstatus, kommission" in told["ERP table a_kopf"][1]
    assert "is empty" in told["ERP table a_logbuch"][1]
    assert "table p_zubeh is missing" in told["ERP table p_zubeh"][1]


def test_the_centres_are_those_of_the_folder_that_is_set(factory: Factory, examine: Examine, tmp_path: Path) -> None:
    factory.put_logs({("ESSAI (PVC)", "20250526.LOG"): b"x\n"})
    shutil.copytree(ROOT / "dbt_project" / "seeds", tmp_path, dirs_exist_ok=True)
    (tmp_path / "centres.csv").write_text("dossier,nom,type_cu,description,actif\nESSAI (PVC),ESSAI,PVC,,true\n")
    assert examine(SEEDS_DIR=str(tmp_path))["declared centres"][0] == "ok"
    (tmp_path / "centres.csv").unlink()
    verdict, text = examine(SEEDS_DIR=str(tmp_path))["declared centres"]
    assert verdict == "FAILED"
    assert text.startswith(f"SEEDS_DIR is '{tmp_path}', which has no centres.csv: copy what is missing from ")


def test_empty_sources_are_warnings(factory: Factory, examine: Examine) -> None:
    told = examine()
    assert told.code == 0
    assert {"folders", "declared centres", "trial file", "clock of FTP server"} | ERP_CHECKS < told.those("warning")
    assert "0 folders, 0 log files" in told["folders"][1]


@pytest.fixture
def clerk(factory: Factory) -> Iterator[str]:
    """An account of the warehouse without any right."""
    factory.ask("create role clerk login password 'clerk'")
    factory.ask("grant connect on database usine to clerk")
    yield "clerk"
    factory.ask("drop owned by clerk")
    factory.ask("drop role clerk")


def test_an_account_without_rights_is_told_what_it_lacks(factory: Factory, examine: Examine, clerk: str) -> None:
    as_loader = {"POSTGRES_USER": clerk, "POSTGRES_PASSWORD": "clerk"}
    as_modeller = {"DBT_POSTGRES_USER": clerk, "DBT_POSTGRES_PASSWORD": "clerk"}
    told = examine(**as_loader)
    assert told.those("FAILED") == {"raw schema", "last load of logs", "last load of erp"}
    assert "permission denied for schema raw" in told["raw schema"][1]

    factory.load("logs")
    told = examine(**as_loader)
    assert "belong to another account: raw.a_kopf (loader)" in told["raw schema"][1]
    told = examine(**as_modeller)
    assert told.those("FAILED") == {"models' account", "last build", "events", "orders left"}
    assert "permission denied for schema marts" in told["last build"][1]
    assert "clerk: may not read raw.a_kopf" in told["models' account"][1]
    assert "may not build in schema marts" in told["models' account"][1]

    factory.ask("grant usage on schema raw to clerk; grant select on all tables in schema raw to clerk")
    factory.ask(
        "grant usage, create on schema seeds, staging, intermediate, historique, verifications to clerk;"
        " grant usage on schema marts to clerk"
    )
    assert "clerk: may not build in schema marts. " in examine(**as_modeller)["models' account"][1]
    factory.ask("grant create on schema marts to clerk")
    told = examine(**as_modeller)
    assert told.those("FAILED") == set()
    assert (
        told["models' account"][1]
        == "clerk may read raw and build in seeds, staging, intermediate, marts, historique, verifications"
    )
    told = examine(DBT_POSTGRES_USER=clerk, DBT_POSTGRES_PASSWORD="wrong-password")
    assert told.those("FAILED") == {"models' account"}
    assert told.those("skipped") == {"clock of PostgreSQL", "last build", "events", "orders left"}


def test_a_database_in_another_encoding_is_refused(factory: Factory, examine: Examine) -> None:
    factory.ask("create database latin encoding 'LATIN1' locale 'C' template template0")
    try:
        told = examine(POSTGRES_DB="latin")
    finally:
        factory.ask("drop database latin")
    assert told["PostgreSQL"][0] == "FAILED"
    assert "LATIN1. Remedy: create the database with ENCODING 'UTF8'" in told["PostgreSQL"][1]


def test_a_watchdog_that_could_not_be_asked_is_told_and_its_address_never(examine: Examine) -> None:
    assert "HEARTBEAT_URL is not set" in examine()["messages"][1]
    told = examine(HEARTBEAT_URL="https://watchdog.example/s3cr3t")
    assert told["messages"][0] == "ok"
    assert "HEARTBEAT_URL is set" in told["messages"][1]
    assert "s3cr3t" not in told.said
    told = examine(HEARTBEAT_URL="watchdog.example/s3cr3t")
    assert told.those("FAILED") == {"messages"}
    assert "HEARTBEAT_URL is not the address of a web server: set it to the one" in told["messages"][1]
    assert "s3cr3t" not in told.said


def test_a_failed_load_is_told_with_its_error(factory: Factory, examine: Examine) -> None:
    factory.load("logs", expect=1, FTP_PASS="wrong-password")
    verdict, text = examine()["last load of logs"]
    assert verdict == "warning"
    assert text.startswith("failed, ended ")
    assert "login as" in text
    assert "Remedy: make load-logs" in text


def test_jobs_that_failed_and_metrics_that_cannot_be_written_are_told(examine: Examine, tmp_path: Path) -> None:
    environ = {"LOG_DIR": str(tmp_path), "METRICS_FILE": "/etc/hostname/usine.prom", "ALERT_WEBHOOK_URL": "chat"}
    told = examine(environ)
    assert told["jobs"] == ("ok", "none has run here")
    assert told["metrics"][0] == "warning"
    assert told["messages"][0] == "FAILED"
    note_outcome(environ, "logs", [], 3)
    note_outcome(environ, "daily", ["audit", "docs"], 3)
    told = examine(
        {**environ, "METRICS_FILE": str(tmp_path / "usine.prom"), "ALERT_WEBHOOK_URL": "https://chat.example.com/secret"}
    )
    assert told["jobs"][1].startswith("failed the last time: daily (audit, docs). Remedy: see schedule.log")
    assert told["metrics"] == ("ok", f"{tmp_path / 'usine.prom'}, after the next job")
    assert told["messages"] == ("ok", "alerts and failures are posted to a chat; HEARTBEAT_URL is not set")
    assert "secret" not in told.said
    note_outcome(environ, "daily", [], 3)
    assert examine(environ)["jobs"] == ("ok", "logs 0 s ago, daily 0 s ago")


def test_servers_that_say_nothing_are_given_up(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SECONDS", 1)
    monkeypatch.setattr(ftp, "TIMEOUT_SECONDS", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = str(silent.getsockname()[1])
        began = time.monotonic()
        told = examine(POSTGRES_PORT=port, FTP_PORT=port, MYSQL_PORT=port)
    assert told.those("FAILED") == {"PostgreSQL", "FTP server", "MySQL"}
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("ahead", "verdict", "said"),
    [(0, "ok", "0 s"), (-50, "ok", "50 s behind"), (90, "warning", "90 s ahead"), (-3600, "warning", "3600 s behind")],
)
def test_a_clock_that_differs_is_told_by_how_much(ahead: int, verdict: str, said: str) -> None:
    now = datetime.now(UTC)
    finding = doctor._compared(now + timedelta(seconds=ahead), now, "")
    assert finding.verdict == verdict
    assert finding.text.startswith(said)
