"""Whom to reach and how: the ladder of escalation, people, vendors. Pure."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, gap, heading, without_ends
from warroom.console.incident.times import clock, span
from warroom.console.look import Look, fit
from warroom.incident.assessment import written_span
from warroom.incident.incident import Incident
from warroom.incident.ladder import climb, holds
from warroom.incident.procedures import Contact, Procedures, Rung
from warroom.incident.spans import after
from warroom.severity import Scale
from warroom.text import safe

NAME = 30
"""Cells of a name with its role, where the ways to reach them stand beside it."""
BESIDE = 66
"""Columns from which they do."""


class Book(msgspec.Struct, frozen=True):
    """What the contacts are drawn from. ``wanted`` is what was typed to find one; ``first`` are
    those who are to be told now, by name or role."""

    procedures: Procedures
    incident: Incident | None
    scale: Scale
    now: datetime
    look: Look
    wanted: str = ""
    first: tuple[str, ...] = ()


def contact_rows(book: Book, width: int) -> list[Row]:
    """Who is to be told now, the ladder, then people, then vendors; of those only what is
    wanted."""
    known = book.procedures
    people = [(f"c{n}", c) for n, c in enumerate(known.contacts) if not c.vendor]
    vendors = [(f"c{n}", c) for n, c in enumerate(known.contacts) if c.vendor]
    rows = [*_first(book, width), gap(), *_ladder(book, width), gap()]
    for title, found in (("People", people), ("Vendors", vendors)):
        shown = [(key, contact) for key, contact in found if _matches(book, contact)]
        if shown:
            rows.append(heading(title))
            for key, contact in shown:
                rows += _contact(key, contact, book.look, width)
            rows.append(gap())
    if not known.contacts:
        words = "Nobody is named in the file. Write [[contacts]] into it."
        rows.append(Row(Content.assemble((words, ".dim"))))
    elif not any(row.key for row in rows):
        words = f"Nothing has {book.look.plain(safe(book.wanted, 40))} in it."
        rows = [Row(Content.assemble((words, ".dim")))]
    return without_ends(rows)


def _first(book: Book, width: int) -> list[Row]:
    """Those that a playbook's step names, and every way to them."""
    rows = [heading("To be told now")] if book.first else []
    for at, called in enumerate(book.first):
        for number, contact in enumerate(told_of(called, book)):
            rows += _contact(f"t{at}.{number}", contact, book.look, width)
    return rows


def _matches(book: Book, contact: Contact) -> bool:
    words = (contact.name, contact.role, *(address for _, address in contact.ways))
    return book.wanted.casefold() in " ".join(words).casefold()


def _contact(key: str, contact: Contact, look: Look, width: int, depth: int = 0) -> list[Row]:
    """A name, a role, and every way to them: beside it where there is room, else below."""
    name = look.plain(safe(contact.name, 60))
    role = look.plain(safe(contact.role, 40)) if contact.role != contact.name else ""
    who = Content.assemble(" " * depth, (name, ".strong"), (f"  {role}" if role else "", ".dim"))
    ways = _ways(contact, look)
    if width >= BESIDE and who.cell_length < NAME:
        beside = Content.assemble(who, " " * (NAME - who.cell_length), ways)
        return [Row(beside, key, NAME)]
    below = " " * (depth + 2)
    return [Row(who, key), Row(Content.assemble(below, ways), indent=len(below))]


def _ways(contact: Contact, look: Look) -> Content:
    if not contact.ways:
        return Content.assemble(("no way to reach them is in the file", ".dim"))
    parts: list[Content] = []
    for way, address in contact.ways:
        shown = look.plain(safe(address, 200))
        parts.append(Content.assemble((f"{way} ", ".dim"), shown))
    return Content("   ").join(parts)


# --- the ladder ---------------------------------------------------------------------------


def _ladder(book: Book, width: int) -> list[Row]:
    wanted = book.wanted.casefold()
    rungs = [
        (number, rung)
        for number, rung in enumerate(book.procedures.escalation)
        if wanted in " ".join((rung.name, rung.when, *rung.tell)).casefold()
    ]
    if not rungs:
        return []
    incident = book.incident
    said = f"{incident.id}, {incident.level or 'no level'}" if incident else "no incident is open"
    rows = [heading("Escalation", book.look.plain(safe(said, 60)))]
    for number, rung in rungs:
        rows += _rung(f"r{number}", rung, book, width)
    return rows


