"""The parts of an engine, put together."""

import asyncio
import logging
import os
from dataclasses import dataclass

from warroom import __version__
from warroom.attach.room import RoomPaths
from warroom.clock import Clock
from warroom.config.load import Config, load
from warroom.config.masker import Masker
from warroom.engine.aside import aside
from warroom.engine.board import Board
from warroom.engine.desk import Desk
from warroom.engine.ending import Ending
from warroom.engine.gate import Gate
from warroom.engine.server import Server
from warroom.engine.watch import Kinds, Watch
from warroom.errors import ConfigError
from warroom.incident.actor import Actor
from warroom.sources.base import Context
from warroom.sources.registry import discover
from warroom.wire import EngineStatus, Goodbye, Status

log = logging.getLogger("warroom.engine")

STANDSTILL = 2.0
"""Seconds from one check to the next after which it is this process that did not look."""


@dataclass(frozen=True)
class Loaded:
    """A configuration, and the source kinds it was checked with."""

    config: Config
    kinds: Kinds

    @property
    def problems(self) -> tuple[str, ...]:
        """The plugins that cannot be used."""
        return tuple(
            f"the source kind {name} cannot be used: {type(kind).__name__}: {kind}"
            for name, kind in self.kinds.items()
            if isinstance(kind, Exception)
        )


def load_all(paths: RoomPaths) -> Loaded:
    """Read the configuration and find the plugins; blocks. Raises ``ConfigError``, but not for
    a plugin that is broken: its sources are there, and cannot be seen."""
    kinds = discover()
    return Loaded(load(paths.config, kinds, keep_broken=True), kinds)


class Engine:
    """One room's engine but for its socket and its process."""

    def __init__(
        self, paths: RoomPaths, loaded: Loaded, clock: Clock, masker: Masker, ending: Ending
    ) -> None:
        self._paths, self._clock, self._ending = paths, clock, ending
        self._loaded = loaded
        self._started = self._checked = clock.monotonic()
        self._board = Board(loaded.config, clock)
        context = Context(clock=clock, folder=paths.config.parent, mask=masker.add)
        self._watch = Watch(self._board, context, clock, masker)
        desk = Desk(self._board, self._watch, self.reload, self._stop, self.status)
        gate = Gate(group=paths.group is not None)
        self.server = Server(self._board, gate, desk.handle, clock)
        self._board.tell(self.server.changed)
        self._reloading = asyncio.Lock()

    @property
    def linger(self) -> float | None:
        """Seconds to outlive the last console; None for ever."""
        linger = self._loaded.config.room.linger
        return None if linger == "forever" else float(linger)

    async def start(self) -> None:
        await self._watch.apply(self._loaded.config, self._loaded.kinds)
        self._board.set_problems(self._loaded.problems)

    def check(self) -> None:
        """What time alone changes; to be called about twice a second."""
        now = self._clock.monotonic()
        stood, self._checked = now - self._checked, now
        if stood > STANDSTILL:
            log.warning("this process stood still for %.0f s", stood)
            self._board.stood_still(stood)
        self._board.check()

    async def reload(self) -> str:
        """Read the configuration again. A bad one raises ``ConfigError``, stays out of force,
        and is named in the room until a good one comes."""
        async with self._reloading:
            return await self._reload()

    async def _reload(self) -> str:
        try:
            loaded = await aside(lambda: load_all(self._paths), "warroom-load")
        except ConfigError as error:
            log.warning("configuration refused:\n%s", error)
            first, more = error.problems[0], len(error.problems) - 1
            rest = f" and {more} more" if more else ""
            words = f"configuration refused: {first}{rest}; the old one stays in force"
            self._board.set_problems((*self._loaded.problems, words))
            raise
        before, self._loaded = self._loaded.config.room, loaded
        done = await self._watch.apply(loaded.config, loaded.kinds)
        room = loaded.config.room
        moved = (before.dir, before.group) != (room.dir, room.group)
        restart = ("the room's dir or group changed: type warroom restart",) if moved else ()
        self._board.set_problems((*loaded.problems, *restart))
        self.server.renewed()
        log.info("configuration reloaded: %s", done)
        return "; ".join((f"configuration reloaded: {done}", *restart))

    def status(self) -> Status:
        uptime = round(max(0.0, self._clock.monotonic() - self._started), 1)
        return Status(
            engine=EngineStatus(pid=os.getpid(), uptime_s=uptime, version=__version__),
            consoles=self.server.statuses(),
            sources=self._board.statuses(),
            past=self._board.past(),
        )

    async def close(self, goodbye: Goodbye) -> None:
        """End the connections, then the polls; about a second each at most."""
        await self.server.close(goodbye)
        await self._watch.close()

    def _stop(self, actor: Actor, restart: bool) -> str:
        what = "restarts" if restart else "stopped"
        self._ending.begin(Goodbye(reason=f"{actor.name} {what} the engine", restart=restart))
        return f"the engine (pid {os.getpid()}) ends"
