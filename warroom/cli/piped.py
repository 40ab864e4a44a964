"""What comes on standard input."""

import sys

from warroom.cli.note_text import MOST
from warroom.cli.printing import tell
from warroom.errors import UsageError


def piped() -> bytes:
    """Standard input to its end; one byte more than is taken tells that there is more."""
    if sys.stdin is None:
        raise UsageError("there is no standard input to read")
    if sys.stdin.isatty():
        tell("write, and end with Ctrl-D on a line of its own")
    return sys.stdin.buffer.read(MOST + 1)
