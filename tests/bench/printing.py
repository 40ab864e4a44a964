"""One line a figure, and how the console's own figures are taken."""

import sys
import time
from contextlib import contextmanager

from tests.rooms import WARROOM
from tests.terminal import Terminal


def line(name, value, bound=""):
    sys.stdout.write(f"{name:<58} {value:>14}   {bound}\n")
    sys.stdout.flush()


@contextmanager
def console(env, words, argv=WARROOM, **options):
    """A program in a terminal of 120 by 40, once these words are on its screen."""
    with Terminal(argv, columns=120, rows=40, env=env, **options) as terminal:
        terminal.wait_for(*words, seconds=40)
        yield terminal


def settled(terminal, seconds=3):
    time.sleep(seconds)
    return len(terminal.raw), time.monotonic()


def rate(terminal, seconds):
    """Bytes per second that it sends to the terminal, once it has settled."""
    before, started = settled(terminal)
    time.sleep(seconds)
    return (len(terminal.raw) - before) / (time.monotonic() - started)


def used(processes, seconds):
    """The share of one processor that each of them takes, by name."""
    before = {name: sum(process.cpu_times()[:2]) for name, process in processes.items()}
    started = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - started
    return {
        name: (sum(process.cpu_times()[:2]) - before[name]) / took
        for name, process in processes.items()
    }
