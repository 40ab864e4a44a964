"""A job that touches a file when it is done: when did it, and what did it say?

A file that is missing, too old, or says ``status: failed`` is DOWN: the job has not done its
work. A file that cannot be read is CAN'T SEE: of the job nobody knows anything.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect.threads import start
from warroom.errors import ProbeError
from warroom.measure.rule import Rule
from warroom.measure.snapshot import GenericSeen, Signal
from warroom.measure.table import Table
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules
from warroom.text import short_duration
from warroom_heartbeat.beat import Beat, read
from warroom_heartbeat.settings import OWN, HeartbeatSettings


class HeartbeatSource(Source):
    """Reads one file at each poll."""

    kind = "heartbeat"
    Settings: ClassVar[type[SourceSettings]] = HeartbeatSettings
    meanings: ClassVar[Mapping[str, str]] = {
        "age": "since the job touched its file",
        "up": "1 while the file is young enough and says nothing bad, else 0",
        "<figure>": "a number that the job wrote into it, by `figures`",
    }

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._reading: asyncio.Future[Beat | None] | None = None

    async def sample(self) -> Sample:
        """Read the file once. Raises ProbeError for one that cannot be read."""
        if self._reading is None or self._reading.done():  # a disk that hangs holds one thread
            self._reading = start(partial(read, self._settings.path), "heartbeat")
        beat = await asyncio.shield(self._reading)
        now = self.context.clock.now().timestamp()
        if beat is not None and beat.at > now + 60:  # by such a time it would never be late
            raise ProbeError("read", "touched in the future", "are the clocks set?")
        age = None if beat is None else max(now - beat.at, 0.0)
        faults = tuple(faults_of(beat, age, self._settings.late_after))
        known = {name: beat.number(name) for name in self._settings.figures} if beat else {}
        known |= {"age": age, "up": 0.0 if faults else 1.0}
        signals = (
            Signal(name, known.get(name.partition(".")[2]), unit)
            for name, unit in self.signals(self.name, self._settings).items()
        )
        said = tuple(beat.said.items()) if beat else ()
        table = Table("What the job said", ("name", "value"), said)
        seen = GenericSeen(faults=faults, tables=(table,), text=beat.text if beat else "")
        return Sample(seen, tuple(signals))

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.{figure}": unit for figure, unit in (OWN | _own(settings).figures).items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        return down_rules(name, _own(settings), scale)


def faults_of(beat: Beat | None, age: float | None, limit: float) -> Iterator[str]:
    """What is not as it should be, in words."""
    if beat is None or age is None:
        yield "there is no file: the job has not been done"
        return
    if age > limit:
        yield f"late: done {short_duration(age)} ago, {short_duration(limit)} at most"
    if beat.said.get("status", "ok").lower() != "ok":
        yield f"the job says: {beat.said['status']}"


def _own(settings: SourceSettings) -> HeartbeatSettings:
    assert isinstance(settings, HeartbeatSettings)  # what else: it says so in Settings
    return settings
