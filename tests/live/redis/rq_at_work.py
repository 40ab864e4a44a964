"""RQ's own workers, in processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.live.redis.servers import Server
from tests.waiting import until

ROOT = Path(__file__).parents[3]
RQ = str(Path(sys.executable).parent / "rq")


@contextmanager
def worker(server: Server, *queues: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker, and what it forks, that end with the block; ``queues`` may be options, too."""
    command = [RQ, "worker", "--url", server.url, "--quiet", *queues]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            killed(process)


def killed(process: "subprocess.Popen[bytes]") -> None:
    """The whole family, at once: nothing can be said to anybody any more."""
    if process.poll() is None:
        parent = psutil.Process(process.pid)
        parent.suspend()  # it forks no more while its children are listed
        for member in (*parent.children(recursive=True), parent):
            with suppress(psutil.NoSuchProcess):
                member.send_signal(signal.SIGKILL)
        process.wait(20)


def left(process: "subprocess.Popen[bytes]", app: Any) -> None:
    """In order, as a worker does that is told to while it waits for a job."""
    until(lambda: all(app.hget(key, "state") == b"idle" for key in app.smembers("rq:workers")), 20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def every(counted: Any) -> dict[str, int | None]:
    """The further counts, by name."""
    return {each.what: each.count for each in counted.counts}
