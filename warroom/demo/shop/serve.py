"""Run one of the shop's HTTP programs until the supervisor is gone or says stop."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from warroom.demo import lifeline
from warroom.demo.settings import Settings


def serve(build: Callable[[Settings], Starlette], port: Callable[[Settings], int]) -> None:
    """Serve the app on 127.0.0.1; the settings file is the program's one argument."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    settings = Settings.read(Path(sys.argv[1]))
    asyncio.run(_serve(build, settings, port(settings)))


async def _serve(build: Callable[[Settings], Starlette], settings: Settings, port: int) -> None:
    config = uvicorn.Config(
        build(settings),  # inside the loop, to which the database pool belongs
        host="127.0.0.1",
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    await uvicorn.Server(config).serve()
