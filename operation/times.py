"""When the jobs run: the settings of the schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from common.errors import LoadError
from common.settings import whole_number

# Each job, the variable with its times, and the default.
TIMES = (
    ("logs", "SCHEDULE_LOGS", "*/15 * * * *; 0 8 * * *"),
    ("erp", "SCHEDULE_ERP", "7-59/15 * * * *"),
    ("daily", "SCHEDULE_DAILY", "30 5 * * *"),
    # This default holds only if BACKUP_DIR is set: no disk is filled unasked.
    ("backup", "SCHEDULE_BACKUP", "45 4 * * *"),
)
_FIELDS = 5


@dataclass(frozen=True)
class Times:
    """The times of a job: crontab expressions, and the time zone of the clock that they mean.

    When that clock changes, they come due as in Debian's cron: what is at a time of day once, what recurs within hours by the time
    that passes.
    """

    expressions: tuple[str, ...]
    zone: ZoneInfo

    @classmethod
    def read(cls, text: str, zone: ZoneInfo) -> Self:
        """Read expressions of five fields, separated by `;`.

        Raises:
            ValueError: one of them is malformed, or never comes due.
        """
        times = cls(tuple(filter(None, map(str.strip, text.split(";")))), zone)
        for expression in times.expressions:
            if (count := len(expression.split())) != _FIELDS:
                raise ValueError(f"{expression!r} has {count} fields, not {_FIELDS} (minute hour day month weekday)")
            try:
                next(CronSim(expression, datetime.now(zone)))
            except CronSimError as error:
                raise ValueError(f"{expression!r}: {error}") from None
        return times

    def after(self, moment: datetime) -> datetime:
        """Return the first time after a moment, in UTC."""
        local = moment.astimezone(self.zone)
        return min(next(CronSim(expression, local)).astimezone(UTC) for expression in self.expressions)


@dataclass(frozen=True)
class ScheduleSettings:
    """When each job runs, and how failures are retried. A job that is switched off is not in `times`."""

    times: Mapping[str, Times]
    zone: ZoneInfo
    retries: int
    retry_seconds: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `SCHEDULE_LOGS`, `_ERP`, `_DAILY`, `_BACKUP`, `_TIMEZONE`, `_RETRIES`, `_RETRY_SECONDS`.

        Raises:
            LoadError: one of them is malformed.
        """
        place = environ.get("SCHEDULE_TIMEZONE") or "Europe/Paris"
        try:
            zone = ZoneInfo(place)
        except (KeyError, ValueError, OSError):
            raise LoadError(f"SCHEDULE_TIMEZONE is {place!r}: set it to the name of a time zone, such as Europe/Paris") from None
        times = {}
        for job, name, default in TIMES:
            text = environ.get(name, "" if job == "backup" and not environ.get("BACKUP_DIR") else default)
            try:
                own = Times.read(text, zone)
                if own.expressions:
                    times[job] = own
            except ValueError as error:
                raise LoadError(
                    f"{name} is {text!r}: {error}; set it to crontab expressions separated by `;`, or to nothing"
                ) from None
        return cls(
            times=times,
            zone=zone,
            retries=whole_number(environ, "SCHEDULE_RETRIES", 2, 0, 100),
            retry_seconds=whole_number(environ, "SCHEDULE_RETRY_SECONDS", 60, 0, 86_400),
        )
