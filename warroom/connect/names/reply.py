"""What one resolver said of a name."""

from dataclasses import dataclass
from typing import Literal

Said = Literal["answers", "none", "failed", "silent"]
"""It has answers; it says that there are none; it tried, and cannot tell (SERVFAIL); it could
not be asked, or would not be (REFUSED)."""


@dataclass(frozen=True)
class Reply:
    """``answers`` are in the form people write them in; ``trouble`` says in words why there are
    none. ``took`` and ``ttl`` (the smallest of all records that led there) are seconds."""

    resolver: str
    said: Said
    answers: frozenset[str] = frozenset()
    trouble: str = ""
    took: float | None = None
    ttl: int | None = None

    @property
    def definite(self) -> bool:
        """Whether it says what the name is, or that there is no such."""
        return self.said in ("answers", "none")
