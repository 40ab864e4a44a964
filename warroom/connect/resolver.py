"""Names to addresses, without ever standing in anybody's way.

``getaddrinfo`` cannot be interrupted and may hang for minutes. It runs in a daemon thread
of ours, one for each name: who asks for a name that is already being looked up joins that
look-up. A hanging resolver thus costs one thread per name, and never delays quitting.
Answers are not kept: a new connection asks anew.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable

from warroom.connect import threads
from warroom.errors import ProbeError
from warroom.text import safe

Lookup = Callable[[str], tuple[str, ...]]
"""From a name to its addresses in order of preference; may block; raises OSError."""

_REASONS = {
    socket.EAI_NONAME: "no such name",
    socket.EAI_AGAIN: "the name server does not answer",
    socket.EAI_FAIL: "the name server failed",
}


def system_lookup(host: str) -> tuple[str, ...]:
    """What the machine's own resolver says (RFC 3493 ``getaddrinfo``, RFC 6724 order)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_address(host: str) -> bool:
    """Whether it is an IP address, so that nobody has to be asked."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Resolver:
    """Look-ups in flight, shared by all that live on one event loop."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._in_flight: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    def begin(self, host: str) -> "asyncio.Future[tuple[str, ...]]":
        """The look-up of ``host``, begun now or already in flight; await it shielded.

        Its exception is an OSError or UnicodeError of ``getaddrinfo``.
        """
        if (running := self._in_flight.get(host)) is not None:
            return running
        future = threads.start(lambda: self._lookup(host), f"resolve {host}")
        self._in_flight[host] = future
        future.add_done_callback(lambda _: self._in_flight.pop(host, None))
        return future

    async def addresses(self, host: str) -> tuple[str, ...]:
        """At least one address. Raises ProbeError ``dns``; the deadline is the caller's."""
        if is_address(host):
            return (host,)
        try:
            found = await asyncio.shield(self.begin(host))
        except (OSError, UnicodeError) as error:
            raise _unresolved(host, error) from error
        if not found:
            raise ProbeError("dns", f"cannot resolve {safe(host, 255)}: it has no address")
        return found


def _unresolved(host: str, error: Exception) -> ProbeError:
    code = error.errno if isinstance(error, OSError) else None
    reason = _REASONS.get(code or 0, safe(str(error), 120))
    return ProbeError(
        "dns",
        f"cannot resolve {safe(host, 255)}: {reason}",
        'check the name; address = "…" does without DNS',
    )
