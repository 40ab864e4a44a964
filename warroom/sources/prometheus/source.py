"""Figures of a metrics page, or of a Prometheus server.

A scrape counts whole or not at all: what is no whole metrics page is CAN'T SEE, and leaves
no trace in the rates. A metrics page is not the product: there is no rule of its own.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.caller import Caller
from warroom.connect.http import Answer, Request
from warroom.connect.reply import Asking
from warroom.connect.retry import http_date
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.snapshot import Breakdown, PrometheusSeen, Signal
from warroom.sources.base import Context, Sample, Source
from warroom.sources.prometheus import server, starter
from warroom.sources.prometheus.answer import ACCEPT, check_status, check_whole, form_of
from warroom.sources.prometheus.cached import OLDEST, Freshness
from warroom.sources.prometheus.increases import Counters
from warroom.sources.prometheus.meanings import MEANINGS
from warroom.sources.prometheus.scrape import Scrape
from warroom.sources.prometheus.settings import PrometheusSettings
from warroom.sources.prometheus.shown import Few, Shown, few, show, together
from warroom.text import mask_url, safe, short_duration

LOOK_AGAIN = 2.0
"""Seconds between the two scrapes of ``warroom check``, at most."""
_SKEW = 5.0
"""Seconds, beside an interval, that the server's clock may differ before it is told."""
_WAITING = ("first byte", "body")
"""Phases in which a query is under way."""


