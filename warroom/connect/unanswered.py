"""How many polls in a row a system left without an answer of use."""

from warroom.errors import ProbeError

_TARGETS = frozenset(
    {"connect", "tls", "send", "first byte", "body", "answer", "deadline", "proxy"}
)
"""Phases whose failure says something of the target; ``dns`` and ``set-up`` do not."""


class Unanswered:
    """The count of one source: not known before the first answer, for what has never
    answered may be a wrong address of ours."""

    def __init__(self) -> None:
        self.polls: int | None = None

    def answered(self) -> None:
        self.polls = 0

    def failed(self, error: ProbeError) -> bool:
        """One more poll came to nothing; whether the target is to blame, and it counts."""
        if self.polls is None or error.phase not in _TARGETS:
            return False
        self.polls += 1
        return True

    def after(self, error: ProbeError) -> dict[str, float | None]:
        """The figure ``unanswered`` after one more poll that came to nothing; no figure where
        the target is not to blame."""
        return {"unanswered": float(self.polls or 0)} if self.failed(error) else {}
