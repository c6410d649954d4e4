"""Run a build that no load and no other such build overlaps: `python -m operation.locked [--if-new] COMMAND [ARG ...]`.

With `--if-new` it is a build of what has changed since the last one, and none where nothing has.

dbt opens and closes its sessions as it goes, so that none of them could hold a lock for the whole of a build. Here a
session is opened for nothing but the lock, and its socket left open in the process that runs the command: however that
ends, also by kill -9, and whatever has become of this process, the session ends with the last of the two, and the lock is free.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from types import FrameType

from common.errors import LoadError
from common.journal import open_console
from common.memory import peak_memory_bytes
from common.postgres import connect, take_lock
from common.settings import PostgresSettings
from operation.builds import LAUNCH, SESSION, Ended, note_end
from operation.inputs import last_inputs, read_inputs, selector_of

log = logging.getLogger("operation")


def main(argv: list[str]) -> int:
    """Wait for the lock, run `argv`, and note how it ended.

    Returns:
        The command's exit code; 128 and the signal's number where it died of one. 0 where there is nothing to build; 1 where
        the lock cannot be had, which is said in one line; 127 where there is no such command.
    """
    open_console()
    if_new, command = argv[:1] == ["--if-new"], argv[argv[:1] == ["--if-new"] :]
    words = [word for word in command[1:] if word not in ("-m", "operation.dbt")] or command
    # What was selected by hand is a part, of which it cannot be told what it leaves to be built.
    variables = "" if words == ["build"] else words[2] if words[:2] == ["build", "--vars"] and not words[3:] else None
    try:
        settings = PostgresSettings.from_environ(_of_dbt(os.environ))
        session = connect(settings)
        take_lock(session, settings)
        if if_new:
            last, ended = last_inputs(session, settings)
            selector = selector_of(read_inputs(session, settings, variables or ""), last)
            if selector is None:
                log.info("nothing to build: nothing is new since the build that ended at %s", ended)
                return 0
            # Nobody reads what dbt would write down of an everyday build, which takes a tenth of its time.
            command = [*command, "--selector", selector, "--no-write-json"]
    except LoadError as error:
        log.error("%s", error)
        return 1
    with closing(session):
        launch, began = uuid.uuid4(), time.monotonic()
        environ = {**os.environ, LAUNCH: str(launch), SESSION: str(session.info.backend_pid)}
        try:
            code, asked, usage = _run(command, environ, session.fileno())
        except OSError as error:
            log.error("%s: %s", command[0], error.strerror)
            return 127
        seconds, peak = time.monotonic() - began, peak_memory_bytes(usage)
        note_end(session, settings, Ended(launch, words[0], code, asked, seconds, peak, variables))
    return code if code >= 0 else 128 - code


def _run(argv: Sequence[str], environ: Mapping[str, str], socket: int) -> tuple[int, bool, resource.struct_rusage]:
    """Run a command that holds a socket open, and hand on the signals that come meanwhile.

    Returns:
        Its exit code (negative: the signal that it died of), whether it was asked to end, and what it has used.

    Raises:
        OSError: there is no such command.
    """
    child: subprocess.Popen[bytes] | None = None
    received: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        # Ctrl-C reaches all that stands before the terminal: twice would keep dbt from ending in order.
        if child is not None and number != signal.SIGINT:
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # What nohup has us ignore, the child ignores too.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hand_on)
    child = subprocess.Popen(argv, env=environ, pass_fds=[socket])
    if received:
        os.kill(child.pid, received[0])
    # Not `child.wait`, which does not tell what it has used.
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, bool(received), usage


def _of_dbt(environ: Mapping[str, str]) -> dict[str, str]:
    """Put dbt's own account, where it has one, in the place of the loaders', as `profiles.yml` does."""
    own = {name: environ.get(f"DBT_{name}", "") for name in ("POSTGRES_USER", "POSTGRES_PASSWORD")}
    return {**environ, **{name: value for name, value in own.items() if value}}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
