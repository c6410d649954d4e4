"""Run a build under the platform's lock: `python -m operation.locked [--if-new] COMMAND [ARG ...]`.

With `--if-new` it builds what has changed since the last build, if anything has.

dbt opens and closes sessions as it goes, so none of them can hold the lock for a whole build. Here one session holds it, and the
command inherits the session's socket. So the lock is free when both this process and the command have ended, even by SIGKILL.
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
from common.settings import PostgresSettings, seeds_folder, with_account
from operation.builds import LAUNCH, SESSION, Ended, note_end
from operation.inputs import last_inputs, read_inputs, selector_of

log = logging.getLogger("operation")


def main(argv: list[str]) -> int:
    """Wait for the lock, run the command in `argv`, and record how it ended.

    Returns:
        The command's exit code, or 128 plus the number of the signal that killed it; 0 if there is nothing to build; 1 if a seed
        is missing or the lock cannot be taken (one line says why); 127 if there is no such command.
    """
    open_console()
    if_new, command = argv[:1] == ["--if-new"], argv[argv[:1] == ["--if-new"] :]
    words = [word for word in command[1:] if word not in ("-m", "operation.dbt")] or command
    # Only a build without a selection is complete: after any other, it is not known what is left to build.
    variables = "" if words == ["build"] else words[2] if words[:2] == ["build", "--vars"] and not words[3:] else None
    session, launch = None, str(uuid.uuid4())
    try:
        settings = PostgresSettings.from_environ(with_account(os.environ, ["DBT"]))
        session = connect(settings)
        take_lock(session, settings)
        seeds_folder(os.environ)
        inputs = None if variables is None else read_inputs(session, settings, variables)
        if if_new and inputs:
            last, ended = last_inputs(session, settings)
            selector = selector_of(inputs, last)
            if selector is None:
                log.info("nothing to build: nothing is new since the build that ended at %s", ended)
                return 0
            # Nobody reads dbt's artifacts of an everyday build, and writing them takes a tenth of its time.
            command = [*command, "--selector", selector, "--no-write-json"]
    except LoadError as error:
        log.error("%s", error)
        if session is not None:
            note_end(session, settings, Ended(launch, words[0], 1, False, 0.0, 0, None, variables is not None))
        return 1
    with closing(session):
        began, environ = time.monotonic(), {**os.environ, LAUNCH: launch, SESSION: str(session.info.backend_pid)}
        try:
            code, asked, usage = _run(command, environ, session.fileno())
        except OSError as error:
            log.error("%s: %s", command[0], error.strerror)
            return 127
        seconds, peak = time.monotonic() - began, peak_memory_bytes(usage)
        note_end(session, settings, Ended(launch, words[0], code, asked, seconds, peak, inputs, variables is not None))
    return code if code >= 0 else 128 - code


def _run(argv: Sequence[str], environ: Mapping[str, str], socket: int) -> tuple[int, bool, resource.struct_rusage]:
    """Run a command that inherits a socket, and pass on signals.

    Returns:
        Its exit code (negative: the signal that killed it), whether it received a signal to end, and its resource usage.

    Raises:
        OSError: there is no such command.
    """
    child: subprocess.Popen[bytes] | None = None
    received: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        # Ctrl-C reaches the command by itself; a second SIGINT would keep dbt from ending in order.
        if child is not None and number != signal.SIGINT:
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A signal that is ignored because of nohup stays ignored, here and in the command.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hand_on)
    child = subprocess.Popen(argv, env=environ, pass_fds=[socket])
    if received:
        os.kill(child.pid, received[0])
    while child.returncode is None:
        # For a second at most: a signal that arrives just before the process begins to wait is handled only when that returns.
        with suppress(subprocess.TimeoutExpired):
            child.wait(1)
    # The command is this process's only child.
    return child.returncode, bool(received), resource.getrusage(resource.RUSAGE_CHILDREN)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
