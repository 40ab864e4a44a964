"""What a shared screen sees through: everything it is told is masked here, and nowhere else."""

import asyncio
import os
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from warroom.config.load import Config
from warroom.config.masker import Masker
from warroom.config.sharing import Known, known_in, known_of
from warroom.incident.actor import Actor
from warroom.sharing.mask import Mask
from warroom.sharing.walk import Twins
from warroom.wire import EngineMessage

_T = TypeVar("_T")
MANY = ("sources", "entries")
"""Fields of messages that may hold hundreds: at once they take longer than the loop may wait."""
PASSES = 3
"""Times that messages are masked piece by piece while more names become known; then at once."""


class Lens:
    """One room's: a value has the same stand-in on every shared screen, for as long as the engine
    lives. ``masker`` has the secrets that were looked up: addresses may be among them."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._mask = Mask()
        self._twins = Twins(self._mask)
        self._looked_up = 0
        self._known(Known((os.uname().nodename,), ()))

    @property
    def version(self) -> int:
        """Rises when what was told before would be told otherwise now."""
        return self._mask.version

    def configure(self, config: Config) -> None:
        """What may be seen, and what the file names."""
        self._mask.allow(config.share.allow)
        for settings in (*config.sources.values(), *config.receivers.values(), config.messages):
            self._known(known_of(settings))
        self.of(config.procedures)

    def of(self, value: _T) -> _T:
        """A struct as it may be seen."""
        return self._twins.of(value)

    def text(self, text: str) -> str:
        """Running text as it may be seen."""
        return self._mask.text(text)

    def person(self, name: str) -> str:
        return self._mask.string("person", name)

    def statement(self, sql: str) -> str:
        return self._mask.string("sql", sql)

    def met(self, actor: Actor) -> None:
        """Somebody attached."""
        self._twins.of(actor)

    async def through(self, messages: Iterable[EngineMessage]) -> list[EngineMessage]:
        """The messages as they may be seen. What one of them names anew is masked in all. The loop
        is let go between the parts of a large one."""
        self.of_secrets()
        asked = list(messages)
        for _ in range(PASSES):
            before = self.version
            made = [await self._piecewise(one) for one in asked]
            if self.version == before:
                return made
        return self._at_once(asked)

    def _at_once(self, asked: list[EngineMessage]) -> list[EngineMessage]:
        while True:
            before = self.version
            made = [self._twins.of(one) for one in asked]
            if self.version == before:
                return made

    async def _piecewise(self, message: _T) -> _T:
        """The message's twin, its sources or entries one by one."""
        many = next((name for name in MANY if getattr(message, name, None)), "")
        if not many:
            return self._twins.of(message)
        parts = []
        for part in getattr(message, many):
            parts.append(self._twins.of(part))
            await asyncio.sleep(0)
        rest = self._twins.of(replace(cast(Any, message), **{many: ()}))
        return cast(_T, replace(rest, **{many: tuple(parts)}))

    def of_secrets(self) -> None:
        """The machines and people in the addresses that were looked up meanwhile."""
        revealed = self._masker.revealed
        while self._looked_up < len(revealed):
            self._known(known_in(revealed[self._looked_up]))
            self._looked_up += 1

    def real(self, line: bytes) -> bytes:
        """What a shared screen asks, with the values that its stand-ins are for."""
        return self._mask.real(line)

    def _known(self, known: Known) -> None:
        for host in known.hosts:
            self._mask.string("host", host)
        for person in known.people:
            self._mask.string("person", person)
