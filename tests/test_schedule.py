"""The schedule: when jobs come due, that none overlaps another, how failures are retried, and how it ends."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from common.outcomes import read_outcomes
from operation.__main__ import main
from operation.heartbeat import DEAD_AFTER_SECONDS, NAME
from operation.jobs import Runner
from operation.schedule import run_at_times
from operation.times import ScheduleSettings, Times
from tests.factory import ROOT, Factory

PARIS = ZoneInfo("Europe/Paris")
OFF = {"SCHEDULE_LOGS": "", "SCHEDULE_ERP": "", "SCHEDULE_DAILY": "", "BACKUP_DIR": ""}


def fire_times(expressions: str, start: str, count: int, zone: ZoneInfo = PARIS) -> list[str]:
    """When a job runs: the first times after a local time, as the wall clock shows them, with the offset from UTC."""
    times, moment = Times.read(expressions, zone), dt.datetime.fromisoformat(start).replace(tzinfo=zone)
    shown = []
    for _ in range(count):
        moment = times.after(moment)
        shown.append(f"{moment.astimezone(zone):%d %H:%M%z}")
        moment += dt.timedelta(milliseconds=3)
    return shown


# When jobs come due


def test_times_that_coincide_are_one() -> None:
    assert fire_times("*/15 * * * *; 0 8 * * *", "2025-05-28 07:40", 3) == ["28 07:45+0200", "28 08:00+0200", "28 08:15+0200"]


def test_a_quarter_of_an_hour_is_one_also_when_the_clocks_change() -> None:
    default = "*/15 * * * *; 0 8 * * *"
    spring = fire_times(default, "2025-03-30 01:40", 3)
    assert spring == ["30 01:45+0100", "30 03:00+0200", "30 03:15+0200"]
    autumn = fire_times(default, "2025-10-26 02:40", 6)
    assert autumn == [
        *("26 02:45+0200", "26 02:00+0100", "26 02:15+0100", "26 02:30+0100", "26 02:45+0100", "26 03:00+0100"),
    ]
    assert fire_times("7-59/15 * * * *", "2025-10-26 02:50", 2) == ["26 02:52+0200", "26 02:07+0100"]


def test_a_daily_time_stays_where_the_wall_clock_shows_it_when_the_clocks_change() -> None:
    assert fire_times("30 5 * * *", "2025-03-29 00:00", 3) == ["29 05:30+0100", "30 05:30+0200", "31 05:30+0200"]
    assert fire_times("30 5 * * *", "2025-10-25 00:00", 3) == ["25 05:30+0200", "26 05:30+0100", "27 05:30+0100"]
    # A time that the clock skips is made up for right afterwards; one that it shows twice comes due once.
    assert fire_times("30 2 * * *", "2025-03-29 00:00", 3) == ["29 02:30+0100", "30 03:00+0200", "31 02:30+0200"]
    assert fire_times("30 2 * * *", "2025-10-26 00:00", 2) == ["26 02:30+0200", "27 02:30+0100"]


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 6 * * 1-5", "Mon Tue Wed Thu Fri Mon"),
        ("0 6 * * mon-fri", "Mon Tue Wed Thu Fri Mon"),
        ("0 6 * * 0,6", "Sun Sat Sun Sat Sun Sat"),
        ("0 6 * * 5-7", "Sun Fri Sat Sun Fri Sat"),
        ("0 6 * * */3", "Sun Wed Sat Sun Wed Sat"),
        ("0 6 3 * 7", "Sun Tue Sun Sun Sun Sun"),  # the third of June was a Tuesday
    ],
)
def test_weekdays_are_those_of_a_crontab(expression: str, days: str) -> None:
    times, moment = Times.read(expression, PARIS), dt.datetime(2025, 6, 1, tzinfo=PARIS)  # a Sunday
    shown = []
    for _ in range(6):
        moment = times.after(moment)
        shown.append(f"{moment.astimezone(PARIS):%a}")
    assert " ".join(shown) == days


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SCHEDULE_LOGS", "*/15 * * *", "'*/15 * * *' has 4 fields, not 5 (minute hour day month weekday); set it to crontab expr"),
        ("SCHEDULE_ERP", "* * * * *; 61 * * * *", "'61 * * * *': Bad minute; set it to crontab expressions separated by `;`"),
        ("SCHEDULE_DAILY", "0 0 30 2 *", "'0 0 30 2 *': Bad day-of-month; set it to crontab expressions separated by `;`"),
        ("SCHEDULE_DAILY", "0 0 * * 5-2", "'0 0 * * 5-2': Bad day-of-week; set it to"),
        ("SCHEDULE_TIMEZONE", "Europe/Pari", "set it to the name of a time zone, such as Europe/Paris"),
        ("SCHEDULE_TIMEZONE", "/etc/passwd", "set it to the name of a time zone, such as Europe/Paris"),
        ("SCHEDULE_RETRIES", "many", "set it to a whole number from 0 to 100"),
        ("SCHEDULE_RETRY_SECONDS", "-1", "set it to a whole number from 0 to 86400"),
    ],
)
@pytest.mark.parametrize("command", [["schedule"], ["job", "logs"]], ids=" ".join)
def test_a_wrong_setting_is_one_line_that_names_it(
    command: list[str], variable: str, value: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert main(command, {variable: value}) == 1
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"{variable} is {value!r}: {said}")
    assert "\n" not in message


def test_an_empty_value_switches_a_job_off_and_all_of_them_leave_nothing_to_do(caplog: pytest.LogCaptureFixture) -> None:
    assert {*ScheduleSettings.from_environ({}).times} == {"logs", "erp", "daily"}
    assert {*ScheduleSettings.from_environ({"BACKUP_DIR": "backups"}).times} == {"logs", "erp", "daily", "backup"}
    assert {*ScheduleSettings.from_environ({**OFF, "SCHEDULE_BACKUP": "0 1 * * *"}).times} == {"backup"}
    assert {*ScheduleSettings.from_environ({"SCHEDULE_ERP": " ; ", "SCHEDULE_DAILY": ""}).times} == {"logs"}
    assert main(["schedule"], OFF) == 1
    assert main(["job", "nightly"], OFF) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "SCHEDULE_LOGS, SCHEDULE_ERP, SCHEDULE_DAILY, SCHEDULE_BACKUP are all empty: there is nothing to do",
        "JOB is 'nightly': set it to logs, erp, daily or backup",
    ]


# That none overlaps another


@dataclass(frozen=True)
class Every(Times):
    """More often than a crontab could say."""

    seconds: float

    def after(self, moment: dt.datetime) -> dt.datetime:
        return moment + dt.timedelta(seconds=self.seconds)


def at_times(settings: ScheduleSettings, work: dict[str, Callable[[], None]], seconds: float) -> None:
    """Run jobs at their times for a while."""
    runner = Runner(ROOT, 0, 0)
    timer = threading.Timer(seconds, runner.stop)
    timer.start()
    run_at_times(settings, work, runner)
    assert runner.stopping


def test_an_overrun_overlaps_nothing_and_what_it_has_missed_is_done_once() -> None:
    runs: list[tuple[str, float, float]] = []
    durations = {"logs": iter([1.0]), "erp": iter(())}

    def work(name: str) -> Callable[[], None]:
        def run() -> None:
            began = time.monotonic()
            time.sleep(next(durations[name], 0.01))
            runs.append((name, began, time.monotonic()))

        return run

    settings = ScheduleSettings({"logs": Every((), PARIS, 0.3), "erp": Every((), PARIS, 0.25)}, PARIS, 0, 0)
    at_times(settings, {name: work(name) for name in durations}, 2.5)
    assert all(before[2] <= after[1] for before, after in pairwise(runs))
    (long,) = [index for index, run in enumerate(runs) if run[2] - run[1] > 0.9]
    # Both came due several times meanwhile: each is done once, at once, and then at its times again.
    assert sorted(name for name, _, _ in runs[long + 1 : long + 3]) == ["erp", "logs"]
    assert runs[long + 2][1] - runs[long][2] < 0.2
    for name, step in (("logs", 0.3), ("erp", 0.25)):
        after = [began for job, began, _ in runs[long + 1 :] if job == name]
        assert len(after) >= 3
        assert min(later - earlier for earlier, later in pairwise(after)) > step - 0.1


def test_all_jobs_run_at_the_start_but_the_backup_at_its_time_only() -> None:
    runs: list[str] = []
    never = Times.read("0 0 1 1 *", PARIS)
    names = ("logs", "backup", "daily")
    at_times(ScheduleSettings(dict.fromkeys(names, never), PARIS, 0, 0), {name: partial(runs.append, name) for name in names}, 0.5)
    assert runs == ["logs", "daily"]


# What a job does, and how it ends


def project(folder: Path, **targets: str) -> list[str]:
    """Write a Makefile whose targets note that they were made; return the schedule's command for it."""
    folder.mkdir(exist_ok=True)
    names = (
        "load-logs",
        "load-erp",
        "build-new",
        "purge",
        "audit",
        "docs",
        "report",
        "alerts",
        "notify",
        "backup",
        "restore-check",
    )
    recipes = [f"{name}:\n\t@echo {name} >> done\n\t@{targets.get(name.replace('-', '_'), 'true')}\n" for name in names]
    (folder / "Makefile").write_text("\n".join(recipes))
    return [sys.executable, "-m", "operation", "--folder", str(folder)]


