"""Which incident is meant. Pure."""

from collections.abc import Sequence

from warroom.cli.asking import NotDoneError
from warroom.incident.incident import Summary
from warroom.incident.nearest import hint, meant, nearest
from warroom.text import safe

DECLARE = 'type: warroom declare "what is broken"'


def to_write(known: Sequence[Summary], name: str) -> Summary:
    """The incident of that name; without a name the only one that is open.

    ``known`` is newest first. Raises ``NotDoneError`` with the list of those that are open, or
    with what to type.
    """
    if name:
        return named(known, name)
    still = [one for one in known if one.resolved is None]
    if not still:
        newest = f"; the newest that is over: {safe(known[0].id, 60)}" if known else ""
        raise NotDoneError(f"no incident is open{newest}", DECLARE)
    if len(still) > 1:
        listed = "\n".join(f"  {safe(one.id, 60)}  {safe(one.title, 80)}" for one in still)
        raise NotDoneError(f"{len(still)} incidents are open; say which:\n{listed}")
    return still[0]


def to_read(known: Sequence[Summary], name: str) -> Summary:
    """As ``to_write``; where none is open, the newest there ever was."""
    if name or any(one.resolved is None for one in known):
        return to_write(known, name)
    if not known:
        raise NotDoneError("there is no incident yet", DECLARE)
    return known[0]


def named(known: Sequence[Summary], name: str) -> Summary:
    """The incident of that id, in whatever case. Raises ``NotDoneError``."""
    ids = [one.id for one in known]
    found = meant(name, ids)
    if found is None:
        words = hint(name, ids[:12]) if ids else DECLARE
        raise NotDoneError(f"there is no incident {safe(name, 60)}", safe(words, 400))
    return next(one for one in known if one.id == found)


def is_named(known: Sequence[Summary], word: str) -> bool:
    """Whether a word at the place of an id or a text is meant for an id: it is one, or looks so
    much like one that it must not be taken for text."""
    ids = [one.id for one in known]
    alike = any(char.isdigit() for char in word) and bool(nearest(word, ids))
    return meant(word, ids) is not None or alike
