"""A pipe as lifeline: its end of file tells that the process on the other side is gone.

Unlike a signal it comes for a `kill -9` too, and on every system.
"""

import os
import threading
from collections.abc import Callable


def watch(on_end: Callable[[], object], descriptor: int = 0) -> None:
    """Call `on_end`, from a thread of its own, once nobody holds the writing end any more."""

    def wait() -> None:
        while os.read(descriptor, 4096):
            pass
        on_end()

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
