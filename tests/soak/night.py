"""What goes on during a soak: faults come and go, keys are pressed, incidents open and close, a
second console attaches and leaves. All of it by chance, from one seed."""

import random
import subprocess
import threading
import time

from tests.rooms import WARROOM
from tests.terminal import Terminal
from warroom.demo import control
from warroom.errors import WarroomError

GESTURES = (
    ("]",), ("[",), ("w",), ("c", "\x1b"), ("1", "z", "j", "\x1b"), ("2", "z", "\x1b[B", "\x1b"),
    ("?", "\x1b"), ("\x10", "thm", "\x1b"), ("p", "\x1b"), ("a", "\x1b"), ("I", "\x1b"),
    ("T", "\x1b"), ("@", "\x1b"), ("v", "\x1b"), ("X", "\x1b"), ("t",), ("\x0c",),
    ("d", "half a title", "\x1b"), ("i", "seen by hand", "\r", "\x1b"), ("u", "\x1b"),
    ("1", "/", "we", "\x1b"), ("1", "s"), ("1", "-"), ("1", "f"), ("1", "e", "\x1b"), ("r",),
)  # fmt: skip
"""Keys, one after another; each ends where it began."""
PAUSE = 0.3
FAULTS = (
    "outage", "error-rate", "slow", "slow-database", "redis-down", "queue-backlog", "bad-deploy",
    "pool-exhausted", "memory", "rate-limit", "cut-off",
)  # fmt: skip


class Night:
    """Runs beside a console until it is told to end. A context manager."""

    def __init__(
        self, terminal, production, config, seed, *, faults=FAULTS, fault_s=12.0, second_s=60.0
    ):
        self.terminal, self.production, self.config = terminal, production, config
        self.faults, self.fault_s, self.second_s = faults, fault_s, second_s
        self.chance = random.Random(seed)
        self.over = threading.Event()
        self.done = {"faults": 0, "keys": 0, "incidents": 0, "second consoles": 0}
        parts = (self._faults, self._keys, self._incidents, self._second)
        self._threads = [threading.Thread(target=part, daemon=True) for part in parts]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc):
        self.over.set()
        for thread in self._threads:
            thread.join(60)

    def _faults(self):
        socket = self.production.control
        while not self.over.wait(self.fault_s / 3):
            name = self.chance.choice(self.faults)
            try:
                control.switch(socket, name, True)
                self.done["faults"] += 1
                self.over.wait(self.fault_s)
                control.switch(socket, name, False)
            except WarroomError:
                continue  # one needs what another has taken away

    def _keys(self):
        while not self.over.is_set():
            for key in self.chance.choice(GESTURES):
                self.terminal.type(key)
                self.done["keys"] += 1
                if self.over.wait(PAUSE):
                    return

    def _incidents(self):
        while not self.over.wait(self.fault_s):
            self._say("declare", "something is down", "--sev", "SEV2")
            self.done["incidents"] += 1
            for n in range(5):
                self._say("note", f"note {n} of this one")
                if self.over.wait(self.fault_s):
                    return
            self._say("resolve", "--how", "other", "--override", "it is over", "all is well")

    def _say(self, *words):
        argv = [*WARROOM, *words, "--config", str(self.config)]
        subprocess.run(argv, capture_output=True, timeout=60, check=False)

    def _second(self):
        while not self.over.wait(self.second_s):
            argv = [*WARROOM, "--config", str(self.config)]
            with Terminal(argv, columns=80, rows=24) as terminal:
                self.done["second consoles"] += 1
                self.over.wait(self.second_s / 3)
                terminal.type("q")
                end = time.monotonic() + 5
                while terminal.process.poll() is None and time.monotonic() < end:
                    self.over.wait(0.1)
