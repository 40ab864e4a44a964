"""``INFO``, read strictly: what is missing or no number is not known."""

from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = 20
"""Digits of the longest number; Redis counts in 64 bits."""


@dataclass(frozen=True)
class Info:
    """The lines of an answer to ``INFO``, by the names that Redis gives them (Redis
    documentation, "INFO")."""

    values: Mapping[str, str]
    sections: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> "Info":
        lines = text.splitlines()
        pairs = (line.partition(":") for line in lines if not line.startswith("#"))
        heads = frozenset(line[1:].strip() for line in lines if line.startswith("#"))
        return cls({name: value.strip() for name, colon, value in pairs if colon}, heads)

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def count(self, name: str) -> int | None:
        """A whole number that is not negative; None for anything else."""
        found = self.values.get(name, "")
        if not (found.isascii() and found.isdecimal() and len(found) <= _LONGEST):
            return None
        return int(found)

    def fields(self, name: str) -> dict[str, str]:
        """``keys=3,expires=0`` and the like."""
        parts = (part.partition("=") for part in self.text(name).split(","))
        return {key: value for key, equals, value in parts if equals}

    @property
    def version(self) -> tuple[int, ...]:
        """Of Redis, or the one that Valkey is compatible with; empty when it is not told."""
        numbers = self.text("redis_version").split(".")[:3]
        known = all(part.isascii() and part.isdecimal() and len(part) < 6 for part in numbers)
        return tuple(int(part) for part in numbers) if known else ()
