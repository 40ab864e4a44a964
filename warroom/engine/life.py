"""An engine's life: from the lock to the last word."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable

from warroom import __version__
from warroom.about import about_lines
from warroom.attach.lock import holds
from warroom.attach.room import RoomPaths
from warroom.attach.spawn import READY
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.crash import CrashFile
from warroom.engine.door import Door
from warroom.engine.ending import Ending
from warroom.engine.engine import Engine, Loaded, load_all
from warroom.engine.log import start_log
from warroom.engine.memory import keep_small
from warroom.errors import ConfigError, EngineError, WarroomError
from warroom.wire import Goodbye

log = logging.getLogger("warroom.engine")

CHECK = 0.5
"""Seconds between looks at what time alone changes."""


def run_engine(paths: RoomPaths, lock: int, *, spawned: bool) -> None:
    """Be the room's engine until the end, for as long as ``lock`` is the room's.

    A ``spawned`` one (by a console) says ``READY`` on standard error when it serves, gives
    standard output and error to its log, and ends ``linger`` after its last console. One
    in the foreground logs to standard error too, and stays until it is stopped.
    Raises ``WarroomError`` when it cannot start, or when a part of it failed.
    """
    keep_small()
    masker = Masker()
    log_file = start_log(paths.log, masker.mask, to_stderr=not spawned)
    log.info("warroom %s starts, pid %d, %s", __version__, os.getpid(), paths.config)

    def ready() -> None:
        if spawned:
            sys.stderr.buffer.write(READY)
            sys.stderr.buffer.flush()
            log_file.adopt_output()

    crash = CrashFile(about_lines, masker.mask)
    try:
        loaded = load_all(paths)
        asyncio.run(_live(paths, lock, loaded, masker, ready, crash, spawned=spawned))
    except WarroomError as error:
        log.error("the engine gives up: %s", error)
        raise
    except Exception as error:
        log.critical("the engine fails", exc_info=error)
        raise EngineError(_failed(crash, error)) from error


async def _live(
    paths: RoomPaths,
    lock: int,
    loaded: Loaded,
    masker: Masker,
    ready: Callable[[], None],
    crash: CrashFile,
    *,
    spawned: bool,
) -> None:
    ending = Ending()
    ending.on_signals()
    engine = Engine(paths, loaded, SystemClock(), masker, ending)
    door = Door(paths, engine.server.visit)
    await door.open()
    reloader = _Reloader(engine, ending)
    work = [
        asyncio.create_task(door.guard()),
        asyncio.create_task(_checks(engine)),
        asyncio.create_task(_keep_lock(paths, lock, ending)),
    ]
    if spawned:
        work.append(asyncio.create_task(_linger(engine, ending)))
    try:
        await engine.start()
        # What is loaded by now stays: walking it took the collector 50 ms of the loop (measured).
        gc.freeze()
        log.info("serving at %s", paths.socket)
        ready()
        await _until(ending, work, crash)
    finally:
        ending.begin(ending.goodbye)  # so that what hangs does not keep a failed engine either
        log.info("ending: %s", ending.goodbye.reason)
        door.close()
        reloader.close()
        for task in work:
            task.cancel()
        await engine.close(ending.goodbye)
        log.info("ended")
    if ending.failure:
        raise EngineError(ending.failure)


async def _until(ending: Ending, work: list[asyncio.Task[None]], crash: CrashFile) -> None:
    """Wait for the end; a part of the engine that fails is an end too, not a silent loss."""
    end = asyncio.create_task(ending.wait())
    done, _ = await asyncio.wait((end, *work), return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        if task is not end and (error := task.exception()) is not None:
            log.critical("a part of the engine failed", exc_info=error)
            ending.failure = _failed(crash, error)
            ending.begin(Goodbye(reason=ending.failure))
    end.cancel()


def _failed(crash: CrashFile, error: BaseException) -> str:
    """What to say of it, and where the report is."""
    said = crash.report(error).removeprefix("warroom: failed unexpectedly")
    return f"the engine failed{said}"


async def _checks(engine: Engine) -> None:
    while True:
        await asyncio.sleep(CHECK)
        engine.check()


async def _keep_lock(paths: RoomPaths, lock: int, ending: Ending) -> None:
    """End when the lock's file is gone: another engine may hold the new one by now."""
    while True:
        await asyncio.sleep(CHECK)
        if not holds(paths, lock):
            ending.begin(Goodbye(reason=f"{paths.lock} was removed"))
            return


async def _linger(engine: Engine, ending: Ending) -> None:
    """End when nobody needed the engine for ``linger`` seconds, from the very start on: no console
    was there, and no incident was open."""
    changed = engine.server.occupied_changed
    while True:
        changed.clear()
        wait = None if engine.needed else engine.linger
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await changed.wait()
                continue
        log.info("no console for %g s", wait)
        ending.begin(Goodbye(reason="nobody was attached"))
        return


class _Reloader:
    """SIGHUP reads the configuration again; from a terminal that went away it is the end."""

    def __init__(self, engine: Engine, ending: Ending) -> None:
        self._engine, self._ending = engine, ending
        self._terminal = sys.stdin is not None and sys.stdin.isatty()
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGHUP, self._hung_up)

    def close(self) -> None:
        self._loop.remove_signal_handler(signal.SIGHUP)
        if self._task is not None:
            self._task.cancel()

    def _hung_up(self) -> None:
        if self._terminal and not sys.stdin.isatty():
            self._ending.begin(Goodbye(reason="the engine's terminal went away"))
        elif self._task is None or self._task.done():
            self._task = asyncio.create_task(self._reload())

    async def _reload(self) -> None:
        with contextlib.suppress(ConfigError):  # the engine has logged it and says it in the room
            await self._engine.reload()
