"""Log lines of a file, or of a program: those that match, grouped by shape and counted.

Of a file the end is read, and it is opened for reading alone. That a program only reads is the
team's word.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from warroom.checks.check import Found, Tools
from warroom.checks.ends import MATCHING, Counted, End, count, lines_of
from warroom.checks.lines import in_a_line, listed
from warroom.checks.programs import ended, run_program
from warroom.checks.shapes import drawn
from warroom.config.checks_settings import LogsCheck
from warroom.connect import threads
from warroom.errors import ProbeError
from warroom.regex import Pattern
from warroom.text import safe, short_duration

LAST = 8
"""Lines that are shown of a program that failed, where none matches."""
COUNTING = 5.0
"""Seconds for the counting of what a program printed until its time was over."""

T = TypeVar("T")


class LogsRunner:
    """One ``[checks.NAME]`` of kind logs."""

    def __init__(self, settings: LogsCheck, tools: Tools) -> None:
        self._settings, self._tools = settings, tools
        self._pattern = Pattern(settings.pattern)

    async def run(self) -> Found:
        """Read, and counted beside the loop."""
        settings, masked = self._settings, self._tools.masked
        end, words, late = End(), "", False
        if settings.file:
            path = Path(settings.file)
            found = await self._beside(
                lambda: count(lines_of(path), self._pattern, masked), settings.deadline
            )
        else:
            end, words, late = await self._printed()
            found = await self._beside(lambda: count(end.lines(), self._pattern, masked), COUNTING)
        said = "; ".join(filter(None, (words, _summed(found))))
        told = drawn(found.groups, settings.groups)
        if words and not told:
            told = await self._beside(lambda: _last(end), COUNTING)
        ok = False if words else None
        return Found(ok, in_a_line(said, masked), listed(told, masked), late)

    async def _beside(self, work: Callable[[], T], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(threads.start(work, "read-logs"))
        except TimeoutError:
            words = f"the lines were not read and counted within {short_duration(seconds)}"
            raise ProbeError("deadline", words) from None
        except OSError as error:
            words = f"{safe(self._settings.file)} cannot be read: {error.strerror}"
            raise ProbeError("set-up", words, "may the engine's user read it?") from error

    async def _printed(self) -> tuple[End, str, bool]:
        """What the program printed, what was wrong with how it ended, and whether it was late."""
        settings, end = self._settings, End()
        try:
            status = await run_program(
                settings.argv,
                self._tools,
                cwd=settings.cwd,
                env=settings.env,
                deadline=settings.deadline,
                hear=end.hear,
            )
        except ProbeError as error:
            if error.phase != "deadline":
                raise
            within = short_duration(settings.deadline)
            return end, f"{safe(settings.argv[0])} did not end within {within}", True
        return end, ended(status) if status else "", False


def _last(end: End) -> list[str]:
    return [line.decode("utf-8", "replace") for line in deque(end.lines(), maxlen=LAST)]


def _summed(found: Counted) -> str:
    """``412 of 80,000 lines match, in 7 groups; most often: 312 × …``."""
    lines = f"{found.lines:,} line{'' if found.lines == 1 else 's'}"
    if not found.matching:
        return f"none of {lines} matches" if found.lines else "there are no lines"
    groups = len(found.groups)
    words = f"{found.matching:,} of {lines} match, in {groups:,} group{'' if groups == 1 else 's'}"
    if found.matching > MATCHING:
        words += f" of the newest {MATCHING:,}"
    first = found.groups[0]
    return f"{words}; most often, {first.number:,} ×: {first.shape}"
