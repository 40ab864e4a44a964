"""Regular expressions: RE2, which is what Prometheus' own ones mean.

``.`` matches a line feed (Prometheus 3). RE2 takes time in proportion to the length of the
text and lets other threads work meanwhile, whatever the pattern is: neither a configuration,
nor a hostile page, nor a slip of a finger can stop the engine or a console with one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warroom.text import safe

if TYPE_CHECKING:
    import re2

MOST_MEMORY = 1 << 20
"""Bytes for one pattern, and its work; RE2 refuses a pattern that needs more."""


class Pattern:
    """One regular expression. Raises ValueError in RE2's words.

    ``parts`` needs one that ``captures``, which costs time in every use of it."""

    def __init__(self, text: str, *, ignore_case: bool = False, captures: bool = False) -> None:
        # Here, for it is seldom needed, and the library takes 6 ms to import (measured).
        import re2

        try:
            self._compiled = re2.compile(_encoded(text), options=_options(ignore_case, captures))
        except re2.error as error:
            said = error.args[0] if error.args else b""
            words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise ValueError(f"not a regular expression (RE2): {safe(words, 200)}") from None

    def matches(self, value: str) -> bool:
        """Whether it matches the whole of ``value``."""
        return self._compiled.fullmatch(_encoded(value)) is not None

    def found_in(self, value: str) -> bool:
        """Whether it matches anywhere in ``value``."""
        return self._compiled.search(_encoded(value)) is not None

    def spans(self, value: str) -> Iterator[tuple[int, int]]:
        """Where it matches in ``value``, from left to right: characters from and to. What matches
        nothing is passed over."""
        data = _encoded(value)
        read = before = 0
        for found in self._compiled.finditer(data):
            start, end = found.span()
            if end > start:
                # From where the last one ended: each byte is read once, however many there are.
                before += len(data[read:start].decode("utf-8", "surrogatepass"))
                behind = before + len(data[start:end].decode("utf-8", "surrogatepass"))
                yield before, behind
                read, before = end, behind

    @property
    def names(self) -> tuple[str, ...]:
        """Its named groups, ``(?P<name>…)``."""
        return tuple(name.decode() for name in self._compiled.groupindex)

    def parts(self, value: str) -> dict[str, str] | None:
        """What its named groups are where it matches first in ``value``, empty for one that
        took no part; None if it does not match anywhere."""
        found = self._compiled.search(_encoded(value))
        if found is None:
            return None
        parts = found.groupdict().items()
        return {name.decode(): (part or b"").decode(errors="replace") for name, part in parts}


def _options(ignore_case: bool, captures: bool) -> "re2.Options":
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    options.dot_nl = True
    options.never_capture = not captures
    options.case_sensitive = not ignore_case
    return options


def _encoded(text: str) -> bytes:
    """In UTF-8; a lone surrogate, which is no text, is one letter like any other."""
    return text.encode("utf-8", "surrogatepass")
