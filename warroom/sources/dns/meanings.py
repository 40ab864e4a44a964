"""What each figure of a ``dns`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "lookup": "the slowest resolver that answered",
    "answers": "different ones, of all resolvers together",
    "agree": "1 when the resolvers agree, 0 when they differ; not known of fewer than two",
    "resolvers_failed": "that gave no answer, or refused one",
    "ttl": "the least that a resolver tells",
    "up": "1 when the name has right answers, 0 when it has none, or not the expected ones",
    "unanswered": "polls in a row in which nobody answered, once somebody ever has",
}
