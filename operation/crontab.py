"""Crontab expressions in a time zone, with its changes between winter and summer time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

# In a crontab, 0 and 7 are Sunday; in APScheduler, 0 is Monday.
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = re.compile(r"(?:(?P<first>[0-7])(?:-(?P<last>[0-7]))?|\*)(?:/(?P<step>[1-7]))?")
_FIELDS = 5


class WallClockTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires when the wall clock shows a time that fits a crontab expression.

    APScheduler's own trigger loops in the hour that occurs twice in autumn. Here it computes in UTC, with a fixed offset; if the
    clocks change before the time that it finds, it searches again from there. Times that occur twice in autumn run twice.
    """

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        self._times = CronTrigger.from_crontab(expression, timezone=UTC)
        self._zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next time from `now` on, in UTC, other than the previous one; None if there is none."""
        after = now.astimezone(UTC)
        if previous_fire_time is not None:
            after = max(after, previous_fire_time.astimezone(UTC) + timedelta(microseconds=1))
        while True:
            offset = self._offset(after)
            shown = self._times.get_next_fire_time(None, after + offset)
            if shown is None:
                return None
            fires: datetime = shown - offset
            if self._offset(fires) == offset:
                return fires
            after = self._change(after, fires)

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self._zone).utcoffset() or timedelta()

    def _change(self, before: datetime, after: datetime) -> datetime:
        """Return when the clocks change between two moments, which is at a full second."""
        offset = self._offset(before)
        while after - before > timedelta(milliseconds=1):
            middle = before + (after - before) / 2
            before, after = (middle, after) if self._offset(middle) == offset else (before, middle)
        return after.replace(microsecond=0)


def trigger_of(expressions: str, zone: ZoneInfo) -> OrTrigger:
    """Return a trigger that fires when any of the expressions comes due; once if several do.

    Args:
        expressions: crontab expressions of five fields, separated by `;`.
        zone: the time zone of the expressions.

    Raises:
        ValueError: one of them is malformed, or never comes due.
    """
    triggers = []
    for expression in filter(None, map(str.strip, expressions.split(";"))):
        for variant in _variants(expression):
            trigger = WallClockTrigger(variant, zone)
            if trigger.get_next_fire_time(None, datetime.now(UTC)) is None:
                raise ValueError(f"{expression!r} never comes due")
            triggers.append(trigger)
    return OrTrigger(triggers)


def _variants(expression: str) -> Iterator[str]:
    """Yield one or two expressions for APScheduler: of day and weekday a crontab wants either to fit, APScheduler both."""
    fields = expression.split()
    if len(fields) != _FIELDS:
        raise ValueError(f"{expression!r} has {len(fields)} fields, not {_FIELDS} (minute hour day month weekday)")
    minute, hour, day, month, weekday = fields
    weekday = ",".join(map(_named, weekday.split(",")))
    if "*" in (day, weekday):
        yield f"{minute} {hour} {day} {month} {weekday}"
    else:
        yield f"{minute} {hour} {day} {month} *"
        yield f"{minute} {hour} * {month} {weekday}"


def _named(weekdays: str) -> str:
    """Replace the numbers in a part of the weekday field by names."""
    match = _NUMBERS.fullmatch(weekdays)
    if match is None or weekdays == "*":
        return weekdays
    first, last = (int(match["first"]), int(match["last"] or match["first"])) if match["first"] else (0, 6)
    if first > last:
        raise ValueError(f"the weekdays {weekdays} run backwards")
    return ",".join(_WEEKDAYS[first : last + 1 : int(match["step"] or 1)])
