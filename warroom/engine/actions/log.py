"""What the journal tells of actions: what is still on, which runs have not ended. Mutable."""

from collections.abc import Iterable
from datetime import datetime

from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.incident.acting.still_on import On, after
from warroom.incident.entries import Entry

KEPT = 1_000
"""Runs of which is known by what name they were asked for."""
BODIES = (ActionStarted, ActionFinished, ActionVerdict, StillOn)


class ActionLog:
    """Told of every entry, in the journal's order, once."""

    def __init__(self) -> None:
        self.on: tuple[On, ...] = ()
        self._begun: dict[str, Entry] = {}
        self._ended: dict[str, datetime] = {}
        self._asked: dict[str, Entry] = {}
        self._ends: dict[str, ActionFinished] = {}
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
                self._keep(entry)
            elif isinstance(body, ActionFinished):
                self._begun.pop(body.run, None)
                self._ends[body.run] = body
                self._ended[body.action] = entry.happened
        return changed

    @property
    def begun(self) -> tuple[Entry, ...]:
        """The entries of runs that have not ended, as far as the journal knows."""
        return tuple(self._begun.values())

    def ended(self, action: str) -> datetime | None:
        """When a run of that action ended last."""
        return self._ended.get(action)

    def asked(self, once: str) -> Entry | None:
        """The entry with which the run began that was asked for by that name."""
        return self._asked.get(once) if once else None

    def end(self, run: str) -> ActionFinished | None:
        """How that run ended, as far as the journal knows."""
        return self._ends.get(run)

    def _keep(self, entry: Entry) -> None:
        self._asked[entry.once] = entry
        while len(self._asked) > KEPT:
            old = self._asked.pop(next(iter(self._asked)))
            assert isinstance(old.body, ActionStarted)
            self._ends.pop(old.body.run, None)
