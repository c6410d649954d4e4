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
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.base import BaseTrigger

from operation.__main__ import main
from operation.clockwork import Clockwork
from operation.crontab import trigger_of
from operation.heartbeat import DEAD_AFTER_SECONDS, NAME
from operation.times import ScheduleSettings
from tests.factory import ROOT, Factory

PARIS = ZoneInfo("Europe/Paris")
OFF = {"SCHEDULE_LOGS": "", "SCHEDULE_ERP": "", "SCHEDULE_DAILY": ""}


def fire_times(expressions: str, start: str, count: int, zone: ZoneInfo = PARIS) -> list[str]:
    """When a trigger fires: the first times from a local time on, as the wall clock shows them, with the offset from UTC."""
    trigger, previous, now = trigger_of(expressions, zone), None, dt.datetime.fromisoformat(start).replace(tzinfo=zone)
    shown = []
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        assert previous is not None
        assert previous >= now.astimezone(dt.UTC)
        now = previous + dt.timedelta(milliseconds=3)
        shown.append(f"{previous.astimezone(zone):%d %H:%M%z}")
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
    # Times that the clock skips are skipped; times that occur twice run twice.
    assert fire_times("30 2 * * *", "2025-03-29 00:00", 2) == ["29 02:30+0100", "31 02:30+0200"]
    assert fire_times("30 2 * * *", "2025-10-26 00:00", 3) == ["26 02:30+0200", "26 02:30+0100", "27 02:30+0100"]


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
    trigger, now = trigger_of(expression, PARIS), dt.datetime(2025, 6, 1, tzinfo=PARIS)  # a Sunday
    shown = []
    for _ in range(6):
        now = trigger.get_next_fire_time(None, now).astimezone(PARIS)
        shown.append(f"{now:%a}")
        now += dt.timedelta(hours=1)
    assert " ".join(shown) == days


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SCHEDULE_LOGS", "*/15 * * *", "'*/15 * * *' has 4 fields, not 5 (minute hour day month weekday); set it to crontab expr"),
        ("SCHEDULE_ERP", "* * * * *; 61 * * * *", "Error validating expression '61': the last value (61) is higher than"),
        ("SCHEDULE_DAILY", "0 0 30 2 *", "'0 0 30 2 *' never comes due; set it to crontab expressions separated by `;`"),
        ("SCHEDULE_DAILY", "0 0 * * 5-2", "the weekdays 5-2 run backwards; set it to"),
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
    assert {*ScheduleSettings.from_environ({}).triggers} == {"logs", "erp", "daily"}
    assert {*ScheduleSettings.from_environ({"SCHEDULE_ERP": " ", "SCHEDULE_DAILY": ""}).triggers} == {"logs"}
    assert main(["schedule"], OFF) == 1
    assert main(["job", "nightly"], OFF) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "SCHEDULE_LOGS, SCHEDULE_ERP, SCHEDULE_DAILY are all empty: there is nothing to do",
        "JOB is 'nightly': set it to logs, erp or daily",
    ]


# That none overlaps another


class Every(BaseTrigger):  # type: ignore[misc]  # it comes without types
    """Fires more often than a crontab could say."""

    def __init__(self, seconds: float) -> None:
        self._step = dt.timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        return max(now, previous_fire_time + self._step) if previous_fire_time else now


def test_an_overrun_overlaps_nothing_and_what_it_has_missed_is_done_once() -> None:
    runs: list[tuple[str, float, float]] = []
    ends: list[float] = []
    durations = {"logs": iter([1.0]), "erp": iter(())}

    def work(name: str) -> Callable[[], None]:
        def run() -> None:
            began = time.monotonic()
            time.sleep(next(durations[name], 0.01))
            runs.append((name, began, time.monotonic()))

        return run

    settings = ScheduleSettings({"logs": Every(0.3), "erp": Every(0.25)}, PARIS, 0, 0)
    clockwork = Clockwork(settings, {name: work(name) for name in durations}, lambda: None)
    thread = threading.Thread(target=clockwork.run)
    thread.start()
    time.sleep(2)
    clockwork.end(lambda: ends.append(time.monotonic()))
    thread.join(10)
    assert not thread.is_alive()
    assert all(before[2] <= after[1] for before, after in pairwise(runs))
    (long,) = [index for index, run in enumerate(runs) if run[2] - run[1] > 0.9]
    # Both came due several times meanwhile: each is done once, at once, and then at its times again.
    assert sorted(name for name, _, _ in runs[long + 1 : long + 3]) == ["erp", "logs"]
    assert runs[long + 2][1] - runs[long][2] < 0.2
    after = [began for name, began, _ in runs[long + 1 :] if name == "logs"]
    assert len(after) >= 2
    assert min(later - earlier for earlier, later in pairwise(after)) > 0.01
    assert len(after) <= 1 + (ends[0] - runs[long][2]) / 0.3 + 1