class PrometheusSource(Source):
    """Scrapes one page, or asks one server, at each poll."""

    kind = "prometheus"
    Settings: ClassVar[type[SourceSettings]] = PrometheusSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = own = _own(settings)
        self._caller = Caller(own, context.clock, context.network, context.folder, context.mask)
        # Half an interval more: the scrape a window ago must not be missed by a millisecond.
        half = own.interval / 2
        self._scrape = Scrape(
            name, own.figures, own.reach + half, own.max_series, least=min(half, 1.0)
        )
        self._fresh = Freshness(max(OLDEST, own.reach if own.server is None else 0.0))
        self._counters = Counters()
        self._units = self.signals(name, settings)
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Scrape or ask once, within the source's deadline. Raises ProbeError."""
        if self._settings.server is not None:
            return await self._asked(self._settings.server)
        return await self._scraped(self._settings.url or "")

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return self._signals({}, self._unanswered.after(error))

    def look_again(self) -> float | None:
        """Rates take two scrapes."""
        counters = self._counters
        if self._settings.url is None or not self._scrape.rates:
            return None
        once = counters.at is not None and not counters.spans
        return min(self._settings.interval, LOOK_AGAIN) if once else None

    async def close(self) -> None:
        await self._caller.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        units = {figure: said.unit for figure, said in _own(settings).figures.items()}
        units |= {"unanswered": "polls", "scrape_time": "ms"}
        return {f"{name}.{figure}": unit for figure, unit in units.items()}

    @classmethod
    def starter(cls, found: starter.Found) -> dict[str, dict[str, Any]]:
        """The sources to write for what ``warroom init`` found: name to table."""
        return starter.tables(found)

    async def _scraped(self, url: str) -> Sample:
        settings, clock, loop = self._settings, self.context.clock, asyncio.get_running_loop()
        begun = loop.time()
        request = Request(url, headers=(("Accept", ACCEPT),))
        asking = Asking(settings.max_bytes, undecoded=True)
        answer = await self._caller.ask(request, asking)
        at = clock.monotonic() - _transfer(answer)
        check_status(answer, clock.now(), "url")
        check_whole(answer, "raise max_bytes, or let the page give less")
        form = form_of(answer)
        if answer.raw is None:
            raise ProbeError("body", "the answer has no body")
        dated = _date(answer)
        self._fresh.check(answer, dated, at)
        left = settings.deadline - (loop.time() - begun)
        now = (dated or clock.now()).timestamp()
        scraped = await self._scrape.read(answer.raw, form, self._counters, at, now, left)
        self._counters = scraped.counters
        self._unanswered.answered()
        figures, spans = scraped.figures, scraped.counters.spans
        seen = PrometheusSeen(
            url=answer.url,
            format=scraped.form,
            lines=scraped.lines,
            series=scraped.series,
            size=scraped.size,
            spans=at - spans[0].began if spans and self._scrape.rates else None,
            breakdowns=_breakdowns(figures),
            blind=together(figure.blind for figure in figures.values()),
            notes=together((*_notes(figures), few(map(_twice, scraped.doubled)))),
        )
        taken = (answer.phases.total or 0.0) * 1000
        return Sample(seen, self._seen_signals(figures, taken))

    async def _asked(self, address: str) -> Sample:
        settings, loop = self._settings, asyncio.get_running_loop()
        begun = loop.time()
        figures: dict[str, Shown] = {}
        evaluated: list[datetime] = []
        series, size, taken = 0, 0, 0.0
        for name, figure in settings.figures.items():
            answer = await self._answer(address, name, loop.time() - begun)
            asked = server.read(name, figure, answer)
            made = asked.evaluated or _date(answer)
            self._fresh.check(answer, made, self.context.clock.monotonic(), name)
            # Shown at once: the parts of all figures together may be millions.
            figures[name] = show(f"{self.name}.{name}", figure, asked.reckoned)
            evaluated += [asked.evaluated] if asked.evaluated is not None else []
            series += asked.series
            size += len(answer.body)
            taken += answer.phases.total or 0.0
        self._unanswered.answered()
        earliest = min(evaluated, default=None)
        seen = PrometheusSeen(
            url=safe(mask_url(address)),
            format="query",
            series=series,
            size=size,
            evaluated_at=earliest,
            breakdowns=_breakdowns(figures),
            blind=together(figure.blind for figure in figures.values()),
            notes=(*together(_notes(figures)), *self._skew(earliest)),
        )
        return Sample(seen, self._seen_signals(figures, taken * 1000))

    async def _answer(self, address: str, name: str, spent: float) -> Answer:
        """What the server says to the query of the figure ``name``. Raises ProbeError."""
        settings = self._settings
        query = settings.figures[name].query or ""
        request = server.request(address, query, settings.deadline - spent)
        try:
            answer = await self._caller.ask(request, Asking(server.MOST_BYTES), spent=spent)
        except ProbeError as error:
            if error.phase not in _WAITING:
                raise
            raise ProbeError(error.phase, f"{name}: {error}", error.hint) from error
        if answer.status not in server.REFUSED:
            check_status(answer, self.context.clock.now(), "server")
        return answer

    def _skew(self, evaluated: datetime | None) -> tuple[str, ...]:
        if evaluated is None:
            return ()
        ahead = (evaluated - self.context.clock.now()).total_seconds()
        if abs(ahead) <= self._settings.interval + _SKEW:
            return ()
        way = "ahead of" if ahead > 0 else "behind"
        return (f"the server's clock is {short_duration(abs(ahead))} {way} ours",)

    def _seen_signals(self, figures: Mapping[str, Shown], taken: float) -> tuple[Signal, ...]:
        known = {"unanswered": float(self._unanswered.polls or 0), "scrape_time": taken}
        return self._signals(figures, known)

    def _signals(
        self, figures: Mapping[str, Shown], known: Mapping[str, float | None]
    ) -> tuple[Signal, ...]:
        signals = []
        for full, unit in self._units.items():
            name = full[len(self.name) + 1 :]
            if name in figures:
                signals.append(figures[name].signal)
            else:
                signals.append(Signal(full, known.get(name), unit))
        return tuple(signals)


def _transfer(answer: Answer) -> float:
    """Seconds the body took: the page was made before them, when its first byte came."""
    phases = answer.phases
    before = sum(
        part or 0.0 for part in (phases.dns, phases.connect, phases.tls, phases.first_byte)
    )
    return max((phases.total or 0.0) - before, 0.0) if phases.first_byte is not None else 0.0


def _date(answer: Answer) -> datetime | None:
    return http_date(answer.header("date") or "")


def _breakdowns(figures: Mapping[str, Shown]) -> tuple[Breakdown, ...]:
    told = (figure.breakdown for figure in figures.values())
    return tuple(breakdown for breakdown in told if breakdown is not None)


def _notes(figures: Mapping[str, Shown]) -> Iterable[Few]:
    return (figure.notes for figure in figures.values())


def _twice(name: str) -> str:
    return f"{name} has the same series twice; the first counts"


def _own(settings: SourceSettings) -> PrometheusSettings:
    if not isinstance(settings, PrometheusSettings):
        words = f"a prometheus source needs PrometheusSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
