"""The outbox: what people confirmed is sent, once, to each receiver.

The journal is what it goes by. A message that is durable waits at each of its receivers; that an
attempt begins is durable before its first byte leaves; what came of it is written behind it. So an
engine that is killed knows at its next start what may have come and what cannot have.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from warroom.clock import Clock
from warroom.comms.sender import Outcome, Outgoing, Sender
from warroom.engine.book import Book
from warroom.engine.history import Journal
from warroom.engine.messages.outgoing import Setting, outgoing_of
from warroom.errors import JournalError
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Entry
from warroom.incident.fold import fold
from warroom.incident.incident import Incident
from warroom.incident.outbox import deliveries, outgoing
from warroom.incident.outward import Delivery, DeliveryState, Message
from warroom.journal.store import Store

log = logging.getLogger("warroom.engine")

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds between attempts while nothing could be sent: each pause is twice the one before."""
LAST_WORDS = 1.5
"""Seconds that what is being sent has when the engine ends."""
ENDED = "the engine ended while it was being sent"
KILLED = "the engine was killed while it was being sent"

Key = tuple[str, int, str]
"""An incident's id, the number of the message's entry, the receiver."""


class Outbox:
    """Sends what waits in the incidents of ``book``. One attempt at a time for each receiver and
    incident, the oldest message first."""

    def __init__(
        self,
        book: Book,
        keeper: Journal,
        clock: Clock,
        senders: Callable[[], Awaitable[Mapping[str, Sender]]],
        setting: Callable[[], Setting],
    ) -> None:
        self._book, self._keeper, self._clock = book, keeper, clock
        self._senders, self._setting = senders, setting
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._pauses: dict[Key, float] = {}
        self._not_before: dict[Key, float] = {}
        self._begun: set[Key] = set()
        """The attempts of this life that may have sent something, and have not ended."""

    @property
    def count(self) -> int:
        """How many deliveries wait or are under way."""
        return sum(len(outgoing(incident)) for incident in self._book.shown)

    def look(self) -> None:
        """Begin what may begin; to be called about twice a second, and when something came."""
        if self._keeper.waiting:
            return  # the journal is behind: nothing is sent that could not be written down
        for incident in self._book.shown:
            self._take_up(incident)
            for key in _first_of_each(incident):
                late = self._not_before.get(key, 0.0) > self._clock.monotonic()
                if not late and key not in self._tasks:
                    self._begin(key)

    def hurry(self, key: Key) -> None:
        """A person wants it tried now."""
        self._pauses.pop(key, None)
        self._not_before.pop(key, None)

    async def close(self) -> None:
        """Let what is being sent come to its end, for a moment; of the rest nobody knows."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks.values()), timeout=LAST_WORDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=LAST_WORDS)

    def _take_up(self, incident: Incident) -> None:
        """What an engine before this one began and did not end: nobody knows what came of it."""
        for message, delivery in deliveries(incident, "sending"):
            key = (incident.id, message.entry, delivery.receiver)
            if key not in self._tasks and key not in self._begun:
                self._write(key, "unknown", KILLED)

    def _begin(self, key: Key) -> None:
        task = asyncio.create_task(self._attempt(key), name=f"message to {key[2]}")
        self._tasks[key] = task
        task.add_done_callback(partial(self._ended, key))

    def _ended(self, key: Key, task: "asyncio.Task[None]") -> None:
        del self._tasks[key]
        self._begun.discard(key)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("sending to %s failed", key[2], exc_info=error)
            self._write(key, "unknown", f"our own fault ({type(error).__name__}): warroom logs")

    async def _attempt(self, key: Key) -> None:
        """Send it once, and write down what came of it."""
        sender = (await self._senders()).get(key[2])
        if sender is None:
            self._came(key, Outcome(state="waiting", text="no such receiver is configured now"))
            return
        try:
            message = await self._message(key)
            outcome = await sender.send(message, partial(self._begins, key))
        except JournalError as error:
            # What could not be written down was not sent. That it begins may yet be written.
            self._came(key, Outcome(state="waiting", text=f"not sent: {error}"), told=True)
        except asyncio.CancelledError:
            if key in self._begun:
                self._write(key, "unknown", ENDED)
            raise
        else:
            self._came(key, outcome)

    async def _begins(self, key: Key) -> None:
        """From here on something may have left. Raises ``JournalError`` where that could not be
        made durable: then nothing leaves."""
        await self._keeper.write([self._draft(key, "sending", "")])
        self._begun.add(key)

    async def _message(self, key: Key) -> Outgoing:
        """As it was when a person confirmed it, however long it has waited since. Raises
        ``JournalError``."""
        name, number, _ = key

        def told(store: Store) -> tuple[Incident | None, Entry | None]:
            entries = tuple(entry for entry in store.all_of(name) if entry.number <= number)
            return fold(entries), entries[-1] if entries else None

        incident, entry = await self._keeper.read(told)
        if incident is None or entry is None or not isinstance(entry.body, Message):
            raise JournalError(f"entry {number} of {name} is no message any more")
        by, at = entry.actor.person, entry.happened
        return outgoing_of(incident, entry.body, by, at, self._setting())

    def _came(self, key: Key, outcome: Outcome, *, told: bool = False) -> None:
        """Write down what came of an attempt; that it waits on for the same reason as before only
        where something else was ``told`` in between."""
        if outcome.state == "waiting":
            pause = min(self._pauses.get(key, FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
            self._pauses[key] = pause
            self._not_before[key] = self._clock.monotonic() + max(pause, outcome.again or 0.0)
            if not told and key not in self._begun and self._stands_so(key, outcome.text):
                return
        else:
            self.hurry(key)
        self._write(key, outcome.state, outcome.text)

    def _stands_so(self, key: Key, text: str) -> bool:
        """Whether it waits for this very reason already: a timeline wants it once."""
        incident = self._book.incident(key[0])
        return incident is not None and any(
            (message.entry, delivery.receiver) == key[1:] and delivery.text == text
            for message, delivery in deliveries(incident, "waiting")
        )

    def _write(self, key: Key, state: DeliveryState, text: str) -> None:
        self._keeper.keep([self._draft(key, state, text)])

    def _draft(self, key: Key, state: DeliveryState, text: str) -> Draft:
        body = Delivery(message=key[1], receiver=key[2], state=state, text=text)
        return Draft(incident=key[0], happened=self._clock.now(), actor=WARROOM, body=body)


def _first_of_each(incident: Incident) -> Iterable[Key]:
    """Of each receiver the oldest message that waits, if none is being sent to it."""
    busy = {delivery.receiver for _, delivery in deliveries(incident, "sending")}
    first: dict[str, Key] = {}
    for message, delivery in deliveries(incident, "waiting"):
        if delivery.receiver not in busy:
            first.setdefault(delivery.receiver, (incident.id, message.entry, delivery.receiver))
    return first.values()
