"""What a check shows: lines made safe, its first and its last, as many as an entry takes. Pure."""

from collections.abc import Callable, Sequence

from warroom.connect.output import LONGEST, WIDTH, Output
from warroom.text import safe

HEAD, TAIL = 40, 60
"""Lines that are shown: the first and the last."""
MOST = 14_000
"""Characters of them all together; an entry takes 16,000."""
LINE = 300
"""Characters of the result's own line."""


def shown(output: Output) -> tuple[str, ...]:
    """What is told of a program's output."""
    return bounded((*output.head, *output.tail), output.dropped, len(output.head))


def listed(lines: Sequence[str], masked: Callable[[str], str]) -> tuple[str, ...]:
    """The same for lines of ours with outside text in them."""
    return bounded([safe(masked(line[:LONGEST]).rstrip(), WIDTH) for line in lines])


def in_a_line(text: str, masked: Callable[[str], str]) -> str:
    """The result, on one line."""
    return safe(masked(text), LINE)


def bounded(lines: Sequence[str], dropped: int = 0, at: int = HEAD) -> tuple[str, ...]:
    """As many as are shown, and how many were left out; ``dropped`` of them are missing already,
    after the first ``at``."""
    head, tail = list(lines[:at][:HEAD]), list(lines[at:][-TAIL:])
    if not dropped and len(lines) <= HEAD + TAIL:
        head, tail = list(lines[:HEAD]), list(lines[HEAD:])
    left = sum(map(len, (*head, *tail))) + len(head) + len(tail)
    while left > MOST:
        shorter = tail if len(tail) > len(head) else head
        left -= len(shorter.pop(0 if shorter is tail else -1)) + 1
    missing = dropped + len(lines) - len(head) - len(tail)
    gap = (f"… {missing:,} line{'' if missing == 1 else 's'} left out …",) if missing else ()
    return (*head, *gap, *tail)
