"""The event loop as asyncpg is to see it: it opens connections our way; Redis' too.

asyncpg takes no socket of ours. It would have names resolved in the loop's few threads,
where one hanging look-up after another stops everything, and sets no keepalive. But it
opens every connection, those that carry a cancel request too, through the loop it is given.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from warroom.connect.resolver import Resolver
from warroom.connect.sockets import connected
from warroom.connect.stream import os_words
from warroom.errors import ProbeError
from warroom.text import safe, short_duration

ADDRESSES = 8
"""How many addresses of one name are tried."""


class Dialler:
    """The running loop but for ``create_connection``.

    ``pinned`` is the IP address to connect to whatever the name; TLS still proves the name.
    ``ends`` is when all must be done, in the loop's time. ``phase`` and ``peer`` say how far
    the attempt has come: ``dns``, ``connect``, then ``first byte``.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, resolver: Resolver, pinned: str | None, ends: float
    ) -> None:
        self._loop = loop
        self._resolver = resolver
        self._pinned = pinned
        self.ends = ends
        self.phase = "set-up"
        self.peer = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    # What asks for the task that runs on "this" loop must find the real one's.
    def __eq__(self, other: object) -> bool:
        return other is self._loop or other is self

    def __hash__(self) -> int:
        return hash(self._loop)

    async def create_connection(
        self, factory: Callable[[], Any], host: str, port: int, *, ssl: Any = None
    ) -> Any:
        """As the loop's own, to the first address that takes us. Raises ProbeError."""
        name = host if ssl is not None else None
        self.phase, self.peer = "dns", host
        addresses = (self._pinned,) if self._pinned else await self._resolver.addresses(host)
        sock = await self._connected(addresses[:ADDRESSES], port)
        self.phase = "first byte"
        return await self._loop.create_connection(factory, sock=sock, ssl=ssl, server_hostname=name)

    async def create_unix_connection(self, factory: Callable[[], Any], path: str) -> Any:
        """As the loop's own. Raises ProbeError."""
        self.phase, self.peer = "connect", path
        try:
            made = await self._loop.create_unix_connection(factory, path)
        except OSError as error:
            words = f"{os_words(error)} by {safe(path, 200)}"
            raise ProbeError("connect", words, "is it running, with its socket there?") from error
        self.phase = "first byte"
        return made

    def late(self, seconds: float, hint: str) -> ProbeError:
        """The error for an attempt that ``seconds`` were not enough for; ``hint`` is for when
        the server was reached, and said nothing."""
        within = f"within {short_duration(seconds)}"
        if self.phase == "set-up":
            return ProbeError("set-up", f"the driver was not loaded {within}", "is the disk slow?")
        if self.phase == "dns":
            words = f"no answer from DNS for {safe(self.peer, 255)} {within}"
            return ProbeError("dns", words, 'address = "…" does without DNS')
        if self.phase == "connect":
            way = "packets are dropped on the way, or the host is gone"
            return ProbeError("connect", f"no connection to {self.peer} {within}", way)
        words = f"no answer {within}: connected to {self.peer}, not signed in"
        return ProbeError("first byte", words, hint)

    async def _connected(self, addresses: tuple[str, ...], port: int) -> Any:
        self.phase = "connect"
        troubles = []
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            self.peer = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            share = max((self.ends - self._loop.time()) / left, 0.0)
            try:
                return await connected(address, port, share, keepalive=True)
            except TimeoutError:
                troubles.append(f"no connection to {self.peer} within {short_duration(share)}")
            except OSError as error:
                troubles.append(f"{os_words(error)} by {self.peer}")
        words = "; ".join(troubles)
        raise ProbeError(
            "connect", words, "is it running, on that port?" if "refused" in words else ""
        )