# What a job does, and how it ends


def project(folder: Path, **targets: str) -> list[str]:
    """Write a Makefile whose targets note that they were made; return the schedule's command for it."""
    folder.mkdir(exist_ok=True)
    names = ("load-logs", "load-erp", "build-new", "purge", "audit", "docs", "report", "alerts")
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
    assert (code, made) == (0, ["load-logs", "build-new"] * 2)
    told = [re.sub(r"[\d.]+ s", "N s", line.partition(" ")[2]) for line in said.splitlines() if not line.startswith("make")]
    assert told == [
        "logs: began",
        "logs: make load-logs failed after N s (exit code 2)",
        "logs: make build-new done after N s",
        "logs: retry 1 of 2 in N s: load-logs, build-new",
        "logs: make load-logs done after N s",
        "logs: make build-new done after N s",
        "logs: ok after N s",
    ]
    assert "ERROR logs: make load-logs failed" in (tmp_path / "log" / "schedule.log").read_text()


def test_what_keeps_failing_is_given_up(tmp_path: Path) -> None:
    code, made, said = job("erp", tmp_path, project(tmp_path, build_new="false"), SCHEDULE_RETRIES="1")
    assert (code, made) == (1, ["load-erp", "build-new", "build-new"])
    assert re.search(r"erp: FAILED after \d+ s: build-new$", said.strip())


def test_each_part_of_the_daily_job_is_done_even_if_another_fails(tmp_path: Path) -> None:
    code, made, _ = job("daily", tmp_path, project(tmp_path, audit="false", report="mkdir tried 2>/dev/null && exit 1 || true"))
    assert (code, made) == (1, ["audit", "docs", "report", "audit", "report", "audit", "alerts"])


def test_where_alerts_are_posted_each_job_ends_with_them_once_also_when_it_has_failed(tmp_path: Path) -> None:
    posted = {"ALERT_WEBHOOK_URL": "https://hooks.example.com", "SCHEDULE_RETRIES": "1"}
    assert job("erp", tmp_path / "ok", project(tmp_path / "ok"), **posted)[:2] == (0, ["load-erp", "build-new", "alerts"])
    code, made, said = job("logs", tmp_path / "load", project(tmp_path / "load", load_logs="false"), **posted)
    assert (code, made) == (1, ["load-logs", "build-new"] * 2 + ["alerts"])
    assert re.search(r"logs: FAILED after \d+ s: load-logs$", said.strip())
    code, made, said = job("logs", tmp_path / "alerts", project(tmp_path / "alerts", alerts="false"), **posted)
    assert (code, made) == (1, ["load-logs", "build-new", "alerts"])
    assert re.search(r"logs: FAILED after \d+ s: alerts$", said.strip())


def test_old_log_files_are_purged_once_a_day_where_it_is_said_how_long_they_are_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = project(tmp_path)
    assert job("daily", tmp_path, command, RETENTION_MONTHS="36")[1] == ["purge", "audit", "docs", "report", "alerts"]
    assert main(["schedule"], {"RETENTION_MONTHS": "three"}) == 1
    assert caplog.messages == ["RETENTION_MONTHS is 'three': set it to a whole number from 1 to 1200"]


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
        "import sys, operation.jobs, operation.times; from apscheduler.triggers.interval import IntervalTrigger;"
        " operation.jobs.GRACE_SECONDS = 0.5; operation.times.trigger_of = lambda *_: IntervalTrigger(seconds=1);"
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
    (tmp_path / NAME).touch()
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
    assert (code, made) == (0, ["load-logs", "build-new"] * 2), said
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
