"""An incident with a timeline, as the engine would tell it."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui import boards
from tests.ui.boards import NOON
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.built_in import built_in
from warroom.incident.entries import (
    Correction,
    Decision,
    Declared,
    Entry,
    Mark,
    Milestone,
    Nag,
    Note,
    Observed,
    Role,
    Severity,
    Status,
    Update,
)
from warroom.incident.fold import fold
from warroom.severity import SEV
from warroom.wire import Timeline

ANA = Actor(name="ana", uid=1000, attested=True)
BOB = Actor(name="deploy", uid=1001, attested=True, claimed="bob")
NAME = "INC-20260304-001"
BEGAN = NOON - timedelta(minutes=19)


def entry(number, minutes, body, actor=ANA, *, late=0.0, incident=NAME):
    """``minutes`` since the incident began; written ``late`` minutes after it happened."""
    at = BEGAN + timedelta(minutes=minutes, seconds=number * 7 % 60)
    return Entry(
        seq=number, incident=incident, number=number, happened=at,
        written=at + timedelta(minutes=late), actor=actor, body=body,
    )  # fmt: skip


def told(*, commander=True, lines=True):
    """What was written: a commander or none, a note of several lines or none."""
    said = [
        (-2.0, Observed(what="change", text="shop deployed 1.4.2", source="deploys"), WARROOM),
        (0.5, Observed(what="level", text="api: OK to SEV1, 503", source="api", level="SEV1"),
         WARROOM),
        (1.0, Declared(title="Checkout fails for customers in Europe", started=BEGAN,
                       level="SEV1", status="Investigating"), ANA),
        (1.5, Milestone(name="acknowledged"), ANA),
        (2.0, Role(role="commander", person="ana"), ANA),
        (3.0, Note(text="support counts 40 calls, all of them card payments"), BOB),
        (5.0, Note(text="pool is at its limit:\n idle in transaction 38\n active 2\n waiting 71"),
         BOB),
        (6.0, Decision(text="roll back to 1.4.1 now, look for the leak afterwards"), ANA),
        (7.0, Status(status="Mitigating", before="Investigating"), ANA),
        (8.0, Mark(entry=8), ANA),
        (9.0, Severity(level="SEV2", before="SEV1", reason="a third of payments pass again"), ANA),
        (10.0, Correction(entry=6, text="support counts 14 calls, all of them card payments"), BOB),
        (11.0, Observed(what="level", text="api: SEV1 to OK", source="api", before="SEV1"),
         WARROOM),
        (12.0, Update(text="Rolling back, payments recover"), ANA),
        (13.0, Nag(key="escalation:x", text="escalate, engineering lead: tell team lead",
                   who=("team lead: Eva, phone +49 151 5550123",)), WARROOM),
        (16.0, Note(text="errors fall: 1.2 % and going down"), BOB),
    ]  # fmt: skip
    if not commander:
        said = [one for one in said if not isinstance(one[1], Role | Milestone)]
        for at, (minutes, body, actor) in enumerate(said):
            if isinstance(body, Mark | Correction):  # they name others by number
                said[at] = (minutes, replace(body, entry=body.entry - 2), actor)
    found = [entry(at, minutes, body, actor) for at, (minutes, body, actor) in enumerate(said, 1)]
    return tuple(found)


def timeline(entries=None, **changes):
    """The message, with the incident as it is folded of the entries; ``changes`` to it."""
    entries = told() if entries is None else entries
    incident = fold(entries)
    return Timeline(incidents=(replace(incident, **changes),), entries=entries, whole=True)


def board(made=None):
    """A board of a room with the procedures that are built in."""
    return replace(made or boards.outage(), procedures=built_in(SEV))
