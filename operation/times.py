"""The settings of the schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger

from common.errors import LoadError
from common.settings import whole_number
from operation.crontab import trigger_of

# Each job, the variable with its times, and the default.
TIMES = (
    ("logs", "SCHEDULE_LOGS", "*/15 * * * *; 0 8 * * *"),
    ("erp", "SCHEDULE_ERP", "7-59/15 * * * *"),
    ("daily", "SCHEDULE_DAILY", "30 5 * * *"),
)


@dataclass(frozen=True)
class ScheduleSettings:
    """When each job runs, and how failures are retried. A job that is switched off is not in `triggers`."""

    triggers: Mapping[str, BaseTrigger]
    zone: ZoneInfo
    retries: int
    retry_seconds: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read `SCHEDULE_LOGS`, `_ERP`, `_DAILY`, `_TIMEZONE`, `_RETRIES`, `_RETRY_SECONDS`.

        Raises:
            LoadError: one of them is malformed.
        """
        place = environ.get("SCHEDULE_TIMEZONE") or "Europe/Paris"
        try:
            zone = ZoneInfo(place)
        except (KeyError, ValueError, OSError):
            raise LoadError(f"SCHEDULE_TIMEZONE is {place!r}: set it to the name of a time zone, such as Europe/Paris") from None
        triggers = {}
        for job, name, default in TIMES:
            expressions = environ.get(name, default)
            try:
                if expressions.strip():
                    triggers[job] = trigger_of(expressions, zone)
            except ValueError as error:
                raise LoadError(
                    f"{name} is {expressions!r}: {error}; set it to crontab expressions separated by `;`, or to nothing"
                ) from None
        return cls(
            triggers=triggers,
            zone=zone,
            retries=whole_number(environ, "SCHEDULE_RETRIES", 2, 0, 100),
            retry_seconds=whole_number(environ, "SCHEDULE_RETRY_SECONDS", 60, 0, 86_400),
        )
