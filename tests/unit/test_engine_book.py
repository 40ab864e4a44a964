"""What the engine keeps in memory of incidents, and what it lets go of."""

from datetime import timedelta

import pytest

from tests.unit.incidents import ANA, Telling
from warroom.engine.book import SHOWN, Book
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Note, Resolved
from warroom.wire import NEWEST


@pytest.mark.parametrize("stays", [False, True])
def test_of_what_was_resolved_a_while_ago_nothing_is_kept_but_the_last_entry_of_what_is_due(
    stays,
) -> None:
    telling, book = Telling(), Book()
    telling.write(*(Note(text=str(number)) for number in range(NEWEST + 50)))
    telling.write(Resolved(status="Resolved"))
    for entry in telling.entries:
        book.take(entry)
    resolved = telling.now
    assert not book.forget(resolved + SHOWN, lambda incident: stays)
    assert len(book.entries("INC-1", 0, None) or ()) == NEWEST
    assert book.forget(resolved + SHOWN + timedelta(seconds=1), lambda incident: stays) != stays
    newest = book.newest("INC-1")
    assert newest == ((telling.entries[-1],) if stays else ())
    # The journal is read for older ones, as it is for those of an incident that is not here.
    assert book.entries("INC-1", 3, None) is None


@pytest.mark.parametrize(("actor", "longer"), [(ANA, True), (WARROOM, False)])
def test_what_a_person_says_afterwards_keeps_it_on_the_screen_and_nothing_else(actor, longer):
    telling, book = Telling(), Book()
    telling.write(Resolved(status="Resolved"))
    resolved = telling.now
    telling.now += timedelta(minutes=9)
    telling.write(Note(text="afterwards"), actor=actor)
    for entry in telling.entries:
        book.take(entry)
    book.forget(resolved + SHOWN + timedelta(seconds=1), lambda incident: False)
    assert (book.incident("INC-1") is not None) == longer
    book.forget(telling.now + SHOWN + timedelta(seconds=1), lambda incident: False)
    assert book.incident("INC-1") is None
