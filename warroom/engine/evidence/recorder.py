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
WAITING = 16 * 1024 * 1024
"""Bytes that wait to be written for one incident, at most; more are dropped and counted."""
LAST = 1.0
"""Seconds that the last write has when the engine ends."""


@dataclass
class _Kept:
    """One incident that is recorded. ``lines`` wait to be written, so many bytes; ``lost`` were
    dropped. ``units`` are the sources whose units are told."""

    files: Files
    lines: list[Line] = field(default_factory=list)
    waiting: int = 0
    lost: int = 0
    units: set[str] = field(default_factory=set)
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
        self._troubles: dict[tuple[str, str], str] = {}
        """By incident, and by what cannot be done."""

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
                self._take(kept, self._recent.before(now))
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

    def _take(self, kept: _Kept, lines: Iterable[Line]) -> None:
        for line in lines:
            if kept.waiting >= WAITING:
                kept.lost += 1
                continue
            if line.sample and line.source not in kept.units:
                kept.units.add(line.source)
                line = self._recent.with_units(line)
            kept.lines.append(line)
            kept.waiting += len(line.data)

    def _taken(self, kept: _Kept) -> list[Line]:
        """What is to be written next. As long as nothing could be, the last half hour as it is by
        then is a part of it: that needs no room but what it has."""
        if not kept.files.begun and kept.lost:
            waits, now = kept.lines, self._clock.monotonic()
            first = waits[0].at if waits else now
            kept.lines, kept.waiting, kept.units = [], 0, set()
            self._take(kept, (line for line in self._recent.before(now) if line.at < first))
            self._take(kept, waits)
        lines, kept.lines, kept.waiting = kept.lines, [], 0
        return lines

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
                del self._kept[name]
                for what in ("write", "fill", "sync", "hash"):
                    self._say(name, what, "")
        if self._clock.monotonic() - self._synced >= SYNC:
            self._synced = self._clock.monotonic()
            for name, kept in tuple(self._kept.items()):
                await self._do(name, "sync", kept.files.sync)

    async def _write(self, name: str, kept: _Kept) -> None:
        """What waits, in the thread. What cannot be written is dropped and counted: evidence must
        not fill the memory of an engine that has an incident to keep."""
        lines, files = self._taken(kept), kept.files
        now, lost = self._clock.now(), kept.lost

        def work() -> None:
            if not files.begun:
                files.begin(lines, now)
            else:
                files.append(lines, now)
            if lost:
                files.note(f"up to {lost:,} lines could not be kept before this", now)

        kept.lost += len(lines)
        if await self._do(name, "write", work):
            kept.lost -= lost + len(lines)
            self._say(name, "fill", "is full: no more is kept" if files.is_full else "")

    async def _tell(self, name: str, kept: _Kept) -> None:
        """Put into the journal what lies there now, if that is news."""
        found: list[EvidenceFile] = []
        if not await self._do(name, "hash", lambda: found.extend(kept.files.hashes())):
            return
        files = tuple(found)
        if not files or files == kept.told:
            return
        kept.told = files
        body = Evidence(files=files, text="evidence kept beside the incident")
        draft = Draft(incident=name, happened=self._clock.now(), actor=WARROOM, body=body)
        self._keeper.keep([draft])

    async def _do(self, name: str, what: str, work: Callable[[], None]) -> bool:
        """Have it done in the thread; whether it was. Why not, the room says until it can be."""
        try:
            await self._worker.run(work)
        except (OSError, RoomError) as error:
            self._say(name, what, f"cannot be kept: {_words(error)}")
            return False
        self._say(name, what, "")
        return True

    def _say(self, name: str, what: str, words: str) -> None:
        """What is wrong with the evidence of that incident; nothing once all is well."""
        if words == self._troubles.get((name, what), ""):
            return
        self._troubles.pop((name, what), None)
        if words:
            self._troubles[name, what] = words
            log.error("the evidence of %s %s", name, words)
        said = (f"the evidence of {one} {words}" for (one, _), words in self._troubles.items())
        self._troubled("; ".join(dict.fromkeys(said)))


def _logged(task: "asyncio.Task[None]") -> None:
    """What nobody foresaw costs evidence, and is said; the next round begins anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("evidence could not be kept", exc_info=error)


def _words(error: OSError | RoomError) -> str:
    if isinstance(error, RoomError):
        return error.explain()
    return error.strerror or str(error)
