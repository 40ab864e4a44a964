"""One server's certificate: whose it is, how long it is good for, and whether it verifies.

A certificate that does not verify is DOWN: the server itself showed it. No handshake at all is
CAN'T SEE: it may be the way that is broken.
"""

import os
from collections import deque
from collections.abc import Mapping
from typing import ClassVar

from msgspec.structs import replace

from warroom.config.settings import SourceSettings
from warroom.connect.handshake import Peer, look
from warroom.connect.tls import TlsOptions
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.comparison import Threshold
from warroom.measure.names import TlsSeen
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules, step
from warroom.sources.known import as_signals
from warroom.sources.tls import reading
from warroom.sources.tls.meanings import MEANINGS
from warroom.sources.tls.settings import TlsSettings
from warroom.sources.turns import Turns

UNITS = {"days": "days", "handshake": "ms", "up": "", "unanswered": "polls"}
SOON = ((1, Threshold("<", 3)), (2, Threshold("<", 14)))
"""Steps of the scale, counted from 0, and the days left below which they are meant."""
SHARE = 0.95
"""Of the deadline, so that it says in its own words how far it came."""
CHANGES = 20


class TlsSource(Source):
    """Shakes hands at each poll, and sends nothing."""

    kind = "tls"
    Settings: ClassVar[type[SourceSettings]] = TlsSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS
    panels: ClassVar[tuple[str, ...]] = ("names",)

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._declared = self.signals(name, settings)
        self._settings = own = _own(settings)
        files = (own.ca_file, own.client_cert, own.client_key)
        paths = (None if file is None else os.path.join(context.folder, file) for file in files)
        self._options = TlsOptions(*paths, protocols=())
        self._peer = Peer(own.host, own.port, own.verified_name)
        self._turns = Turns[str]()
        self._last: TlsSeen | None = None
        self._changes: deque[Change] = deque(maxlen=CHANGES)
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """One handshake, within the deadline. Raises ProbeError when there was none."""
        context = self.context
        seconds = SHARE * self._settings.deadline
        shown = await look(self._peer, self._options, context.network, context.clock, seconds)
        self._unanswered.answered()
        now = context.clock.now()
        seen = reading.seen(shown, self._settings.address, self._peer.name, now)
        self._note(seen)
        left = None if seen.not_after is None else (seen.not_after - now).total_seconds() / 86_400
        known = {
            "days": left,
            "handshake": shown.took * 1000,
            "up": float(shown.refused is None),
            "unanswered": 0.0,
        }
        return Sample(
            replace(seen, changes=tuple(self._changes)), as_signals(self._declared, known)
        )

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in UNITS.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        own = _own(settings)
        levels = _levels(own, scale)
        found = down_rules(name, own, scale)
        if not levels:
            return found
        ends = Rule(
            name=f"{own.title or name}: certificate ends",
            signal=f"{name}.days",
            levels=levels,
            raise_after=own.raise_after,
            clear_after=own.clear_after,
        )
        return (*found, ends)

    def _note(self, seen: TlsSeen) -> None:
        """Another certificate than before is a change."""
        changed = self._turns.change(seen.fingerprint or None)
        if changed is not None and self._last is not None:
            what = f"{reading.replaced(self._last, seen)}{changed[2]}"
            self._changes.append(Change(self.context.clock.now(), what, "certificate"))
        self._last = seen if seen.fingerprint else self._last


def _levels(settings: TlsSettings, scale: Scale) -> tuple[tuple[str, Threshold], ...]:
    """Worst first. Raises ValueError for a step there is not."""
    if settings.days is None:
        last = len(scale.names) - 1
        return tuple({scale.names[min(at, last)]: limit for at, limit in SOON}.items())
    for named in settings.days:
        step(named, scale, "days")
    return tuple(sorted(settings.days.items(), key=lambda pair: scale.names.index(pair[0])))


def _own(settings: SourceSettings) -> TlsSettings:
    if not isinstance(settings, TlsSettings):
        raise TypeError(f"a tls source needs TlsSettings, not {type(settings).__name__}")
    return settings
