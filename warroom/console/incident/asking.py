"""Asking the engine from a dialog, which stays open until it knows what came of it."""

from typing import TYPE_CHECKING

from warroom.errors import WarroomError
from warroom.wire import Answer, GetEntries, Request

if TYPE_CHECKING:
    from warroom.console.app import Console

GONE = "The engine is not there. Nothing typed is lost: Enter tries again"


async def answer_of(console: "Console", request: Request) -> Answer:
    """What the engine says to it; where it says nothing, an answer that says why not."""
    if console.link is None:
        return Answer(ref=0, ok=False, message=GONE)
    try:
        return await console.link.request(request)
    except WarroomError as error:
        return Answer(ref=0, ok=False, message=error.explain())


async def get_older(console: "Console", incident: str, before: int) -> None:
    """The newest entries of those before that number, into what the console knows."""
    answer = await answer_of(console, GetEntries(ref=0, incident=incident, before=before))
    if answer.ok:
        console.room = console.room.with_older(incident, answer.entries)
    else:
        console.say(answer.message, bad=True)


def written(console: "Console", once: str) -> Answer | None:
    """What was written under that name, if its entry has come: an answer may be lost, or say
    only that it waits for the disk."""
    for entries in console.room.entries.values():
        for entry in reversed(entries):
            if entry.once == once:
                told = console.room.incident(entry.incident)
                return Answer(ref=0, ok=True, entry=entry, incident=told)
    return None


def lost(console: "Console") -> bool:
    """Whether there is no engine now that could answer."""
    return console.room.link.state != "attached"
