"""The way in: psycopg loaded when it is first needed, the name resolved, the addresses tried."""

import asyncio
from collections.abc import Awaitable, Callable

from warroom.connect import threads
from warroom.connect.dialler import ADDRESSES
from warroom.connect.dsn import DsnSecrets
from warroom.connect.pgbouncer.address import Place, place
from warroom.connect.pgbouncer.talk import Console
from warroom.connect.resolver import Resolver
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.text import short_duration

Opener = Callable[[DsnSecrets, Place, str, float, float], Awaitable[Console]]
"""``console.opened``."""


async def connect(
    secrets: DsnSecrets, resolver: Resolver, *, address: str | None = None, ends: float
) -> Console:
    """A connection until ``ends`` in the loop's time. The addresses of the name are tried in
    their order, each within its share of the time; ``address`` is connected to whatever the
    name. Raises RefusedError, ProbeError."""
    loop = asyncio.get_running_loop()
    try:
        where = place(secrets.dsn.reveal())
    except ValueError as error:
        raise ProbeError("set-up", outside(str(error))) from None
    opened = await _driver(ends)
    addresses = await _addresses(where, resolver, address, ends)
    troubles: dict[str, ProbeError] = {}
    for left, each in zip(range(len(addresses), 0, -1), addresses, strict=True):
        reached = loop.time() + (ends - loop.time()) / left
        try:
            return await opened(secrets, where, each, reached, ends)
        except ProbeError as error:
            if error.phase != "connect":
                raise
            troubles[str(error)] = error
    last = [*troubles.values()][-1]
    raise ProbeError("connect", "; ".join(troubles), last.hint) from last


async def _addresses(
    where: Place, resolver: Resolver, pinned: str | None, ends: float
) -> tuple[str, ...]:
    """IP addresses; one that is empty for a Unix socket."""
    begun = asyncio.get_running_loop().time()
    fixed = "" if where.socket else pinned or where.address
    if fixed is not None:
        return (fixed,)
    try:
        async with asyncio.timeout_at(ends):
            return (await resolver.addresses(where.host))[:ADDRESSES]
    except TimeoutError:
        within = short_duration(ends - begun)
        words = f"no answer from DNS for {outside(where.host)} within {within}"
        raise ProbeError("dns", words, 'address = "…" does without DNS') from None


async def _driver(ends: float) -> Opener:
    """Loaded in a thread: reading it takes longer than the loop may stand still."""
    try:
        async with asyncio.timeout_at(ends):
            return await asyncio.shield(threads.start(_load, "import psycopg"))
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        words = "psycopg is not installed" if missing else "psycopg is installed without libpq"
        raise ProbeError("set-up", words, "pip install 'warroom[pgbouncer]'") from None
    except TimeoutError:
        raise ProbeError("set-up", "psycopg was not loaded in time") from None


def _load() -> Opener:
    from warroom.connect.pgbouncer.console import opened

    return opened
