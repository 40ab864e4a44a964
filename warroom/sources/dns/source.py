"""One name: what the system and named resolvers say of it, and whether they agree.

A name that nobody has an answer for is DOWN, and so is one whose answers are not those that are
expected: the resolvers said so. A resolver that cannot be asked costs itself: the others' answers
are shown, and it is named as not seen.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.names.reply import Reply
from warroom.connect.names.talk import Asker
from warroom.connect.unanswered import Unanswered
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.comparison import Threshold
from warroom.measure.names import DnsSeen
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.dns import reading
from warroom.sources.dns.meanings import MEANINGS
from warroom.sources.dns.recent import POLLS, Recent
from warroom.sources.dns.settings import ADDRESSES, DnsSettings
from warroom.sources.down import NO_RULE, down_rules, step
from warroom.sources.known import as_signals
from warroom.text import short_duration

UNITS = {
    "lookup": "ms",
    "answers": "answers",
    "agree": "",
    "resolvers_failed": "resolvers",
    "ttl": "s",
    "up": "",
    "unanswered": "polls",
}
SYSTEM = "system"
SHARE, PATIENCE = 0.8, 4.0
"""Of the deadline, how much a resolver gets, and how many seconds at the most: while one hangs,
the others' answers wait for it."""
CHANGES = 20
_NONE = tuple(
    code for name in ("EAI_NONAME", "EAI_NODATA") if (code := getattr(socket, name, None))
)
"""What ``getaddrinfo`` says of a name that is not there, or has no such address (RFC 3493;
glibc tells the two apart)."""


class DnsSource(Source):
    """Asks all of them side by side at each poll."""

    kind = "dns"
    Settings: ClassVar[type[SourceSettings]] = DnsSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS
    panels: ClassVar[tuple[str, ...]] = ("names",)

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._declared = self.signals(name, settings)
        self._settings = _own(settings)
        self._asker = Asker(self._settings.name, self._settings.record, context.clock)
        self._recent = Recent(rotates=self._settings.record in ADDRESSES)
        self._changes: deque[Change] = deque(maxlen=CHANGES)
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Ask everybody once, within the deadline. Raises ProbeError when nobody could be."""
        seconds = min(SHARE * self._settings.deadline, PATIENCE)
        asked = [self._asker.ask(where, seconds) for where in self._settings.resolvers]
        if self._settings.asks_system:
            asked.insert(0, self._system(seconds))
        replies = await _gathered(asked)
        if all(reply.said == "silent" for reply in replies):
            words = "; ".join(reading.blind(replies))
            hint = "is the network here, and does a firewall let DNS out?"
            raise ProbeError("answer", f"nobody could be asked: {words}", hint)
        return self._answered(replies)

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in UNITS.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        own = _own(settings)
        found = down_rules(name, own, scale)
        if own.differs == NO_RULE:
            return found
        differs = Rule(
            name=f"{own.title or name}: resolvers differ",
            signal=f"{name}.agree",
            levels=((step(own.differs, scale, "differs"), Threshold("<", 1)),),
            raise_after=own.raise_after,
            clear_after=own.clear_after,
        )
        return (*found, differs)

    async def _system(self, seconds: float) -> Reply:
        """As programs here ask. A look-up that hangs is joined by the next poll, not stacked."""
        settings, clock = self._settings, self.context.clock
        begun = clock.monotonic()
        try:
            async with asyncio.timeout(seconds):
                running = self.context.network.resolver.begin(settings.name)
                found = await asyncio.shield(running)
        except TimeoutError:
            words = f"no answer within {short_duration(seconds)}"
            return Reply(SYSTEM, "silent", trouble=words)
        except (OSError, UnicodeError) as error:
            return _system_trouble(error, clock.monotonic() - begun)
        took = clock.monotonic() - begun
        six = settings.record == "AAAA"
        answers = frozenset(address for address in found if (":" in address) == six)
        if not answers:
            return Reply(SYSTEM, "none", trouble="the name has no such record", took=took)
        return Reply(SYSTEM, "answers", answers, took=took)

    def _answered(self, replies: list[Reply]) -> Sample:
        self._unanswered.answered()
        settings, now = self._settings, self.context.clock.now()
        agree = self._recent.agree(replies)
        faults = reading.faults(replies, settings, self._recent)
        asked = f"{settings.record} {settings.name}"
        for what in self._recent.take(replies):
            self._changes.append(Change(now, outside(f"{asked} {what}"), "answers"))
        turning = self._recent.turning()
        notes = [f"its answers rotate: {turning} in the last {POLLS} polls"] if turning else []
        notes += [
            f"{r.resolver}: {r.trouble}" for r in replies if r.said == "failed" and not faults
        ]
        seen = DnsSeen(
            name=settings.name,
            record=settings.record,
            resolved=reading.resolved(replies),
            agree=agree,
            faults=tuple(faults),
            blind=reading.blind(replies),
            notes=tuple(notes),
            changes=tuple(self._changes),
        )
        known = reading.figures(replies, agree, bool(faults)) | {"unanswered": 0.0}
        return Sample(seen, as_signals(self._declared, known))


def _system_trouble(error: OSError | UnicodeError, took: float) -> Reply:
    code = error.errno if isinstance(error, OSError) else None
    if code in _NONE:
        return Reply(SYSTEM, "none", trouble="no such name, or no address", took=took)
    if code == socket.EAI_AGAIN:
        words = "the name server does not answer, or fails"
    elif code == socket.EAI_FAIL:
        return Reply(SYSTEM, "failed", trouble="the name server failed", took=took)
    else:
        words = outside(str(error))
    return Reply(SYSTEM, "silent", trouble=words)


async def _gathered(asked: Sequence[Coroutine[Any, Any, Reply]]) -> list[Reply]:
    """The replies in their order; cancelled, or when one cannot even begin, none goes on."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in asked]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


def _own(settings: SourceSettings) -> DnsSettings:
    if not isinstance(settings, DnsSettings):
        raise TypeError(f"a dns source needs DnsSettings, not {type(settings).__name__}")
    return settings
