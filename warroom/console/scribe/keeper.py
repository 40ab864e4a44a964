"""A thread that holds what is typed in a file: the console's own loop touches no disk."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from warroom import host
from warroom.console.scribe.kept import Kept
from warroom.console.scribe.store import DraftFile
from warroom.errors import RoomError

PACE = 0.3
"""Seconds between two writes: what a kill can cost of the last words. What is posted, or is saved
by now, does not wait for them."""
LAST = 1.0
"""Seconds that the last write may take."""


class Drafts(Protocol):
    """Where a console's words are held."""

    def start(self, found: Callable[[Kept], None], failed: Callable[[str], None]) -> None:
        """Look for what was left behind. ``found`` is called with it once, ``failed`` with words
        whenever something cannot be held; both from another thread."""
        ...

    def keep(self, kept: Kept) -> None:
        """Hold this from now on; returns at once."""
        ...


class FileDrafts:
    """Held in a file of this process in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._change = threading.Condition()
        self._newest: Kept | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, found: Callable[[Kept], None], failed: Callable[[str], None]) -> None:
        # A daemon: a disk that hangs must not hold a console that leaves.
        self._thread = threading.Thread(
            target=self._run, args=(found, failed), name="drafts", daemon=True
        )
        self._thread.start()

    def keep(self, kept: Kept) -> None:
        with self._change:
            self._newest = kept
            self._change.notify()

    def close(self) -> None:
        """Write the last of it; waits for that, but not for a disk that hangs."""
        with self._change:
            self._closing.set()
            self._change.notify()
        if self._thread is not None:
            self._thread.join(LAST)

    def _run(self, found: Callable[[Kept], None], failed: Callable[[str], None]) -> None:
        try:
            host.own_folder(self._folder.parent)
            host.own_folder(self._folder)
            file = DraftFile(self._folder)
            left, refused = file.adopt()
        except (OSError, RoomError) as error:
            failed(f"What is typed here is not kept on the disk: {_words(error)}")
            return
        for words in refused:
            failed(f"A draft was not taken over: {words}")
        found(left)
        complained = False
        while (kept := self._next()) is not None:
            try:
                file.remove() if kept.empty else file.write(kept)
                complained = False
            except (OSError, RoomError) as error:
                if not complained:
                    failed(f"What is typed here cannot be kept on the disk: {_words(error)}")
                complained = True
            self._rest(kept)

    def _next(self) -> Kept | None:
        """What is to be held now, when there is something new; None when it is over."""
        with self._change:
            self._change.wait_for(lambda: self._newest is not None or self._closing.is_set())
            kept, self._newest = self._newest, None
            return kept

    def _rest(self, held: Kept) -> None:
        """Until letters are written again, or something was posted that ``held`` does not have."""
        with self._change:
            self._change.wait_for(
                lambda: (
                    self._closing.is_set()
                    or (self._newest is not None and self._newest.outgoing != held.outgoing)
                ),
                PACE,
            )


def _words(error: OSError | RoomError) -> str:
    if isinstance(error, RoomError):
        return error.explain()
    return os.strerror(error.errno) if error.errno else str(error)
