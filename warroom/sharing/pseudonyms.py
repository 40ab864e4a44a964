"""What stands in the place of a value: the same for as long as the engine lives. Pure."""

import re
from collections.abc import Callable
from typing import Literal

What = Literal["host", "addr", "mail", "user", "token", "phone"]

MOST = 20_000
"""Values that have a number of their own; those that come after are ``<host>`` and the like."""

PSEUDONYM = r"<(?:host|addr|mail|user|token|phone)(?:-\d+)?>"
"""What a masked value looks like; brackets are in no name, address or token."""

_WHOLE = re.compile(rf"{PSEUDONYM}\Z")
_NUMBERED = re.compile(rb"<(?:host|addr|mail|user|token|phone)-\d+>")


def is_pseudonym(value: str) -> bool:
    return _WHOLE.match(value) is not None


class Pseudonyms:
    """Values and their stand-ins, one to one."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: dict[tuple[What, str], str] = {}
        self._real: dict[str, str] = {}
        self._counts: dict[What, int] = {}
        self._strange: set[str] = set()

    def of(self, what: What, value: str) -> str:
        """The value's stand-in. Equal letters in another case are another value: what is put back
        is what was there."""
        known = self._of.get((what, value))
        if known is not None:
            return known
        if len(self._of) >= self._most:
            return f"<{what}>"
        made = self._next(what)
        self._of[what, value] = made
        self._real[made] = value
        return made

    def meet(self, written: str) -> None:
        """This was found in outside text: it is to be nobody's stand-in."""
        if written not in self._real and len(self._strange) < self._most:
            self._strange.add(written)

    def real(self, line: bytes, escaped: Callable[[str], bytes]) -> bytes:
        """A line with every stand-in replaced by what it stands for, ``escaped``; one that stands
        for nothing is left as it is."""

        def back(found: re.Match[bytes]) -> bytes:
            value = self._real.get(found[0].decode("ascii"))
            return found[0] if value is None else escaped(value)

        return _NUMBERED.sub(back, line)

    def _next(self, what: What) -> str:
        while True:
            count = self._counts[what] = self._counts.get(what, 0) + 1
            made = f"<{what}-{count}>"
            if made not in self._strange:
                return made
