"""Free loopback ports that stay free while their server is down."""

import random
import socket
import sys

RANGE = range(20_000, 30_000)
"""Below every system's ephemeral ports (Linux 32768 and up, others 49152 and up).

A port from the ephemeral range could be given to some outgoing connection while a fault
has its server stopped; worse, a client that knocks at a closed one can be connected to
itself. Neither can happen here.
"""


_claims: list[socket.socket] = []
"""Held until this process ends, however it ends."""


def free(count: int) -> list[int]:
    """`count` different ports on 127.0.0.1 that nobody listens on, and that no other demo of
    this machine has taken and not opened yet: some are opened late, by a fault or an action."""
    ports: list[int] = []
    while len(ports) < count:
        port = random.choice(RANGE)
        if port not in ports and _is_free(port) and _claim(port):
            ports.append(port)
    return ports


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _claim(port: int) -> bool:
    if sys.platform != "linux":
        return True  # no names without files
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0warroom-demo-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True
