"""What the journal tells of actions: what is still on, which runs have not ended. Mutable."""

from collections.abc import Iterable
from datetime import datetime

from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.incident.acting.still_on import On, after
from warroom.incident.entries import Entry

BODIES = (ActionStarted, ActionFinished, ActionVerdict, StillOn)


class ActionLog:
    """Told of every entry, in the journal's order, once."""

    def __init__(self) -> None:
        self.on: tuple[On, ...] = ()
        self._begun: dict[str, Entry] = {}
        self._ended: dict[str, datetime] = {}
        self._last = 0

    def take(self, entries: Iterable[Entry]) -> bool:
        """More entries; whether they changed anything here."""
        changed = False
        for entry in entries:
            body = entry.body
            if entry.seq <= self._last or not isinstance(body, BODIES):
                continue
            self._last, changed = entry.seq, True
            self.on = after(self.on, entry)
            if isinstance(body, ActionStarted):
                self._begun[body.run] = entry
            elif isinstance(body, ActionFinished):
                self._begun.pop(body.run, None)
                self._ended[body.action] = entry.happened
        return changed

    @property
    def begun(self) -> tuple[Entry, ...]:
        """The entries of runs that have not ended, as far as the journal knows."""
        return tuple(self._begun.values())

    def ended(self, action: str) -> datetime | None:
        """When a run of that action ended last."""
        return self._ended.get(action)

    def named(self, name: str) -> On | None:
        return next((one for one in self.on if one.name == name), None)
