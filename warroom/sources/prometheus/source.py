"""Figures of a metrics page, or of a Prometheus server.

A scrape counts whole or not at all: what is no whole metrics page is CAN'T SEE, and leaves
no trace in the rates. A metrics page is not the product: there is no rule of its own.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.caller import Caller
from warroom.connect.http import Answer, Request
from warroom.connect.retry import http_date
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.snapshot import PrometheusSeen, Signal
from warroom.sources.base import Context, Sample, Source
from warroom.sources.prometheus import server, shown, starter
from warroom.sources.prometheus.answer import ACCEPT, check_status, check_whole, form_of
from warroom.sources.prometheus.increases import Counters
from warroom.sources.prometheus.page import Page
from warroom.sources.prometheus.reckon import Reckoned
from warroom.sources.prometheus.scrape import Scrape
from warroom.sources.prometheus.settings import PrometheusSettings
from warroom.text import mask_url, safe, short_duration

LOOK_AGAIN = 2.0
"""Seconds between the two scrapes of ``warroom check``, at most."""
_TOLD = 5
"""How many blindnesses or notes are told one by one."""
_SKEW = 5.0
"""Seconds, beside an interval, that the server's clock may differ before it is told."""


class PrometheusSource(Source):
    """Scrapes one page, or asks one server, at each poll."""

    kind = "prometheus"
    Settings: ClassVar[type[SourceSettings]] = PrometheusSettings

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = own = _own(settings)
        self._caller = Caller(own, context.clock, context.network, context.folder, context.mask)
        # Half an interval more: the scrape a window ago must not be missed by a millisecond.
        self._scrape = Scrape(own.figures, own.reach + own.interval / 2, own.max_series)
        self._counters = Counters()
        self._units = self.signals(name, settings)
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Scrape or ask once, within the source's deadline. Raises ProbeError."""
        if self._settings.server is not None:
            return await self._asked(self._settings.server)
        return await self._scraped(self._settings.url or "")

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        known: dict[str, float | None] = {}
        if self._unanswered.failed(error):
            known["unanswered"] = float(self._unanswered.polls or 0)
        return self._signals({}, known)

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
        answer = await self._caller.ask(request, max_bytes=settings.max_bytes, undecoded=True)
        at = clock.monotonic() - _transfer(answer)
        check_status(answer, clock.now(), "url")
        check_whole(answer, "raise max_bytes, or let the page give less")
        form = form_of(answer)
        if answer.raw is None:
            raise ProbeError("body", "the answer has no body")
        left = settings.deadline - (loop.time() - begun)
        now = http_date(answer.header("date") or "") or clock.now()
        scraped = await self._scrape.read(
            answer.raw, form, self._counters, at, now.timestamp(), left
        )
        self._counters = scraped.counters
        self._unanswered.answered()
        page, spans = scraped.page, scraped.counters.spans
        seen = PrometheusSeen(
            url=answer.url,
            format=page.form,
            lines=page.lines,
            series=page.kept,
            size=page.size,
            spans=at - spans[0].began if spans and self._scrape.rates else None,
            breakdowns=self._breakdowns(scraped.figures),
            blind=_few(words for figure in scraped.figures.values() for words in figure.blind),
            notes=(*_few(_figure_notes(scraped.figures)), *_page_notes(page)),
        )
        taken = (answer.phases.total or 0.0) * 1000
        return Sample(seen, self._seen_signals(scraped.figures, taken))

    async def _asked(self, address: str) -> Sample:
        settings, loop = self._settings, asyncio.get_running_loop()
        begun = loop.time()
        answers: dict[str, server.Asked] = {}
        size, taken = 0, 0.0
        for name, figure in settings.figures.items():
            spent = loop.time() - begun
            request = server.request(address, figure.query or "", settings.deadline - spent)
            answer = await self._caller.ask(request, spent=spent, max_bytes=server.MOST_BYTES)
            if answer.status not in server.REFUSED:
                check_status(answer, self.context.clock.now(), "server")
            answers[name] = server.read(name, figure, answer)
            size += len(answer.body)
            taken += answer.phases.total or 0.0
        self._unanswered.answered()
        figures = {name: asked.reckoned for name, asked in answers.items()}
        evaluated = _earliest(answers.values())
        seen = PrometheusSeen(
            url=safe(mask_url(address)),
            format="query",
            series=sum(asked.series for asked in answers.values()),
            size=size,
            evaluated_at=evaluated,
            breakdowns=self._breakdowns(figures),
            blind=_few(words for figure in figures.values() for words in figure.blind),
            notes=(*_few(_figure_notes(figures)), *self._skew(evaluated)),
        )
        return Sample(seen, self._seen_signals(figures, taken * 1000))

    def _skew(self, evaluated: datetime | None) -> tuple[str, ...]:
        if evaluated is None:
            return ()
        ahead = (evaluated - self.context.clock.now()).total_seconds()
        if abs(ahead) <= self._settings.interval + _SKEW:
            return ()
        way = "ahead of" if ahead > 0 else "behind"
        return (f"the server's clock is {short_duration(abs(ahead))} {way} ours",)

    def _breakdowns(self, figures: Mapping[str, Reckoned]) -> Any:
        told = (
            shown.breakdown(f"{self.name}.{name}", said, figures[name])
            for name, said in self._settings.figures.items()
        )
        return tuple(breakdown for breakdown in told if breakdown is not None)

    def _seen_signals(self, figures: Mapping[str, Reckoned], taken: float) -> tuple[Signal, ...]:
        known = {"unanswered": float(self._unanswered.polls or 0), "scrape_time": taken}
        return self._signals(figures, known)

    def _signals(
        self, figures: Mapping[str, Reckoned], known: Mapping[str, float | None]
    ) -> tuple[Signal, ...]:
        signals = []
        for full, unit in self._units.items():
            name = full[len(self.name) + 1 :]
            if name in figures:
                signals.append(shown.signal(full, self._settings.figures[name], figures[name]))
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


def _earliest(answers: Iterable[server.Asked]) -> datetime | None:
    times = [asked.evaluated for asked in answers if asked.evaluated is not None]
    try:
        return datetime.fromtimestamp(min(times), UTC) if times else None
    except (ValueError, OverflowError, OSError):
        raise ProbeError("answer", "the server's time of evaluation is no time") from None


def _few(words: Iterable[str]) -> tuple[str, ...]:
    told = tuple(dict.fromkeys(words))
    more = len(told) - _TOLD
    return told if more <= 0 else (*told[:_TOLD], f"{more} more of that kind")


def _figure_notes(figures: Mapping[str, Reckoned]) -> Iterable[str]:
    return (note for figure in figures.values() for note in figure.notes)


def _page_notes(page: Page) -> Iterable[str]:
    return (f"{name} has the same series twice; the first counts" for name in sorted(page.doubled))


def _own(settings: SourceSettings) -> PrometheusSettings:
    if not isinstance(settings, PrometheusSettings):
        words = f"a prometheus source needs PrometheusSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
