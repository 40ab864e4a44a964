"""A console that counts itself: what cannot be seen from outside, a line of JSON at a time.

``python -m tests.soak.inside FILE ARGUMENTS``: as ``warroom ARGUMENTS``.
"""

import asyncio
import gc
import json
import os
import sys
import threading
import time
import weakref

from textual.widget import Widget

from warroom.cli import main
from warroom.console.app import Console

EVERY = 5.0


def counting(path):
    """Keep count of widgets, and begin to write counts after the first frame.

    Not by ``gc.get_objects``: in a thread it takes hold of tuples that another has half built,
    which then fail there with a SystemError (seen after 90 s).
    """
    started, made = Console._start, Widget.__init__
    alive = weakref.WeakSet()

    def make(widget, *children, **options):
        made(widget, *children, **options)
        alive.add(widget)

    Widget.__init__ = make

    def start(console):
        started(console)
        threading.Thread(target=count, args=(console, path, alive), daemon=True).start()

    Console._start = start


def count(console, path, alive):
    while True:
        gc.collect()  # or what is counted is how long ago the last one was
        counted = {"tasks": len(asyncio.all_tasks(console._loop)), "widgets": len(alive)}
        with open(f"{path}.new", "w") as file:
            json.dump(counted, file)
        os.replace(f"{path}.new", path)
        time.sleep(EVERY)


if __name__ == "__main__":
    counting(sys.argv.pop(1))
    sys.exit(main())
