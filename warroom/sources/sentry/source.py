"""One project of an error tracker: its unresolved issues, and how fast errors come.

``events_per_minute`` is the tracker's own count of all events it was sent in the newest minute
that is over, resolved and archived issues' among them. Where it has no such count (GlitchTip), and
where an environment is asked for, which the count does not tell apart, it is what the counts of
the unresolved issues rose by between two looks. At most three requests a poll, over one
connection. No rule of its own: how many errors are too many is the team's to say.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.caller import Caller
from warroom.connect.http import Answer, Request
from warroom.connect.reply import Asking
from warroom.connect.retry import http_date
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.snapshot import Signal
from warroom.measure.tracker import SentrySeen
from warroom.sources.base import Context, Sample, Source
from warroom.sources.known import as_signals
from warroom.sources.sentry import asking, event, figures, reading
from warroom.sources.sentry.growth import APART, Growth, Look
from warroom.sources.sentry.meanings import MEANINGS
from warroom.sources.sentry.reading import Listed, Told
from warroom.sources.sentry.settings import SentrySettings
from warroom.text import mask_url, safe

PAGES = 2
"""Pages of issues a poll reads at most."""
AGAIN = 900.0
"""Seconds until a tracker that has no count of its own is asked for it again."""
_LACKS = (400, 403, 404, 405, 501)


@dataclass(frozen=True)
class Counts:
    """Events of a minute, where they are known; how many requests that took, and what came in
    the way: the issues are seen all the same."""

    per_minute: float | None = None
    requests: int = 0
    lost: ProbeError | None = None


class SentrySource(Source):
    """Asks one tracker at each poll, over one connection that is kept."""

    kind = "sentry"
    Settings: ClassVar[type[SourceSettings]] = SentrySettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS
    panels = ("tracker",)

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._declared = self.signals(name, settings)
        self._settings = own = _own(settings)
        self._caller = Caller(own, context.clock, context.network, context.folder, context.mask)
        self._growth = Growth(own.interval)
        self._unanswered = Unanswered()
        self._counts = not own.environment
        self._lacking = 0
        self._ask_counts_from = -math.inf if self._counts else math.inf

    async def sample(self) -> Sample:
        """Ask within the source's deadline. Raises ProbeError: then nothing is known, and it is
        never said that there are no errors. Where only the events are not counted it is blind
        to them alone: a tracker that is flooded answers of its counts last."""
        begun = asyncio.get_running_loop().time()
        listed = await self._listed(begun)
        self._growth.forget(listed.at)
        try:
            counts = await self._counted(listed.now, begun)
        except ProbeError as error:
            counts = Counts(requests=1, lost=error)
        if not self._counts:
            total = self._growth.total(listed.issues, listed.reach, listed.at)
            counts = replace(counts, per_minute=total)
        return self._seen(listed, counts)

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    def look_again(self) -> float | None:
        """Where the tracker has no count of its own, what its issues rose by takes two looks."""
        return APART if self._growth.looks == 1 and not self._counts else None

    async def inspect(self, key: str) -> str:
        """The newest event of an issue. Raises ProbeError."""
        prefix, _, issue = key.partition(":")
        if prefix != "issue" or not reading.is_id(issue):
            raise ProbeError("set-up", "a tracker can be asked of its issues only")
        answer = await self._ask(asking.latest_event(self._settings, issue), 0.0)
        asking.check(answer, self._settings, self.context.clock.now())
        return event.told(answer.body)

    async def close(self) -> None:
        await self._caller.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in figures.UNITS.items()}

    async def _listed(self, begun: float) -> Listed:
        """The issues seen last, back to what is new, as far as two pages go."""
        found: dict[str, Told] = {}
        requests, cursor, at = 0, "", self.context.clock.monotonic()
        while True:
            requests += 1
            answer = await self._ask(asking.issues(self._settings, cursor), begun)
            now = http_date(answer.header("date") or "") or self.context.clock.now()
            asking.check(answer, self._settings, now)
            page = reading.page(answer.body)
            found |= {str(told.id): told for told in page}
            more, cursor = asking.following(answer)
            reach = reading.reach(page, now) if more else None
            enough = reach is None or reach < now - timedelta(seconds=self._settings.new_within)
            if enough or not cursor or requests == PAGES:
                return Listed(tuple(found.values()), at, now, reach, requests)

    async def _counted(self, now: datetime, begun: float) -> Counts:
        """The tracker's own count of a minute's events. Whether it has one is ``_counts``; where
        it has none it is asked again after a while. Raises ProbeError."""
        if self.context.clock.monotonic() < self._ask_counts_from:
            return Counts()
        answer = await self._ask(asking.counts(self._settings, now), begun, asking.COUNTS_BYTES)
        self._counts = answer.status not in _LACKS
        if not self._counts:
            self._lacking = answer.status
            self._ask_counts_from = self.context.clock.monotonic() + AGAIN
            return Counts(requests=1)
        asking.check(answer, self._settings, now)
        return Counts(reading.per_minute(answer.body, now), 1)

    async def _ask(self, request: Request, begun: float, most: int = asking.MOST_BYTES) -> Answer:
        spent = asyncio.get_running_loop().time() - begun if begun else 0.0
        return await self._caller.ask(request, Asking(most), spent=spent)

    def _seen(self, listed: Listed, events: Counts) -> Sample:
        settings, growth, lost = self._settings, self._growth, events.lost
        requests = listed.requests + events.requests
        since = listed.now - timedelta(seconds=settings.new_within)
        issues = tuple(
            reading.issue(told, growth.rate(told, listed.at), since) for told in listed.issues
        )
        counts = {str(t.id): n for t in listed.issues if (n := reading.number(t.count)) is not None}
        growth.take(Look(listed.at, listed.now, counts))
        self._unanswered.answered()
        shown = tuple(figures.first(issues)[: settings.most])
        where = f"{settings.organization}/{settings.project}"
        told = figures.Facts(
            issues,
            events.per_minute,
            listed.reach,
            since,
            regressions=not issues or any(each.substatus is not None for each in listed.issues),
            lacking="" if self._counts or settings.environment else f"status {self._lacking}",
            ahead=(self.context.clock.now() - listed.now).total_seconds(),
        )
        seen = SentrySeen(
            url=safe(mask_url(settings.url)),
            project=f"{where} in {settings.environment}" if settings.environment else where,
            issues=shown,
            hidden=len(issues) - len(shown),
            more=not listed.whole,
            blind=(f"events per minute: {lost}",) if lost is not None else (),
            notes=figures.notes(told, settings.environment),
            load=f"{requests} request{'s' * (requests != 1)} a poll",
        )
        signals = as_signals(self._declared, figures.known(told))
        return Sample(seen, signals, lost.retry_after if lost is not None else None)


def _own(settings: SourceSettings) -> SentrySettings:
    if not isinstance(settings, SentrySettings):
        raise TypeError(f"a sentry source needs SentrySettings, not {type(settings).__name__}")
    return settings
