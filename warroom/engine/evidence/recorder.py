"""Keeps what is seen beside every incident that is open, from half an hour before it to ten
minutes after its end. One thread writes; neither a full disk nor a slow one holds anybody up."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from warroom.clock import Clock
from warroom.engine.book import Book
from warroom.engine.evidence.files import Files
from warroom.engine.evidence.recent import Line, Recent
from warroom.engine.history import Journal
from warroom.engine.worker import Worker
from warroom.errors import RoomError
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft
from warroom.incident.incident import Incident
from warroom.incident.outward import Evidence, EvidenceFile
from warroom.incident.spans import seconds
from warroom.wire import SourceView

log = logging.getLogger("warroom.engine")

AFTER = 600.0
"""Seconds after the end of an incident that are kept too."""
PACE = 1.0
"""Seconds between two writes."""
SYNC = 10.0
"""Seconds between two times at which all of it is brought to the disk."""
WAITING = 20_000
"""Lines that wait to be written, at most; more are dropped and counted."""
LAST = 1.0
"""Seconds that the last write has when the engine ends."""


@dataclass
class _Kept:
    """One incident that is recorded. ``lines`` wait to be written; ``lost`` were dropped."""

    files: Files
    begun: bool = False
    ended: bool = False
    lines: list[Line] = field(default_factory=list)
    lost: int = 0
    told: tuple[EvidenceFile, ...] = ()
    resolved: bool = False


class Recorder:
    """Records for the incidents of ``book``; ``troubled`` is told what is wrong, and nothing once
    all is well again."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        book: Book,
        keeper: Journal,
        troubled: Callable[[str], None],
    ) -> None:
        self._folder, self._clock, self._book, self._keeper = folder, clock, book, keeper
        self._troubled = troubled
        self._recent = Recent()
        self._kept: dict[str, _Kept] = {}
        self._worker = Worker("warroom-evidence")
        self._task: asyncio.Task[None] | None = None
        self._written = self._synced = clock.monotonic()
        self._trouble = ""

    def saw(self, views: Iterable[SourceView]) -> None:
        """These sources have moved; what is of a new poll is kept."""
        now, at = self._clock.monotonic(), self._clock.now()
        for view in views:
            lines = self._recent.saw(view, now, at)
            for kept in self._kept.values() if lines else ():
                self._take(kept, lines)

    def look(self) -> None:
        """Begin, write and end; to be called about twice a second."""
        now = self._clock.monotonic()
        for incident in self._book.shown:
            if incident.id not in self._kept and self._wants(incident):
                kept = self._kept[incident.id] = _Kept(Files(self._folder, incident.id))
                kept.told, kept.resolved = incident.evidence, not incident.open
                self._take(kept, list(self._recent.before()))
        busy = self._task is not None and not self._task.done()
        if not busy and self._kept and now - self._written >= PACE:
            self._written = now
            self._task = asyncio.create_task(self._work(), name="evidence")
            self._task.add_done_callback(_logged)

    async def close(self) -> None:
        """Write what waits, and what it comes to."""
        if self._kept:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST):
                    if self._task is not None:
                        await asyncio.wait((self._task,))
                    for name in tuple(self._kept):
                        await self._write(name, self._kept[name])
                        await self._tell(name, self._kept[name])
        if self._task is not None:
            self._task.cancel()
        self._worker.close()

    # how ------------------------------------------------------------------------------

    def _wants(self, incident: Incident) -> bool:
        end = incident.resolved
        return end is None or seconds(end, self._clock.now()) < AFTER

    def _take(self, kept: _Kept, lines: list[Line]) -> None:
        free = max(WAITING - len(kept.lines), 0)
        kept.lines += lines[:free]
        kept.lost += len(lines) - min(len(lines), free)

    async def _work(self) -> None:
        """One round: write for each, tell of those that have come to an end."""
        for name in tuple(self._kept):
            kept = self._kept[name]
            await self._write(name, kept)
            incident = self._book.incident(name)
            if incident is not None and incident.open:
                kept.resolved = False
            elif not kept.resolved:
                kept.resolved = True
                await self._tell(name, kept)
            if incident is None or not self._wants(incident):
                await self._tell(name, kept)
                await self._worker.run(kept.files.close)
                del self._kept[name]
        if self._clock.monotonic() - self._synced >= SYNC:
            self._synced = self._clock.monotonic()
            for kept in tuple(self._kept.values()):
                await self._worker.run(kept.files.sync)

    async def _write(self, name: str, kept: _Kept) -> None:
        """What waits, in the thread. What cannot be written is dropped and counted: evidence must
        not fill the memory of an engine that has an incident to keep."""
        lines, kept.lines = kept.lines, []
        now, lost = self._clock.now(), kept.lost

        def work() -> None:
            if not kept.begun:
                kept.files.begin(lines, now)
                kept.begun = True
                return
            if lost:
                kept.files.note(f"{lost:,} lines could not be kept before this", now)
            kept.files.append(lines, now)

        try:
            await self._worker.run(work)
        except (OSError, RoomError) as error:
            kept.lost += len(lines)
            self._say(f"the evidence of {name} cannot be kept: {_words(error)}")
        else:
            kept.lost -= lost
            full = kept.files.is_full
            self._say(f"the evidence of {name} is full: no more is kept" if full else "")

    async def _tell(self, name: str, kept: _Kept) -> None:
        """Put into the journal what lies there now, if that is news."""
        try:
            found = await self._worker.run(kept.files.hashes)
        except OSError as error:
            self._say(f"the evidence of {name} cannot be read: {_words(error)}")
            return
        if not found or found == kept.told:
            return
        kept.told = found
        body = Evidence(files=found, text="evidence kept beside the incident")
        draft = Draft(incident=name, happened=self._clock.now(), actor=WARROOM, body=body)
        self._keeper.keep([draft])

    def _say(self, words: str) -> None:
        if words != self._trouble:
            self._trouble = words
            if words:
                log.error("%s", words)
            self._troubled(words)


def _logged(task: "asyncio.Task[None]") -> None:
    """What nobody foresaw costs evidence, and is said; the next round begins anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("evidence could not be kept", exc_info=error)


def _words(error: OSError | RoomError) -> str:
    if isinstance(error, RoomError):
        return error.explain()
    return error.strerror or str(error)
