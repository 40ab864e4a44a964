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
from warroom.sources.prometheus.operand import operands, zero_if_absent
from warroom.sources.prometheus.page import STALE, counted, read_page
from warroom.sources.prometheus.reckon import Facts, reckon
from warroom.sources.prometheus.shown import Shown, show
from warroom.text import short_duration

_LESS = "narrow the selectors, or raise timeout"


@dataclass(frozen=True)
class Scraped:
    """What came of one page: of the page itself no more than is told of it.

    ``series`` are how many were wanted; ``doubled`` the names with a series twice.
    ``counters`` are what the next scrape begins from.
    """

    form: str
    lines: int
    size: int
    series: int
    doubled: tuple[str, ...]
    counters: Counters
    figures: Mapping[str, Shown]


class Scrape:
    """How the pages of the source ``name`` are read."""

    def __init__(
        self,
        name: str,
        figures: Mapping[str, MetricSettings],
        reach: float,
        most: int,
        least: float = 0.0,
    ) -> None:
        """``reach`` is how many seconds rates look back, ``least`` how many they need."""
        self._name = name
        self._least = least
        self._figures = figures
        self._work: asyncio.Future[Scraped] | None = None
        self._reach = reach
        self._most = most
        self._operands = tuple({side for figure in figures.values() for side in operands(figure)})
        self._from_zero = zero_if_absent(figures.values())

    @property
    def rates(self) -> bool:
        """Whether any figure takes two scrapes."""
        return any(side.kind != "gauge" for side in self._operands)

    async def read(
        self, raw: RawBody, form: str, before: Counters, at: float, now: float, left: float
    ) -> Scraped:
        """Read the page that came ``at`` (monotonic), within ``left`` seconds.

        ``now`` is the server's own time in seconds since 1970. Raises ProbeError. A thread
        does the work, and ends soon after the wait was given up; while it has not, no other
        page is read.
        """
        if self._work is not None and not self._work.done():
            raise ProbeError("answer", "the last page is still being read", _LESS)
        left = max(left, 0.0)
        given_up = threading.Event()
        self._work = work = threads.start(
            lambda: self._scraped(raw, form, before, at, now, given_up), "read metrics"
        )
        try:
            async with asyncio.timeout(left):
                return await asyncio.shield(work)
        except TimeoutError:
            words = f"the page came, but was not read within the {short_duration(left)} left"
            raise ProbeError("answer", words, _LESS) from None
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
            raise ProbeError("body", str(error), "raise max_bytes" if error.over else "") from error
        counters = advance(before, at, counted(page, self._from_zero), reach=self._reach)
        facts = Facts(page, counters, self._least)
        figures = {
            name: show(f"{self._name}.{name}", figure, reckon(name, figure, facts))
            for name, figure in self._figures.items()
        }
        return Scraped(
            form, page.lines, page.size, page.kept, tuple(sorted(page.doubled)), counters, figures
        )
