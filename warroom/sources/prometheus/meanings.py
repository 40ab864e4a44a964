"""What each figure of a ``prometheus`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "<figure>": "what `figures` says of it: a rate, a share, a quantile, a value, a query",
    "unanswered": "polls in a row that got no answer of use, once there was one",
    "scrape_time": "how long the page, or all queries together, took to come",
}
