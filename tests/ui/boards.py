"""Boards to draw: made by hand here, so that what a picture shows is known."""

from datetime import UTC, datetime, timedelta

from warroom.measure.snapshot import Failure, HttpSeen, Phases, Signal, Snapshot, Window
from warroom.severity import OK, SEV, UNSEEN
from warroom.wire import Acknowledgement, Actor, Board, RoomView, SignalView, SourceView, Welcome

NOON = datetime(2026, 3, 4, 14, 7, 10, tzinfo=UTC)
WAVE = (38.0, 41.0, 40.0, 52.0, 44.0, 39.0, 41.0, 47.0, 43.0, 40.0, 42.0, 41.0)


def welcome(granted="act"):
    return Welcome(
        protocol=1,
        version="0.1.0",
        pid=4242,
        granted=granted,
        actor=Actor(name="ana", uid=1000, attested=True),
        scale=SEV,
    )


def up(name, latency=41.0, p95=55.0, **more):
    signals = (
        Signal(f"{name}.latency", latency, "ms"),
        Signal(f"{name}.latency_p50", 40.0, "ms"),
        Signal(f"{name}.latency_p95", p95, "ms"),
        Signal(f"{name}.availability", 100.0, "%"),
        Signal(f"{name}.status", 200.0, ""),
        Signal(f"{name}.up", 1.0, ""),
    )
    seen = HttpSeen(
        url=f"http://{name}.example:8080/health",
        method="GET",
        status=200,
        phases=Phases(first_byte=latency / 1000, total=latency / 1000),
        window=Window(
            seconds=600, polls=120, p50=40.0, p95=p95, availability=100.0, statuses={200: 120}
        ),
        size=312,
        address="10.0.0.7:8080",
        version="1.4.2",
    )
    snapshot = Snapshot(taken_at=NOON, took=latency / 1000, seen=seen, signals=signals)
    view = dict(
        name=name,
        title=name,
        kind="http",
        interval=5.0,
        state="UP",
        level=OK,
        snapshot=snapshot,
        age=0.0,
        signals=tuple(
            SignalView(
                name=s.name, value=s.value, unit=s.unit, trend=() if at else more.pop("trend", WAVE)
            )
            for at, s in enumerate(signals)
        ),
        polls=120,
        poll_p95=0.055,
    )
    return SourceView(**{**view, **more})


def down(name, **more):
    seen = HttpSeen(
        url=f"http://{name}.example:8080/health",
        method="GET",
        status=503,
        phases=Phases(dns=0.001, connect=0.002, first_byte=2.1, total=2.1),
        window=Window(
            seconds=600,
            polls=120,
            p50=41.0,
            p95=2400.0,
            availability=92.5,
            statuses={200: 111, 503: 9},
        ),
        faults=("503, expected 2xx", "status is down, not ok"),
    )
    view = up(name, latency=2100.0, p95=2400.0)
    more = {
        "state": "DOWN",
        "level": "SEV1",
        "cause": f"{name} is down: 503, expected 2xx",
        "since": NOON - timedelta(seconds=40),
        "snapshot": Snapshot(taken_at=NOON, took=2.1, seen=seen, signals=view.snapshot.signals),
        "trend": (*WAVE[4:], 1800.0, 2100.0, 2400.0, 2100.0),
        **more,
    }
    return up(name, latency=2100.0, p95=2400.0, **more)


def unseen(name, **more):
    more = {
        "state": "CAN'T SEE",
        "level": UNSEEN,
        "cause": "no answer within 3.0 s: connected, request sent, no first byte",
        "failure": Failure("first byte", "no answer within 3.0 s", "is the process alive?"),
        "age": 45.0,
        "trend": (*WAVE[3:], None, None, None),
        **more,
    }
    return up(name, **more)


def room(worst=OK, source="", cause="", **more):
    view = dict(
        name="shop", environment="production", worst=worst, worst_source=source, cause=cause
    )
    if worst != OK:
        view["since"] = NOON - timedelta(seconds=40)
    return RoomView(**{**view, **more})


def good():
    sources = (up("web"), up("api", 62.0, 90.0), up("checkout", 23.0, 31.0), up("worker", 4.0, 6.0))
    return Board(room=room(), sources=sources)


def outage():
    sources = (up("web"), down("api"), unseen("checkout"), up("worker", 4.0, 6.0))
    return Board(
        room=room("SEV1", "api", "api is down: 503, expected 2xx"),
        sources=sources,
    )


def acknowledged(level="SEV1"):
    return Acknowledgement(
        by="ana",
        reason="rolling back",
        level=level,
        at=NOON,
        until=NOON + timedelta(minutes=30),
    )
