"""Run one of the shop's HTTP programs until the supervisor is gone or says stop."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from warroom.demo import lifeline
from warroom.demo.settings import Settings

SEND_BYTES = 131_072
"""What the kernel may hold of an answer."""


def serve(build: Callable[[Settings], Starlette], port: Callable[[Settings], int]) -> None:
    """Serve the app on 127.0.0.1; the settings file is the program's first argument."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for every request else
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    settings = Settings.read(Path(sys.argv[1]))
    asyncio.run(_serve(build, settings, port(settings)))


async def _serve(build: Callable[[Settings], Starlette], settings: Settings, port: int) -> None:
    config = uvicorn.Config(
        build(settings),  # inside the loop, to which the database pool belongs
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    await uvicorn.Server(config).serve(sockets=[_bound(port)])


def _bound(port: int) -> socket.socket:
    # IPPROTO_TCP said outright: asyncio sets TCP_NODELAY on no other (40 ms an answer).
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by what is accepted. Linux would take in 4 MB for a reader who does not read.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    bound.bind(("127.0.0.1", port))
    return bound
