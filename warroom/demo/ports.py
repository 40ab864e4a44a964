"""Free loopback ports that stay free while their server is down."""

import random
import socket

RANGE = range(20_000, 30_000)
"""Below every system's ephemeral ports (Linux 32768 and up, others 49152 and up).

A port from the ephemeral range could be given to some outgoing connection while a fault
has its server stopped; worse, a client that knocks at a closed one can be connected to
itself. Neither can happen here.
"""


def free(count: int) -> list[int]:
    """`count` different ports on 127.0.0.1 that nobody listens on."""
    ports: list[int] = []
    while len(ports) < count:
        port = random.choice(RANGE)
        if port not in ports and _is_free(port):
            ports.append(port)
    return ports


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
