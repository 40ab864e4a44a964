"""Whether the configuration is to be looked through again: ``[review]`` against the day."""

from datetime import date

from warroom.config.document import Document
from warroom.config.key_ids import flat
from warroom.config.names import slips
from warroom.config.problems import Problems
from warroom.config.section import section
from warroom.config.settings import ReviewSettings
from warroom.errors import Problem


def review_of(document: Document) -> ReviewSettings | None:
    """``[review]`` as far as it is right in itself, whatever is wrong with the rest of the file."""
    table = document.table.get("review")
    return section(ReviewSettings, table, ("review",), Problems(document)) if table else None


def overdue(review: ReviewSettings | None, today: date) -> str:
    """``the review of this configuration was due on 2026-03-01, 12 days ago; owner: Ada``; empty
    when it is not over yet, the day itself included."""
    due = review.due if review is not None else None
    if review is None or due is None or today <= due:
        return ""
    days = (today - due).days
    ago = "yesterday" if days == 1 else f"{days} days ago"
    owner = f"; owner: {review.owner}" if review.owner else ""
    return f"the review of this configuration was due on {due}, {ago}{owner}"


def warnings(review: ReviewSettings | None, document: Document, today: date) -> tuple[Problem, ...]:
    """What is no problem, and to be seen to all the same."""
    found = Problems(document)
    _warn_of_slips(document, found)
    words = overdue(review, today)
    if not words or review is None:
        return found.error().problems
    if review.next is not None:
        found.add(("review", "next"), words, "look it through, then write the next day into next")
    else:
        found.add(("review", "every"), words, "look it through, then write the day into last")
    return found.error().problems


def _warn_of_slips(document: Document, found: Problems) -> None:
    """Keys that a finger comes to which means another one."""
    table = document.table.get("keys")
    if not isinstance(table, dict):
        return
    keys = {name: key for name, key in flat(table).items() if isinstance(key, str)}
    for name, words in slips(keys):
        place = ("keys", name) if name in table else ("keys", *name.split(".", 1))
        found.add(place, words, "take a key further away")
