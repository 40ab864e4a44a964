"""One incident as it was recorded, for the documents and messages that are looked at by eye."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from tests.unit.incidents import ANA, BOB, NOON, PROCEDURES, Telling
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.assessment import Assessment
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    FollowUp,
    Impact,
    Link,
    Mark,
    Milestone,
    Nag,
    Note,
    Observed,
    Report,
    Resolved,
    Role,
    Severity,
    Status,
    Task,
)
from warroom.incident.outward import Delivery, Message, Receiver
from warroom.report.dossier import Dossier, Evidence
from warroom.report.evidence import Sample
from warroom.severity import SEV

DORA = Actor(name="dora", uid=1003, attested=True)
RECEIVERS = (
    Receiver(
        name="chat", kind="slack", title="#incidents", purposes=("first", "update", "resolution")
    ),
    Receiver(name="pager", kind="pager", purposes=("first", "resolution"), levels=("SEV1",)),
    Receiver(name="status", kind="http", public=True, purposes=("status",)),
    Receiver(name="queues", kind="slack", purposes=("first",), sources=("jobs",)),
)
TEAM = replace(PROCEDURES, receivers=RECEIVERS)


def telling(*, resolved: bool = True) -> Telling:
    """Checkout fails for half an hour: found, rolled back, resolved."""
    told = Telling(
        level="SEV2",
        procedures=TEAM,
        title="Checkout fails for most customers",
        started=NOON - timedelta(minutes=7),
        channel="#incident-2026-11-27-checkout",
        links=(Link("bridge", "https://meet.shop.example/inc-1"),),
        assessment=Assessment(impact="core feature down", scope="all", share=60, money=12_000),
    )
    onset = Observed(what="onset", text="api is down: 503", source="api", level="SEV1")
    told.write(onset, actor=WARROOM, happened=NOON - timedelta(minutes=6, seconds=40))
    deployed = Observed(what="change", text="deployment of 1.4.3 by bob", source="releases")
    told.write(deployed, actor=WARROOM, happened=NOON - timedelta(minutes=8))
    told.pass_(1)
    told.say(Role(role="commander", person="ana"))
    told.say(Role(role="technical lead", person="bob", brief="knows the pool"))
    told.say(Milestone(name="acknowledged"))
    told.pass_(1)
    told.write(Message(purpose="first", text="SEV2: Checkout fails", receivers=("chat",)))
    message = len(told.entries)
    sent = Delivery(message=message, receiver="chat", state="sent", text="200 ok")
    told.write(sent, actor=WARROOM)
    told.pass_(2)
    told.say(Severity(level="SEV1", reason="most customers cannot pay"))
    told.say(Impact(services=("checkout", "api"), users=41_000, share=60.0, text="payments fail"))
    told.say(Task(who="bob", text="find out what 1.4.3 changed", due=told.now))
    told.pass_(3)
    told.say(Report(count=14, via="support", text="cannot pay"), actor=DORA)
    told.say(Note(text="the pool is full: 100 of 100 connections"), actor=BOB)
    told.say(Mark(entry=len(told.entries)))
    told.say(Note(text="it is the network"), actor=BOB)
    told.say(Correction(entry=len(told.entries), text=""), actor=BOB)
    told.write(Nag(key="update:x", text="the update of 12:15Z is overdue"), actor=WARROOM)
    told.pass_(4)
    cause = "1.4.3 opens a connection for each request and keeps it"
    told.say(Cause(text=cause, trigger="deployment of 1.4.3", safeguards="no alert on the pool"))
    told.say(Milestone(name="cause identified"))
    told.say(Status(status="Mitigating"))
    told.say(Decision(text="roll back to 1.4.2"), actor=ANA)
    told.pass_(6)
    told.say(Milestone(name="mitigation deployed"), actor=BOB)
    told.say(Task(task=1, state="done"), actor=BOB)
    told.say(Task(who="dora", text="watch payments for ten minutes"))
    told.say(Status(status="Monitoring"))
    if not resolved:
        return told
    told.pass_(12)
    told.say(Impact(data_loss=False, exposed=False))
    told.say(
        FollowUp(
            text="alert on the pool at 80 %", owner="bob", due=date(2026, 12, 4), sort="detect"
        )
    )
    told.say(FollowUp(text="close connections in the client", owner="bob", sort="prevent"))
    done = Resolved(how="rollback", text="to 1.4.2", status="Resolved")
    told.write(done)
    return told


def samples(told: Telling) -> Iterator[Sample]:
    """What was watched: every 15 s from half an hour before to ten minutes after, with a gap."""
    start = told.incident.started
    for step in range(-120, 4 * 50):
        at = start + timedelta(seconds=15 * step)
        ill = 0 <= step < 4 * 24
        if step in range(40, 56):
            continue
        used = 38.0 + step % 5 if not ill else min(38.0 + step * 4, 100.0)
        units = {"db.connections_used": "%", "api.latency_p95": "ms"} if step == -120 else {}
        yield Sample(
            at=at,
            source="db",
            level="SEV1" if ill and step > 8 else "OK",
            state="UP",
            signals={"db.connections_used": used},
            units=units,
        )
        slow = 180.0 + step % 7 * 4 if not ill else 2_400.0 + step % 9 * 90
        unseen = step in (20, 21, 22)
        yield Sample(
            at=at,
            source="api",
            level="SEV1" if ill else "OK",
            state="CAN'T SEE" if unseen else "DOWN" if ill else "UP",
            signals={
                "api.latency_p95": None if unseen else slow,
                "api.up": None if unseen else 1.0,
            },
        )


def dossier(*, resolved: bool = True) -> Dossier:
    """All of it."""
    told = telling(resolved=resolved)
    return Dossier(
        room="shop",
        environment="production",
        incident=told.incident,
        entries=tuple(replace(entry, hash=f"{entry.seq:064x}") for entry in told.entries),
        procedures=TEAM,
        scale=SEV,
        head=f"{told.entries[-1].seq:064x}",
        made=told.now + timedelta(hours=1),
        version="0.1.0",
        evidence=Evidence(samples=tuple(samples(told))),
    )
