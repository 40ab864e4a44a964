"""The parts of an engine, put together."""

import asyncio
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass

from warroom import __version__
from warroom.actions.hand import Hand
from warroom.attach.room import RoomPaths
from warroom.clock import Clock
from warroom.config.load import Config, load
from warroom.config.masker import Masker
from warroom.engine.actions.actions import Actions
from warroom.engine.aside import aside
from warroom.engine.board import Board, News
from warroom.engine.desk import Desk
from warroom.engine.ending import Ending
from warroom.engine.evidence.recorder import Recorder
from warroom.engine.gate import Gate
from warroom.engine.incidents import Incidents
from warroom.engine.lens import Lens
from warroom.engine.making import Making
from warroom.engine.messages.messages import Messages
from warroom.engine.playbooks.checks import Checks
from warroom.engine.playbooks.playbooks import Playbooks
from warroom.engine.server import Server
from warroom.engine.watch import Watch
from warroom.errors import ConfigError, EngineError
from warroom.incident.acting.kinds import ActionView
from warroom.incident.actor import Actor
from warroom.incident.entries import Entry
from warroom.incident.incident import summary
from warroom.journal.store import Store
from warroom.sources.base import Context
from warroom.sources.registry import Installed, discover
from warroom.wire import EngineStatus, Goodbye, Status, Stop

log = logging.getLogger("warroom.engine")

STANDSTILL = 2.0
"""Seconds from one check to the next after which it is this process that did not look."""


