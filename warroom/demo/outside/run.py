"""Run one of the programs that only call, until the supervisor is gone or says stop."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from warroom.demo import lifeline
from warroom.demo.settings import Settings


def run(main: Callable[[Settings], Coroutine[None, None, None]]) -> None:
    """Run it to its end; the settings file is the program's one argument."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    asyncio.run(main(Settings.read(Path(sys.argv[1]))))
