"""Boards to draw: made by hand here, so that what a picture shows is known."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from warroom.incident.actor import Actor
from warroom.measure.comparison import Threshold
from warroom.measure.snapshot import (
    Breakdown,
    Failure,
    HttpSeen,
    Part,
    Phases,
    PrometheusSeen,
    Signal,
    Snapshot,
    Window,
)
from warroom.severity import OK, SEV, UNSEEN
from warroom.wire import (
    Acknowledgement,
    Board,
    Limit,
    RoomView,
    SignalView,
    SourceView,
    Welcome,
)

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


def limit(level, text, rule):
    return Limit(level, Threshold.parse(text), rule)


CHECKOUT_ERRORS = (
    limit("SEV1", "> 5", "checkout errors"),
    limit("SEV2", "> 0.5", "checkout errors"),
)
RATES = tuple(round(0.09 + 0.05 * ((n * 7) % 5) / 5, 4) for n in range(120))
RISE = (*RATES[:70], *(round(0.1 + 0.022 * n, 4) for n in range(50)))


def figure(name, value, unit="", **more):
    return SignalView(name=name, value=value, unit=unit, **more)


def by_path(name, errors, p95):
    """Errors and p95 by path, worst first."""
    return (
        Breakdown(
            figure=f"{name}.errors_by_path",
            by="path",
            unit="/min",
            parts=tuple(Part(path, value) for path, value in errors),
        ),
        Breakdown(
            figure=f"{name}.latency_p95_by_path",
            by="path",
            unit="ms",
            parts=tuple(Part(path, value) for path, value in p95),
            others=3,
        ),
    )


def metrics(name="shop", **more):
    """A metrics page: error rate, latencies, resources and breakdowns, all well."""
    signals = (
        figure(f"{name}.error_rate", 0.123, "%", trend=RATES, limits=CHECKOUT_ERRORS),
        figure(f"{name}.requests", 41.27, "/s", trend=tuple(40.0 + n % 7 for n in range(120))),
        figure(f"{name}.errors_per_minute", 3.0, "/min"),
        figure(f"{name}.latency_p50", 24.0, "ms"),
        figure(
            f"{name}.latency_p95",
            183.0,
            "ms",
            trend=tuple(150.0 + (n * 13) % 60 for n in range(120)),
            limits=(limit("SEV2", "> 1000", "slow"), limit("SEV3", "> 500", "slow")),
        ),
        figure(f"{name}.latency_p99", 240.0, "ms"),
        figure(f"{name}.rate_limited", 0.0, "/min"),
        figure(
            f"{name}.latency_p95_by_path",
            310.0,
            "ms",
            of="/checkout",
            limits=(limit("SEV3", "> 500", "slow path"),),
        ),
        figure(
            f"{name}.memory_used",
            62.4,
            "%",
            trend=tuple(60.0 + n / 50 for n in range(120)),
            limits=(limit("SEV2", "> 90", "memory"),),
        ),
        figure(f"{name}.cpu", 34.0, "%", trend=tuple(20.0 + (n * 11) % 30 for n in range(120))),
        figure(
            f"{name}.disk_free",
            41.0,
            "%",
            of="/var",
            trend=tuple(44.0 - n / 40 for n in range(120)),
            limits=(limit("SEV3", "< 10", "disk"),),
        ),
        figure(f"{name}.connections", 87.0, "", trend=tuple(80.0 + n % 9 for n in range(120))),
    )
    paths = (("/checkout", 2.0), ("/cart", 1.0), ("/orders/{id}", 0.0))
    slow = (("/checkout", 310.0), ("/search", 180.0), ("/cart", 44.0))
    view = dict(
        name=name,
        title="Storefront" if name == "shop" else name,
        kind="prometheus",
        interval=2.0,
        state="UP",
        level=OK,
        age=0.0,
        signals=signals,
        polls=240,
        poll_p95=0.02,
    )
    view.update(more)
    parts = view.pop("breakdowns", by_path(name, paths, slow))
    if "snapshot" not in view:
        seen = PrometheusSeen(
            url=f"http://user:secret@{name}.example:9100/metrics?token=x",
            format="text",
            lines=412,
            series=96,
            size=31_000,
            spans=58.0,
            breakdowns=parts,
            blind=view.pop("blind", ()),
            notes=view.pop("notes", ()),
        )
        view["snapshot"] = Snapshot(
            taken_at=NOON,
            took=0.02,
            seen=seen,
            signals=tuple(Signal(s.name, s.value, s.unit, s.of) for s in view["signals"]),
        )
    return SourceView(**view)


def changed(source, **figures):
    """The source with some of its signals changed: ``error_rate={"value": 1.0}``."""
    wanted = {f"{source.name}.{name}": more for name, more in figures.items()}
    signals = tuple(replace(s, **wanted.get(s.name, {})) for s in source.signals)
    return replace(source, signals=signals)


def failing(name="shop", **more):
    """The same shop with its checkout failing, and slow."""
    errors = (("/checkout", 31.0), ("/orders/{id}", 4.0), ("/cart", 1.0), ("/login", 0.5))
    slow = (("/checkout", 2400.0), ("/orders/{id}", 620.0), ("/search", 190.0), ("/cart", 45.0))
    more = {
        "level": "SEV2",
        "cause": "checkout errors: error_rate 1.2 %, over 0.5 %",
        "since": NOON - timedelta(seconds=40),
        "breakdowns": by_path(name, errors, slow),
        **more,
    }
    return changed(
        metrics(name, **more),
        error_rate={
            "value": 1.178,
            "level": "SEV2",
            "cause": "checkout errors: error_rate 1.2 %, over 0.5 %",
            "trend": RISE,
        },
        errors_per_minute={"value": 36.4},
        latency_p95={"value": 640.0, "level": "SEV3", "cause": "slow: latency_p95 640 ms"},
        latency_p95_by_path={"value": 2400.0, "level": "SEV3", "cause": "slow path"},
        memory_used={"value": 93.2, "level": "SEV2", "cause": "memory: memory_used 93.2 %"},
    )


def shop(*sources):
    """A room with these sources, a good metrics page if none are given."""
    sources = sources or (metrics(),)
    bad = next((s for s in sources if s.level != OK), None)
    return Board(
        room=room(bad.level, bad.name, bad.cause) if bad else room(),
        sources=sources,
    )
