"""What each figure of a ``sentry`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "events_per_minute": "errors in the last whole minute that the tracker has counted",
    "issues_new": "first seen within `new_within`",
    "issues_regressed": "that were resolved, have come back, and were seen within `new_within`",
    "issues_unresolved": "that are not resolved; not known when there are more than are read",
    "worst_issue_per_minute": "errors a minute of the issue that has most of them",
    "unanswered": "polls in a row that got no answer, once it has ever answered",
}
