"""What the mask of a shared screen costs the engine, beside the encoding that it comes before."""

import time

from tests.bench.printing import line
from tests.ui import boards, databases, redis_boards
from warroom.config.masker import Masker
from warroom.engine.lens import Lens
from warroom.measure.snapshot import Failure
from warroom.wire import Board, Changed, encode

SOURCES = 50


def shared_board():
    """A board of fifty sources: the first time, again as it is, and with other texts each time."""
    makers = (databases.locked, redis_boards.bad, boards.up, boards.down, boards.metrics)
    views = tuple(makers[n % len(makers)](f"s{n}") for n in range(SOURCES))
    board = Board(room=boards.room(), sources=views)
    lens = Lens(Masker())
    encoded = _best(lambda: encode(board))
    started = time.perf_counter()
    lens.through([board])
    first = time.perf_counter() - started
    again = _best(lambda: lens.through([board]))
    one = Changed(sources=views[:1])
    line(
        "a board of 50 sources encoded", f"{encoded * 1e3:.1f} ms", f"{len(encode(board)):,} bytes"
    )
    line("the same masked for the first time", f"{first * 1e3:.1f} ms")
    line("the same masked again", f"{again * 1e3:.1f} ms", f"{again / encoded:.1f} of its encoding")
    line("one database of it that changed", f"{_best(lambda: lens.through([one])) * 1e3:.2f} ms")
    numbers = iter(range(1_000_000))

    def fresh():
        words = f"cannot reach db{next(numbers)}.example.internal (10.0.0.7) after 2.1 s"
        return lens.of(Failure("connect", words))

    line("a text that was never seen", f"{_best(fresh) * 1e6:.0f} µs")


def _best(work, times=30):
    """Seconds of the quickest of some."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)
