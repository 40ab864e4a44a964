"""The figures of a tracker's project. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from warroom.measure.tracker import Issue
from warroom.sources.known import Figure
from warroom.text import short_duration

UNITS = {
    "events_per_minute": "events/min",
    "issues_new": "issues",
    "issues_regressed": "issues",
    "issues_unresolved": "issues",
    "worst_issue_per_minute": "events/min",
    "unanswered": "polls",
}
"""The first is the trend."""
SKEW = 60.0
"""Seconds by which two clocks may differ before it is said."""


@dataclass(frozen=True)
class Facts:
    """What was read. ``reach`` is how far back the list goes, None when it is whole; an issue
    is new since ``since``; ``regressions`` says whether this tracker tells them. ``lacking`` is
    what it answered when asked for a count of its own. ``ahead`` are the seconds that our clock
    is ahead of the tracker's."""

    issues: Sequence[Issue]
    per_minute: float | None
    reach: datetime | None
    since: datetime
    regressions: bool
    lacking: str = ""
    ahead: float = 0.0

    @property
    def cut(self) -> bool:
        """Whether there may be more that are new than were read."""
        return self.reach is not None and self.reach >= self.since


def known(facts: Facts) -> dict[str, float | Figure | None]:
    """The figures. Of those that are new or have come back there may be more than were read:
    then what was read is given, for it is enough for a rule, and a note says "at least"."""
    back = sum(issue.regressed for issue in facts.issues)
    most = _worst(facts.issues)
    calm = None if facts.issues else 0.0
    return {
        "events_per_minute": facts.per_minute,
        "issues_new": float(sum(issue.is_new for issue in facts.issues)),
        "issues_regressed": float(back) if facts.regressions else None,
        "issues_unresolved": float(len(facts.issues)) if facts.reach is None else None,
        "worst_issue_per_minute": calm if most is None else (most.per_minute, most.title),
        "unanswered": 0.0,
    }


def notes(facts: Facts, environment: str) -> tuple[str, ...]:
    """What is worth knowing of the figures."""
    found = []
    if facts.reach is not None:
        found.append(f"at least {len(facts.issues)} unresolved issues: those seen last were read")
    if facts.cut:
        found.append("at least so many are new or have come back: more were active than were read")
    if not facts.regressions:
        found.append("this tracker does not say which issues have come back")
    if environment and not facts.issues:
        found.append(f"no issue in environment {environment}: a wrong name looks the same")
    if abs(facts.ahead) > SKEW:
        way = "ahead of" if facts.ahead > 0 else "behind"
        words = f"our clock is {short_duration(abs(facts.ahead))} {way} the tracker's"
        found.append(f"{words}, and times ago are by ours")
    if facts.lacking:
        words = "events per minute are what the unresolved issues rose by; the tracker's own count"
        found.append(f"{words}, which needs project:read, was answered with {facts.lacking}")
    return tuple(found)


def _worst(issues: Sequence[Issue]) -> Issue | None:
    """The issue of which most events come now, as far as that is known."""
    known = [issue for issue in issues if issue.per_minute is not None]
    return max(known, key=lambda issue: issue.per_minute or 0.0, default=None)


def first(issues: Sequence[Issue]) -> list[Issue]:
    """The new ones and those that have come back, then those that come most often."""
    return sorted(
        issues,
        key=lambda issue: (
            not (issue.is_new or issue.regressed),
            -(issue.per_minute or 0.0),
            -(issue.events or 0),
        ),
    )
