"""What of a program's last run is still there, so that the next one is not stacked upon it."""

import asyncio
from dataclasses import dataclass

from warroom.errors import ProbeError
from warroom.text import safe


@dataclass
class LastRun:
    """Under way although nobody waits for it: a look at a folder that hangs (``finding``), a
    process ``pid`` that could not be killed (``reaping``), as one of another user cannot be."""

    finding: "asyncio.Future[None] | None" = None
    reaping: "asyncio.Future[int] | None" = None
    pid: int = 0

    def check(self, program: str) -> None:
        """Raise ProbeError("deadline") while the process is there."""
        if self.reaping is not None and not self.reaping.done():
            words = f"{safe(program)} of an earlier run goes on: process {self.pid} cannot be ended"
            raise ProbeError("deadline", words, f"see: ps -fp {self.pid}")
