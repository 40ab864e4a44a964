"""Boards of Redis servers and their queues to draw, made by hand: what a picture shows is known."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui.boards import NOON, limit, room
from warroom.measure.change import Change
from warroom.measure.redis import Count, FailedJob, Group, Queue, RedisSeen, RedisServer
from warroom.measure.snapshot import Failure, Signal, Snapshot
from warroom.severity import OK, UNSEEN
from warroom.sources.redis.figures import QUEUE, UNITS
from warroom.wire import Board, SignalView, SourceView

MIB = 2**20
SERVER = RedisServer(
    address="10.0.0.9:6379",
    version="7.0.15",
    run_id="8d2f0c1e5a",
    started_at=NOON - timedelta(days=12),
    ping=0.0004,
    memory=620 * MIB,
    max_memory=1000 * MIB,
    policy="allkeys-lru",
    clients=38,
    max_clients=10_000,
    blocked_clients=2,
    keys=12_345,
    hit_rate=98.2,
    evictions=0.0,
    operations=1234.0,
    replicas=0,
    rejected=7,
)
LIMITS = {
    "ping": (limit("SEV2", "> 100", "slow Redis"),),
    "memory_used": (limit("SEV1", "> 95", "memory"), limit("SEV2", "> 90", "memory")),
    "link_up": (limit("SEV2", "< 1", "link"),),
}
QUEUE_LIMITS = {
    "depth": (limit("SEV1", "> 10000", "backlog"),),
    "stuck": (limit("SEV2", ">= 90", "stuck"),),
}
CALM_DEPTH = tuple(float(2 + n % 3) for n in range(120))
RISING_DEPTH = (*(4.0,) * 60, *(None,) * 6, *(float(4 + 230 * n) for n in range(54)))


def queue(name="emails", **more):
    """A queue, in good state if nothing else is said."""
    known = dict(
        kind="bullmq",
        place=name,
        depth=3,
        active=2,
        delayed=5,
        failed=0,
        workers=4,
        oldest=0.8,
        span=60.0,
        arriving=1.2,
        finishing=1.2,
        growing=0.0,
        drain=None,
        stuck=0.0,
        counts=(Count("wait", 3), Count("prioritized", 0), Count("completed", None)),
    )
    return Queue(name=name, **{**known, **more})


def stuck(name="emails", **more):
    """Nothing was finished for three minutes."""
    known = dict(
        depth=214,
        active=0,
        workers=0,
        oldest=182.0,
        at_least=True,
        finishing=0.0,
        growing=1.2,
        stuck=182.0,
        is_stuck=True,
    )
    return queue(name, **{**known, **more})


def backlog(name="thumbnails", **more):
    known = dict(depth=12_345, oldest=840.0, arriving=41.0, finishing=3.1, growing=37.9)
    return queue(name, **{**known, **more})


FAILURES = (
    FailedJob(
        queue="emails",
        id="4711",
        name="welcome",
        error="SMTPServerDisconnected: connection closed by 10.0.0.25 while it waited for EHLO",
        failed_at=NOON - timedelta(seconds=12),
        attempts=3,
    ),
    FailedJob(queue="emails", id="4690", name="receipt", error="TimeoutError"),
)
CALM = (
    queue("emails"),
    queue("thumbnails", depth=0, oldest=None, drain=0.0, active=0),
    queue("reports", kind="rq", depth=40, oldest=21.0, growing=-0.2, drain=200.0),
)


def source(name="jobs", *, queues=(), server=SERVER, causes=None, trends=None, **more):
    """A Redis, in good state if nothing else is said; ``causes`` are levels and words of
    signals by figure."""
    declared = UNITS | {
        f"{each.name}.{figure}": unit for each in queues for figure, unit in QUEUE.items()
    }
    figures = dict.fromkeys(declared) | {
        "ping": None if server.ping is None else server.ping * 1000,
        "memory": server.memory and float(server.memory),
        "memory_used": server.max_memory and 100 * server.memory / server.max_memory,
        "hit_rate": server.hit_rate,
        "evictions": server.evictions,
        "operations": server.operations,
        "clients": server.clients and float(server.clients),
        "clients_used": 0.38,
        "blocked_clients": 2.0,
        "rejected": 0.0,
        "keys": 12_345.0,
        "primary": float(server.role == "primary"),
        "link_up": None if server.role == "primary" else float(server.link == "up"),
        "replicas": float(server.replicas or 0),
        "replication_lag": 1234.0 if server.replicas else None,
        "commands": 14.0,
        "up": 1.0,
        "unanswered": 0.0,
        "poll_time": 3.0,
    }
    for each in queues:
        own = ((figure, getattr(each, figure)) for figure in QUEUE)
        figures |= {f"{each.name}.{f}": None if v is None else float(v) for f, v in own}
    figures |= more.pop("figures", {})
    signals = tuple(
        _signal(name, figure, value, declared[figure], causes or {}, trends or {})
        for figure, value in figures.items()
    )
    seen = RedisSeen(server=server, queues=tuple(queues), **more.pop("seen", {}))
    known = dict(
        name=name,
        title=name,
        kind="redis",
        interval=5.0,
        state="UP",
        level=OK,
        snapshot=Snapshot(
            taken_at=NOON,
            took=0.003,
            seen=seen,
            signals=tuple(Signal(s.name, s.value, s.unit) for s in signals),
        ),
        age=0.0,
        signals=signals,
        polls=120,
        poll_p95=0.003,
    )
    return SourceView(**{**known, **more})


def _signal(name, figure, value, unit, causes, trends):
    own = figure.rpartition(".")[2]
    level, cause = causes.get(figure, (OK, ""))
    calm = CALM_DEPTH if own == "depth" else (0.4, 0.5) * 60 if figure == "ping" else ()
    limits = (QUEUE_LIMITS if "." in figure else LIMITS).get(own, ())
    return SignalView(
        name=f"{name}.{figure}",
        value=value,
        unit=unit,
        level=level,
        cause=cause,
        trend=trends.get(figure, calm),
        limits=limits,
    )


def good(name="jobs", **more):
    return source(name, **{"queues": CALM, **more})


STUCK = "jobs: emails is stuck: emails.stuck 3 min, at least 90 s"
BACKLOG = "backlog: thumbnails.depth 12.3 k, over 10000"


def bad(name="jobs", **more):
    """One queue grows beyond its limit, another is stuck, and its jobs failed before."""
    known = dict(
        level="SEV1",
        cause=BACKLOG,
        since=NOON - timedelta(seconds=200),
        causes={"thumbnails.depth": ("SEV1", BACKLOG), "emails.stuck": ("SEV2", STUCK)},
        trends={"thumbnails.depth": RISING_DEPTH},
        queues=(
            stuck(failed=17, failures=FAILURES),
            backlog(),
            queue("reports", kind="rq", depth=40, oldest=21.0, drain=200.0),
            queue("invoices", kind="celery", depth=0, oldest=None, drain=0.0),
            queue("audit", kind="list", depth=7, failed=None, workers=None, paused=True),
        ),
    )
    return source(name, **{**known, **more})


def stuck_by_choice(name="jobs", **more):
    """Stuck, which the team has said to be no trouble (``stuck = "none"``)."""
    return source(name, queues=(*CALM[1:], stuck()), **more)


def unseen(name="jobs", **more):
    """It stands still: what was seen last is 45 s old."""
    words = "no answer within 3.0 s: signed in, figures asked"
    known = dict(
        state="CAN'T SEE",
        level="SEV1",
        cause=f"{BACKLOG}; now it cannot be seen: {words}",
        failure=Failure("answer", words, "is it stopped?"),
        age=45.0,
    )
    view = bad(name, **{**known, **more})
    # While it is dark no figure has a value: the last ones are in what was seen.
    return replace(view, signals=tuple(replace(s, value=None) for s in view.signals))


def down(name="jobs", **more):
    """Nothing was ever seen of it."""
    view = good(name)
    words = "connection refused"
    return replace(
        view,
        state="CAN'T SEE",
        level=UNSEEN,
        cause=words,
        failure=Failure("connect", words, "is it running?"),
        age=None,
        snapshot=None,
        signals=tuple(replace(s, value=None, trend=()) for s in view.signals),
        **more,
    )


def loading(name="jobs", **more):
    """It was started and reads its data: it tells of itself, and of no queue."""
    words = "it is loading its data: 42.10 %, 12 s left"
    view = good(name, **more)
    seen = RedisSeen(server=replace(SERVER, ping=None), faults=(words,))
    gone = [s.name for s in view.signals if s.name.count(".") > 1 or s.name.endswith(".ping")]
    signals = tuple(replace(s, value=None) if s.name in gone else s for s in view.signals)
    return replace(
        view,
        state="DOWN",
        level="SEV1",
        cause=f"{name} is down: {words}",
        since=NOON - timedelta(seconds=20),
        signals=signals,
        snapshot=Snapshot(taken_at=NOON, took=0.003, seen=seen),
    )


def refused(name="jobs", **more):
    """It said no, before it told anything of itself."""
    words = "jobs refused: max number of clients reached"
    view = good(name, **more)
    seen = RedisSeen(server=RedisServer(), faults=(words,))
    snapshot = Snapshot(taken_at=NOON, took=0.003, seen=seen)
    signals = tuple(replace(s, value=None) for s in view.signals)
    return replace(
        view, state="DOWN", level="SEV1", cause=words, snapshot=snapshot, signals=signals
    )


WRONG = "WRONGTYPE Operation against a key holding the wrong kind of value"


def in_part(name="jobs", **more):
    """One of its queues cannot be read."""
    known = dict(
        state="CAN'T SEE",
        level=UNSEEN,
        cause=f"emails: {WRONG}",
        queues=(Queue(name="emails", kind="list", place="emails", trouble=WRONG), *CALM[1:]),
        seen={"blind": (f"emails: {WRONG}",)},
    )
    return source(name, **{**known, **more})


GROUPS = (
    Group(name="mailers", consumers=2, pending=14, lag=200, oldest_idle=95.0),
    Group(name="audit", consumers=0, pending=0, lag=None),
)
UNCOUNTED = "how many wait is not told by this server (XINFO GROUPS without lag)"


def stream(name="jobs", **more):
    """A stream of a server that does not tell how many entries wait."""
    events = queue(
        "events",
        kind="stream",
        depth=None,
        delayed=None,
        failed=None,
        growing=None,
        stuck=None,
        oldest=None,
        groups=GROUPS,
        notes=(UNCOUNTED,),
    )
    return source(name, queues=(events, CALM[0]), **more)


def cache(name="cache", **more):
    """A source without queues."""
    return source(name, **more)


def replica(name="standby", **more):
    server = replace(
        SERVER, role="replica", address="10.0.0.10:6379", primary="10.0.0.9:6379", link="up"
    )
    return source(name, server=server, **more)


def cut_off(name="standby", **more):
    """A replica whose link to its primary is down."""
    words = "replica: the link to its primary 10.0.0.9:6379 is down for 40 s"
    server = replace(
        SERVER,
        role="replica",
        address="10.0.0.10:6379",
        primary="10.0.0.9:6379",
        link="down",
        link_down_for=40.0,
    )
    known = dict(
        server=server,
        state="DOWN",
        level="SEV1",
        cause=f"{name} is down: {words}",
        since=NOON - timedelta(seconds=40),
        causes={"link_up": ("SEV2", "link: link_up 0, under 1")},
        seen={"faults": (words,), "changes": CHANGES},
    )
    return source(name, **{**known, **more})


CHANGES = (
    Change(NOON - timedelta(seconds=40), "primary → replica"),
    Change(NOON - timedelta(minutes=9), "maxmemory 2097152000 → 1048576000"),
)


def full(name="cache", **more):
    """Nearly out of memory, and it refuses writes then."""
    server = replace(
        SERVER, memory=968 * MIB, policy="noeviction", evictions=0.0, hit_rate=41.0, replicas=2
    )
    known = dict(
        server=server,
        level="SEV1",
        cause="memory: memory_used 96.8 %, over 95 %",
        since=NOON - timedelta(seconds=70),
        causes={"memory_used": ("SEV1", "memory: memory_used 96.8 %, over 95 %")},
        seen={"notes": ("CONFIG GET may not be read; docs/footprint.md has the ACL line to type",)},
    )
    return source(name, **{**known, **more})


def boundless(name="cache", **more):
    """No ``maxmemory``: what is used is of nothing."""
    server = replace(SERVER, max_memory=None, policy="noeviction")
    return source(name, server=server, **more)


def of(*sources):
    """A room with these sources."""
    found = next((s for s in sources if s.level != OK), None)
    return Board(
        room=room(found.level, found.name, found.cause) if found else room(),
        sources=sources,
    )
