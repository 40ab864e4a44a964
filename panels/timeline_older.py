"""Asking the engine for the entries that are older than those that are here."""

from typing import TYPE_CHECKING

from warroom.errors import WarroomError
from warroom.wire import GetEntries

if TYPE_CHECKING:
    from warroom.console.app import Console


async def get_older(console: "Console", incident: str, before: int) -> None:
    """The newest of those before that number, into what the console knows."""
    if console.link is None:
        return
    try:
        answer = await console.link.request(GetEntries(ref=0, incident=incident, before=before))
    except WarroomError as error:
        console.say(error.explain(), bad=True)
        return
    if answer.ok:
        console.room = console.room.with_older(incident, answer.entries)
    else:
        console.say(answer.message, bad=True)
