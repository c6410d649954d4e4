"""When jobs run: once at the start, then at their times, one at a time."""

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
    """Runs jobs at their times. `work` has a function for each job's name; `beat` is called every minute.

    All jobs run in one thread: a job that comes due while another one runs waits for its end. A job that comes due while it runs
    itself, once or several times, runs once more afterwards.
    """

    def __init__(self, settings: ScheduleSettings, work: Mapping[str, Callable[[], object]], beat: Callable[[], None]) -> None:
        self._settings = settings
        self._work = work
        self._overrun: set[str] = set()
        self._scheduler = BlockingScheduler(
            # The heartbeat has a thread of its own: it goes on while a job runs.
            executors={"default": ThreadPoolExecutor(1), HEARTBEAT: ThreadPoolExecutor(1)},
            # A run that had to wait for another job is never too late.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        # APScheduler would warn that a run was skipped, although it is only postponed.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for name, trigger in settings.triggers.items():
            # The first run is now: some times may have passed while the schedule was not running.
            self._scheduler.add_job(self._do, trigger, args=[name], id=name, next_run_time=datetime.now(UTC))
        self._scheduler.add_job(beat, "interval", seconds=EVERY_SECONDS, id=HEARTBEAT, executor=HEARTBEAT)
        self._scheduler.add_listener(self._not_now, EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_listener(self._done, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def run(self) -> None:
        """Run until an exception ends it, such as KeyboardInterrupt."""
        self._scheduler.start()

    def end(self, stop_work: Callable[[], object]) -> None:
        """Start nothing more, call `stop_work`, which stops the running job, and wait for its end."""
        self._scheduler.remove_listener(self._done)
        stop_work()
        if self._scheduler.running:
            self._scheduler.shutdown()

    def _do(self, name: str) -> None:
        # This run also stands for those that came due while it waited for its turn.
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
            log.info("%s: came due while it was running: once more now", name)
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
        elif moment := self._scheduler.get_job(name).next_run_time:
            log.info("%s: next run at %s", name, moment.astimezone(self._settings.zone).isoformat(sep=" ", timespec="minutes"))
