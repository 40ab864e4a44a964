"""What is left when something fails in a way nobody foresaw: one private file, and where it is."""

import os
import stat
import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from warroom import host
from warroom.errors import WarroomError
from warroom.secretlike import scrubbed
from warroom.text import mask_urls

KEPT = 20
"""Crash files that stay: the newest. One that comes again and again must not fill the disk."""
LONGEST = 256 * 1024
"""Bytes of one file: a process that fails over and over writes no more."""
LONGEST_MESSAGE = 16_000
"""Characters of an exception's own words."""


class CrashFile:
    """The one file of this process. A second failure is added to it.

    ``about`` gives the lines it begins with, ``masked`` takes known secrets out of a text; both
    are asked when something has failed, not before. Local variables are left out: secrets live
    there. Of an exception's own words what looks like a secret is left out too.
    """

    def __init__(
        self,
        about: Callable[[], Iterable[str]],
        masked: Callable[[str], str] = str,
        folder: Path | None = None,
    ) -> None:
        self._about, self._masked = about, masked
        self._folder = folder or host.state_folder(os.environ)
        self._path: Path | None = None
        self._told: set[str] = set()

    def report(self, error: BaseException) -> str:
        """Keep the traceback; the line that says what failed and where the report is."""
        what = f"warroom: failed unexpectedly ({type(error).__name__})"
        try:
            path = self._keep("".join(traceback_lines(error, self._masked)))
        except (OSError, WarroomError) as problem:
            return f"{what}; the report could not be kept: {problem}"
        return f"{what}; the report is in {path}"

    def _keep(self, text: str) -> Path:
        if self._path is not None and text in self._told:
            return self._path
        host.own_folder(self._folder)
        if self._path is None or not self._path.exists():
            path, text = self._new(), f"{self._head()}\n{text}"
            descriptor = host.open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        else:
            path = self._path
            descriptor = host.open_private(path, os.O_WRONLY | os.O_APPEND)
        with open(descriptor, "ab") as file:
            data = f"{text}\n".encode("utf-8", "backslashreplace")
            file.write(data[: max(LONGEST - os.fstat(descriptor).st_size, 0)])
        self._path = path
        self._told.add(text)
        _forget(self._folder)
        return path

    def _new(self) -> Path:
        # To the microsecond: two processes can fail in one second.
        name = f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
        return self._folder / name

    def _head(self) -> str:
        return "".join(f"{self._masked(line)}\n" for line in self._about())


def traceback_lines(error: BaseException, masked: Callable[[str], str]) -> Iterator[str]:
    """As Python prints it, without what is ``masked`` or looks like a secret, and bounded."""
    for part in map(masked, traceback.format_exception(error)):
        # A frame is code, of which only an address may hold a secret; all else may quote what
        # came from outside.
        frame = part.lstrip(" |+-").startswith('File "')
        yield mask_urls(part) if frame else scrubbed(_short(part))


def crash_files(folder: Path) -> list[Path]:
    """Those that are kept, the oldest first."""
    return sorted(folder.glob("crash-*.txt"))


def _forget(folder: Path) -> None:
    """Remove our oldest."""
    for path in crash_files(folder)[:-KEPT]:
        if stat.S_ISREG(os.lstat(path).st_mode):
            path.unlink(missing_ok=True)


def _short(text: str) -> str:
    cut = len(text) - LONGEST_MESSAGE
    half = LONGEST_MESSAGE // 2
    return text if cut <= 0 else f"{text[:half]}[… {cut} characters …]{text[-half:]}"
