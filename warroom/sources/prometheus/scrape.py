"""One metrics page read and reckoned beside the loop: all of it, or nothing."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from warroom.connect import threads
from warroom.connect.body import BodyError, RawBody
from warroom.errors import ProbeError
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import Counters, advance
from warroom.sources.prometheus.operand import Operand, operands
from warroom.sources.prometheus.page import Page, counted, read_page
from warroom.sources.prometheus.reckon import Facts, Reckoned, reckon
from warroom.text import short_duration

STALE = 300.0
"""Seconds after which a sample with a timestamp of its own is stale, as in Prometheus."""


@dataclass(frozen=True)
class Scraped:
    """What came of one page. ``counters`` are what the next scrape begins from."""

    page: Page
    counters: Counters
    figures: Mapping[str, Reckoned]


class Scrape:
    """How the pages of one source are read."""

    def __init__(self, figures: Mapping[str, MetricSettings], reach: float, most: int) -> None:
        self._figures = figures
        self._reach = reach
        self._most = most
        self._operands = tuple({side for figure in figures.values() for side in operands(figure)})
        self._from_zero = frozenset(
            side.name
            for figure in figures.values()
            for side in operands(figure)
            if figure.absent == 0 and side.kind != "gauge"
        )

    @property
    def rates(self) -> bool:
        """Whether any figure takes two scrapes."""
        return any(side.kind != "gauge" for side in self._operands)

    async def read(
        self, raw: RawBody, form: str, before: Counters, at: float, now: float, left: float
    ) -> Scraped:
        """Read the page that came ``at`` (monotonic), within ``left`` seconds.

        ``now`` is the server's own time in seconds since 1970. Raises ProbeError. A thread
        does the work, and ends soon after the wait was given up.
        """
        left = max(left, 0.0)
        given_up = threading.Event()
        work = threads.start(
            lambda: self._scraped(raw, form, before, at, now, given_up), "read metrics"
        )
        try:
            async with asyncio.timeout(left):
                return await asyncio.shield(work)
        except TimeoutError:
            words = f"the page came, but was not read within the {short_duration(left)} left"
            raise ProbeError("answer", words, "narrow the selectors, or raise timeout") from None
        finally:
            given_up.set()

    def _scraped(
        self,
        raw: RawBody,
        form: str,
        before: Counters,
        at: float,
        now: float,
        given_up: threading.Event,
    ) -> Scraped:
        try:
            page = read_page(
                raw.decoded(),
                form,
                self._operands,
                oldest=now - STALE,
                most=self._most,
                given_up=given_up.is_set,
            )
        except BodyError as error:
            raise ProbeError("body", str(error), _room(error)) from error
        counters = advance(
            before,
            at,
            counted(page),
            page.grouped,
            names=self._counted_names(page),
            from_zero=self._from_zero,
            reach=self._reach,
        )
        facts = Facts(page, counters)
        figures = {name: reckon(name, figure, facts) for name, figure in self._figures.items()}
        return Scraped(page, counters, figures)

    def _counted_names(self, page: Page) -> set[str]:
        return page.names & {side.name for side in self._operands if _counts(side)}


def _counts(side: Operand) -> bool:
    return side.kind != "gauge"


def _room(error: BodyError) -> str:
    return "raise max_bytes" if "over" in str(error) else ""
