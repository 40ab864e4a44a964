"""Words, impact, cause, reports, corrections, links, updates: what is said, settled. Pure."""

from msgspec.structs import asdict, replace

from warroom.errors import IncidentError
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    Due,
    Impact,
    Mark,
    Note,
    Report,
    Seen,
    SetLink,
    Title,
    Update,
)
from warroom.incident.settle.settling import Settled, Settling, chosen, required

MOST_PEOPLE = 10_000_000_000
"""More users and reports than there are people: a slip of the finger."""


def words(case: Settling, body: Note | Decision) -> Settled:
    required(body.text, "there is nothing to write down")
    return Settled(body)


def impact(case: Settling, body: Impact) -> Settled:
    if all(value is None for value in asdict(body).values()):
        raise IncidentError("what is hit?", "services, features, regions, users, share, money …")
    if body.users is not None and not 0 <= body.users <= MOST_PEOPLE:
        raise IncidentError(f"{body.users} users cannot be")
    if body.share is not None and not 0 <= body.share <= 100:
        raise IncidentError(f"a share of {body.share:g} % cannot be", "0 to 100")
    return Settled(body)


def cause(case: Settling, body: Cause) -> Settled:
    if not any(value and value.strip() for value in asdict(body).values()):
        raise IncidentError("what caused it?", "/cause TEXT, or trigger: safeguards: radius:")
    return Settled(body)


def report(case: Settling, body: Report) -> Settled:
    if not 1 <= body.count <= MOST_PEOPLE:
        raise IncidentError(f"{body.count} reports cannot be", "how many were there?")
    return Settled(body)


def mark(case: Settling, body: Mark) -> Settled:
    _must_exist(case, body.entry)
    return Settled(body)


def correction(case: Settling, body: Correction) -> Settled:
    """Any entry may be corrected, by anybody. A time must have been."""
    _must_exist(case, body.entry)
    if body.text is None and body.at is None:
        raise IncidentError("how should it read?", f"/fix {body.entry} TEXT")
    if body.at is not None and body.at > case.now:
        raise IncidentError("that time is in the future", "say when it happened")
    return Settled(body)


def _must_exist(case: Settling, number: int) -> None:
    count = case.incident.number
    if not 1 <= number <= count:
        raise IncidentError(f"there is no entry {number}", f"its entries are 1 to {count}")


def link(case: Settling, body: SetLink) -> Settled:
    name, address = body.name.strip(), body.address.strip()
    required(name, "a link needs a name", "/link NAME ADDRESS")
    known = [one.name for one in case.incident.links]
    name = next((one for one in known if one.casefold() == name.casefold()), name)
    if not address and name not in known:
        raise IncidentError(f"there is no link {name}", f"there are: {', '.join(known) or 'none'}")
    if len(address.split()) > 1:
        raise IncidentError("an address has no blanks in it", "/link NAME ADDRESS")
    return Settled(SetLink(name=name, address=address))


def title(case: Settling, body: Title) -> Settled:
    """On one line."""
    required(body.title, "an incident needs a title", "say in a few words what is broken")
    return Settled(Title(title=" ".join(body.title.split())))


def update(case: Settling, body: Update) -> Settled:
    required(body.text, "what were people told?", "/update TEXT")
    if body.next is not None and body.next <= case.happened:
        raise IncidentError("the next update cannot come before this one", "say a later time")
    return Settled(body)


def due(case: Settling, body: Due) -> Settled:
    """What is due afterwards may be done early; what is dropped needs a reason."""
    name = chosen("thing that is due", body.name, tuple(one.name for one in case.procedures.dues))
    known = case.incident.dues.get(name)
    if (known.state if known is not None else "open") == body.state and not body.text.strip():
        raise IncidentError(f"{name} is {body.state} already")
    if body.state == "dropped":
        required(body.text, f"why is {name} dropped?", "say the reason too")
    return Settled(replace(body, name=name))


def seen(case: Settling, body: Seen) -> Settled:
    known = case.incident.reminders.get(body.nag)
    if known is None:
        raise IncidentError("there is no such reminder")
    if known.seen:
        raise IncidentError(f"{known.seen} has seen it already")
    return Settled(replace(body, text=body.text or known.text))
