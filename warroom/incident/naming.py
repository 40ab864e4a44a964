"""What an incident is called: its id, its channel and its links, by the team's patterns. Pure."""

import re
from collections.abc import Collection
from datetime import datetime

from warroom.incident.entries import Link
from warroom.incident.procedures import Procedures
from warroom.text import slug

_HOLE = re.compile(r"\{(\w+)\}")


def incident_id(
    procedures: Procedures, day: datetime, taken: Collection[str], title: str = ""
) -> str:
    """A new id: the pattern with the first counter that makes one nobody has had. ``day`` is now,
    in the zone that days are counted in. A pattern without a counter gets one when it must."""
    pattern, at = procedures.id, 1
    if "{counter}" not in pattern and _filled(pattern, day, "", title=title) in taken:
        pattern, at = f"{pattern}-{{counter}}", 2
    while (name := _filled(pattern, day, f"{at:03}", title=title)) in taken:
        at += 1
    return name


def channel(procedures: Procedures, name: str, day: datetime, title: str) -> str:
    """The channel of the incident with that id."""
    return _filled(procedures.channel, day, _counter(procedures, name), name, title)


def links(procedures: Procedures, name: str, day: datetime, title: str) -> tuple[Link, ...]:
    """The links that every incident gets."""
    counter = _counter(procedures, name)
    return tuple(
        Link(pattern.name, _filled(pattern.address, day, counter, name, title))
        for pattern in procedures.links
    )


def _counter(procedures: Procedures, name: str) -> str:
    """The counter within an id that was made by the pattern."""
    pattern = procedures.id
    if "{counter}" in pattern:
        before, _, behind = pattern.partition("{counter}")
        shape = f"{_anything(before)}(\\d+){_anything(behind)}"
    else:
        shape = f"{_anything(pattern)}-(\\d+)"
    found = re.fullmatch(shape, name)
    return found[1] if found else "001"


def _anything(pattern: str) -> str:
    """An expression that fits what the pattern may have become."""
    return ".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", pattern))


def _filled(pattern: str, day: datetime, counter: str, name: str = "", title: str = "") -> str:
    """The pattern with what is known put in; a hole that is not known stays as it is written."""
    values = {
        "date": f"{day:%Y-%m-%d}",
        "day": f"{day:%Y%m%d}",
        "counter": counter,
        "slug": slug(title),
        "id": name,
    }
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), pattern)
