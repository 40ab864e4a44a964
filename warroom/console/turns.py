"""Keys and pastes, one after the other: each finds the console as the one before has left it.

Textual hands a key to what has the focus at that moment, and goes on to the next. Of several that
come in one read (a slow link, a stall) the later ones would go where the first is leading away
from: to the panel in place of the dialog, to the room in place of the line.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from warroom.console.screens.room import RoomScreen

if TYPE_CHECKING:
    from warroom.console.app import Console

PATIENCE = 10
"""Ticks after which the others are handed on all the same: whatever hangs, one can leave."""
TICK = 0.2
"""Seconds. Ticks are counted, not seconds: a console that stood still itself goes on in order."""

ROUNDS = 3
"""How often word is sent: behind a key, what its widget says then, and what is made of that."""
MOMENT = 0.01
"""Seconds until it is looked again whether a page has been turned."""


class Turns:
    """Whose turn it is. ``deliver`` hands one on, as Textual does."""

    def __init__(
        self, console: "Console", deliver: Callable[[events.Event], Awaitable[None]]
    ) -> None:
        self._console = console
        self._deliver = deliver
        self._waiting: deque[tuple[float, events.Event]] = deque()
        self._turn = 0
        self._typed: float | None = None
        """When the one came whose turn it is, by the console's clock; None while it is nobody's."""
        self._screen: Screen[object] | None = None
        """What was in front when word was sent behind it."""
        self._rounds = 0
        """How often it was since that is in front."""
        self._patience: asyncio.TimerHandle | None = None

    async def take(self, event: events.Event) -> None:
        """Hand it on when it is its turn."""
        self._waiting.append((self._console.clock.monotonic(), event))
        if self._typed is None:
            await self._go_on()

    def typed(self) -> float:
        """When the key came that is being heard, by the console's clock; now if it is no key's
        doing."""
        return self._console.clock.monotonic() if self._typed is None else self._typed

    async def _go_on(self) -> None:
        while self._waiting:
            self._turn += 1
            self._typed, event = self._waiting.popleft()
            field = self._console.focused if self._front() is not None else None
            await self._deliver(event)
            # Letters of one field find nothing else than their order: four times as fast.
            if self._waiting and _letter(field, event) and _letter(field, self._waiting[0][1]):
                continue
            front = self._front()
            if front is not None:
                self._wait_for_it(self._turn, PATIENCE)
                self._follow(front)
                return
            self._typed = None

    def _wait_for_it(self, turn: int, ticks: int) -> None:
        if ticks:
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(TICK, self._wait_for_it, turn, ticks - 1)
        else:
            self._console.call_later(self._give_up, turn)

    def _follow(self, front: "Screen[object]") -> None:
        """Send word behind it, the way it goes: from what has the focus up to the console."""
        self._rounds = self._rounds + 1 if front is self._screen else 1
        self._screen = front
        self._pass_on(self._turn, self._console.focused or front)

    def _pass_on(self, turn: int, pump: MessagePump | None) -> None:
        # What is closing takes no more, and passes no key on either.
        while isinstance(pump, Widget) and not pump.call_later(self._pass_on, turn, pump._parent):
            pump = pump._parent
        if not isinstance(pump, Widget):
            self._console.call_later(self._arrived, turn)

    async def _arrived(self, turn: int) -> None:
        """It has done what it does. What it brought to the front is opened before the next."""
        if turn != self._turn:
            return
        front = self._front()
        if front is not None and (front is not self._screen or self._rounds < ROUNDS):
            self._follow(front)
        elif isinstance(front, RoomScreen) and front.turning:
            again = partial(self._console.call_later, self._arrived, turn)
            asyncio.get_running_loop().call_later(MOMENT, again)
        else:
            self._end()
            await self._go_on()

    async def _give_up(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._end()
        while self._waiting:
            await self._deliver(self._waiting.popleft()[1])

    def _end(self) -> None:
        self._turn += 1
        self._typed = self._screen = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _front(self) -> Screen[object] | None:
        try:
            return self._console.screen
        except ScreenStackError:
            return None  # it is ending


def _letter(field: Widget | None, event: events.Event) -> bool:
    """Whether it is no more than a letter of that field's words."""
    return (
        isinstance(field, Input)
        and isinstance(event, events.Key)
        and field.check_consume_key(event.key, event.character)
    )
