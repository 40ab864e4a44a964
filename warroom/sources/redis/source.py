"""One Redis server and the queues in it, over one connection that is kept open.

A server that answers and does nothing for anybody (loading, full, out of memory) is DOWN: it
said so itself. No answer at all is CAN'T SEE: it may be the way that is broken.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.lost import LostError
from warroom.connect.redis.words import STOPPED
from warroom.connect.refused import RefusedError
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.comparison import Threshold
from warroom.measure.redis import RedisSeen, RedisServer
from warroom.measure.rule import Hold, Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import NO_RULE, down_rules, step
from warroom.sources.known import as_signals
from warroom.sources.redis import starter
from warroom.sources.redis.line import Line
from warroom.sources.redis.looked import Looked
from warroom.sources.redis.meanings import MEANINGS
from warroom.sources.redis.reader import Reader
from warroom.sources.redis.settings import RedisSettings
from warroom.text import short_duration

ALLOWANCE = 0.1
"""Share of the deadline by which connecting ends earlier, to say in its own words how far it
came."""
LOOK_AGAIN = 2.0
"""Seconds between the two looks of ``warroom check``, at most: rates take two."""


class RedisSource(Source):
    """Reads one server at each poll."""

    kind = "redis"
    Settings: ClassVar[type[SourceSettings]] = RedisSettings
    panels: ClassVar[tuple[str, ...]] = ("redis", "queues")
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._declared = self.signals(name, settings)
        self._line = Line(self._settings, context)
        self._reader = Reader(self._settings, context.clock)
        # Who holds it may send: a closer look waits for the poll, and the poll for it.
        self._turns = asyncio.Lock()
        self._unanswered = Unanswered()
        self._looks = 0

    async def sample(self) -> Sample:
        """Read once, within the source's deadline. Raises ProbeError for no answer."""
        ends = asyncio.get_running_loop().time() + self._settings.deadline
        try:
            async with asyncio.timeout_at(ends), self._turns:
                return await self._line.over(lambda: self._once(ends))
        except TimeoutError:
            error = self._late()
            self._line.drop()
            raise error from None
        except RefusedError as error:
            self._line.drop()
            return self._refused(error)
        except BaseException:
            # Cancelled too: a connection in mid-answer is of no use to anybody.
            self._line.drop()
            raise

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    def look_again(self) -> float | None:
        """Rates take two looks."""
        return min(self._settings.interval, LOOK_AGAIN) if self._looks == 1 else None

    async def inspect(self, key: str) -> str:
        """All of a failed job, its payload too, over the connection that is held. Raises
        ProbeError."""
        what, _, rest = key.partition(":")
        queue, _, identity = rest.partition(":")
        if what != "job" or not identity:
            raise ProbeError("set-up", "a redis source tells more of failed jobs only")
        async with self._turns:
            if not self._line.open:
                raise ProbeError("connect", "there is no connection now", "wait for the next poll")
            session = await self._line.get(0.0)
            try:
                return await self._reader.job(session, queue, identity)
            except ProbeError:
                raise
            except LostError as error:
                self._line.drop()
                raise ProbeError("answer", f"connection lost: {error}") from error
            except BaseException:
                self._line.drop()
                raise

    async def close(self) -> None:
        await self._line.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in _own(settings).units.items()}

    @classmethod
    def starter(cls, found: starter.Found) -> dict[str, dict[str, Any]]:
        """What ``warroom init`` writes."""
        return starter.tables(found)

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        own = _own(settings)
        return (*down_rules(name, own, scale), *_stuck_rules(name, own, scale))

    async def _once(self, ends: float) -> Sample:
        loop = asyncio.get_running_loop()
        await self._line.check_primary(loop.time() + ALLOWANCE * self._settings.deadline)
        session = await self._line.get(ends - ALLOWANCE * self._settings.deadline)
        begun = loop.time()
        looked = await self._reader.read(session, self._line.database)
        if self._line.unnamed:
            words = f"no Sentinel tells who the primary is: {self._line.unnamed}"
            looked = replace(looked, notes=(*looked.notes, words))
        return self._sample(looked, loop.time() - begun)

    def _sample(self, looked: Looked, took: float) -> Sample:
        self._looks += 1
        self._unanswered.answered()
        known = looked.figures() | {"unanswered": 0.0, "poll_time": took * 1000}
        return Sample(looked.seen(), as_signals(self._declared, known))

    def _late(self) -> ProbeError:
        within = f"within {short_duration(self._settings.deadline)}"
        if not self._line.open:
            words = f"no answer {within}: it waited for its turn, or was still connecting"
            return ProbeError("deadline", words, "is a closer look under way, or the machine busy?")
        return ProbeError("answer", f"no answer {within}: signed in, figures asked", STOPPED)

    def _refused(self, error: RefusedError) -> Sample:
        """The server's own no. That it has too many clients says how many are used."""
        self._unanswered.answered()
        known: dict[str, float | None] = {"up": 0.0, "unanswered": 0.0}
        if error.full:
            known["clients_used"] = 100.0
        seen = RedisSeen(server=RedisServer(), faults=(str(error),))
        return Sample(seen, as_signals(self._declared, known))


def _stuck_rules(name: str, settings: RedisSettings, scale: Scale) -> tuple[Rule, ...]:
    """One for each queue, on its figure ``stuck``. Raises ValueError for a step there is not."""
    second = scale.names[min(1, len(scale.names) - 1)]
    found = []
    for queue in settings.queues:
        if queue.stuck == NO_RULE or (queue.stuck is None and not queue.tells_work):
            continue
        level = step(queue.stuck or second, scale, f"stuck of {queue.name}")
        found.append(
            Rule(
                name=f"{settings.title or name}: {queue.name} is stuck",
                signal=f"{name}.{queue.name}.stuck",
                levels=((level, Threshold(">=", queue.stuck_after)),),
                raise_after=Hold(polls=1),
                clear_after=Hold(polls=1),
            )
        )
    return tuple(found)


def _own(settings: SourceSettings) -> RedisSettings:
    if not isinstance(settings, RedisSettings):
        words = f"a redis source needs RedisSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
