"""A relay between the platform and one of its servers that can break the connection at a chosen moment."""

import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"


class Cut(Exception):  # noqa: N818  # what a fault raises to have the connection cut
    """Cut the connection instead of handing on what has just arrived."""


@dataclass
class Fault:
    """Something that happens at a moment of the traffic, once or several times.

    `channel` is `up` (to the server), `down` (from it) or `data` (FTP's files and listings). The moment is when `text` passes
    there, or, without one, when `after` bytes have passed. `harm` is done before the bytes are handed on, which it may prevent.
    """

    channel: str
    harm: Callable[["Relay"], None]
    text: bytes = b""
    after: int = 0
    times: int = 1
    passed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, relay: "Relay", channel: str, chunk: bytes) -> None:
        with self.lock:
            if not self.times or channel != self.channel:
                return
            self.passed += len(chunk)
            if self.text not in chunk or self.passed <= self.after:
                return
            self.times -= 1
            self.passed = 0
        self.harm(relay)


def cut(relay: "Relay") -> None:
    """A fault: the connection breaks."""
    raise Cut


def leave(relay: "Relay") -> None:
    """A fault: the server goes away and does not come back."""
    relay.close()
    raise Cut


class Relay:
    """Listens on a port of its own and hands everything on to a server's. Use it as a context manager."""

    def __init__(self, port: int | str, fault: Fault | None = None, channel: str = "down") -> None:
        self._target = int(port)
        self._fault = fault
        self._channel = channel
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server((HOST, 0), backlog=64)
        self.port = str(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Cut all connections, and refuse new ones."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in self._pairs:
            self._cut(*pair)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection((HOST, self._target))
                except OSError:
                    client.close()
                    continue
                self._pairs.append((client, server))
                for source, sink, channel in ((client, server, "up"), (server, client, self._channel)):
                    threading.Thread(target=self._pump, args=(source, sink, channel), daemon=True).start()
                if self._channel == "data":  # FTP opens a port for every transfer
                    self._listener.close()

    def _pump(self, source: socket.socket, sink: socket.socket, channel: str) -> None:
        try:
            while chunk := source.recv(1 << 16):
                if self._fault:
                    self._fault.see(self, channel, chunk)
                sink.sendall(self._changed(chunk, channel))
            sink.shutdown(socket.SHUT_WR)
        except (OSError, Cut):
            self._cut(source, sink)

    def _changed(self, chunk: bytes, channel: str) -> bytes:
        return chunk

    @staticmethod
    def _cut(*ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class FtpRelay(Relay):
    """A relay for an FTP server: its data connections go through relays too."""

    def _changed(self, chunk: bytes, channel: str) -> bytes:
        if channel != "down":
            return chunk
        return re.sub(rb"(227 [^(]*\(\d+,\d+,\d+,\d+,)(\d+),(\d+)\)", self._redirect, chunk)

    def _redirect(self, answer: re.Match[bytes]) -> bytes:
        data = Relay(int(answer[2]) * 256 + int(answer[3]), self._fault, channel="data")
        high, low = divmod(int(data.port), 256)
        return answer[1] + f"{high},{low})".encode()
