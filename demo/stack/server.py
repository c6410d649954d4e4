"""What the three servers have in common; and how a server's process is recognised, waited for and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from demo.stack.ports import free_ports, is_free
from demo.stack.state import State

START_SECONDS = 60.0  # a crash recovery takes longer than an ordinary start
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.02
_LIMBO_POLLS = 100


class Server(ABC):
    """A server of a stack: how it is installed, started and recognised."""

    name: ClassVar[str]
    label: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, home: Path, state: State) -> None:
        self.home = home
        self.state = state
        self.data = home / self.name
        self.log = home / "log" / f"{self.name}.log"

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self.state.ports[self.name]

    @property
    @abstractmethod
    def marker(self) -> str:
        """An argument of its command line that no other process has."""

    @abstractmethod
    def prepare(self, say: Callable[[str], None]) -> None:
        """Install it and create its data, unless that is done."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""

    @abstractmethod
    def ready(self, pid: int) -> bool:
        """Return whether the process ``pid`` accepts connections."""

    def choose_ports(self) -> None:
        """Keep the port of the last start if it is free, or else choose one."""
        port = self.state.ports.get(self.name)
        if port is None or not is_free(port):
            self.state.ports[self.name] = free_ports(1)


def pid_of(server: Server) -> int | None:
    """Return the server's process id if it runs. The id may belong to another process by now: then None."""
    pid = server.state.pids.get(server.name)
    if pid is None:
        return None
    process = Path(f"/proc/{pid}")
    for _ in range(_LIMBO_POLLS):
        try:
            if arguments := (process / "cmdline").read_bytes():
                return pid if os.fsencode(server.marker) in arguments.split(b"\0") else None
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            threads = len(list((process / "task").iterdir()))
        except OSError:
            return None
        if state in "ZX" and threads <= 1:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # a child of ours stays a zombie until this
            return None
        # No arguments, but not dead: it is just starting the server program, or its threads still hold files and ports.
        time.sleep(_POLL_SECONDS)
    return None


def wait_ready(server: Server, pid: int) -> bool:
    """Wait until the server accepts connections; return False if it ends before that, or after a time-out."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and pid_of(server):
        if server.ready(pid):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def end(server: Server) -> None:
    """End the server's process; kill it if it does not end by itself."""
    for number in (server.stop_signal, signal.SIGKILL):
        if pid := pid_of(server):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + _STOP_SECONDS
        while pid_of(server) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
