"""The jobs at their times, one at a time, and once to begin with; what an overrun has missed is done once, right after it."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from operation.heartbeat import EVERY_SECONDS
from operation.times import ScheduleSettings

log = logging.getLogger(__name__)

HEARTBEAT = "heartbeat"


class Clockwork:
    """Does the jobs at their times, for ever. `work` has a function for each job's name; `beat` is called every minute.

    One thread does all jobs: one that comes due while another is at work waits for its end. One that comes due while it is itself
    at work is done once more then, however often that was.
    """

    def __init__(self, settings: ScheduleSettings, work: Mapping[str, Callable[[], object]], beat: Callable[[], None]) -> None:
        self._settings = settings
        self._work = work
        self._overrun: set[str] = set()
        self._scheduler = BlockingScheduler(
            # The heartbeat goes on while a job is at work.
            executors={"default": ThreadPoolExecutor(1), HEARTBEAT: ThreadPoolExecutor(1)},
            # No run is too late: what waits for another's end is still to be done.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        # It says that a run was skipped, which is not the whole truth here.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for name, trigger in settings.triggers.items():
            # At once, too: whatever came due while nobody was there.
            self._scheduler.add_job(self._do, trigger, args=[name], id=name, next_run_time=datetime.now(UTC))
        self._scheduler.add_job(beat, "interval", seconds=EVERY_SECONDS, id=HEARTBEAT, executor=HEARTBEAT)
        self._scheduler.add_listener(self._not_now, EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_listener(self._done, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def run(self) -> None:
        """Begin, and go on until an exception ends it, such as KeyboardInterrupt."""
        self._scheduler.start()

    def end(self, stop_work: Callable[[], object]) -> None:
        """Let nothing more begin, have what is at work stopped, and wait for its end."""
        self._scheduler.remove_listener(self._done)
        stop_work()
        if self._scheduler.running:
            self._scheduler.shutdown()

    def _do(self, name: str) -> None:
        # What came due while this run was waiting for its turn, it does too.
        self._overrun.discard(name)
        self._work[name]()

    def _not_now(self, event: JobEvent) -> None:
        if event.job_id in self._work:
            self._overrun.add(event.job_id)

    def _done(self, event: JobEvent) -> None:
        name = event.job_id
        if name not in self._work:
            return
        if name in self._overrun:
            log.info("%s: came due while it was at work: once more now", name)
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
            return
        self._tell_next(name, self._scheduler.get_job(name).next_run_time)

    def _tell_next(self, name: str, moment: datetime | None) -> None:
        if moment is not None:
            log.info("%s: next run at %s", name, moment.astimezone(self._settings.zone).isoformat(sep=" ", timespec="minutes"))
