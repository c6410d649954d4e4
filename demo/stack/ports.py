"""Ports on the loopback interface: which are free, and the greeting of a server."""

import random
import socket

from demo.stack.errors import StackError

HOST = "127.0.0.1"

# Below the range from which Linux takes the ports of outgoing connections.
_PORTS = range(21000, 32000)


def is_free(port: int) -> bool:
    """Tell whether a port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> int:
    """Return the first of `count` consecutive free ports.

    Raises:
        StackError: there are none.
    """
    for _ in range(1000):
        first = random.choice(_PORTS)
        if all(map(is_free, range(first, first + count))):
            return first
    raise StackError(f"no {count} free ports from {_PORTS[0]} to {_PORTS[-1]}")


def greeting(port: int, hello: bytes = b"") -> bytes:
    """Return the first bytes that a server sends, after the client's hello; empty if it does not answer."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(hello)
            return connection.recv(100)
    except OSError:
        return b""
