"""What the error tracker keeps: issues, and how many events came when. Bounded in memory."""

import itertools
from dataclasses import dataclass

from warroom.demo.error_report import ErrorReport

STEP_S = 10
STEPS = 360
"""Steps of ten seconds that are kept: an hour."""
MOST = 500
"""Issues that are kept; the one seen longest ago goes first."""


@dataclass
class Issue:
    """Errors of one type raised at one place; `latest` is the newest event. Times are Unix."""

    id: int
    title: str
    first: float
    last: float
    latest: ErrorReport
    count: int = 0


class Issues:
    """Every report is counted once, in its issue and in its ten seconds."""

    def __init__(self) -> None:
        self._issues: dict[tuple[str, str], Issue] = {}
        self._ids = itertools.count(1)
        self._steps: dict[int, int] = {}

    def take(self, report: ErrorReport) -> None:
        """Count one report."""
        place = (report.type, report.culprit)
        # Taken out and put in again: the one seen last stands at the end.
        issue = self._issues.pop(place, None)
        if issue is None:
            title = f"{report.type}: {report.value}" if report.value else report.type
            issue = Issue(next(self._ids), title, report.at, report.at, report)
        issue.count += 1
        issue.last, issue.latest = report.at, report
        self._issues[place] = issue
        if len(self._issues) > MOST:
            del self._issues[next(iter(self._issues))]
        step = int(report.at) // STEP_S * STEP_S
        self._steps[step] = self._steps.get(step, 0) + 1
        while len(self._steps) > STEPS:
            del self._steps[min(self._steps)]

    def newest_first(self) -> list[Issue]:
        """All issues, the one seen last at the top."""
        return list(reversed(self._issues.values()))

    def by_id(self, number: int) -> Issue | None:
        """The issue with this number."""
        return next((issue for issue in self._issues.values() if issue.id == number), None)

    def counts(self, since: int, until: int) -> list[tuple[int, int]]:
        """Events in each step from `since` to `until`, of at most an hour."""
        first = max(since, until - STEP_S * STEPS) // STEP_S * STEP_S
        return [(step, self._steps.get(step, 0)) for step in range(first, until + 1, STEP_S)]
