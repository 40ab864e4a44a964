"""The room's playbooks: of the engine where one runs, else from the configuration alone."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from warroom import __version__
from warroom.attach.client import Connection, NoEngineError, connect
from warroom.attach.room import RoomPaths
from warroom.cli.printing import tell
from warroom.cli.room import RefusedError
from warroom.config.checks_facts import check_views
from warroom.config.load import load
from warroom.config.masker import Masker
from warroom.config.problems import choice
from warroom.errors import UsageError
from warroom.playbooks.playbook import CheckView, Playbook
from warroom.playbooks.standing import Shelf
from warroom.sources.registry import discover
from warroom.text import safe
from warroom.wire import PROTOCOL, Answer, GetEntries, GetIncidents, GetPlaybooks, Hello, Request

ALONE = (
    "warroom: no engine runs: this is from the configuration alone, and whether one fits now is "
    "not known"
)
_T = TypeVar("_T", Playbook, CheckView)


class Standing(msgspec.Struct, frozen=True):
    """The shelf, whether an engine filled it, and the playbooks that are followed in an incident
    that is open."""

    shelf: Shelf
    live: bool
    followed: tuple[str, ...] = ()


def standing(paths: RoomPaths) -> Standing:
    """How the room's playbooks stand now. That no engine was asked is said."""
    try:
        return asyncio.run(_asked(paths))
    except NoEngineError:
        tell(ALONE)
        return _read(paths)


def named(name: str, known: Sequence[_T], what: str) -> _T:
    """The playbook or check of that name. Raises ``UsageError`` with the nearest."""
    found = next((one for one in known if one.name == name), None)
    if found is None:
        hint = choice(name, [one.name for one in known], f"{what}s")
        raise UsageError(f"there is no {what} {safe(name, 60)}", safe(hint, 600))
    return found


async def _asked(paths: RoomPaths) -> Standing:
    hello = Hello(protocol=PROTOCOL, version=__version__, want="watch", role="command")
    async with await connect(paths, hello) as connection:
        shelf = (await _answer(connection, GetPlaybooks(ref=0))).shelf
        assert shelf is not None
        known = (await _answer(connection, GetIncidents(ref=0))).incidents
        followed: list[str] = []
        for one in known:
            if one.resolved is None:
                incident = (await _answer(connection, GetEntries(ref=0, incident=one.id))).incident
                assert incident is not None
                followed += [seen.name for seen in incident.playbooks if seen.left is None]
        return Standing(shelf, True, tuple(dict.fromkeys(followed)))


async def _answer(connection: Connection, request: Request) -> Answer:
    answer = await connection.request(request)
    if not answer.ok:
        raise RefusedError(answer.message)
    return answer


def _read(paths: RoomPaths) -> Standing:
    config = load(paths.config, discover(), keep_broken=True)
    masker = Masker()
    for secret in config.clear:
        masker.add(secret)
    checks = check_views(config.checks, masker.mask)
    return Standing(Shelf(playbooks=config.playbooks, checks=checks), False)
