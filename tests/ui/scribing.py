"""A console with an incident open, and a link that answers as it is told."""

import asyncio
from datetime import timedelta

from tests.ui import boards
from tests.ui.boards import NOON
from tests.ui.consoles import console
from warroom.console.messages import EngineSaid
from warroom.errors import EngineError
from warroom.incident.actor import Actor
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.wire import Answer, Post, Timeline

ANA = Actor(name="ana", uid=1000, attested=True)


def incident(name="INC-1", **more):
    """An open one."""
    return Incident(
        id=name, title="Shop is down", declared=NOON, started=NOON - timedelta(minutes=5), by=ANA,
        level="SEV1", status="Investigating", **more,
    )  # fmt: skip


class EngineLink:
    """Says its messages when it is run; answers posts by ``answer``, which a test sets."""

    def __init__(self, *incidents, granted="act"):
        self.first = (
            boards.welcome(granted),
            boards.outage(),
            Timeline(incidents=incidents, whole=True),
        )
        self.asked = []
        self.answer = written
        self.target = None

    def share(self, on):
        self.shared = on

    async def run(self, target):
        self.target = target
        self.say(*self.first)
        await asyncio.Event().wait()

    def say(self, *parts):
        self.target.post_message(EngineSaid(parts))

    async def request(self, request):
        self.asked.append(request)
        answer = self.answer(request)
        return await answer if asyncio.iscoroutine(answer) else answer

    @property
    def posts(self):
        return [one for one in self.asked if isinstance(one, Post)]

    @property
    def texts(self):
        return [one.body.text for one in self.posts]


def entry(request, number=1):
    return Entry(
        seq=number, number=number, incident=request.incident, happened=NOON, written=NOON,
        actor=ANA, body=request.body, once=request.once,
    )  # fmt: skip


def written(request):
    """Durable at once."""
    return Answer(ref=request.ref, ok=True, entry=entry(request))


def gone(request):
    raise EngineError("the engine is gone")


def full(request):
    return Answer(ref=request.ref, ok=False, message="the disk is full", waits=True)


def refused(request):
    return Answer(ref=request.ref, ok=False, message="the incident is over: reopen it first")


def room(*incidents, link=None, **more):
    """A console on such a link."""
    return console(link=link or EngineLink(*(incidents or (incident(),))), **more)


async def settled(pilot):
    for _ in range(4):
        await pilot.pause()
    return pilot.app
