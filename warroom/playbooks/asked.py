"""What a symptom asks for, in words: ``jobs.*.depth: over 10000 for 2 polls``. Pure."""

from warroom.playbooks.playbook import ANY, Symptom
from warroom.text import short_duration

PATTERNS = 2
"""How many patterns of sources are told: the library's words stand for up to eight."""


def symptom_words(symptom: Symptom) -> str:
    """The whole of it; names and patterns are the configuration's own."""
    what = _either(
        [f"{one}.{symptom.figure}" if symptom.figure else one for one in symptom.sources]
    )
    kinds = f" ({', '.join(symptom.kinds)})" if symptom.kinds else ""
    why = f", because of /{symptom.reason}/" if symptom.reason else ""
    weight = f"  (counts {symptom.weight})" if symptom.weight > 1 else ""
    every = "all of " if symptom.every else ""
    return f"{every}{what}{kinds}: {_asks(symptom)}{why}{weight}"


def _either(patterns: list[str]) -> str:
    """All of a few; of many the first ones, and how many more."""
    more = len(patterns) - PATTERNS
    if more < 2:
        return " or ".join(patterns)
    return f"{' or '.join(patterns[:PATTERNS])} or {more} more"


def _asks(symptom: Symptom) -> str:
    if symptom.change:
        return f"{symptom.change} within {short_duration(symptom.within)} before"
    level = "at any level" if symptom.level == ANY else f"at {symptom.level} or worse"
    stands = symptom.threshold.words() if symptom.threshold else symptom.state or level
    hold = symptom.hold
    return f"{stands} {hold.words() if hold.seconds else f'for {hold.words()}'}"