def environ(folder: Path, **settings: str) -> dict[str, str]:
    return {**os.environ, "LOG_DIR": str(folder / "log"), "SCHEDULE_RETRY_SECONDS": "0", **settings}


def job(name: str, folder: Path, command: list[str], **settings: str) -> tuple[int, list[str], str]:
    """Do a job once; return the exit code, the targets made, and what was said."""
    done = subprocess.run(
        [*command, "job", name], cwd=ROOT, env=environ(folder, **settings), capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, (folder / "done").read_text().split(), done.stderr


def test_what_has_been_loaded_is_built_after_a_failed_load_and_what_failed_is_done_again(tmp_path: Path) -> None:
    code, made, said = job("logs", tmp_path, project(tmp_path, load_logs="mkdir tried 2>/dev/null && exit 3 || true"))
    assert (code, made) == (0, [*["load-logs", "build-new"] * 2, "notify"])
    told = [re.sub(r"[\d.]+ s", "N s", line.partition(" ")[2]) for line in said.splitlines() if not line.startswith("make")]
    assert told == [
        "logs: began",
        "logs: make load-logs failed after N s (exit code 2)",
        "logs: make build-new done after N s",
        "logs: retry 1 of 2 in N s: load-logs, build-new",
        "logs: make load-logs done after N s",
        "logs: make build-new done after N s",
        "logs: make notify done after N s",
        "logs: ok after N s",
    ]
    assert "ERROR logs: make load-logs failed" in (tmp_path / "log" / "schedule.log").read_text()


def test_what_keeps_failing_is_given_up(tmp_path: Path) -> None:
    code, made, said = job("erp", tmp_path, project(tmp_path, build_new="false"), SCHEDULE_RETRIES="1")
    assert (code, made) == (1, ["load-erp", "build-new", "build-new", "notify"])
    assert re.search(r"erp: FAILED after \d+ s: build-new$", said.strip())


def test_each_part_of_the_daily_job_is_done_even_if_another_fails(tmp_path: Path) -> None:
    code, made, _ = job("daily", tmp_path, project(tmp_path, audit="false", report="mkdir tried 2>/dev/null && exit 1 || true"))
    assert (code, made) == (1, ["audit", "docs", "report", "audit", "report", "audit", "notify"])


def test_each_job_ends_by_telling_how_it_went_once_also_when_it_has_failed(tmp_path: Path) -> None:
    command = project(tmp_path, build_new="false", notify="echo $$JOB > told")
    code, made, _ = job("logs", tmp_path, command, SCHEDULE_RETRIES="1")
    assert (code, made) == (1, [*["load-logs", "build-new", "build-new"], "notify"])
    assert (tmp_path / "told").read_text() == "logs\n"
    outcomes = read_outcomes({"LOG_DIR": str(tmp_path / "log")})
    assert (outcomes["logs"].failed, outcomes["logs"].failures, outcomes["logs"].succeeded_at) == (["build-new"], 1, None)
    code, made, said = job("erp", tmp_path, project(tmp_path, notify="false"))
    assert (code, made[4:]) == (1, ["load-erp", "build-new", "notify"])
    assert re.search(r"erp: FAILED after \d+ s: notify$", said.strip())
    assert read_outcomes({"LOG_DIR": str(tmp_path / "log")})["erp"].failures == 0


def test_old_log_files_are_purged_once_a_day_where_it_is_said_how_long_they_are_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = project(tmp_path)
    assert job("daily", tmp_path, command, RETENTION_MONTHS="36")[1] == ["purge", "audit", "docs", "report", "notify"]
    assert main(["schedule"], {"RETENTION_MONTHS": "three"}) == 1
    assert caplog.messages == ["RETENTION_MONTHS is 'three': set it to a whole number from 1 to 1200"]


def test_a_backup_that_cannot_be_restored_is_tried_again_and_one_that_cannot_be_made_is_made_again(tmp_path: Path) -> None:
    once = "mkdir tried 2>/dev/null && exit 1 || true"
    assert job("backup", tmp_path / "a", project(tmp_path / "a", restore_check=once))[:2] == (
        0,
        ["backup", "restore-check", "restore-check", "notify"],
    )
    assert job("backup", tmp_path / "b", project(tmp_path / "b", backup=once))[:2] == (
        0,
        [*["backup", "restore-check"] * 2, "notify"],
    )


def wait_for_pid(path: Path) -> int:
    deadline = time.monotonic() + 30
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text())


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        # A process whose parent has died may wait for somebody to ask how it ended.
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def test_a_job_that_is_asked_to_end_ends_what_it_has_started(tmp_path: Path) -> None:
    command = project(tmp_path, load_logs="echo $$$$ > pid; exec sleep 600")
    process = subprocess.Popen([*command, "job", "logs"], cwd=ROOT, env=environ(tmp_path), stderr=subprocess.PIPE, text=True)
    pid = wait_for_pid(tmp_path / "pid")
    process.terminate()
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert not is_alive(pid)
    assert "logs: stopped after" in said
    assert (tmp_path / "done").read_text().split() == ["load-logs"]


