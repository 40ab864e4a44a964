"""What each figure of a ``command`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "value": "the number it printed",
    "up": "1 when it ended with a status in `ok`, 0 when with another",
    "exit_status": "of the process; negative for the signal that ended it",
    "failed": "1 when the newest deployment that is over has failed, 0 when it has passed",
    "age": "since the newest deployment",
    "count": "that it listed",
    "unanswered": "runs in a row that came to no end of their own, once one has",
}
