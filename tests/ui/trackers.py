"""Boards of error trackers to draw, made by hand: what a picture shows is known."""

from datetime import timedelta

from tests.ui import databases as db
from tests.ui.boards import NOON, limit
from warroom.measure.snapshot import Failure
from warroom.measure.tracker import Issue, SentrySeen
from warroom.severity import UNSEEN

LIMITS = {
    "events_per_minute": (limit("SEV2", "> 10", "errors"),),
    "issues_new": (limit("SEV3", "> 0", "new issue"),),
    "worst_issue_per_minute": (limit("SEV2", "> 10", "errors"),),
}
UNITS = {"events_per_minute": "events/min", "unanswered": "polls"}


def issue(key, title, **more):
    known = dict(
        key=f"issue:{key}",
        title=title,
        name=f"WEB-{key}",
        culprit="POST /api/orders",
        level="error",
        events=1200,
        users=87,
        per_minute=0.4,
        first_seen=NOON - timedelta(days=9),
        last_seen=NOON - timedelta(seconds=130),
        url=f"https://tracker.example/issues/{key}/",
    )
    return Issue(**{**known, **more})


OVERFLOW = issue(
    "41",
    "NumericValueOutOfRangeError: integer out of range",
    events=37,
    users=22,
    per_minute=12.4,
    first_seen=NOON - timedelta(minutes=4),
    last_seen=NOON - timedelta(seconds=2),
    is_new=True,
)
BACK = issue("12", "TimeoutError: the mail server did not answer", regressed=True, per_minute=0.2)
OLD = issue("7", "ZeroDivisionError: integer division or modulo by zero", culprit="GET /cart")
UNKNOWN = issue("8", "KeyError: 'size'", per_minute=None, events=None, users=None, last_seen=None)


def tracker(name="sentry", *issues, rate=0.0, new=0.0, back=0.0, seen=None, **more):
    """A tracker, without issues and errors if nothing else is said."""
    known = dict(url="https://tracker.example", project="acme/web", issues=issues)
    figures = {
        "events_per_minute": rate,
        "issues_new": new,
        "issues_regressed": back,
        "issues_unresolved": float(len(issues)),
        "worst_issue_per_minute": max((i.per_minute or 0.0 for i in issues), default=0.0),
        "unanswered": 0.0,
    }
    shown = SentrySeen(**{**known, **(seen or {})})
    return db.source(name, "sentry", shown, figures, LIMITS, **{"interval": 30.0, **more})


def calm(name="sentry", **more):
    return tracker(name, OLD, UNKNOWN, rate=0.4, **more)


def failing(name="sentry", **more):
    """A new type of error pours in, an old one is back."""
    known = {
        "level": "SEV2",
        "cause": "errors: events_per_minute 12.4, over 10",
        "since": NOON - timedelta(seconds=90),
    }
    return tracker(
        name, OVERFLOW, BACK, OLD, UNKNOWN, rate=12.4, new=1.0, back=1.0, **{**known, **more}
    )


def unseen(name="sentry", **more):
    """It does not let us in any more: what was seen last is 90 s old."""
    known = {
        "state": "CAN'T SEE",
        "level": UNSEEN,
        "cause": "status 403 Forbidden, not 200",
        "failure": Failure("answer", "status 403 Forbidden, not 200", "grant the token event:read"),
        "since": None,
        "age": 90.0,
    }
    return failing(name, **{**known, **more})