@dataclass(frozen=True)
class Loaded:
    """A configuration, and the source kinds it was checked with."""

    config: Config
    kinds: Installed

    @property
    def problems(self) -> tuple[str, ...]:
        """The plugins that cannot be used."""
        return tuple(
            f"the source kind {name} cannot be used: {type(error).__name__}: {error}"
            for name, error in self.kinds.broken.items()
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
        self._loaded, self._masker = loaded, masker
        self._making = Making(paths.config.parent, clock, masker)
        self._started = self._checked = clock.monotonic()
        self._board = Board(loaded.config, clock)
        context = Context(clock=clock, folder=paths.config.parent, mask=masker.add)
        self._watch = Watch(self._board, context, clock, masker)
        self._incidents = Incidents(
            self._board,
            clock,
            lambda: Store(paths.journal, clock),
            self._incidents_changed,
            self._journal_troubled,
            self._entries_heard,
        )
        self._incidents.configure(loaded.config)
        self._actions = Actions(
            self._board,
            clock,
            self._incidents,
            self._hands,
            masker.mask,
            self._actions_changed,
            masker.add,
        )
        self._incidents.on = lambda: self._actions.on
        self._incidents.began = self._actions.begins
        self._mask_clear(loaded.config)
        self._messages = Messages(self._board, clock, self._incidents, self._making.senders)
        self._messages.configure(loaded.config)
        self._recorder = Recorder(
            paths.journal.parent,
            clock,
            self._incidents.book,
            self._incidents.keeper,
            lambda words: self._say("evidence", (words,) if words else ()),
        )
        self._playbooks = Playbooks(
            self._board,
            clock,
            self._incidents,
            Checks(
                self._board,
                clock,
                self._incidents,
                self._making.checks,
                self._watch.probe,
                masker.mask,
                lambda: self.server.occupied_changed.set(),
            ),
        )
        self._incidents.completed = self._playbooks.completed
        desk = Desk(
            self._board,
            self._watch,
            self._incidents,
            self._messages,
            self._actions,
            self._playbooks,
            self.reload,
            self._stop,
            self.status,
        )
        gate = Gate(group=paths.group is not None)
        self._lens = Lens(masker)
        self._lens.configure(loaded.config)
        self.server = Server(
            self._board, self._incidents, self._actions, gate, desk.handle, clock, self._lens
        )
        self._actions.configure(loaded.config)
        self._board.tell(self._board_changed)
        self._troubles: dict[str, tuple[str, ...]] = {}
        self._reloading = asyncio.Lock()

    @property
    def linger(self) -> float | None:
        """Seconds to outlive the last console; None for ever."""
        linger = self._loaded.config.room.linger
        return None if linger == "forever" else float(linger)

    @property
    def needed(self) -> bool:
        """Whether somebody is attached, an incident is open, a message waits to be sent, an action
        or a check runs, or something is still on."""
        return bool(
            self.server.consoles
            or self._incidents.book.open
            or self._messages.outbox.count
            or self._actions.busy
            or self._playbooks.checks.running
        )

    async def start(self) -> None:
        # The journal first: whoever attaches finds the incident that is open.
        await self._incidents.start()
        await self._watch.apply(self._loaded.config, self._loaded.kinds)
        self._playbooks.configure(self._loaded.config)
        self._say("configuration", self._loaded.problems)

    def check(self) -> None:
        """What time alone changes; to be called about twice a second."""
        now = self._clock.monotonic()
        stood, self._checked = now - self._checked, now
        if stood > STANDSTILL:
            log.warning("this process stood still for %.0f s", stood)
            self._board.stood_still(stood)
        self._board.check()
        self._incidents.look()
        self._messages.outbox.look()
        self._actions.look()
        self._playbooks.look()
        self._recorder.look()

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
            self._say("configuration", (*self._loaded.problems, words))
            raise
        before, self._loaded = self._loaded.config.room, loaded
        self._incidents.configure(loaded.config)
        self._messages.configure(loaded.config)
        self._mask_clear(loaded.config)
        self._lens.configure(loaded.config)
        done = await self._watch.apply(loaded.config, loaded.kinds)
        # After the watch: what they name is there.
        self._actions.configure(loaded.config)
        self._playbooks.configure(loaded.config)
        room = loaded.config.room
        moved = (before.dir, before.group) != (room.dir, room.group)
        restart = ("the room's dir or group changed: type warroom restart",) if moved else ()
        self._say("configuration", (*loaded.problems, *restart))
        self.server.renewed()
        log.info("configuration reloaded: %s", done)
        return "; ".join((f"configuration reloaded: {done}", *restart))

    def status(self) -> Status:
        uptime = round(max(0.0, self._clock.monotonic() - self._started), 1)
        return Status(
            engine=EngineStatus(
                pid=os.getpid(),
                uptime_s=uptime,
                version=__version__,
                tasks=len(asyncio.all_tasks()),
            ),
            incidents=tuple(map(summary, self._incidents.book.open)),
            waiting=self._incidents.waiting,
            outbox=self._messages.outbox.count,
            running=len(self._actions.running),
            on=tuple(one.name for one in self._actions.on),
            consoles=self.server.statuses(),
            sources=self._board.statuses(),
            past=self._board.past(),
            proposals=self._board.proposals,
        )

    async def close(self, goodbye: Goodbye) -> None:
        """End the connections, then polls and journal; about a second each at most."""
        self._actions.end()  # at once: what runs is to be gone within two seconds
        self._playbooks.checks.end()
        await self.server.close(goodbye)
        await asyncio.gather(self._actions.close(), self._playbooks.checks.close())
        await asyncio.gather(self._messages.outbox.close(), self._recorder.close())
        await asyncio.gather(self._watch.close(), self._incidents.close(goodbye.reason))

    async def _hands(self, config: Config, views: Mapping[str, ActionView]) -> dict[str, Hand]:
        return await self._making.hands(config, views, self._actions.live, self._actions.age)

    def _mask_clear(self, config: Config) -> None:
        """What stands in the file in clear is a secret as well."""
        for secret in config.clear:
            self._masker.add(secret)

    def _entries_heard(self, entries: tuple[Entry, ...]) -> None:
        self._actions.heard(entries)

    def _actions_changed(self) -> None:
        self.server.actions_changed()

    def _board_changed(self, news: News) -> None:
        self.server.changed(news)
        self._actions.saw(news.names)
        views = self._board.views(news.names) if news.names else ()
        self._recorder.saw(views)
        if views or news.past:
            self._playbooks.saw(views)
        if news.past:
            self._incidents.saw()

    def _incidents_changed(self, anew: bool) -> None:
        self.server.incidents_changed(anew)

    def _journal_troubled(self, words: str) -> None:
        self._say("journal", (words,) if words else ())

    def _say(self, what: str, words: tuple[str, ...]) -> None:
        """Our own troubles, by what they are of; the journal's come first."""
        if self._troubles.get(what, ()) != words:
            self._troubles[what] = words
            order = ("journal", "evidence", "configuration")
            self._board.set_problems(tuple(w for o in order for w in self._troubles.get(o, ())))

    def _stop(self, actor: Actor, request: Stop) -> str:
        open_ones = ", ".join(incident.id for incident in self._incidents.book.open)
        running = ", ".join(run.held.plan.title for run in self._actions.running)
        if running and not request.force:
            what = "restart" if request.restart else "stop"
            raise EngineError(
                f"{running} is running, and would be ended",
                f"wait for it, or type: warroom {what} --force",
            )
        if open_ones and not (request.force or request.restart):
            raise EngineError(
                f"{open_ones} is open: without the engine nobody watches",
                "resolve it, or type: warroom stop --force",
            )
        what = "restarts" if request.restart else "stopped"
        reason = f"{actor.shown} {what} the engine"
        self._ending.begin(Goodbye(reason=reason, restart=request.restart))
        return f"the engine (pid {os.getpid()}) ends"
