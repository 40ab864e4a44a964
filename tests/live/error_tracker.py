"""A stand-in error tracker on loopback, written from Sentry's public documentation of its API:
"List a Project's Issues", "Retrieve Event Counts for a Project", "Retrieve an Issue Event",
"Paginating Results", "Rate Limits". It keeps every event it was sent, so that a test can count.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.live.bad_server import BadServer, Heard, Script, answer, serving
from tests.live.held import holding
from tests.unit.fakes import FakeClock
from warroom.config.masker import Masker
from warroom.sources.sentry import SentrySource

TOKEN = "sntrys_hunter2-correct-horse"
TOKEN_AT = {"env": "TRACKER_TOKEN"}
SCOPES = frozenset({"event:read", "project:read"})
PROJECT = "/api/0/projects/acme/web"


@dataclass(frozen=True)
class Event:
    at: datetime
    issue: int
    environment: str


@dataclass(kw_only=True)
class Tracker(BadServer):
    """Its clock is the test's. ``plain`` speaks as GlitchTip does: counts are numbers, nothing is
    said of what has come back, and it has no counts by time. ``instead`` are scripts by the last
    part of a path: issues, stats, latest."""

    clock: FakeClock
    scopes: frozenset[str] = SCOPES
    plain: bool = False
    instead: dict[str, Script] = field(default_factory=dict)
    more: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def error(
        self, issue: int, times: int = 1, *, ago: float = 0.0, environment: str = "", **more: Any
    ) -> None:
        """So many events of an issue came in, all at once."""
        at = self.clock.now() - timedelta(seconds=ago)
        self.events += [Event(at, issue, environment)] * times
        self.more.setdefault(issue, {}).update(more)

    def script_for(self, heard: Heard) -> Script:
        url = urlsplit(heard.target)
        last = url.path.rstrip("/").rpartition("/")[2]
        if heard.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._says({"detail": "Invalid token"}, status=401)
        if last in self.instead:
            return self.instead[last]
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == f"{PROJECT}/issues/":
            return self._issues(asked)
        if url.path == f"{PROJECT}/stats/" and not self.plain:
            return self._stats(asked)
        if url.path.startswith("/api/0/organizations/acme/issues/") and last == "latest":
            return self._latest(int(url.path.split("/")[6]))
        return self._says({"detail": "The requested resource does not exist"}, status=404)

    def _issues(self, asked: dict[str, str]) -> Script:
        if "event:read" not in self.scopes:
            return self._forbidden()
        assert asked["query"] == "is:unresolved"
        wanted = asked.get("environment", "")
        found: dict[int, list[datetime]] = {}
        for event in self.events:
            if wanted in ("", event.environment):
                found.setdefault(event.issue, []).append(event.at)
        order = sorted(found, key=lambda issue: max(found[issue]), reverse=True)
        start = int(asked.get("cursor", "0:0:0").split(":")[1])
        size = int(asked["limit"])
        page = [self._issue(issue, found[issue]) for issue in order[start : start + size]]
        after, more = start + size, str(len(order) > start + size).lower()
        link = (
            f'<{self.url(f"{PROJECT}/issues/")}?cursor=0:0:1>; rel="previous"; '
            f'results="false"; cursor="0:0:1", <http://elsewhere.example/?cursor=0:{after}:0>; '
            f'rel="next"; results="{more}"; cursor="0:{after}:0"'
        )
        return self._says(page, ("Link", link))

    def _issue(self, issue: int, times: list[datetime]) -> dict[str, Any]:
        count = len(times)
        told = {
            "id": str(issue),
            "shortId": f"WEB-{issue}",
            "title": f"Error{issue}: it failed",
            "culprit": "app.orders in place",
            "level": "error",
            "permalink": f"https://tracker.example/acme/issues/{issue}/",
            "count": count if self.plain else str(count),
            "userCount": 3,
            "firstSeen": min(times).isoformat().replace("+00:00", "Z"),
            "lastSeen": max(times).isoformat().replace("+00:00", "Z"),
            "status": "unresolved",
            "metadata": {"type": f"Error{issue}", "value": "it failed"},
            "stats": {},
        }
        if not self.plain:
            told["substatus"] = "ongoing"
        return told | self.more[issue]

    def _stats(self, asked: dict[str, str]) -> Script:
        if "project:read" not in self.scopes:
            return self._forbidden()
        assert (asked["stat"], asked["resolution"]) == ("received", "10s")
        first = int(asked["since"]) // 10 * 10
        counts = dict.fromkeys(range(first, int(asked["until"]) + 1, 10), 0)
        for event in self.events:
            step = int(event.at.timestamp()) // 10 * 10
            if step in counts:
                counts[step] += 1
        return self._says([[step, count] for step, count in counts.items()])

    def _latest(self, issue: int) -> Script:
        frames = [
            {"filename": f"app/{name}.py", "function": name, "lineNo": 10 + at, "vars": {"k": "v"}}
            for at, name in enumerate(("main", "serve", "orders", "place"))
        ]
        value = {"type": f"Error{issue}", "value": "it failed\nbadly", "stacktrace": {}}
        value["stacktrace"] = {"frames": frames}
        event = {
            "eventID": "abc123",
            "title": f"Error{issue}: it failed",
            "dateCreated": "2026-03-01T12:00:00Z",
            "release": {"version": "1.43.0"},
            "tags": [{"key": "environment", "value": "production"}, {"key": "x", "value": "y"}],
            "entries": [
                {"type": "request", "data": {"headers": [["Cookie", "session"]]}},
                {"type": "exception", "data": {"values": [value]}},
            ],
        }
        return self._says(event)

    def _forbidden(self) -> Script:
        told = {"detail": "You do not have permission to perform this action."}
        return self._says(told, status=403)

    def _says(self, told: Any, *headers: tuple[str, str], status: int = 200) -> Script:
        date = ("Date", format_datetime(self.clock.now(), usegmt=True))
        return Script(answer(json.dumps(told).encode(), date, *headers, status=status))


@contextlib.asynccontextmanager
async def error_tracker(**more: Any) -> AsyncIterator[Tracker]:
    """A tracker until the end of the block."""
    tracker = Tracker(clock=FakeClock(), **more)
    async with serving(tracker):
        yield tracker


@contextlib.asynccontextmanager
async def tracking(
    tracker: Tracker, *, masker: Masker | None = None, **settings: Any
) -> AsyncIterator[SentrySource]:
    """A source named ``errors`` on it, closed after the block."""
    table = {
        "url": tracker.url(""),
        "organization": "acme",
        "project": "web",
        "bearer": TOKEN_AT,
        "timeout": "5s",
        **settings,
    }
    async with holding(SentrySource, "errors", table, clock=tracker.clock, masker=masker) as source:
        yield source
