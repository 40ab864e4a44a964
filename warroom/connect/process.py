"""Running a program: no shell, no terminal, nothing left behind.

asyncio's own subprocesses are not used: in Python 3.11 one that is cancelled while it starts
ends its leader alone, ``wait()`` waits for a pipe that a grandchild keeps open, and a leader
that was waited for gives its number away while its group still has to be signalled. Here the
leader stays unreaped until its group was killed, so that no signal can reach a stranger.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import FileIO

from warroom.connect import threads
from warroom.connect.last_run import LastRun
from warroom.connect.program import find
from warroom.errors import ProbeError
from warroom.text import safe, short_duration

STDIN = 64 * 1024
"""Bytes that a pipe holds at once (pipe(7), since Linux 2.6.11)."""
GRACE = 0.5
"""Seconds between asking a group to end and killing it."""
LINGER = 0.2
"""Seconds in which the last words may come of one that has ended: what it started may keep
the pipe open for ever."""
REAP = 1.0
"""Seconds to wait for one that was killed; a thread goes on waiting."""


@dataclass(frozen=True)
class Finished:
    """What a program came to.

    ``status`` is its exit status, negative for a signal; None where it was ended because it
    printed more than the cap, of which the beginning is here. ``took`` is in seconds.
    """

    status: int | None
    stdout: bytes
    stderr: bytes
    took: float

    @property
    def cut(self) -> bool:
        """Whether there would have been more."""
        return self.status is None


async def run(
    argv: Sequence[str],
    *,
    folder: str,
    environ: Mapping[str, str],
    deadline: float,
    cap: int,
    last: LastRun | None = None,
    stdin: bytes = b"",
    hear: Callable[[bytes, int], None] | None = None,
) -> Finished:
    """Run ``argv`` in ``folder`` to its end; ``environ`` is all it sees of ours.

    It is over, with its whole process group, within ``deadline`` seconds, and soon when the
    caller is cancelled: SIGTERM, ``GRACE``, SIGKILL. What is left of the group when the
    program ends by itself is killed too. ``cap`` bounds the bytes kept of each of its two
    outputs; with ``hear``, which gets both as they come (1 and 2 tell them apart), it may say as
    much as it likes and nothing of it is kept. ``stdin``, at most ``STDIN`` bytes, is what it
    reads, then the end. Who runs it again and again hands the same ``last`` in each time.
    Raises ProbeError: ``set-up`` when it cannot be started, ``deadline``.
    """
    last = last or LastRun()
    last.check(argv[0])
    began = time.monotonic()
    grace = min(GRACE, deadline / 4)
    out, err = (_Heard(cap, hear and partial(_of, hear, each)) for each in (1, 2))
    finding = last.finding
    if finding is None or finding.done():
        look = partial(find, argv[0], folder, environ)
        finding = last.finding = threads.start(look, "find-program")
    try:
        async with asyncio.timeout(deadline - grace):
            await asyncio.shield(finding)
            status = await _to_its_end(argv, folder, environ, (out, err), grace, last, stdin)
    except TimeoutError:
        within = f"within {short_duration(deadline)}"
        if not finding.done():
            words = f"{safe(argv[0])} could not be found {within}: is {safe(folder)} mounted?"
            raise ProbeError("set-up", words) from None
        said = last_line(bytes(err.data)) or last_line(bytes(out.data))
        said = f"; it last said: {said}" if said else ""
        words = f"{safe(argv[0])} did not end {within}{said}"
        raise ProbeError("deadline", words, "run it by hand to see why") from None
    took = time.monotonic() - began
    return Finished(status, bytes(out.data), bytes(err.data), took)


def last_line(output: bytes) -> str:
    """The last line that is not blank; empty if there is none. Only that one is decoded: a flood
    of millions of lines would hold the loop up."""
    whole = output.rstrip()
    begins = max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1
    return whole[begins:].decode(errors="replace").strip()


def _of(hear: Callable[[bytes, int], None], stream: int, data: bytes) -> None:
    hear(data, stream)


class _Heard(asyncio.Protocol):
    """What comes out of one pipe, up to ``cap`` bytes; ``over`` is done at its end, or when
    there is more."""

    def __init__(self, cap: int, hear: Callable[[bytes], None] | None) -> None:
        self.data = bytearray()
        self._hear = hear
        self.cut = False
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._cap = cap

    def data_received(self, data: bytes) -> None:
        if self._hear is not None:
            self._hear(data)
            return
        room = self._cap - len(self.data)
        self.data += data[:room]
        if len(data) > room:
            self.cut = True
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)


async def _to_its_end(
    argv: Sequence[str],
    folder: str,
    environ: Mapping[str, str],
    heard: tuple[_Heard, _Heard],
    grace: float,
    last: LastRun,
    stdin: bytes,
) -> int | None:
    """Its exit status; None when it was ended for printing too much."""
    with contextlib.ExitStack() as held:
        try:
            out, err = [await _listen(each, held) for each in heard]
            reads = _to_be_read(stdin)
        except OSError as error:
            raise _unstarted(argv[0], error) from error
        held.callback(reads.close)
        process = _start(argv, folder, environ, (reads, out, err))
        reads.close()
        out.close()
        err.close()
        exited = threads.start(lambda: _wait(process.pid), "wait-program")
        try:
            await _done(exited, heard)
        finally:
            await _end(process, exited, heard, grace, last)
    return None if any(each.cut for each in heard) else process.returncode


async def _listen(heard: _Heard, held: contextlib.ExitStack) -> FileIO:
    """The end of a new pipe to write into; both ends are closed with ``held``."""
    read_end, write_end = (FileIO(each, mode) for each, mode in zip(os.pipe(), "rw", strict=True))
    held.callback(read_end.close)
    held.callback(write_end.close)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: heard, read_end)
    held.callback(transport.close)
    return write_end


def _to_be_read(stdin: bytes) -> FileIO:
    """Where it reads: what a pipe holds already, so that nobody waits for it to be read."""
    if not stdin:
        return FileIO(os.devnull, "r")
    read_end, write_end = (FileIO(each, mode) for each, mode in zip(os.pipe(), "rw", strict=True))
    with write_end:
        if len(stdin) > STDIN:
            read_end.close()
            raise ProbeError("set-up", f"more than {STDIN >> 10} KiB cannot be given to it")
        # One of a user with very many pipes holds a page or two (pipe(7), pipe-user-pages-soft).
        os.set_blocking(write_end.fileno(), False)
        if write_end.write(stdin) != len(stdin):
            read_end.close()
            raise ProbeError("set-up", "what it reads does not fit into a pipe: too many are open")
    return read_end


def _start(
    argv: Sequence[str],
    folder: str,
    environ: Mapping[str, str],
    pipes: tuple[FileIO, FileIO, FileIO],
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            argv,
            stdin=pipes[0],
            stdout=pipes[1],
            stderr=pipes[2],
            cwd=folder,
            env=environ,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise _unstarted(argv[0], error) from error


def _unstarted(program: str, error: Exception) -> ProbeError:
    reason = getattr(error, "strerror", None) or str(error)
    return ProbeError("set-up", f"{safe(program)} cannot be started: {reason}")


def _wait(pid: int) -> None:
    """Until it has ended; it stays to be reaped."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


async def _done(exited: "asyncio.Future[None]", heard: tuple[_Heard, _Heard]) -> None:
    """Until it has ended and all it said has come, or it says too much."""
    while not exited.done() and not any(each.cut for each in heard):
        waiting = [f for f in (exited, *(each.over for each in heard)) if not f.done()]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if exited.done():
        await asyncio.wait([each.over for each in heard], timeout=LINGER)


async def _end(
    process: "subprocess.Popen[bytes]",
    exited: "asyncio.Future[None]",
    heard: tuple[_Heard, _Heard],
    grace: float,
    last: LastRun,
) -> None:
    """End what is left of the group, and reap its leader."""
    try:
        if not exited.done():
            _signal(process.pid, signal.SIGTERM)
            await asyncio.wait([exited, *(each.over for each in heard)], timeout=grace)
    finally:
        # Also when cancelled once more.
        _signal(process.pid, signal.SIGKILL)
        last.pid, last.reaping = process.pid, threads.start(process.wait, "reap-program")
    await asyncio.wait([last.reaping], timeout=REAP)


def _signal(group: int, number: signal.Signals) -> None:
    # PermissionError: it changed its user (sudo); then it is not ours to end.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