def _rung(key: str, rung: Rung, book: Book, width: int) -> list[Row]:
    """What it is, when, and whether it is due; with every way to those it tells, if it applies."""
    look = book.look
    name, when = (16, 24) if width >= BESIDE else (12, 19)
    state, style = rung_state(rung, book)
    applies = bool(state) and style != ".dim"
    if not applies:
        state = f"{state}: {', '.join(rung.tell)}" if state else ", ".join(rung.tell)
    parts = (
        (
            fit(look.plain(safe(rung.name, 40)), name, end=look.end),
            ".strong" if applies else ".dim",
        ),
        (f" {fit(look.plain(safe(rung_when(rung), 60)), when, end=look.end)} ", ".dim"),
        (look.plain(safe(state, 200)), style),
    )
    rows = [Row(Content.assemble(*parts), key, name + when + 2)]
    for called in rung.tell if applies else ():
        for contact in told_of(called, book):
            rows += _contact("", contact, look, width, 2)
    return rows


def told_of(called: str, book: Book) -> tuple[Contact, ...]:
    """Whom a rung's name or role means: who holds that role in this incident, else its contacts;
    where nobody is named, the role itself, which nobody knows how to reach."""
    roles = book.incident.roles.items() if book.incident is not None else ()
    holders = [held.person for role, held in roles if role.casefold() == called.casefold()]
    found: list[Contact] = []
    for name in holders or [called]:
        found += book.procedures.reach(name) or [Contact(name=name, role=called)]
    return tuple(found)


def rung_when(rung: Rung) -> str:
    """When a rung fires: ``SEV1 after 30 min``, ``when data is exposed``."""
    levels = "/".join(rung.levels)
    parts = [levels] if levels else []
    if rung.when:
        parts.append(f"on {rung.when}")
    if rung.after is not None and (rung.after or not rung.when):
        parts.append(f"after {written_span(rung.after)}" if rung.after else "at once")
    return " ".join(parts)


def rung_state(rung: Rung, book: Book) -> tuple[str, str]:
    """Whether it is due, in words, and the style of them; a dim one does not apply."""
    incident, now = book.incident, book.now
    if incident is None or not incident.open:
        return "", ""
    if rung.levels and incident.level not in rung.levels:
        return f"not for {incident.level}" if incident.level else "needs a level", ".dim"
    if rung.when and not holds(rung.when, incident):
        return "not so", ".dim"
    at = after(incident.started, rung.after or 0.0)
    if now < at:
        return f"in {span((at - now).total_seconds())}, {clock(at, now)}", ""
    seen = _seen_by(rung, book)
    if seen:
        return f"seen by {seen}", ".ok"
    return f"DUE since {clock(at, now)}" if rung.after else "DUE", ".level-0"


def _seen_by(rung: Rung, book: Book) -> str:
    """Who has seen its reminder, at this level or a worse one."""
    if book.incident is None:
        return ""
    for step in climb(book.incident, book.procedures, book.scale):
        for key in (step.key, *step.worse) if step.rung == rung else ():
            reminder = book.incident.reminders.get(key)
            if reminder is not None and reminder.seen:
                return reminder.seen
    return ""


def contact_text(book: Book, key: str) -> str:
    """What is copied of the row with that key: who it is, and a line for each way."""
    kind, number = key[:1], key[1:]
    known = book.procedures
    if kind == "r":
        told: Iterable[Contact] = (
            c for name in known.escalation[int(number)].tell for c in told_of(name, book)
        )
    elif kind == "t":
        at, _, place = number.partition(".")
        told = told_of(book.first[int(at)], book)[int(place) :][:1]
    elif kind == "c":
        told = (known.contacts[int(number)],)
    else:
        return ""
    return "\n".join(_plain(contact) for contact in told)


def _plain(contact: Contact) -> str:
    who = ", ".join(part for part in (contact.name, contact.role) if part)
    return "\n".join((who, *(f"{way}: {address}" for way, address in contact.ways)))
