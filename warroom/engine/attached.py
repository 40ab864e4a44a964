"""One console at the engine's end: what it has still to be told, and the telling."""

import asyncio
from collections import deque
from typing import Protocol

from warroom.engine.board import Board as RoomBoard
from warroom.engine.board import News
from warroom.engine.book import Book
from warroom.engine.fitting import newest
from warroom.engine.incidents import Incidents
from warroom.engine.lens import Lens
from warroom.incident.actor import Actor
from warroom.severity import Scale
from warroom.wire import (
    BEAT,
    Acting,
    Answer,
    Beat,
    Board,
    Changed,
    EngineMessage,
    Goodbye,
    Grant,
    TerminalStatus,
    Timeline,
    encode,
)

TOLD = ("console", "follower")
"""Who is told of incidents."""
AT_ONCE = 8
"""Requests of one console under way or answered but not yet taken."""
AGAIN = 5.0
"""Seconds at least between two times that a shared console is told everything anew, because a name
has become known that is in what it was told."""


class Telling(Protocol):
    """What tells of the actions."""

    seq: int

    def told(self, attached: "Attached", since: int | None) -> Acting:
        """All that changed since then; everything where ``since`` is None."""


class Attached:
    """One connection that was admitted.

    Nothing is queued for it but the names of what changed and at most ``AT_ONCE`` answers:
    what it gets is made when its socket takes it, so a slow one gets the newest, and costs
    no memory.
    """

    def __init__(
        self,
        writer: asyncio.StreamWriter,
        actor: Actor,
        granted: Grant,
        role: str,
        since: float,
        lens: Lens | None = None,
    ) -> None:
        """``lens`` is what a shared one sees through."""
        self.actor, self.granted, self.role, self.since = actor, granted, role, since
        self.terminal: TerminalStatus | None = None
        """What it told of its terminal; None before it did."""
        self.armed_until = float("-inf")
        """Until when this console may act, where it starts locked; monotonic."""
        self._writer = writer
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._answers: deque[Answer] = deque()
        self._names: set[str] = set()
        self._room = self._past = self._proposals = False
        self._whole = role == "console"
        self._begins = role in TOLD
        """Whether nothing of the incidents was told yet."""
        self._incidents = False
        self._seq = 0
        """The last entry's place in the journal that was told."""
        self._actions = role == "console"
        self._acting: int | None = None
        """Up to where it was told of actions; None before it was told anything."""
        self._scale: Scale | None = None
        self._goodbye: Goodbye | None = None
        self._lens = lens
        self._seen, self._anew_at = lens.version if lens is not None else 0, float("-inf")
        """The lens as it was when everything was told, and when that was."""

    def changed(self, news: News) -> None:
        """This changed since."""
        if self.role == "console":
            self._names |= news.names
            self._room |= news.room
            self._past |= news.past
            self._proposals |= news.proposals
            self._wake.set()

    def incidents(self, anew: bool) -> None:
        """Something of the incidents changed since; ``anew``: all of them is to be told."""
        if self.role in TOLD:
            self._incidents = True
            self._begins |= anew
            self._wake.set()

    def actions(self) -> None:
        """Something of the actions changed since."""
        if self.role == "console":
            self._actions = True
            self._wake.set()

    def renewed(self, scale: Scale) -> None:
        """The configuration changed: everything is to be told again."""
        self._whole = self._actions = self.role == "console"
        self._acting = None
        self._scale = scale
        if self._lens is not None:
            self._begins = self.role in TOLD  # what may be seen may be something else
        self._wake.set()

    async def slot(self) -> None:
        """Wait until one more request may be read; ``answer`` gives the place back."""
        await self._slots.acquire()

    def answer(self, answer: Answer) -> None:
        self._answers.append(answer)
        self._wake.set()

    def dismiss(self, goodbye: Goodbye) -> None:
        """Say what there is to say, then this, and no more."""
        self._goodbye = goodbye
        self._wake.set()

    async def tell(self, board: RoomBoard, incidents: Incidents, actions: Telling) -> None:
        """Tell it everything until it is dismissed. Raises OSError when it is gone."""
        # With no buffer allowed, ``drain`` returns when the kernel has taken all of it.
        self._writer.transport.set_write_buffer_limits(high=0)
        self._wake.set()
        while True:
            await self._due()
            answers = len(self._answers)
            messages = self._messages(board, incidents, actions) or [Beat()]
            self._writer.write(b"".join(map(encode, await self.seen(messages))))
            await self._writer.drain()
            for _ in range(answers):
                self._slots.release()
            if isinstance(messages[-1], Goodbye):
                return

    async def seen(self, messages: list[EngineMessage]) -> list[EngineMessage]:
        """The messages as this one may see them."""
        if self._lens is None:
            return messages
        seen = await self._lens.through(messages)
        if any(isinstance(one, Board) for one in seen):
            self._seen = self._lens.version  # what it has named is masked in it already
        return seen

    def real(self, line: bytes) -> bytes:
        """What it says, as it is meant."""
        return line if self._lens is None else self._lens.real(line)

    def _look_again(self) -> None:
        """With another lens everything is to be told again: it holds names that are known now."""
        now = asyncio.get_running_loop().time()
        if self._lens is None or self._lens.version == self._seen or now - self._anew_at < AGAIN:
            return
        self._seen, self._anew_at = self._lens.version, now
        self._whole = self._actions = self.role == "console"
        self._begins = self.role in TOLD
        self._acting = None

    async def _due(self) -> None:
        if not self._wake.is_set():
            try:
                async with asyncio.timeout(BEAT):
                    await self._wake.wait()
            except TimeoutError:
                return
        self._wake.clear()

    def _messages(
        self, board: RoomBoard, incidents: Incidents, actions: Telling
    ) -> list[EngineMessage]:
        messages: list[EngineMessage] = []
        self._look_again()
        if self._whole:
            messages.append(
                Board(
                    room=board.room(),
                    sources=board.views(),
                    scale=self._scale,
                    past=board.past(),
                    procedures=incidents.procedures,
                    proposals=board.proposals,
                )
            )
        elif self._names or self._room or self._past or self._proposals:
            messages.append(
                Changed(
                    sources=board.views(frozenset(self._names)),
                    room=board.room() if self._room else None,
                    past=board.past() if self._past else None,
                    proposals=board.proposals if self._proposals else None,
                )
            )
        if self._begins or self._incidents:
            messages.append(self._timeline(incidents.book))
        if self._actions:
            messages.append(actions.told(self, self._acting))
            self._acting, self._actions = actions.seq, False
        self._whole = self._room = self._past = self._proposals = False
        self._scale = None
        self._names.clear()
        messages.extend(self._answers)
        self._answers.clear()
        if self._goodbye is not None:
            messages.append(self._goodbye)
        return messages

    def _timeline(self, book: Book) -> Timeline:
        """What it was not told of the incidents yet: at first all, afterwards what is new."""
        seq, whole = self._seq, self._begins
        self._seq, self._begins, self._incidents = max(book.last, seq), False, False
        shown = book.shown
        if whole:
            entries = newest(entry for one in shown for entry in book.newest(one.id))
            return Timeline(incidents=shown, entries=entries, lists=book.lists, whole=True)
        return Timeline(
            incidents=tuple(one for one in shown if one.last > seq),
            entries=newest(book.since(seq)),
            lists=book.lists if book.lists.last > seq else None,
        )
