"""Keeps the journal: one thread writes, and what cannot be written waits in memory.

A batch is answered once it is durable, and not before. Where the disk is full its writer is told
so at once; the batch stays here, in its place, and is written as soon as there is room.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

from msgspec.structs import replace

from warroom.engine.worker import Worker
from warroom.errors import JournalError
from warroom.incident.entries import Draft, Entry

log = logging.getLogger("warroom.engine")

AGAIN = 1.0
"""Seconds until what could not be written is tried again."""
SLOW = 5.0
"""Seconds one write may take before the room says that the journal does not answer."""
MOST = 5_000
"""Entries that wait at most; more are refused, and whoever wrote them keeps them."""

R = TypeVar("R")
T = TypeVar("T")


class Store(Protocol):
    """What is asked of the journal; every method blocks."""

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]: ...

    def close(self) -> None: ...


S = TypeVar("S", bound=Store)


class WaitsError(JournalError):
    """It is not durable: it waits in memory to be written."""


@dataclass(eq=False)
class _Batch:
    """Entries that are written together. ``done`` is None once nobody waits for them."""

    drafts: tuple[Draft, ...]
    done: asyncio.Future[tuple[Entry, ...]] | None = field(default=None)


class Keeper(Generic[S, T]):
    """The writing end of one journal.

    ``load`` reads what is needed of it once it is open (in its thread), and ``loaded`` gets that;
    ``written`` gets what became durable, in order; ``troubled`` what is wrong, and nothing once
    all is well again.
    """

    def __init__(
        self,
        open_store: Callable[[], S],
        load: Callable[[S], T],
        loaded: Callable[[T], None],
        written: Callable[[tuple[Entry, ...]], None],
        troubled: Callable[[str], None],
    ) -> None:
        self._open_store, self._load, self._loaded = open_store, load, loaded
        self._is_open = False
        self._written, self._troubled = written, troubled
        self._worker = Worker("warroom-journal")
        self._store: S | None = None
        self._waiting: list[_Batch] = []
        self._wake = asyncio.Event()
        self._at_rest = asyncio.Event()
        """Set while nothing can be written: there is nothing, or it cannot be done."""
        self._task: asyncio.Task[None] | None = None
        self._alone = False
        """Whether the next batch is written alone: one of those before it is no good."""
        self._trouble = ""

    @property
    def waiting(self) -> tuple[Draft, ...]:
        """What is not durable yet, in the order it will be."""
        return tuple(draft for batch in self._waiting for draft in batch.drafts)

    async def start(self) -> None:
        """Open the journal. When it cannot be, that is said, and tried again for as long as it
        takes: nobody is kept from watching."""
        await self._open()
        self._task = asyncio.create_task(self._write(), name="journal")

    async def _open(self) -> None:
        try:
            loaded = await self._worker.run(lambda: self._open_and(self._load))
        except JournalError as error:
            self._say(error)
        else:
            self._is_open = True
            self._say(None)
            self._loaded(loaded)

    async def write(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Make these durable, together. Raises ``WaitsError`` when they could not be made so yet
        and wait, ``JournalError`` when they are refused since too much waits."""
        if len(self.waiting) + len(drafts) > MOST:
            raise JournalError(
                f"{self._trouble or 'the journal is slow'}; {MOST} entries wait in memory already",
                "make room on the disk, and send it again",
            )
        batch = _Batch(_named(drafts), asyncio.get_running_loop().create_future())
        assert batch.done is not None
        self._add(batch)
        try:
            return await batch.done
        finally:
            batch.done = None

    def keep(self, drafts: Sequence[Draft]) -> None:
        """Make these durable; nobody waits for it."""
        if drafts and len(self.waiting) + len(drafts) <= MOST:
            self._add(_Batch(_named(drafts)))

    def _add(self, batch: _Batch) -> None:
        self._waiting.append(batch)
        self._at_rest.clear()
        self._wake.set()

    async def read(self, work: Callable[[S], R]) -> R:
        """What ``work`` reads, in the journal's thread. Raises ``JournalError``."""
        return await self._worker.run(lambda: self._open_and(work))

    async def close(self, patience: float) -> None:
        """Write what waits, if it can be done in so many seconds; then close the journal."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._at_rest.wait()
        self._task.cancel()
        await asyncio.wait((self._task,))
        if self._waiting:
            log.error("%d entries could not be written: %s", len(self.waiting), self._trouble)
        with contextlib.suppress(TimeoutError, JournalError):
            async with asyncio.timeout(patience):
                await self._worker.run(self._close)
        self._worker.close()

    # in the journal's thread ----------------------------------------------------------

    def _open_and(self, work: Callable[[S], R]) -> R:
        if self._store is None:
            self._store = self._open_store()
        return work(self._store)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()

    # the writer -----------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            self._wake.clear()
            if not self._is_open:
                await self._open()
            if self._waiting and self._is_open:
                await self._write_once()
            if not self._waiting or self._trouble:
                self._at_rest.set()
            if self._trouble:
                await asyncio.sleep(AGAIN)
            elif not self._waiting:
                await self._wake.wait()

    async def _write_once(self) -> None:
        """Everything that waits, in one transaction: many hands write as fast as one."""
        batches = self._waiting[:1] if self._alone else list(self._waiting)
        drafts = [draft for batch in batches for draft in batch.drafts]
        slow = asyncio.get_running_loop().call_later(SLOW, self._does_not_answer)
        try:
            entries = await self._worker.run(lambda: self._open_and(lambda s: s.append(drafts)))
        except JournalError as error:
            self._say(error)
            self._tell_waiting(WaitsError(str(error), error.hint))
            return
        except Exception:
            # No fault of the disk: what cannot be written at all must not hold up the rest.
            log.exception("entries could not be written")
            self._alone = True
            if len(batches) == 1:
                self._refuse(batches[0])
            return
        finally:
            slow.cancel()
        self._alone = False
        del self._waiting[: len(batches)]
        self._say(None)
        self._written(entries)
        for batch in batches:
            mine, entries = entries[: len(batch.drafts)], entries[len(batch.drafts) :]
            if batch.done is not None and not batch.done.done():
                batch.done.set_result(mine)

    def _refuse(self, batch: _Batch) -> None:
        self._waiting.remove(batch)
        self._alone = False
        if batch.done is not None and not batch.done.done():
            batch.done.set_exception(JournalError("that cannot be written; see: warroom logs"))

    def _does_not_answer(self) -> None:
        error = JournalError(f"the journal has not answered for {SLOW:g} s")
        self._say(error)
        self._tell_waiting(WaitsError(str(error)))

    def _tell_waiting(self, error: WaitsError) -> None:
        for batch in self._waiting:
            if batch.done is not None and not batch.done.done():
                batch.done.set_exception(error)

    def _say(self, error: JournalError | None) -> None:
        words = str(error) if error is not None else ""
        if words and words != self._trouble:
            log.error("the journal cannot be written: %s", error and error.explain())
        elif not words and self._trouble:
            log.warning("the journal can be written again")
        self._trouble = words
        if words:
            count = len(self.waiting)
            kept = f"; {count} entries wait in memory, NOT on disk" if count else ""
            words = f"THE JOURNAL CANNOT BE WRITTEN: {words}{kept}"
        self._troubled(words)


def _named(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Each with a name of its own: a commit of which nobody knows whether it was one is tried
    again, and then writes nothing twice."""
    return tuple(d if d.once else replace(d, once=uuid4().hex) for d in drafts)
