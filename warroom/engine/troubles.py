"""What is wrong with one source now, and since when: for the record of onsets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from warroom.engine.levels import Verdict
from warroom.engine.record import Trouble
from warroom.measure.rule import Rule
from warroom.severity import OK, UNSEEN, Scale

DARK_POLLS = 2
"""Polls in a row without an answer before not being seen counts as a trouble of its own."""


@dataclass(frozen=True)
class Darkness:
    """How long nothing has been seen: since when (monotonic; None while it is), and for how many
    polls in a row."""

    since: float | None = None
    polls: int = 0

    def one_more(self, begun: float) -> "Darkness":
        """Another poll without an answer, which began then."""
        return Darkness(begun if self.since is None else self.since, self.polls + 1)

    @property
    def lasts(self) -> bool:
        return self.since is not None and self.polls >= DARK_POLLS


def silence(since: float) -> Darkness:
    """No poll has ended since then."""
    return Darkness(since, DARK_POLLS)


def troubles(
    name: str, verdicts: Mapping[Rule, Verdict], darkness: Darkness, scale: Scale
) -> dict[str, Trouble]:
    """What is wrong with the source, by signal, since its first bad poll; under the empty name,
    that it cannot be seen."""
    found: dict[str, Trouble] = {}
    for rule, verdict in verdicts.items():
        state = verdict.state
        if state.level == OK:
            continue
        since = state.level_since if state.bad_since is None else state.bad_since
        trouble, other = Trouble(rule.name, state.level, since), found.get(rule.signal)
        if other is not None:
            first = min(trouble, other, key=lambda each: each.at)
            level = max(trouble.level, other.level, key=scale.rank)
            trouble = replace(first, level=level)
        found[rule.signal] = trouble
    return _with_darkness(f"{name}.unanswered", found, darkness)


def _with_darkness(
    counted: str, found: dict[str, Trouble], darkness: Darkness
) -> dict[str, Trouble]:
    if darkness.since is None or not darkness.lasts:
        return found
    silent = found.get(counted)
    if silent is None:
        return found | {"": Trouble("", UNSEEN, darkness.since)}
    # A rule that counts polls without an answer tells the same, and begins to later.
    return found | {counted: replace(silent, at=min(silent.at, darkness.since))}
