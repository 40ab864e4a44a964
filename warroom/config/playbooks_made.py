"""One playbook put together from its parts."""

from collections.abc import Iterator
from typing import Any, Protocol

from warroom.config.playbooks_room import Room, Spot
from warroom.config.playbooks_settings import PlaybookSettings
from warroom.config.playbooks_steps import escalation, look, mitigation, plain, vendors
from warroom.config.playbooks_symptoms import symptom
from warroom.playbooks.playbook import Link, Playbook, Step

Parts = dict[str, list[tuple[int, Any]]]
"""The entries of each part, by its key, with their places in it."""
_Placed = tuple[Spot, Step]


class Where(Protocol):
    """Where the part of that key is written, or an entry of it."""

    def __call__(self, key: str, at: int | None = None) -> Spot: ...


def made(
    name: str, head: PlaybookSettings, parts: Parts, where: Where, origin: str, room: Room
) -> Playbook:
    """The playbook, after a problem for everything in it that is written here and wrong."""
    seen = [symptom(one, where("symptoms", at), room) for at, one in parts["symptoms"]]
    symptoms = tuple(one for one, _ in seen)
    if symptoms and all(one.need in ("adds", "unless") for one in symptoms):
        words = "none of them is all or any: it would never be proposed"
        where("symptoms").add(words, "without any symptom it is opened by hand")
    placed = list(_steps(parts, where, room))
    _once(placed)
    steps = tuple(step for _, step in placed)
    support, lacking = vendors(head.vendors, where("vendors"), room)
    needs = (*(need for _, need in seen), *(step.needs for step in steps), lacking)
    return Playbook(
        name=name,
        title=head.title,
        about=head.about,
        symptoms=symptoms,
        steps=steps,
        vendors=support,
        links=tuple(Link(*one) for one in head.links.items()),
        origin=origin,
        needs=tuple(dict.fromkeys(need for need in needs if need)),
    )


def _steps(parts: Parts, where: Where, room: Room) -> Iterator[_Placed]:
    for at, one in parts["look"]:
        spot = where("look", at)
        yield spot, look(one, spot, room)
    for at, one in parts["mitigations"]:
        spot = where("mitigations", at)
        yield spot, mitigation(one, spot, room)
    for at, one in parts["escalation"]:
        spot = where("escalation", at)
        yield spot, escalation(one, spot, room)
    for at, one in parts["checklist"]:
        yield where("checklist", at), plain("checklist", one)
    for at, one in parts["prevention"]:
        yield where("prevention", at), plain("prevent", one)


def _once(placed: list[_Placed]) -> None:
    """A problem for a step that says what another one says: a tick names a step by its text."""
    first: dict[str, Spot] = {}
    for spot, step in placed:
        other = first.setdefault(step.text, spot)
        if other is not spot:
            written = spot if spot.problems is not None else other
            written.add(f"another step says the same: {step.text}", "say what is different here")
