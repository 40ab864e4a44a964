"""TCP connections, opened without asking anybody for a name."""

import asyncio
import socket

IDLE, EVERY, TIMES = 10, 5, 3
"""Keepalive: after so many seconds of silence, every so many seconds, so many times. A peer
that is gone without a word is noticed within 25 s, however little is said."""


async def connected(
    address: str, port: int, seconds: float, *, keepalive: bool = False
) -> socket.socket:
    """A connected, non-blocking socket. Raises OSError, and TimeoutError after ``seconds``."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if keepalive:
            _keep_alive(sock)
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", IDLE), ("TCP_KEEPINTVL", EVERY), ("TCP_KEEPCNT", TIMES)):
        option = getattr(socket, name, None)  # macOS calls the first one otherwise
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
