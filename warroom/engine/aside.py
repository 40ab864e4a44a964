"""Blocking work beside the loop."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T], name: str = "warroom-aside") -> T:
    """The result of ``work``, run in a thread of its own.

    A daemon thread and no pool: a directory server or password manager that hangs must
    neither use up the pool nor keep the process from ending. Cancelled, the thread is left
    to finish, and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # None only if T has None

    def run() -> None:
        result: T | None = None
        failed: Exception | None = None
        try:
            result = work()
        except (StopIteration, SystemExit) as error:  # a future or the loop would choke on it
            failed = RuntimeError(f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            failed = error
        try:
            loop.call_soon_threadsafe(settle, result, failed)
        except RuntimeError:
            return  # the loop is closed, nobody waits

    threading.Thread(target=run, name=name, daemon=True).start()
    return await done
