"""What each figure of an ``http`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "latency": "from the first byte we sent, or the name asked for, to the end of the answer",
    "latency_p50": "half of the answers within `window` came in less",
    "latency_p95": "95 % of the answers within `window` came in less",
    "availability": "share of the polls within `window` that were UP; maintenance, DNS and our "
    "own set-up do not count",
    "status": "the HTTP status of the answer",
    "up": "1 for an answer as expected, 0 for another; not known in maintenance",
    "unanswered": "polls in a row that got no answer, once it has ever answered",
    "certificate_days": "until the server's certificate ends; negative when it has",
    "<figure>": "a number of the answer: of its JSON body by `figures`, of a header by "
    "`header_figures`",
}
