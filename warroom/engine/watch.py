"""The pollers, one for each source of the configuration."""

import asyncio
import functools
from collections.abc import Mapping

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.config.masker import Masker
from warroom.config.settings import SourceSettings
from warroom.engine.absent import absent
from warroom.engine.board import Board
from warroom.engine.poll import Poll
from warroom.engine.poller import Poller
from warroom.engine.vantage import Vantage
from warroom.errors import EngineError
from warroom.sources.base import Context, Source
from warroom.text import safe

Kinds = Mapping[str, type[Source] | Exception]


class Watch:
    """All pollers of one room; what they see goes to the board."""

    def __init__(self, board: Board, context: Context, clock: Clock, masker: Masker) -> None:
        self._board, self._context = board, context
        self._clock, self._masker = clock, masker
        self._vantage = Vantage(clock, self._cut_off)
        self._pollers: dict[str, Poller] = {}
        self._settings: dict[str, SourceSettings] = {}
        self._kinds: Kinds = {}

    async def apply(self, config: Config, kinds: Kinds) -> str:
        """Watch what this configuration says. What changed, in words.

        A source whose settings are the same goes on with all it has; its title does not count.
        One whose plugin has been repaired is another source.
        """
        same = {
            name
            for name, settings in config.sources.items()
            if name in self._pollers
            and _untitled(self._settings[name]) == _untitled(settings)
            and self._kinds[settings.kind] is kinds[settings.kind]
        }
        await self._vantage.apply(config.vantage)
        gone = [self._pollers.pop(name) for name in set(self._pollers) - same]
        await asyncio.gather(*(poller.close() for poller in gone))
        declared = {
            name: kind_of(kinds, settings).signals(name, settings)
            for name, settings in config.sources.items()
        }
        self._board.configure(config, declared, same)
        for name, settings in config.sources.items():
            if name not in same:
                self._pollers[name] = self._start(name, settings, kind_of(kinds, settings))
        self._settings, self._kinds = dict(config.sources), kinds
        started = len(self._pollers) - len(same)
        return f"{len(same)} sources go on, {started} started, {len(gone)} ended"

    async def probe(self, name: str) -> Poll:
        """Poll this source now."""
        return await self._poller(name).probe()

    async def inspect(self, name: str, key: str) -> str:
        """More of one thing this source has seen, in safe lines. Raises WarroomError."""
        return await self._poller(name).inspect(key)

    async def close(self) -> None:
        await asyncio.gather(*(poller.close() for poller in self._pollers.values()))
        await self._vantage.close()

    def _cut_off(self, words: str) -> None:
        self._board.cut_off(words)
        if not words:
            for poller in self._pollers.values():
                poller.wake()

    def _poller(self, name: str) -> Poller:
        poller = self._pollers.get(name)
        if poller is None:
            raise EngineError(f"there is no source {safe(name, 60)}")
        return poller

    def _start(self, name: str, settings: SourceSettings, kind: type[Source]) -> Poller:
        poller = Poller(
            settings,
            functools.partial(kind, name, settings, self._context),
            self._clock,
            self._masker.mask,
            functools.partial(self._board.take, name),
            self._vantage,
        )
        poller.start(name)
        return poller


def kind_of(kinds: Kinds, settings: SourceSettings) -> type[Source]:
    """The class that a source of these settings is made of."""
    kind = kinds[settings.kind]
    return absent(settings.kind, kind) if isinstance(kind, Exception) else kind


def _untitled(settings: SourceSettings) -> SourceSettings:
    """What matters for the polling: not how the source is called on the screen."""
    return settings.model_copy(update={"title": ""})
