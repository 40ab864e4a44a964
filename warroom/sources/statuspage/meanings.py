"""What each figure of a ``statuspage`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "impact": "of `components`, or of the whole page: 0 none, 1 minor, 2 major, 3 critical",
    "indicator": "the page's own word for the whole of the vendor, as the same numbers",
    "components_down": "that count and are not operational; not known of a page not read whole",
    "incidents": "incidents of the whole page that are not over, whatever counts",
    "unanswered": "polls in a row that got no answer, once it has ever answered",
}
