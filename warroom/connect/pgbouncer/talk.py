"""A connection to an admin console, as those see it who ask; and how it can fail them."""

from collections.abc import Mapping
from typing import Protocol

Row = Mapping[str, str | None]
"""One row of an answer by the names of its columns; all values are text."""


class SaidError(Exception):
    """The console answered one question with an error, in words; the connection is as before."""

    def __init__(self, words: str, sqlstate: str = "") -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


class Console(Protocol):
    """A connection to an admin console that is signed in."""

    @property
    def peer(self) -> str:
        """What it was opened to: ``10.0.0.7:6432``, or the path of a socket."""

    async def show(self, what: str) -> list[Row]:
        """The answer to ``SHOW what``. Raises SaidError, LostError. After it was cancelled the
        connection is of no use."""

    def close(self) -> None:
        """Let go at once, waiting for nobody."""
