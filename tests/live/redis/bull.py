"""BullMQ in the tests: its own ``Queue``, and workers in processes of their own."""

import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from bullmq import Queue

from tests.live.redis.servers import Server
from warroom.connect.queues.talk import ErrorReply, Look, Reply, T

PROGRAM = Path(__file__).with_name("bull_worker.py")


@contextlib.asynccontextmanager
async def bull(server: Server, name: str = "mails") -> AsyncIterator[Any]:
    queue = Queue(name, {"connection": {"port": server.port}})
    try:
        yield queue
    finally:
        await queue.close()


@contextlib.contextmanager
def bull_worker(
    server: Server, queue: str = "mails", **options: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker that is there until the block ends, or somebody kills it."""
    told = [str(server.port), queue, json.dumps(options)]
    process = subprocess.Popen([sys.executable, str(PROGRAM), *told])
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def refusing(look: Look[T], refused: Callable[[tuple[Any, ...]], bool]) -> Look[T]:
    """``look`` on a server whose rights forbid some commands."""
    replies: list[Reply] | None = None
    while True:
        try:
            commands = next(look) if replies is None else look.send(replies)
        except StopIteration as end:
            found: T = end.value
            return found
        came = yield commands
        no = ErrorReply("NOPERM this user has no permissions")
        replies = [
            no if refused(command) else reply for command, reply in zip(commands, came, strict=True)
        ]
