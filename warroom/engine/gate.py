"""Who is at the door, and what they may do: the kernel is asked, not the visitor."""

import asyncio
import os

from warroom import host
from warroom.engine.aside import aside
from warroom.errors import EngineError
from warroom.incident.actor import Actor
from warroom.text import safe
from warroom.wire import Grant, Hello

GRANTS: tuple[Grant, ...] = ("watch", "note", "act")
"""From the least to the most."""

NAMING_LIMIT = 2.0
"""Seconds a directory server has to name an account; it may be what is broken."""

_LONGEST_NAME = 40


def allows(granted: Grant, needed: Grant) -> bool:
    return GRANTS.index(granted) >= GRANTS.index(needed)


class Gate:
    """Admits to one room. ``group`` says whether it is a group's.

    The folder's and the socket's modes already keep out all but the owner, root and the
    group's members; what is checked here does not rest on them alone.
    """

    def __init__(self, *, group: bool) -> None:
        self._group = group
        self._owner = os.geteuid()
        self._names: dict[int, str] = {}

    async def admit(self, peer: host.Peer, hello: Hello) -> tuple[Actor, Grant]:
        """The actor as attested, and what is granted; raises ``EngineError`` to refuse."""
        if not self._group and peer.uid not in (self._owner, 0):
            raise EngineError("this room is private to its owner")
        return await self._actor(peer, hello.claimed), hello.want

    async def _actor(self, peer: host.Peer, claimed: str) -> Actor:
        """A person's account; for one that ``su`` or ``sudo`` gave, whom the kernel saw log in.
        Beside it the name that was claimed: many share one login.

        Root without a login says nothing of who it is: there the claimed name is all there is.
        """
        login = host.login_id(peer.pid)
        claim = safe(claimed.strip(), _LONGEST_NAME)
        if login is not None and login != peer.uid and login != 0:
            name = await self._name(login)
            return Actor(name=name, uid=peer.uid, attested=True, claimed=claim)
        if peer.uid == 0 and claim:
            return Actor(name=claim, uid=0, attested=False)
        name = await self._name(peer.uid)
        return Actor(name=name, uid=peer.uid, attested=True, claimed=claim)

    async def _name(self, uid: int) -> str:
        if uid not in self._names:
            try:
                async with asyncio.timeout(NAMING_LIMIT):
                    name = await aside(lambda: host.user_name(uid), "warroom-name")
            except (TimeoutError, OSError):
                return f"uid {uid}"
            self._names[uid] = safe(name, _LONGEST_NAME)
        return self._names[uid]
