"""Blocking work in daemon threads of our own.

The loop's default executor is never used: it has few threads, one hanging look-up after
another fills it, and the interpreter waits for them all when it quits.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def start(work: Callable[[], T], name: str) -> "asyncio.Future[T]":
    """Run ``work`` in a new daemon thread; its result or exception arrives in the future.

    Await it through ``asyncio.shield``: several may wait for it, each with a deadline of
    its own, and a wait that is given up leaves the work to the others. A result that
    nobody waits for any more is dropped without a word.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    future.add_done_callback(_retrieved)

    def body() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed on to whoever waits
            _deliver(loop, lambda error=error: _settle(future, error=error))  # type: ignore[misc]
        else:
            _deliver(loop, lambda: _settle(future, result=result))

    threading.Thread(target=body, name=name, daemon=True).start()
    return future


def _deliver(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(callback)
    except RuntimeError:
        if not loop.is_closed():
            raise
        # The loop ended before the work did: nobody is left to be told.


def _settle(
    future: "asyncio.Future[T]", result: T | None = None, error: BaseException | None = None
) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)  # type: ignore[arg-type]


def _retrieved(future: "asyncio.Future[T]") -> None:
    # Looking at it keeps asyncio from reporting an error that nobody waited for.
    if not future.cancelled():
        future.exception()
