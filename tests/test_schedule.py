"""Jobs at their times: when they come due, that none overlaps another, what becomes of a failure, and how all of it ends."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from schedule.__main__ import main
from schedule.crontab import trigger_of
from schedule.settings import ScheduleSettings

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
    # What the clock skips is skipped, what it shows twice comes twice.
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
@pytest.mark.parametrize("command", [["run"], ["job", "logs"]], ids=" ".join)
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
    assert main(["run"], OFF) == 1
    assert main(["job", "nightly"], OFF) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "SCHEDULE_LOGS, SCHEDULE_ERP, SCHEDULE_DAILY are all empty: there is nothing to do",
        "JOB is 'nightly': set it to logs, erp or daily",
    ]
