"""Where httpcore gets its connections: our own names, addresses, times and words."""

import asyncio
import errno
from collections.abc import Iterable

import httpcore

from warroom.clock import Clock
from warroom.connect.progress import Progress
from warroom.connect.resolver import Resolver, is_address
from warroom.connect.sockets import connected
from warroom.connect.stream import Stream, os_words
from warroom.errors import ProbeError
from warroom.text import short_duration

ADDRESSES = 8
"""How many addresses of one name are tried; the deadline is shared out among them."""

_OURS = {errno.EMFILE: "too many open files here", errno.ENFILE: "too many open files here"}


class Backend(httpcore.AsyncNetworkBackend):
    """Opens the connections of one channel; ``progress`` is the exchange under way.

    ``pinned`` is the address to connect to whatever the URL's host. ``proxied``: what it
    connects to is a proxy, and ``tunnelled``: through CONNECT, TLS inside.
    """

    def __init__(
        self,
        resolver: Resolver,
        clock: Clock,
        *,
        pinned: str | None = None,
        proxied: bool = False,
        tunnelled: bool = False,
    ) -> None:
        self.clock = clock
        self.tunnelled = tunnelled
        self.progress = Progress(ends=0.0)
        self.stream: Stream | None = None
        self.known: tuple[str, ...] = ()
        self._resolver = resolver
        self._pinned = pinned
        self._proxied = proxied

    def needs_name(self, host: str) -> bool:
        """Whether a new connection to ``host`` has to ask DNS."""
        return self._pinned is None and not is_address(host)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> Stream:
        """The first address that takes us. Raises ProbeError ``dns``, ``connect`` or ``proxy``."""
        progress = self.progress
        progress.opened = True
        addresses = await self._addresses(host)
        progress.phase = "proxy" if self._proxied else "connect"
        begun = self.clock.monotonic()
        troubles: dict[str, list[str]] = {}
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            progress.peer = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            share = (progress.ends - asyncio.get_running_loop().time()) / left
            try:
                sock = await connected(address, port, share)
            except TimeoutError:
                words = f"no connection within {short_duration(max(share, 0.0))}"
                troubles.setdefault(words, []).append(f"to {progress.peer}")
            except OSError as error:
                if error.errno in _OURS:
                    raise ProbeError("set-up", _OURS[error.errno]) from error
                troubles.setdefault(os_words(error), []).append(f"by {progress.peer}")
            else:
                progress.connect = self.clock.monotonic() - begun
                self.stream = Stream(sock, self, progress.peer)
                return self.stream
        raise self._unconnected(troubles)

    async def _addresses(self, host: str) -> tuple[str, ...]:
        if self._pinned is not None:
            return (self._pinned,)
        known, self.known = self.known, ()
        if known or not self.needs_name(host):
            return known[:ADDRESSES] or (host,)
        self.progress.phase, self.progress.peer = "proxy" if self._proxied else "dns", host
        begun = self.clock.monotonic()
        try:
            found = await self._resolver.addresses(host)
        except ProbeError as error:
            if self._proxied:
                raise ProbeError("proxy", f"the proxy: {error}", error.hint) from error
            raise
        self.progress.dns = self.clock.monotonic() - begun
        return found[:ADDRESSES]

    def _unconnected(self, troubles: dict[str, list[str]]) -> ProbeError:
        words = "; ".join(f"{why} {' and '.join(whom)}" for why, whom in troubles.items())
        if self._proxied:
            return ProbeError("proxy", f"the proxy: {words}", "check proxy")
        refused = "refused" in words
        return ProbeError("connect", words, "is it running, on that port?" if refused else "")
