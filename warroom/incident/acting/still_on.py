"""What is still on: the fold of what was switched on, kept and switched off. Pure."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from warroom.incident.acting.bodies import ActionFinished, StillOn
from warroom.incident.entries import Entry
from warroom.sharing.kinds import Ident, Name, Person


class On(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was switched on, since when and by whom. ``detail`` is from what to what.
    ``until`` is when it should be off; ``undo`` the action that does it, with its values;
    ``kept`` the reason why it is left on, by ``keeper``."""

    name: str
    since: datetime
    by: Person
    action: Name
    incident: Ident = ""
    detail: str = ""
    until: datetime | None = None
    proposes: bool = False
    undo: Name = ""
    values: dict[str, str] = {}
    kept: str = ""
    keeper: Person = ""

    def overdue(self, now: datetime) -> bool:
        return not self.kept and self.until is not None and now >= self.until


def still_on(entries: Iterable[Entry]) -> tuple[On, ...]:
    """What is on after these, the oldest first."""
    on: tuple[On, ...] = ()
    for entry in entries:
        on = after(on, entry)
    return on


def after(on: tuple[On, ...], entry: Entry) -> tuple[On, ...]:
    """What is on after one more entry. What is switched on again is on since the first time, and
    from what it was then."""
    body = entry.body
    if isinstance(body, ActionFinished):
        on = tuple(one for one in on if one.name not in body.off)
        return _with(on, entry, body) if body.on is not None else on
    if isinstance(body, StillOn):
        if body.state == "off":
            return tuple(one for one in on if one.name != body.name)
        kept, keeper = body.text or "kept", entry.actor.person
        return tuple(
            msgspec.structs.replace(one, kept=kept, keeper=keeper) if one.name == body.name else one
            for one in on
        )
    return on


def _with(on: tuple[On, ...], entry: Entry, body: ActionFinished) -> tuple[On, ...]:
    switched = body.on
    assert switched is not None
    before = next((one for one in on if one.name == switched.name), None)
    # The figure it was at first is of use only to the action that would bring it back.
    first = before if before is not None and before.undo == switched.undo else None
    one = On(
        name=switched.name,
        since=before.since if before else entry.happened,
        by=switched.by or entry.actor.person,
        action=body.action,
        incident=entry.incident,
        detail=_detail(before, switched.detail),
        until=switched.until,
        proposes=switched.proposes,
        undo=switched.undo,
        values=first.values if first else switched.values,
    )
    return (*(other for other in on if other.name != one.name), one)


def _detail(before: On | None, detail: str) -> str:
    """``1 → 4`` and then ``4 → 8`` is ``1 → 8``."""
    if before is None or " → " not in before.detail or " → " not in detail:
        return detail
    return f"{before.detail.partition(' → ')[0]} → {detail.partition(' → ')[2]}"
