"""Incidents and procedures to draw: made by hand, so that what a picture shows is known."""

from datetime import date, timedelta

from msgspec.structs import replace

from tests.ui import boards
from tests.ui.boards import NOON
from warroom.errors import EngineError
from warroom.incident.actor import Actor
from warroom.incident.assessment import Assessment
from warroom.incident.built_in import built_in
from warroom.incident.entries import Decision, Entry, Link, Note, Observed
from warroom.incident.gate import Condition
from warroom.incident.incident import (
    CauseSeen,
    FollowUpSeen,
    Held,
    ImpactSeen,
    Incident,
    LevelStep,
    Lists,
    Reminder,
    Summary,
    TaskSeen,
    Ticked,
)
from warroom.incident.procedures import Contact
from warroom.measure.past import Onset, Past
from warroom.severity import SEV
from warroom.wire import Answer, Board, Timeline

ANA = Actor(name="ana", uid=1000, attested=True)
HOSTILE = "[b]\x1b[2J‮evil[/] [@click=app.quit]x[/]"
"""What a stranger may have written anywhere."""


def ago(minutes, seconds=0):
    return NOON - timedelta(minutes=minutes, seconds=seconds)


CONTACTS = (
    Contact(
        name="Ana Lopez",
        role="on-call",
        pager="shop-primary",
        phone="+49 170 1234567",
        chat="@ana",
        mail="ana@shop.example",
    ),
    Contact(name="Ben Okafor", role="team lead", phone="+49 171 7654321", chat="@ben"),
    Contact(name="Chidi Rao", role="security", pager="shop-security", mail="sec@shop.example"),
    Contact(name="Dora Weiss", role="leadership", phone="+44 20 7946 0018"),
    Contact(name="Legal", role="legal"),
    Contact(
        name="Hosting support",
        role="hosting",
        mail="support@hosting.example",
        page="https://status.hosting.example",
        vendor=True,
    ),
    Contact(name="Payments", page="https://status.pay.example", phone="+1 555 0100", vendor=True),
)


def procedures(**more):
    return replace(built_in(SEV), **{"contacts": CONTACTS, **more})


ONSETS = Past(
    onsets=(
        Onset(source="api", signal="api.up", rule="api is down", level="SEV1", at=ago(5, 3)),
        Onset(source="checkout", level="CAN'T SEE", at=ago(4, 30)),
        Onset(source="web", signal="web.latency", level="SEV3", at=ago(20), until=ago(18)),
    )
)


def board(base=None, **more):
    """A board in trouble, with procedures and what went before."""
    base = base or boards.outage()
    return Board(
        room=base.room,
        sources=base.sources,
        **{"past": ONSETS, "procedures": procedures(), **more},
    )


def incident(**more):
    """One that has gone on for twelve minutes."""
    known = dict(
        id="INC-20260304-001",
        title="Checkout fails for all",
        declared=ago(9),
        started=ago(12, 3),
        by=ANA,
        level="SEV1",
        levels=(LevelStep(at=ago(9), level="SEV2"), LevelStep(at=ago(7), level="SEV1")),
        status="Mitigating",
        phase="mitigate",
        channel="#incident-2026-03-04-checkout-fails-for-all",
        links=(
            Link("status page", "https://status.shop.example"),
            Link("ticket", "https://tickets.shop.example/INC-20260304-001"),
        ),
        assessment=Assessment(impact="outage", scope="all", share=80, money=12_000, data=False),
        roles={
            "commander": Held(person="ana", since=ago(8)),
            "technical lead": Held(person="ben", since=ago(6), brief="pool is at its limit"),
        },
        milestones={"alert received": ago(12), "acknowledged": ago(9), "cause identified": ago(3)},
        impact=ImpactSeen(services=("api", "checkout"), share=80, data_loss=False),
        cause=CauseSeen(text="Connection leak in 1.4.3", trigger="deployment of 1.4.3"),
        reports=14,
        tasks=(
            TaskSeen(
                task=1,
                who="ben",
                text="find the slow query",
                given=ago(4),
                due=NOON + timedelta(minutes=1, seconds=20),
            ),
            TaskSeen(
                task=2, who="chidi", text="look at the audit log", given=ago(8), due=ago(2, 12)
            ),
            TaskSeen(
                task=3, who="dora", text="tell the shops", given=ago(8), state="done", by="dora"
            ),
        ),
        follow_ups=(
            FollowUpSeen(
                item=1,
                text="alert on the pool before it is full",
                owner="ben",
                due=date(2026, 3, 11),
                sort="detect",
            ),
        ),
        ticks={
            "mitigate": {"Stop the bleeding": Ticked(state="done", by="ben", at=ago(2))},
        },
        keys=(3,),
        people=("ana", "ben"),
        number=4,
        last=4,
    )
    return Incident(**{**known, **more})


def entry(number, body, minutes=5, name="INC-20260304-001"):
    at = ago(minutes)
    return Entry(
        seq=number, incident=name, number=number, happened=at, written=at, actor=ANA, body=body
    )


ENTRIES = (
    entry(2, Observed(what="level", text="api is down: 503", source="api", level="SEV1"), 8),
    entry(3, Decision(text="Roll back to 1.4.2"), 4),
    entry(4, Note(text="rollback started"), 3),
)


def timeline(one=None, **more):
    told = one if one is not None else incident()
    return Timeline(incidents=(told,), entries=ENTRIES, whole=True, **more)


def lists():
    name = "after a deployment"
    watch = Ticked(state="watch", by="ana", at=ago(10), until=NOON + timedelta(minutes=20))
    done = Ticked(state="done", by="ana", at=ago(11))
    ticks = {name: {"Smoke tests pass": done, "Watch error rate, logs and alerts": watch}}
    return Lists(begun={name: ago(12)}, ticks=ticks)


def reminder(**more):
    return Reminder(**{"key": "commander", "text": "No commander yet", "at": NOON, **more})


def over(number=1, days=3, **more):
    """The summary of one that is resolved."""
    began = NOON - timedelta(days=days)
    known = dict(
        id=f"INC-2026030{number}-001",
        title="Mail is not sent",
        level="SEV3",
        status="Resolved",
        started=began,
        declared=began + timedelta(minutes=4),
        resolved=began + timedelta(minutes=74),
        entries=31,
    )
    return Summary(**{**known, **more})


UNMET = (
    Condition(name="recovery list is done", met=False, words="3 of 7: Smoke tests pass is open"),
    Condition(name="all signals OK for 5 min", met=False, words="api is SEV1 since 14:02:07Z"),
    Condition(name="smoke passed since the fix", met=True, words="14:05:10Z"),
)
MET = tuple(replace(condition, met=True, words="") for condition in UNMET)


class AnsweringLink:
    """Says its messages, and answers as the test has it; without an engine it raises."""

    def __init__(self, *messages, answer=None):
        self.messages = messages
        self.asked = []
        self.answer = answer or (lambda request: Answer(ref=0, ok=True, message="done"))
        self.gone = False

    def share(self, on):
        self.shared = on

    async def run(self, target):
        from warroom.console.messages import EngineSaid

        target.post_message(EngineSaid(self.messages))

    async def request(self, request):
        if self.gone:
            raise EngineError("the engine is not there", "it is being started again")
        self.asked.append(request)
        return self.answer(request)

    def of(self, kind):
        """What was asked of that kind."""
        return [request for request in self.asked if isinstance(request, kind)]


def link(*parts, granted="act", answer=None, base=None, **more):
    """A link whose room is in trouble; ``parts`` come behind its board."""
    return AnsweringLink(boards.welcome(granted), board(base, **more), *parts, answer=answer)
