"""One line a figure, and how the console's own figures are taken."""

import sys
import time
from contextlib import contextmanager

from tests.rooms import WARROOM
from tests.terminal import Terminal, until


def part(name, *columns):
    """A heading: what comes, and what the columns of its figures are."""
    table(f"\n## {name}", *columns)


def table(name, *values):
    """A figure of several, as its heading says."""
    sys.stdout.write(f"{name:<58} {'   '.join(f'{value:>14}' for value in values)}\n")
    sys.stdout.flush()


def line(name, value, bound=""):
    sys.stdout.write(f"{name:<58} {value:>14}   {bound}\n")
    sys.stdout.flush()


@contextmanager
def console(env, words, argv=WARROOM, **options):
    """A program in a terminal of 120 by 40, once these words are on its screen."""
    with Terminal(argv, columns=120, rows=40, env=env, **options) as terminal:
        terminal.wait_for(*words, seconds=40)
        yield terminal


def shown(argv, words, env=None):
    """Seconds from the start until these words are on the screen."""
    started = time.monotonic()
    with Terminal(argv, columns=120, rows=40, env=env) as terminal:
        until(lambda: all(word in terminal.text for word in words), 20)
        return time.monotonic() - started


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