def test_the_schedule_says_that_it_is_alive_and_ends_with_all_that_it_has_started(tmp_path: Path) -> None:
    command = project(tmp_path, load_logs="trap '' TERM; echo $$$$ > pid; while :; do sleep 0.1; done")
    # A crontab's minute is too long to wait for, and so is the grace period of a child that ignores signals.
    hurried = (
        "import sys, operation.jobs, operation.times; from datetime import timedelta;"
        " operation.jobs.GRACE_SECONDS = 0.5; operation.times.Times.after = lambda _, moment: moment + timedelta(seconds=1);"
        " from operation.__main__ import main; sys.exit(main())"
    )
    started = [sys.executable, "-c", hurried, *command[3:], "schedule"]
    variables = environ(tmp_path, SCHEDULE_ERP="")
    process = subprocess.Popen(started, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True)
    health = [*command, "health"]
    pid = wait_for_pid(tmp_path / "pid")
    alive = subprocess.run(health, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"alive \d+ s ago\n", alive.stdout)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    assert not is_alive(pid)
    assert said.splitlines()[-1].endswith(" ended")
    assert "Traceback" not in said
    assert subprocess.run(health, cwd=ROOT, env=variables, capture_output=True, check=False).returncode == 1


def test_a_schedule_that_hangs_or_is_gone_is_not_healthy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = {"LOG_DIR": str(tmp_path)}
    assert main(["health"], settings) == 1
    (tmp_path / NAME).write_text(str(time.time()))
    assert main(["health"], settings) == 0
    long_ago = time.time() - DEAD_AFTER_SECONDS - 5
    os.utime(tmp_path / NAME, (long_ago, long_ago))
    assert main(["health"], settings) == 1
    messages = [record.getMessage() for record in caplog.records]
    assert "No such file or directory: no schedule is at work" in messages[0]
    assert "the schedule is dead, or hangs" in messages[1]


