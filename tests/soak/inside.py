"""A console that counts itself: what cannot be seen from outside, a line of JSON at a time.

``python -m tests.soak.inside FILE ARGUMENTS``: as ``warroom ARGUMENTS``. What was there at the
first frame is left out (the console freezes it); what comes and stays is what matters.
"""

import asyncio
import gc
import json
import os
import sys
import threading
import time

from textual.widget import Widget

from warroom.cli import main
from warroom.console.app import Console

EVERY = 10.0


def counting(path):
    """A console's first hook after its first frame, by which it begins to count."""
    started = Console._start

    def start(console):
        started(console)
        threading.Thread(target=count, args=(console, path), daemon=True).start()

    Console._start = start


def count(console, path):
    while True:
        gc.collect()  # or what is counted is how long ago the last one was
        counted = {
            "tasks": len(asyncio.all_tasks(console._loop)),
            "widgets": sum(isinstance(one, Widget) for one in gc.get_objects()),
            "objects": len(gc.get_objects()),
        }
        with open(f"{path}.new", "w") as file:
            json.dump(counted, file)
        os.replace(f"{path}.new", path)
        time.sleep(EVERY)


if __name__ == "__main__":
    counting(sys.argv.pop(1))
    sys.exit(main())
