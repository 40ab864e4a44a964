"""Reminds people of what is on for longer than was meant."""

from collections.abc import Callable, Mapping
from datetime import datetime

from warroom.engine.actions.surroundings import Surroundings
from warroom.engine.actions.writing import Writing
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.still_on import On
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Nag


class Reminding:
    """Once for each thing that is overdue, in every incident that is open then or is declared
    while it still is. The journal knows what was said, so that a new engine says nothing twice."""

    def __init__(
        self, writing: Writing, surroundings: Surroundings, changed: Callable[[], object]
    ) -> None:
        self._writing, self._surroundings, self._changed = writing, surroundings, changed
        self._overdue: frozenset[str] = frozenset()
        self._said: set[tuple[str, str]] = set()
        """What was said in which incident, for as long as it may not be durable yet."""

    def look(self, now: datetime, views: Mapping[str, ActionView]) -> None:
        """What time alone brings."""
        overdue = {_key(on): on for on in self._writing.on if on.overdue(now)}
        if overdue.keys() - self._overdue:
            self._changed()
        self._overdue = frozenset(overdue)
        for incident in self._surroundings.open if overdue else ():
            for key, on in overdue.items():
                if key in incident.reminders or (incident.id, key) in self._said:
                    continue
                self._said.add((incident.id, key))
                text = _words(on, views.get(on.undo))
                self._writing.keep(incident.id, WARROOM, Nag(key=key, text=text))


def _key(on: On) -> str:
    """Switched on again, it has another time, and is another reminder."""
    return f"still-on:{on.name}:{on.until.isoformat() if on.until else ''}"


def _words(on: On, undo: ActionView | None) -> str:
    detail = f" ({on.detail})" if on.detail else ""
    way = f": {undo.title}" if undo is not None else ""
    return f"{on.name}{detail} is still on, longer than was meant{way}"
