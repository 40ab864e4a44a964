"""All playbooks in a list: those that fit first, with how their symptoms stand. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, gap, heading, without_ends
from warroom.console.incident.times import clock
from warroom.console.look import Look, fit
from warroom.console.playbooks.books import ASKING, Books
from warroom.console.playbooks.walk import Walk
from warroom.console.playbooks.words import HOLDS, picked
from warroom.playbooks.asked import symptom_words
from warroom.playbooks.playbook import Need, Playbook, Symptom
from warroom.playbooks.standing import Holds, Proposal, SymptomSeen
from warroom.text import safe

TITLE = 30
"""Cells of a title where what it is about stands beside it."""
WIDE = 76
"""Columns from which it does."""
NEEDS: Mapping[Need, str] = {
    "all": "(must hold)",
    "any": "",
    "adds": "(alone says nothing)",
    "unless": "(must not hold)",
}
"""What a symptom counts for, in a word."""


class Listing(msgspec.Struct, frozen=True):
    """What the list is drawn from. ``wanted`` is what was typed to find one."""

    books: Books
    proposals: tuple[Proposal, ...]
    walks: tuple[Walk, ...]
    now: datetime
    look: Look
    wanted: str = ""

    @property
    def playbooks(self) -> tuple[Playbook, ...]:
        return self.books.shelf.playbooks if self.books.shelf is not None else ()


def list_rows(listing: Listing, width: int) -> list[Row]:
    """Those that fit, the best first; then those that are followed, then all others."""
    books = listing.books
    fits = [one for one in listing.proposals if _wanted(listing, one.playbook, one.title)]
    taken = {one.playbook for one in fits}
    rows = _said(listing)
    if fits:
        rows.append(heading("Fits what is seen now"))
        for one in fits:
            rows += [*_proposed(listing, one, width), gap()]
    others = [one for one in listing.playbooks if one.name not in taken]
    followed = {walk.name for walk in listing.walks}
    for title, found in (
        ("Followed", [one for one in others if one.name in followed]),
        ("All others" if fits else "All", [one for one in others if one.name not in followed]),
    ):
        shown = [one for one in found if matches(one, listing.wanted)]
        if shown:
            rows += [heading(title), *(_row(listing, one, width) for one in shown), gap()]
    if not any(row.key for row in rows) and (listing.wanted or books.shelf is not None):
        rows.append(_nothing(listing))
    return without_ends(rows)


def _nothing(listing: Listing) -> Row:
    words = "This room has no playbooks: write [playbooks.NAME] into the file"
    if listing.wanted:
        words = f"No playbook has {listing.look.plain(safe(listing.wanted, 40))} in it."
    return Row(Content.assemble((words, ".dim")))


def _said(listing: Listing) -> list[Row]:
    """What there is to say of the list itself: that it cannot be had, or is old."""
    books, look = listing.books, listing.look
    words = look.plain(safe(books.said, 300))
    if not words or (books.shelf is not None and words == ASKING):
        return []
    if books.shelf is None and words == ASKING:
        return [Row(Content.assemble((f"{words} {look.end}", ".dim")), indent=2), gap()]
    since = f"; this is from {clock(books.came, listing.now)}" if books.came is not None else ""
    return [Row(Content.assemble((f"? {words}{since}", ".unseen")), indent=2), gap()]


def matches(playbook: Playbook, wanted: str) -> bool:
    """Whether every word is in its title, in what it is about, or in a step."""
    texts = (playbook.name, playbook.title, playbook.about, *(s.text for s in playbook.steps))
    found = " ".join(texts).casefold()
    return all(word in found for word in wanted.casefold().split())


def _wanted(listing: Listing, name: str, title: str) -> bool:
    known = listing.books.playbook(name)
    return matches(known or Playbook(name=name, title=title), listing.wanted)


# --- one that fits ------------------------------------------------------------------------


def _proposed(listing: Listing, one: Proposal, width: int) -> list[Row]:
    look, books = listing.look, listing.books
    title = look.plain(safe(one.title, 60))
    held = f"{len(one.evidence)} hold" if len(one.evidence) > 1 else "1 holds"
    said = f"  {held}, since {clock(one.since, listing.now)}"
    parts = [(title, ".strong"), (said, ".dim"), *_marks(listing, one.playbook)]
    if books.aside(one):
        parts.append((f"  {look.dot} set aside", ".dim"))
    rows = [Row(Content.assemble(*parts), one.playbook, 2)]
    # As the engine tells them: of several that say the same, one.
    rows += [
        _line(SymptomSeen(holds="holds", words=text), text, "", look, 2) for text in one.evidence
    ]
    known = books.playbook(one.playbook)
    seen = books.shelf.seen.get(one.playbook, ()) if books.shelf is not None else ()
    if known is None or not seen:
        return rows
    counting = [
        pair for pair in zip(known.symptoms, seen, strict=False) if pair[1].holds == "counting"
    ]
    rows += [_symptom(symptom, now, look, 2) for symptom, now in counting]
    return [*rows, *_rest(seen, look)]


def _rest(seen: Sequence[SymptomSeen], look: Look) -> Iterator[Row]:
    """How many do not speak for it: what they say is told where the playbook is read."""
    others: tuple[Holds, ...] = ("no", "unknown", "unwatched")
    counts = {holds: sum(one.holds == holds for one in seen) for holds in others}
    words = [f"{count} {picked(HOLDS[holds], look)[1]}" for holds, count in counts.items() if count]
    if words:
        told = f"{', '.join(words)}: Enter tells all"
        yield Row(Content.assemble(" " * 16, (told, ".dim")), indent=16)


def symptom_rows(
    symptoms: Sequence[Symptom], seen: Sequence[SymptomSeen], look: Look, indent: int = 0
) -> list[Row]:
    """Each with its sign and word, and how it is; what holds stands first."""
    order = list(HOLDS)
    pairs = [(one, seen[at] if at < len(seen) else None) for at, one in enumerate(symptoms)]
    pairs.sort(key=lambda pair: order.index(pair[1].holds) if pair[1] else len(order))
    told = Counter(_told(one, now) for one, now in pairs)
    # Of several that are seen in the same words each says what it looks for.
    return [
        _line(
            now,
            symptom_words(one) if told[_told(one, now)] > 1 else _told(one, now),
            NEEDS[one.need],
            look,
            indent,
        )
        for one, now in pairs
    ]


def _told(symptom: Symptom, now: SymptomSeen | None) -> str:
    return (now.words if now else "") or symptom_words(symptom)


def _symptom(symptom: Symptom, now: SymptomSeen | None, look: Look, indent: int) -> Row:
    return _line(now, _told(symptom, now), NEEDS[symptom.need], look, indent)


def _line(now: SymptomSeen | None, told: str, need: str, look: Look, indent: int) -> Row:
    sign, word, style = picked(HOLDS[now.holds] if now else HOLDS["unknown"], look)
    line = Content.assemble(
        " " * indent,
        (f"{sign} {fit(word, 12)}", style),
        (look.plain(safe(told, 200)), ".dim" if now and now.holds in ("no", "unwatched") else ""),
        (f"  {need}" if need else "", ".dim"),
    )
    return Row(line, indent=indent + 14)


# --- the others ---------------------------------------------------------------------------


def _row(listing: Listing, one: Playbook, width: int) -> Row:
    look = listing.look
    title = look.plain(safe(one.title, 60))
    lead: list[tuple[str, str]] = [(title, ".strong")]
    if width >= WIDE:
        lead = [(fit(title, TITLE, end=look.end), ""), ("  ", "")]
    about = [] if width < WIDE else [(look.plain(safe(one.about, 200)), ".dim")]
    line = Content.assemble(*lead, *_marks(listing, one.name, before=width >= WIDE), *about)
    return Row(line.truncate(width, ellipsis=look.unicode), one.name)


def _marks(listing: Listing, name: str, *, before: bool = False) -> list[tuple[str, str]]:
    """That it is followed, and by whom."""
    walk = next((walk for walk in listing.walks if walk.name == name), None)
    if walk is None:
        return []
    by = f" by {listing.look.plain(safe(walk.by, 24))}" if walk.by else ""
    return [(f"followed{by}  " if before else f"  followed{by}", ".accent")]
