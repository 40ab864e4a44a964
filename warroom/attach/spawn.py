"""Starting an engine that outlives the console which started it, as tmux does."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

from warroom import host
from warroom.attach.client import Connection, NoEngineError, connect
from warroom.attach.lock import AlreadyRunningError
from warroom.attach.room import RoomPaths
from warroom.errors import EXIT_USAGE, EngineError, WarroomError
from warroom.wire import Hello

READY = b"ready\n"
"""The spawned engine's last word on the pipe before it turns it over to its log."""

START_LIMIT = 20.0
"""Seconds an engine may take to start: its configuration may ask a password manager (10 s)."""

ENDING = 2.0
"""Seconds after which one that holds the lock and does not answer was ending, not starting."""

_REASON_LIMIT = 64 * 1024


class Starting:
    """An engine on its way; await ``ready``."""

    def __init__(self, config: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[bool] = self._loop.create_future()
        # A thread of its own, so that neither the fork nor the wait that keeps the child
        # from becoming a zombie stops the loop; a daemon, so that it never keeps us.
        threading.Thread(
            target=self._watch, args=(config,), name="warroom-spawn", daemon=True
        ).start()

    async def ready(self) -> bool:
        """Return when the engine serves: true; or when another one has the room: false.

        Raises ``EngineError`` with the engine's own reason when it could not start.
        """
        try:
            async with asyncio.timeout(START_LIMIT):
                return await asyncio.shield(self._done)
        except TimeoutError as error:
            raise EngineError(
                f"the engine has not started in {START_LIMIT:g} s", "see: warroom logs"
            ) from error

    def _watch(self, config: Path) -> None:
        try:
            child = _launch(config)
        except OSError as error:
            self._tell(EngineError(f"no engine could be started: {error.strerror}"))
            return
        assert child.stderr is not None
        with child.stderr as pipe:
            said = pipe.read(_REASON_LIMIT)
        if said.endswith(READY):
            self._tell(None)
            child.wait()
        else:
            self._tell(_verdict(child.wait(), said))

    def _tell(self, error: EngineError | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._settle, error)
        except RuntimeError:
            return  # the loop is closed: the console is gone, and nobody waits for this

    def _settle(self, error: EngineError | None) -> None:
        if self._done.done():
            return
        if error is None or isinstance(error, AlreadyRunningError):
            self._done.set_result(error is None)
        else:
            self._done.set_exception(error)
            self._done.exception()  # seen: nobody need await it


def start_engine(config: Path) -> Starting:
    """Begin to start the engine of this configuration. It gets our environment as it is."""
    return Starting(config)


def _launch(config: Path) -> subprocess.Popen[bytes]:
    # -P: a file named asyncio.py in the folder the console was started from is not ours.
    command = [sys.executable, "-P", "-m", "warroom", "engine", "--spawned", "--config"]
    return subprocess.Popen(
        [*command, os.fspath(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=config.parent,
        start_new_session=True,
    )


def _verdict(code: int, said: bytes) -> EngineError:
    reason = said.decode("utf-8", "replace").strip().removeprefix("warroom: ")
    if code == AlreadyRunningError.exit_code:
        return AlreadyRunningError(reason)
    how = f"signal {-code}" if code < 0 else f"exit {code}"
    error = EngineError(reason or f"the engine ended as it started ({how})")
    if code == EXIT_USAGE:
        error.exit_code = code
    return error


async def reach(paths: RoomPaths, hello: Hello) -> Connection:
    """Connect to the room's engine, starting one if there is none.

    Raises what ``connect`` raises, and ``EngineError`` with the reason when none can start; for a
    shared console its words are masked.
    """
    try:
        return await _reach(paths, hello)
    except WarroomError as error:
        if hello.share:
            hushed(error)
        raise


def hushed(error: WarroomError) -> None:
    """Mask an error's words for a shared screen: no engine has."""
    from warroom.sharing.telling import hush  # only when it goes wrong

    hush(error, host=os.uname().nodename, person=host.user_name(os.geteuid()))


async def _reach(paths: RoomPaths, hello: Hello) -> Connection:
    try:
        async with asyncio.timeout(START_LIMIT):
            while True:
                try:
                    return await connect(paths, hello)
                except NoEngineError:
                    ours = await start_engine(paths.config).ready()
                if not ours and (connection := await _other(paths, hello)):
                    return connection
    except TimeoutError as error:
        raise NoEngineError(f"no engine came to answer in {START_LIMIT:g} s") from error


async def _other(paths: RoomPaths, hello: Hello) -> Connection | None:
    """Connect to the engine that another process is starting just now; None when none comes,
    because the one that held the lock was ending."""
    pause = 0.02
    end = asyncio.get_running_loop().time() + ENDING
    while asyncio.get_running_loop().time() < end:
        try:
            return await connect(paths, hello)
        except NoEngineError:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
    return None
