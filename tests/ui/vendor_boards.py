"""Boards of vendors to draw, made by hand: what a picture shows is known."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui.boards import NOON, limit, room
from warroom.measure.snapshot import Failure, Signal, Snapshot
from warroom.measure.vendor import Component, StatuspageSeen, VendorIncident
from warroom.severity import MAINTENANCE, OK, UNSEEN
from warroom.wire import Board, SignalView, SourceView

UPDATE = (
    "Deliveries to endpoints in Europe are late by up to 20 minutes. No event is lost: all of "
    "them are sent again once the queue has drained.\nNext update at 14:30 UTC."
)
LATE = VendorIncident(
    key="i1",
    name="Webhooks are delivered late",
    status="identified",
    impact="major",
    started_at=NOON - timedelta(minutes=29),
    updated_at=NOON - timedelta(minutes=3),
    text=UPDATE,
    components=("Webhooks",),
    url="https://stspg.example/i1",
)
MOVE = VendorIncident(
    key="m1",
    name="Database move",
    status="in_progress",
    impact="maintenance",
    started_at=NOON - timedelta(minutes=7),
)
LIMITS = (limit("SEV2", ">= 3", "pay has trouble"), limit("SEV3", ">= 2", "pay has trouble"))


def of(*sources):
    return Board(room=room(), sources=sources)


def parts(*wanted, **statuses):
    """Components: underscores in a name stand for blanks."""
    known = {"Payments API": "operational", "Webhooks": "operational", "Dashboard": "operational"}
    known |= {name.replace("_", " "): status for name, status in statuses.items()}
    return tuple(Component(name=n, status=s, wanted=n in wanted) for n, s in known.items())


def vendor(name="github", *, impact=0.0, incidents=0.0, **more):
    """A vendor, all well if nothing else is said."""
    signals = (
        Signal(f"{name}.impact", impact, ""),
        Signal(f"{name}.indicator", impact, ""),
        Signal(f"{name}.components_down", 0.0, ""),
        Signal(f"{name}.incidents", incidents, ""),
        Signal(f"{name}.unanswered", 0.0, "polls"),
    )
    told = dict(
        vendor=name.title(),
        url=f"https://status.{name}.example",
        indicator="none",
        description="All Systems Operational",
        updated_at=NOON - timedelta(days=2),
        components=parts(),
    )
    seen = StatuspageSeen(**{**told, **more.pop("seen", {})})
    view = dict(
        name=name,
        title=name,
        kind="statuspage",
        interval=60.0,
        state="UP",
        level=OK,
        snapshot=Snapshot(taken_at=NOON, took=0.2, seen=seen, signals=signals),
        age=21.0,
        signals=tuple(
            SignalView(name=s.name, value=s.value, unit=s.unit, limits=LIMITS if not at else ())
            for at, s in enumerate(signals)
        ),
        polls=40,
    )
    return SourceView(**{**view, **more})


def bad(name="pay", **more):
    """The webhooks that we want are broken, and an incident tells of it."""
    seen = dict(
        indicator="major",
        description="Partial System Outage",
        updated_at=NOON - timedelta(minutes=3),
        components=(
            Component(name="Webhooks", status="partial_outage", wanted=True),
            Component(name="Payments API", status="operational", wanted=True),
            Component(name="Reports", status="degraded_performance"),
            Component(name="Dashboard", status="operational"),
        ),
        incidents=(LATE,),
        faults=("Webhooks: partial outage",),
    )
    told = dict(
        state="DOWN",
        level="SEV3",
        cause=f"{name} has trouble: impact 2 (Webhooks: partial outage), at least 2",
        since=NOON - timedelta(minutes=26),
        impact=2.0,
        incidents=1.0,
        seen=seen,
    )
    return vendor(name, **{**told, **more})


def elsewhere(name="cloudflare", **more):
    """Trouble at the vendor that is none of ours."""
    seen = dict(
        indicator="minor",
        description="Minor Service Outage",
        components=parts("Payments API", Dashboard="major_outage"),
        incidents=(replace(LATE, key="i9", name="Dashboard does not load", impact="critical"),),
    )
    return vendor(name, **{"seen": seen, "incidents": 1.0, **more})


def moving(name="supabase", **more):
    seen = dict(
        indicator="maintenance",
        description="Service Under Maintenance",
        components=parts(Dashboard="under_maintenance"),
        incidents=(MOVE,),
        maintenance=True,
    )
    told = dict(state="MAINTENANCE", level=MAINTENANCE, cause="in maintenance, it says", seen=seen)
    return vendor(name, **{**told, **more})


def unseen(name="pay", **more):
    """It was bad when it was seen last."""
    words = "the answer is a web page, not JSON"
    told = dict(
        state="CAN'T SEE",
        level=UNSEEN,
        cause=f"pay has trouble: impact 2, at least 2; now it cannot be seen: {words}",
        failure=Failure("answer", words, "a sign-in page of the network?"),
        age=200.0,
    )
    return bad(name, **{**told, **more})


def never(name="vercel"):
    words = "no answer within 10 s: connecting to 10.0.0.9:443"
    return vendor(
        name,
        state="CAN'T SEE",
        level=UNSEEN,
        cause=words,
        failure=Failure("connect", words),
        snapshot=None,
        age=None,
        signals=tuple(replace(s, value=None) for s in vendor(name).signals),
    )


def lacking(name="upstash"):
    """A component is named that the page does not have."""
    blind = "the page has no component Webhook; did you mean Webhooks?"
    seen = {"blind": (blind,)}
    return vendor(name, state="CAN'T SEE", level=UNSEEN, cause=blind, seen=seen)
