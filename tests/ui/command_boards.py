"""Boards of commands to draw, made by hand: what a picture shows is known."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui.boards import NOON, limit, room
from warroom.measure.command import CommandSeen, Item
from warroom.measure.snapshot import Failure, Signal, Snapshot
from warroom.severity import OK, UNSEEN
from warroom.wire import Board, SignalView, SourceView

UNITS = {"value": "%", "age": "s", "count": "items", "exit_status": "", "unanswered": "polls"}
LIMITS = {
    "failed": (limit("SEV3", ">= 1", "releases: deployment failed"),),
    "value": (limit("SEV2", "> 90", "disk full"),),
    "up": (limit("SEV1", "< 1", "backup is down"),),
}


def sha(start):
    return start + "0" * (40 - len(start))


def item(key, title, minutes, state="READY", outcome="passed", by="ana", **more):
    at = None if minutes is None else NOON - timedelta(minutes=minutes)
    return Item(key=key, title=title, at=at, state=state, outcome=outcome, by=by, **more)


ITEMS = (
    item(sha("3f2c1ab"), "Fix cart", 5, url="https://ci.example/runs/812"),
    item(sha("9d8e7f6"), "Add gift cards, and show them before the order is paid", 64, by="ben"),
    item(sha("00ab12c"), "Update tax tables", 60 * 30, "ERROR", "failed", by="ci"),
    item(sha("77aa001"), "Begin", 60 * 24 * 9, by=""),
)
BAD = (
    item(sha("b0b0b0b"), "Round totals", 1, "BUILDING", "running", by="ben"),
    replace(ITEMS[0], state="ERROR", outcome="failed"),
    *ITEMS[1:],
)


def source(name, seen, *, figures, causes=None, **more):
    """A command that told this, in good state if nothing else is said."""
    signals = tuple(
        SignalView(
            name=f"{name}.{figure}",
            value=value,
            unit=UNITS.get(figure, ""),
            level=(causes or {}).get(figure, (OK, ""))[0],
            cause=(causes or {}).get(figure, (OK, ""))[1],
            limits=LIMITS.get(figure, ()),
        )
        for figure, value in figures.items()
    )
    known = dict(
        name=name,
        title=name,
        kind="command",
        interval=60.0,
        state="UP",
        level=OK,
        snapshot=Snapshot(
            taken_at=NOON,
            took=0.012,
            seen=seen,
            signals=tuple(Signal(s.name, s.value, s.unit) for s in signals),
        ),
        age=0.0,
        signals=signals,
        polls=120,
        poll_p95=0.02,
    )
    return SourceView(**{**known, **more})


def releases(name="releases", items=ITEMS, *, failed=0.0, seen=None, **more):
    argv = ("tail", "-n", "50", "deployments of shop.jsonl")
    told = CommandSeen(
        argv=argv, shows="json", status=0, lists="deployments", items=items, **(seen or {})
    )
    figures = {"failed": failed, "age": 300.0, "count": float(len(items)), "unanswered": 0.0}
    return source(name, told, figures=figures, **more)


CAUSE = "releases: deployment failed: failed 1, at least 1"


def broken(name="releases", **more):
    known = dict(
        level="SEV3",
        cause=CAUSE,
        since=NOON - timedelta(seconds=40),
        causes={"failed": ("SEV3", CAUSE)},
    )
    return releases(name, BAD, failed=1.0, **{**known, **more})


def unseen(name="releases", **more):
    """It does not answer any more: what was seen last is 150 s old."""
    words = "gh ended with status 4: not signed in"
    view = broken(
        name,
        state="CAN'T SEE",
        cause=f"{CAUSE}; now it cannot be seen: {words}",
        failure=Failure("answer", words, "run it by hand to see why"),
        age=150.0,
        **more,
    )
    return replace(view, signals=tuple(replace(s, value=None) for s in view.signals))


def never(name="releases", **more):
    words = "there is no program gh on the PATH"
    view = releases(
        name,
        state="CAN'T SEE",
        level=UNSEEN,
        cause=words,
        failure=Failure("set-up", words),
        snapshot=None,
        age=None,
        **more,
    )
    return replace(view, signals=tuple(replace(s, value=None) for s in view.signals))


def none(name="releases", **more):
    return releases(name, (), failed=None, **more)


def maintained(name="releases", **more):
    return releases(name, state="MAINTENANCE", level="MAINTENANCE", **more)


def backup(name="backup", **more):
    told = CommandSeen(
        argv=("check-backup", "--max-age", "26h"),
        shows="exit",
        status=0,
        output="looked into 3 folders\nnewest is 4 h old",
    )
    return source(name, told, figures={"up": 1.0, "exit_status": 0.0, "unanswered": 0.0}, **more)


def old_backup(name="backup", **more):
    words = "check-backup ended with status 2: newest is 53 h old"
    told = CommandSeen(
        argv=("check-backup", "--max-age", "26h"),
        shows="exit",
        status=2,
        output="looked into 3 folders\nnewest is 53 h old",
        faults=(words,),
    )
    known = dict(
        state="DOWN",
        level="SEV1",
        cause=f"backup is down: {words}",
        since=NOON - timedelta(seconds=40),
        causes={"up": ("SEV1", f"backup is down: {words}")},
    )
    figures = {"up": 0.0, "exit_status": 2.0, "unanswered": 0.0}
    return source(name, told, figures=figures, **{**known, **more})


def disk(name="disk", value=71.0, **more):
    told = CommandSeen(argv=("df",), shows="number", status=0, number=value, output=f"{value:g}")
    return source(name, told, figures={"value": value, "unanswered": 0.0}, **more)


def of(*sources):
    """A room with these sources."""
    found = next((s for s in sources if s.level != OK), None)
    return Board(
        room=room(found.level, found.name, found.cause) if found else room(),
        sources=sources,
    )