def test_a_real_job_whose_server_was_away_for_a_moment_is_recorded_run_by_run(factory: Factory, tmp_path: Path) -> None:
    factory.put_logs({("DEM12 (PVC)", "20250528.LOG"): b"20250528 08:00:00|@StukUitgevoerd: a\n"})
    make = (
        f"$(MAKE) --silent -C {ROOT} --old-file=.venv/.ready --old-file=profiles.yml BIN={Path(sys.executable).parent}"
        " ARGS='--select +suivi_execution'"
    )
    # The FTP server's port is wrong the first time.
    command = project(
        tmp_path,
        load_logs=f"if mkdir tried 2>/dev/null; then export FTP_PORT=1; fi; {make} load-logs",
        build_new=f"{make} build",
    )
    folders = {"DBT_PROFILES_DIR": str(factory.profiles()), "DBT_TARGET_PATH": str(factory.target)}
    code, made, said = job("logs", tmp_path, command, **{**factory.environment, **folders, "LOG_DIR": str(tmp_path / "log")})
    assert (code, made) == (0, [*["load-logs", "build-new"] * 2, "notify"]), said
    rows = factory.ask(
        "select type, source, resultat, nb_lignes, taux_reussite, erreur, duree_secondes > 0 and memoire_max_mo > 20"
        " from marts.suivi_execution order by debut",
        role="analyst",
    )
    assert [row[:5] for row in rows] == [
        ("chargement", "logs", "echec", 0, 0),
        ("construction", None, "ok", 0, 100),
        ("chargement", "logs", "ok", 1, 50),
        ("construction", None, "ok", 0, 100),
    ]
    assert [bool(row[5]) for row in rows] == [True, False, False, False]
    assert rows[0][5].startswith("FTP ")
    assert all(row[6] for row in rows)
