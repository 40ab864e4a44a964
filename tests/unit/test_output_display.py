"""A terminal that takes nothing: nobody waits for it, and nobody keeps looking."""

import os
import time

from tests.waiting import until
from warroom.console.output.display import Display
from warroom.console.output.outlet import Tally


class Loop:
    """Keeps what is to be called."""

    def __init__(self):
        self.later, self.soon = [], []

    def is_closed(self):
        return False

    def call_later(self, delay, what):
        self.later.append(what)

    def call_soon_threadsafe(self, what):
        self.soon.append(what)


def test_a_late_answer_is_not_looked_for_while_the_question_was_not_taken():
    reads, writes = os.pipe()
    loop = Loop()
    display = Display(writes, loop, Tally(time.monotonic()))
    display.write("x" * 100_000)  # more than a pipe holds
    assert display.flow.asks(time.monotonic() - 100)
    display._overdue()
    assert not display.outlet.idle
    assert loop.later == []
    until(lambda: os.read(reads, 65_536) and display.outlet.idle)
    until(lambda: loop.soon)
    loop.soon.pop()()
    assert len(loop.later) == 1
    assert display.outlet.close(5)
    os.close(reads)
    os.close(writes)
