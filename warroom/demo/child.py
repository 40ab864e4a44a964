"""One part of the demo as a child process: started, watched, and certain to end."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warroom.demo.account import Account
from warroom.demo.errors import DemoError

LAUNCHER = Path(__file__).with_name("launcher.py")
GRACE_S = 1.0
"""How long a part may take to end by itself before it is killed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Command:
    """What to run: an absolute program with its arguments, where and as whom."""

    name: str
    argv: Sequence[str]
    cwd: Path
    account: Account | None = None
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL

    def launched(self) -> list[str]:
        """The argument list by way of the launcher."""
        uid, gid = (self.account.uid, self.account.gid) if self.account else (-1, -1)
        facts = (os.getpid(), uid, gid, int(self.death_signal))
        return [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, facts), *self.argv]


class Child:
    """A command's process; may be started again after it was stopped."""

    def __init__(self, command: Command, output: Path) -> None:
        self.command = command
        self.output = output
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopping = False
        self._suspended = False

    @property
    def running(self) -> bool:
        """Whether there is a process; a suspended one counts, one that has ended does not, though
        the event loop may not have been told yet."""
        return (
            self._process is not None
            and self._process.returncode is None
            and _lives(self._process.pid)
        )

    @property
    def suspended(self) -> bool:
        """Whether the process stands still by our `suspend`."""
        return self.running and self._suspended

    async def start(self) -> None:
        """Start the process unless it runs; it is not ready yet when this returns."""
        if self.running:
            return
        self._stopping = self._suspended = False
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.command.launched(),
                stdin=asyncio.subprocess.PIPE,  # held open, never written: the lifeline
                stdout=output,
                stderr=output,
                cwd=self.command.cwd,
                env=self.command.environment,
                start_new_session=True,  # a terminal's Ctrl-C is not theirs to hear
            )
        log.info("%s started, pid %d", self.command.name, self._process.pid)
        self._watch = asyncio.create_task(self._tell_of_end(self._process))

    async def run(self) -> None:
        """Run to the end; DemoError with the last output unless it ends well."""
        await self.start()
        assert self._process is not None
        self._stopping = True
        try:
            status = await self._process.wait()
        except asyncio.CancelledError:
            self._kill()
            raise
        if status:
            raise self._failed(f"ended with status {status}")

    async def until(self, ready: Callable[[], Awaitable[bool]], limit: float = 15.0) -> None:
        """Wait until `ready`; DemoError when the process ends first or `limit` s are over."""
        try:
            async with asyncio.timeout(limit):
                while not await ready():
                    if not self.running:
                        raise self._failed("ended while it was starting")
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            raise self._failed(f"was not ready within {limit:.0f} s") from error

    def reload(self) -> None:
        """Have a running process read its files again (SIGHUP, as servers take it)."""
        self._signal(signal.SIGHUP)

    async def stop(self) -> None:
        """End the process: its stop signal first, SIGKILL to its group a second later."""
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return
        if not await self.ended_by(self.command.stop_signal, GRACE_S):
            log.warning("%s did not end within %.0f s: killed", self.command.name, GRACE_S)
            self._kill()
            await self._process.wait()

    async def ended_by(self, sign: signal.Signals, limit: float) -> bool:
        """Send a signal that asks the process to end; whether it did within `limit` s."""
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return True
        self._process.send_signal(sign)
        self._process.send_signal(signal.SIGCONT)  # a suspended one would not hear it
        try:
            await asyncio.wait_for(self._process.wait(), limit)
        except TimeoutError:
            return False
        return True

    async def restart(self) -> None:
        """End the process and start another; a suspended one is killed where it stands."""
        if self.suspended:
            assert self._process is not None, "it runs"
            self._stopping = True
            self._kill()
            await self._process.wait()
        await self.stop()
        await self.start()

    def suspend(self) -> None:
        """Have the process stand still, connections and all; nothing when it does not run."""
        self._suspended = True
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a suspended process go on."""
        self._suspended = False
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it ended this very moment
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _tell_of_end(self, process: asyncio.subprocess.Process) -> None:
        status = await process.wait()
        if self._stopping:
            log.info("%s ended", self.command.name)
        else:
            log.error("%s ended by itself with status %d", self.command.name, status)

    def _failed(self, what: str) -> DemoError:
        tail = self.output.read_text(errors="replace").splitlines()[-5:]
        said = "its last lines: " + " | ".join(tail) if tail else "it printed nothing"
        return DemoError(f"the demo's {self.command.name} {what}", said)


def _lives(child: int) -> bool:
    """Whether a child has not ended; its status is left for whoever waits for it."""
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False  # waited for just now
