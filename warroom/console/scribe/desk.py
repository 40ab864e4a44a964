"""The desk of whoever writes: what is typed, what is on its way, and that none of it is lost.

An entry counts as posted when the engine says that it is durable. Until then it is sent again
whenever there is an engine, always by the same name, so that it is written once.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from warroom.clock import Clock
from warroom.console.message.half import Half
from warroom.console.messages import Part
from warroom.console.scribe.kept import Kept, Unsaved, merged
from warroom.errors import WarroomError
from warroom.incident.entries import Said, kind_of
from warroom.wire import Answer, Post, Request, Timeline, Welcome

HIDDEN = "(typed before the screen was shared)"
AGAIN = 3.0
"""Seconds until an entry is sent again that got no answer."""


class Desk:
    """One console's. ``send`` asks the engine; ``spawn`` runs a coroutine beside; ``say`` tells
    the person something, true for what is bad; ``changed`` hears of every change."""

    def __init__(
        self,
        clock: Clock,
        *,
        send: Callable[[Request], Awaitable[Answer]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        say: Callable[[str, bool], None],
        changed: Callable[[Kept], None],
    ) -> None:
        self.kept = Kept()
        self._clock = clock
        self._send, self._spawn, self._say, self._changed = send, spawn, say, changed
        self._keep: Callable[[Kept], None] | None = None
        self._aside: Kept | None = None
        """What was typed before others could see it; None when nobody can."""
        self._wake = asyncio.Event()
        self._sending = False
        self._held: set[str] = set()
        """Those an engine keeps in its memory: it writes them when it can, and tells."""

    # what is typed ---------------------------------------------------------------------

    def write(self, text: str, incident: str) -> None:
        """Other words in the line."""
        if text != self.kept.text:
            self._take(self.kept.typing(text, incident))

    def readdress(self, incident: str) -> None:
        """The words in the line are for this incident, whichever they were begun for."""
        self._take(Kept.typing(self.kept.typing("", ""), self.kept.text, incident))

    def remember(self, text: str) -> None:
        """This was done; the line is free."""
        self._take(self.kept.typing("", "").remembering(text))

    def half(self, incident: str, purpose: str) -> Half | None:
        """The message of that purpose that was begun for that incident."""
        return self.kept.half(f"{purpose} {incident}")

    def keep_half(self, half: Half, *, shared: bool = True) -> None:
        """A message as far as it was written. One that was not written on a ``shared`` screen is
        not seen on it, however late its last letter comes."""
        if self._aside is not None and not shared:
            self._aside = self._aside.with_half(half)
            self._hold()
        elif half not in self.kept.halves:
            self._take(self.kept.with_half(half))

    def forget_half(self, incident: str, purpose: str) -> None:
        """It was sent, or is drafted anew."""
        if self.half(incident, purpose) is not None:
            self._take(self.kept.without_half(f"{purpose} {incident}"))

    def keep_form(self, name: str, fields: dict[str, str]) -> None:
        """A form as far as it was filled in; without fields it was sent, or is as it was."""
        if fields != self.kept.forms.get(name, {}):
            self._take(self.kept.with_form(name, fields))

    def adopt(self, found: Kept, keep: Callable[[Kept], None]) -> None:
        """Go on with what was left behind; from now on ``keep`` is told what to hold."""
        self._keep = keep
        if self._aside is not None:
            seen, unseen = _parted(found)
            self._aside = merged((self._aside, unseen))
            found = seen
        # What has been typed since the start is the newest.
        self._take(merged((self.kept, found)))
        self._send_all()

    def hide(self, on: bool) -> None:
        """Others see the screen from now on, or do not any more: what was typed before is kept
        where it is not shown, and comes back."""
        if on and self._aside is None:
            seen, self._aside = _parted(self.kept)
            self._take(self.kept if seen == self.kept else seen)
        elif not on and self._aside is not None:
            aside, self._aside = self._aside, None
            self._take(self.kept.taking_back(aside))

    def late(self, seconds: float) -> int:
        """How many are not saved; none as long as the answers may still come in time."""
        now = self._clock.now()
        outgoing = self.kept.outgoing
        slow = any(o.reason or (now - o.typed_at).total_seconds() >= seconds for o in outgoing)
        return len(outgoing) if slow else 0

    def farewell(self) -> str:
        """What to say when the console goes before all is saved."""
        left = len(self.kept.outgoing)
        if not left or self._keep is None:
            return ""
        said = "1 entry is" if left == 1 else f"{left} entries are"
        return f"warroom: {said} not saved yet; kept, and sent when warroom runs here again"

    # what is on its way ----------------------------------------------------------------

    def post(
        self,
        body: Said,
        incident: str,
        *,
        happened: datetime | None = None,
        typed: str = "",
        shown: str = "",
    ) -> None:
        """Have an entry written. ``typed`` are the words it comes from, for when it is refused."""
        one = Unsaved(
            once=os.urandom(16).hex(),
            incident=incident,
            body=body,
            typed_at=self._clock.now(),
            happened=happened,
            shown=shown or typed or kind_of(body),
            typed=typed,
        )
        self._take(self.kept.sending(one))
        self._send_all()

    def hear(self, parts: Iterable[Part]) -> None:
        """What the engine said: what is durable is done, and a new engine is told all again."""
        for part in parts:
            if isinstance(part, Timeline):
                self._take(self.kept.saved(entry.once for entry in part.entries if entry.once))
            elif isinstance(part, Welcome):
                self._held.clear()
                self._send_all()

    def _take(self, kept: Kept) -> None:
        if kept is self.kept:
            return
        self.kept = kept
        self._hold()
        self._changed(kept)

    def _hold(self) -> None:
        if self._keep is not None:
            aside = self._aside
            self._keep(self.kept if aside is None else self.kept.taking_back(aside))

    def _send_all(self) -> None:
        self._wake.set()
        if not self._sending and self._next() is not None:
            self._sending = True
            self._spawn(self._run())

    def _next(self) -> Unsaved | None:
        """The oldest that no engine has: what was said first is written first."""
        return next((one for one in self.kept.outgoing if one.once not in self._held), None)

    async def _run(self) -> None:
        try:
            while (one := self._next()) is not None:
                self._wake.clear()
                try:
                    await self._offer(one)
                except WarroomError as error:
                    self._take(self.kept.waiting(one.once, str(error)))
                    await self._pause()
        finally:
            self._sending = False

    async def _offer(self, one: Unsaved) -> None:
        """Send one; raises ``WarroomError`` when nobody has answered."""
        when = one.when(self._clock.now())
        answer = await self._send(
            Post(ref=0, once=one.once, incident=one.incident, body=one.body, happened=when)
        )
        if answer.waits:
            self._held.add(one.once)
            self._take(self.kept.waiting(one.once, answer.message or "the disk takes nothing"))
        elif answer.ok:
            self._take(self.kept.saved((one.once,)))
        else:
            self._take(self.kept.refused(one.once))
        if answer.message:
            self._say(answer.message, not answer.ok or answer.waits)

    async def _pause(self) -> None:
        """Until an engine is there, or a while has passed."""
        try:
            async with asyncio.timeout(AGAIN):
                await self._wake.wait()
        except TimeoutError:
            return


def _parted(kept: Kept) -> tuple[Kept, Kept]:
    """What is on its way, without its words; and all that was typed, of which nothing is lost."""
    out = tuple(replace(one, shown=HIDDEN, typed="") for one in kept.outgoing)
    unseen = replace(kept, outgoing=()).remembering(*(one.typed for one in kept.outgoing))
    return Kept(outgoing=out), unseen
