"""One PgBouncer, by its admin console: clients that wait, server connections, what is paused.

A pooler that answers and lets nobody in is DOWN: it said so itself. No answer at all is CAN'T
SEE: it may be the way that is broken. Paused is neither: somebody wanted it.
"""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.refused import RefusedError
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.postgres import PgbouncerSeen
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules
from warroom.sources.known import as_signals
from warroom.sources.pgbouncer.figures import UNITS
from warroom.sources.pgbouncer.line import Line
from warroom.sources.pgbouncer.meanings import MEANINGS
from warroom.sources.pgbouncer.reader import Reader
from warroom.sources.pgbouncer.settings import PgbouncerSettings
from warroom.text import short_duration


class PgbouncerSource(Source):
    """Reads one pooler at each poll, over one connection that is kept open."""

    kind = "pgbouncer"
    Settings: ClassVar[type[SourceSettings]] = PgbouncerSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._declared = self.signals(name, settings)
        self._line = Line(self._settings, context)
        self._reader = Reader(context.clock)
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Read once, within the source's deadline. Raises ProbeError for no answer."""
        ends = asyncio.get_running_loop().time() + self._settings.deadline
        try:
            return await self._line.over(lambda: self._once(ends))
        except RefusedError as error:
            self._line.drop()
            return self._refused(error)
        except BaseException:
            # Cancelled too: a connection in mid-answer is of no use to anybody.
            self._line.drop()
            raise

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    async def close(self) -> None:
        await self._line.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in UNITS.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        return down_rules(name, _own(settings), scale)

    async def _once(self, ends: float) -> Sample:
        loop = asyncio.get_running_loop()
        console = await self._line.get(ends)
        begun = loop.time()
        try:
            async with asyncio.timeout_at(ends):
                looked = await self._reader.read(console)
        except TimeoutError:
            within = f"within {short_duration(self._settings.deadline)}"
            words = f"no answer {within}: signed in, query sent"
            raise ProbeError("answer", words, "is the pooler stopped?") from None
        took = (loop.time() - begun) * 1000
        self._unanswered.answered()
        known = looked.known() | {"unanswered": (0.0, ""), "poll_time": (took, "")}
        return Sample(looked.seen(), as_signals(self._declared, known))

    def _refused(self, error: RefusedError) -> Sample:
        """The pooler's own no. That it has too many clients says how many are used."""
        self._unanswered.answered()
        known = {"up": 0.0, "unanswered": 0.0}
        if error.full:
            known["clients_used"] = 100.0
        return Sample(PgbouncerSeen(faults=(str(error),)), as_signals(self._declared, known))


def _own(settings: SourceSettings) -> PgbouncerSettings:
    if not isinstance(settings, PgbouncerSettings):
        words = f"a pgbouncer source needs PgbouncerSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
