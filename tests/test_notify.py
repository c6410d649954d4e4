"""What follows each job: failures that the warehouse cannot tell are posted, metrics are written, a watchdog is asked; health."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from common.outcomes import note_outcome, read_outcomes
from demo.stack import Stack
from operation.__main__ import main as operate
from operation.heartbeat import NAME, start
from publication.__main__ import main
from tests.chat import Chat
from tests.factory import ROOT, Factory

LOGS = {("DEM12 (PVC)", "20250526.LOG"): b"20250526 08:00:00|@StukUitgevoerd: x\n"}
DOWN = "- [critique] L'entrepôt n'est pas accessible : les chiffres ne sont plus à jour. À signaler à l'informatique."
UP = "- [terminé] L'entrepôt est de nouveau accessible."
BACKUP = "La sauvegarde a échoué : copie"
BACKUP_OVER = "- [terminé] La sauvegarde aboutit de nouveau."


@pytest.fixture(scope="module")
def factory(stack: Stack, scratch: Path) -> Factory:
    """A warehouse with its alerts and its metrics."""
    factory = Factory(stack, scratch)
    factory.put_logs(LOGS)
    factory.load()
    factory.build_only("--select", "+alertes", "+suivi_execution")
    return factory


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.close()


@pytest.fixture
def environ(factory: Factory, chat: Chat, tmp_path: Path) -> dict[str, str]:
    factory.ask("truncate historique.alertes_etats")
    factory.ask("insert into historique.alertes_etats (id, etat) select id, 'envoyée' from marts.alertes")
    return {
        **factory.environment,
        "LOG_DIR": str(tmp_path),
        "METRICS_FILE": str(tmp_path / "usine.prom"),
        "ALERT_WEBHOOK_URL": chat.url,
    }


def metrics(environ: dict[str, str]) -> dict[str, float]:
    lines = Path(environ["METRICS_FILE"]).read_text().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} == {name.partition("{")[0] for name in values}
    return {name: float(value) for name, value in values.items()}


def superuser(factory: Factory) -> dict[str, str]:
    login = factory.stack.warehouse_admin
    account = {"USER": str(login["user"]), "PASSWORD": str(login["password"])}
    return {f"{owner}POSTGRES_{name}": value for owner in ("", "DBT_") for name, value in account.items()}


def test_what_the_warehouse_cannot_tell_is_posted_once_and_so_is_its_end(
    environ: dict[str, str], chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    note_outcome(environ, "backup", ["backup"], 3)
    for _ in range(2):
        assert main(["notify", "backup"], environ) == 0
    assert chat.messages == [f"- [critique] {BACKUP}. À signaler à l'informatique."]
    # A post that fails is made again.
    note_outcome(environ, "backup", [], 3)
    chat.codes = [404]
    assert main(["notify", "backup"], environ) == 1
    assert caplog.messages[-1] == "the webhook of ALERT_WEBHOOK_URL answers 404: check that it is still valid"
    for _ in range(2):
        assert main(["notify", "backup"], environ) == 0
    assert chat.messages[1:] == [BACKUP_OVER]


def test_a_load_that_fails_is_told_by_the_mart_or_else_by_a_notice(factory: Factory, environ: dict[str, str], chat: Chat) -> None:
    # It never came to asking the source: nothing is recorded.
    note_outcome(environ, "logs", ["load-logs", "build-new"], 3)
    for _ in range(2):
        assert main(["notify", "logs"], environ) == 0
    assert chat.messages == ["- [critique] La lecture des machines a échoué : chargement, calcul. À signaler à l'informatique."]
    note_outcome(environ, "logs", [], 3)
    assert main(["notify", "logs"], environ) == 0
    assert chat.messages[1:] == ["- [terminé] La lecture des machines aboutit de nouveau."]
    # It did ask, and the mart tells.
    factory.stack.stop("ftp")
    try:
        began = time.monotonic()
        factory.load("logs", expect=1)
        note_outcome(environ, "logs", ["load-logs"], time.monotonic() - began)
    finally:
        factory.stack.start("ftp")
    assert main(["notify", "logs"], environ) == 0
    (told,) = chat.messages[2:]
    assert told.startswith("- [critique] Le chargement des fichiers des machines échoue depuis le ")


def test_a_chat_that_fails_says_nothing_of_the_warehouse(environ: dict[str, str], chat: Chat) -> None:
    note_outcome(environ, "backup", ["backup"], 3)
    chat.codes = [404]
    assert main(["notify", "backup"], environ) == 1
    assert main(["notify", "backup"], environ) == 0
    assert chat.messages == [f"- [critique] {BACKUP}. À signaler à l'informatique."]


def test_what_cannot_be_noted_is_not_posted(environ: dict[str, str], chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    note_outcome(environ, "backup", ["backup"], 3)
    notices = Path(environ["LOG_DIR"], "notices.json")
    for content in ("[]", "{", ""):
        notices.write_text(content)
        assert main(["notify", "backup"], environ) == 1
    assert chat.messages == []
    assert caplog.messages[-1] == f"{notices} is not understood: delete it; what still fails is then posted once more"
    notices.unlink()
    notices.with_name(f".notices.json.{os.getpid()}").mkdir()  # root may write any file
    assert main(["notify", "backup"], environ) == 1
    assert chat.messages == []
    assert "set LOG_DIR to a folder that can be written" in caplog.messages[-1]


def test_a_warehouse_that_does_not_answer_is_one_trouble_and_what_it_made_fail_is_told_when_it_does(
    factory: Factory, environ: dict[str, str], chat: Chat
) -> None:
    factory.stack.stop("postgres")
    try:
        for job in ("logs", "erp", "backup"):
            note_outcome(environ, job, [job if job == "backup" else f"load-{job}"], 3)
            assert main(["notify", job, "--failed"], environ) == 1
        assert metrics(environ)["usine_up"] == 0
    finally:
        factory.stack.start("postgres")
    assert chat.messages == [DOWN]
    # The ERP is read again in some minutes. The next backup may be a day away.
    for job in ("logs", "erp", "backup"):
        note_outcome(environ, job, [], 3)
        assert main(["notify", job], environ) == 0
    assert chat.messages[1:] == [f"- [critique] {BACKUP}. À signaler à l'informatique.\n{UP}", BACKUP_OVER]
    assert metrics(environ)["usine_up"] == 1


def test_a_wrong_setting_of_the_warehouse_is_the_jobs_failure(environ: dict[str, str], chat: Chat) -> None:
    wrong = {**environ, "RECORDS_DAYS": "7"}
    note_outcome(wrong, "logs", ["load-logs"], 3)
    assert main(["notify", "logs", "--failed"], wrong) == 1
    note_outcome(environ, "logs", [], 3)
    assert main(["notify", "logs"], environ) == 0
    assert chat.messages == [
        "- [critique] La lecture des machines a échoué : chargement. À signaler à l'informatique.",
        "- [terminé] La lecture des machines aboutit de nouveau.",
    ]


def test_a_wrong_setting_of_one_channel_is_said_and_the_other_channel_and_the_metrics_go_on(
    environ: dict[str, str], chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    note_outcome(environ, "backup", ["backup"], 3)
    wrong = {**environ, "SMTP_HOST": "mail.example.com", "SMTP_PORT": "x", "MAIL_FROM": "a@b.example", "MAIL_TO": "a@b.example"}
    for command in (["notify", "backup"], ["alerts"]):
        assert main(command, wrong) == 1
        assert caplog.messages[-1] == "SMTP_PORT is 'x': set it to a whole number from 1 to 65535"
    assert chat.messages == [f"- [critique] {BACKUP}. À signaler à l'informatique."]
    assert metrics(environ)["usine_up"] == 1


def test_a_job_that_was_killed_is_told_and_the_watchdog_not(environ: dict[str, str], chat: Chat) -> None:
    environ["HEARTBEAT_URL"] = f"{chat.address}/alive"
    note_outcome(environ, "logs", [], 3)
    assert main(["notify", "logs", "--failed"], environ) == 0
    assert chat.messages == ["- [critique] La lecture des machines a échoué : arrêt brutal. À signaler à l'informatique."]
    assert main(["notify", "logs", "--failed"], environ) == 0
    assert (len(chat.messages), chat.alive) == (1, 0)
    assert read_outcomes(environ)["logs"].failures == 1


def test_a_watchdog_is_asked_after_each_success_and_after_nothing_else(
    environ: dict[str, str], chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    environ["HEARTBEAT_URL"] = f"{chat.address}/alive"
    note_outcome(environ, "logs", [], 3)
    assert main(["notify", "logs"], environ) == 0
    assert chat.alive == 1
    note_outcome(environ, "logs", ["load-logs"], 3)
    assert main(["notify", "logs"], environ) == 0
    assert main(["notify"], environ) == 0
    assert chat.alive == 1
    note_outcome(environ, "logs", [], 3)
    assert main(["notify", "logs"], environ) == 0
    assert chat.alive == 2
    chat.codes = [410]
    assert main(["notify", "logs"], environ) == 1
    assert main(["notify", "logs"], {**environ, "HEARTBEAT_URL": "alive"}) == 1
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the server of HEARTBEAT_URL answers 410: check that it is still valid",
        "HEARTBEAT_URL is not the address of a web server: set it to the one that the watchdog gives (https://…)",
    ]


def test_the_metrics_are_those_of_the_marts_and_of_the_jobs(factory: Factory, environ: dict[str, str]) -> None:
    note_outcome(environ, "logs", [], 12.5)
    note_outcome(environ, "daily", ["audit"], 3)
    note_outcome(environ, "daily", ["audit"], 4)
    assert main(["notify", "logs"], environ) == 0
    told = metrics(environ)
    ((newest, size),) = factory.ask(
        "select extract(epoch from max(modifie_le))::float, pg_database_size(current_database()) from marts.suivi_chargement"
    )
    ((read, rows, failures),) = factory.ask(
        "select (select extract(epoch from max(fin))::float from marts.suivi_execution where source = 'logs' and resultat = 'ok'),"
        " nb_lignes, nb_echecs from marts.suivi_execution where source = 'logs' order by debut desc limit 1"
    )
    assert told['usine_newest_data_timestamp_seconds{centre="DEM12"}'] == newest
    assert told['usine_last_success_timestamp_seconds{work="logs"}'] == pytest.approx(read)
    assert told.get('usine_last_run_rows{work="logs"}') == rows
    assert told['usine_last_run_failures{work="logs"}'] == (1 if failures is None else failures)
    assert told['usine_last_run_failures{work="build"}'] == 0
    assert 0 < told['usine_last_run_duration_seconds{work="build"}'] < 300
    alerts = dict(factory.ask("select gravite, count(*) from marts.alertes where en_cours group by gravite"))
    assert alerts
    assert told['usine_alerts{severity="critical"}'] == alerts.get("critique", 0)
    assert told['usine_alerts{severity="warning"}'] == alerts.get("avertissement", 0)
    assert told["usine_warehouse_size_bytes"] == pytest.approx(size, rel=0.1)
    assert told["usine_lock_waits"] == 0
    with closing(factory.warehouse()) as one, closing(factory.warehouse()) as other, ThreadPoolExecutor(1) as waiting:
        one.autocommit = False
        row = "update raw.load_runs set error = error where run_id = 1"
        one.cursor().execute(row)
        waiting.submit(other.cursor().execute, row)
        while factory.ask("select count(*) from pg_locks where not granted") == [(0,)]:
            time.sleep(0.01)
        assert main(["notify", "logs"], environ) == 0
        one.rollback()
    assert metrics(environ)["usine_lock_waits"] == 1
    assert time.time() - told['usine_job_last_success_timestamp_seconds{job="logs"}'] < 60
    assert told['usine_job_duration_seconds{job="logs"}'] == 12.5
    assert told['usine_job_failures_in_a_row{job="daily"}'] == 2
    assert 'usine_job_last_success_timestamp_seconds{job="daily"}' not in told


def test_a_warehouse_without_marts_is_up_and_its_metrics_are_for_others_to_read(
    factory: Factory, environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    before = os.umask(0o077)
    try:
        assert main(["notify"], {**environ, "POSTGRES_DB": "postgres", **superuser(factory)}) == 1
    finally:
        os.umask(before)
    assert "run make build first" in caplog.messages[-1]
    assert metrics(environ) == {"usine_up": 1}
    assert Path(environ["METRICS_FILE"]).stat().st_mode & 0o777 == 0o644


def test_metrics_that_cannot_be_written_are_said(environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    assert main(["notify"], {**environ, "METRICS_FILE": "/proc/usine.prom"}) == 1
    assert caplog.messages[-1].endswith("set METRICS_FILE to a file that can be written")


def test_every_line_is_json_where_that_is_asked_for(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "loaders", "load", "logs"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environ, "LOG_FORMAT": "json"}, capture_output=True, text=True, check=True
    )
    files = Path(environ["LOG_DIR"], "loaders.log").read_text().splitlines()
    for line in [*done.stderr.splitlines(), *files]:
        assert json.loads(line).keys() == {"time", "level", "logger", "message"}
    assert "logs: 1 found" in json.loads(done.stderr.splitlines()[-1])["message"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "LOG_FORMAT": "xml"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "LOG_FORMAT is 'xml': set it to text or json\n")


# Health


def test_a_job_that_keeps_failing_or_never_succeeds_is_not_healthy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    environ = {"LOG_DIR": str(tmp_path), "SCHEDULE_LOGS": "*/15 * * * *", "SCHEDULE_ERP": "", "SCHEDULE_DAILY": ""}
    start(tmp_path / NAME)
    assert operate(["health"], environ) == 0
    for _ in range(3):
        assert operate(["health"], environ) == 0
        note_outcome(environ, "logs", ["load-logs"], 1)
    assert operate(["health"], environ) == 1
    note_outcome(environ, "logs", [], 1)
    assert operate(["health"], environ) == 0
    # The last success was longer ago than three intervals, and so was the start.
    (tmp_path / NAME).write_text(str(time.time() - 3 * 3600))
    assert operate(["health"], environ) == 0
    outcomes = json.loads((tmp_path / "jobs.json").read_text())
    outcomes["logs"]["succeeded_at"] -= 3700
    (tmp_path / "jobs.json").write_text(json.dumps(outcomes))
    assert operate(["health"], environ) == 1
    assert "logs: failed 3 times in a row, the last time load-logs" in caplog.messages[0]
    assert caplog.messages[1].startswith("logs: has not succeeded since ")
    assert len(caplog.messages) == 2


def test_an_outcome_file_that_is_not_understood_counts_as_none_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = '{"logs": {"ended_at": 1, "seconds": 2, "failed": [], "succeeded_at": null, "failures": 0}}'
    (tmp_path / "jobs.json").write_text(good)
    assert read_outcomes({"LOG_DIR": str(tmp_path)})["logs"].seconds == 2
    odd = [good.replace("1,", "1e30,"), good.replace("[]", '"backup"'), good.replace("2,", "[],"), good.replace("0}", "null}")]
    for content in ("", "[]", '{"logs": {"was": 1}}', "\0", *odd):
        (tmp_path / "jobs.json").write_text(content)
        caplog.clear()
        assert read_outcomes({"LOG_DIR": str(tmp_path)}) == {}
        assert caplog.messages == [f"{tmp_path / 'jobs.json'} is not understood, and taken for empty: the next job writes it anew"]


def test_jobs_that_end_at_once_are_all_noted(tmp_path: Path) -> None:
    environ = {"LOG_DIR": str(tmp_path)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: note_outcome(environ, f"job {number}", [], 1), range(40)))
    assert len(read_outcomes(environ)) == 40


def test_a_heartbeat_that_is_not_understood_is_not_healthy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for content in ("", "soon", "1e30", "\0"):
        (tmp_path / NAME).write_text(content)
        assert operate(["health"], {"LOG_DIR": str(tmp_path)}) == 1
        assert caplog.messages[-1] == f"{tmp_path / NAME} is not understood: start the schedule again"
