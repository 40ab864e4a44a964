"""What a vendor says of itself on its status page.

The page is asked, not the vendor: a page that gives no answer of use is CAN'T SEE, whatever it
is that does not work. What the page says is believed.
"""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.caller import Caller
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.measure.vendor import StatuspageSeen, VendorIncident
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import NO_RULE, step
from warroom.sources.known import as_signals
from warroom.sources.statuspage.asking import Remembered
from warroom.sources.statuspage.meanings import MEANINGS
from warroom.sources.statuspage.page import Page, read
from warroom.sources.statuspage.settings import API, StatuspageSettings
from warroom.sources.statuspage.verdict import INDICATORS, Verdict, judge
from warroom.text import mask_url, safe

SUMMARY = "summary.json"
STATUS = "status.json"
INCIDENTS = "incidents.json"
AGAIN = 900.0
"""Seconds after which a summary that was not there, or too large, is asked for again at the
latest: at first at the next poll, for it may only have been away."""
MOST_INCIDENTS = 20
_UNITS = {
    "impact": "",
    "indicator": "",
    "components_down": "",
    "incidents": "",
    "unanswered": "polls",
}
_UNTOLD = f"its incidents are not known: {INCIDENTS} is not there, or too large"
_WHERE = "is it the address of a page with that API?"


class StatuspageSource(Source):
    """Asks one page for its summary at each poll; where it has none, for its status."""

    kind = "statuspage"
    Settings: ClassVar[type[SourceSettings]] = StatuspageSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._declared = self.signals(name, settings)
        self._settings = own = _own(settings)
        self._caller = Caller(own, context.clock, context.network, context.folder, context.mask)
        self._asked = {
            what: Remembered(self._caller, f"{own.page}{API}/{what}", read)
            for what in (SUMMARY, STATUS, INCIDENTS)
        }
        self._summary_due = context.clock.monotonic()
        self._summary_missed = 0
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Ask the page, within the source's deadline. Raises ProbeError."""
        begun = asyncio.get_running_loop().time()
        page = await self._page(begun)
        incidents, unread, note, pause = page.incidents, page.unread, "", None
        if incidents is None:
            try:
                listed = await self._ask(INCIDENTS, begun)
                incidents = listed.incidents if listed is not None else None
                unread += listed.unread if listed is not None else 0
                note = _UNTOLD if incidents is None else ""
            except ProbeError as error:
                note, pause = f"its incidents cannot be seen: {error}", error.retry_after
        self._unanswered.answered()
        verdict = judge(page, self._settings.components, self._settings.minds)
        opened = (*(incidents or ()), *page.maintenances)
        left = _unlisted("incidents", len(opened) - MOST_INCIDENTS)
        notes = (*verdict.notes, note, left, _unread(unread))
        seen = StatuspageSeen(
            vendor=page.name or self._settings.vendor or self.name,
            url=safe(mask_url(self._settings.page)),
            indicator=page.indicator,
            description=page.description,
            updated_at=page.updated_at,
            components=verdict.components,
            incidents=opened[:MOST_INCIDENTS],
            faults=verdict.faults,
            maintenance=verdict.maintenance,
            blind=verdict.blind,
            notes=tuple(filter(None, notes)),
        )
        return Sample(seen, self._signals(page, verdict, incidents), pause)

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    async def close(self) -> None:
        await self._caller.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in _UNITS.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        """``NAME has trouble``, on the figure ``impact``. Raises ValueError for a step there
        is not. A critical outage means the second step if nothing else is said, a major one the
        third: that a vendor is down is not yet that we are."""
        own = _own(settings)
        second, third = (scale.names[min(at, len(scale.names) - 1)] for at in (1, 2))
        said = {"critical": own.critical or second, "major": own.major or third, "minor": own.minor}
        levels: dict[str, Threshold] = {}
        for option, named in said.items():
            if named not in (None, NO_RULE):
                levels[step(named, scale, option)] = Threshold(">=", INDICATORS[option])
        if not levels:
            return ()
        worst_first = sorted(levels.items(), key=lambda level: -scale.rank(level[0]))
        return (
            Rule(
                name=f"{own.title or name} has trouble",
                signal=f"{name}.impact",
                levels=tuple(worst_first),
                raise_after=own.raise_after,
                clear_after=own.clear_after,
            ),
        )

    async def _page(self, begun: float) -> Page:
        """The summary, or the mere status of a page that has no summary for us."""
        now, page = self.context.clock.monotonic(), None
        if now >= self._summary_due:
            page = await self._ask(SUMMARY, begun)
            self._summary_missed = 0 if page is not None else self._summary_missed + 1
            self._summary_due = now + self._rest()
        if page is None:
            page = await self._ask(STATUS, begun)
        if page is None:
            words = f"it has neither {API}/{SUMMARY} nor {API}/{STATUS} of a size that is read"
            raise ProbeError("answer", words, _WHERE)
        if not page.indicator:
            words = "the answer is JSON, and not a status page's: it has no status.indicator"
            raise ProbeError("answer", words, _WHERE)
        return page

    def _rest(self) -> float:
        """Seconds for which the summary is not asked for: twice as long each time it is missed."""
        if not self._summary_missed:
            return 0.0
        return min(self._settings.interval * 2.0 ** min(self._summary_missed - 2, 30), AGAIN)

    async def _ask(self, what: str, begun: float) -> Page | None:
        spent = asyncio.get_running_loop().time() - begun
        return await self._asked[what].ask(self.context.clock.now(), spent)

    def _signals(
        self, page: Page, verdict: Verdict, incidents: tuple[VendorIncident, ...] | None
    ) -> tuple[Signal, ...]:
        counts = {
            "impact": verdict.impact,
            "indicator": INDICATORS.get(page.indicator),
            "components_down": verdict.down,
            "incidents": None if incidents is None else len(incidents),
            "unanswered": self._unanswered.polls,
        }
        known = {name: None if count is None else float(count) for name, count in counts.items()}
        return as_signals(self._declared, {**known, "impact": (known["impact"], verdict.worst)})


def _unlisted(what: str, left: int) -> str:
    return f"{left} more {what} are not listed" if left > 0 else ""


def _unread(count: int) -> str:
    return f"{count} of the page's entries could not be read" if count else ""


def _own(settings: SourceSettings) -> StatuspageSettings:
    if not isinstance(settings, StatuspageSettings):
        words = f"a statuspage source needs StatuspageSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
