"""What a provider tells of itself: components, and an incident while one of them is in trouble.

In the words of Statuspage's API, version 2. Pure: told what was found, and when.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

OPERATIONAL = "operational"
DEGRADED = "degraded_performance"
PARTIAL = "partial_outage"
MAJOR = "major_outage"
_WORST_LAST = (OPERATIONAL, DEGRADED, PARTIAL, MAJOR)
_OVERALL = {
    OPERATIONAL: ("none", "All Systems Operational"),
    DEGRADED: ("minor", "Partially Degraded Service"),
    PARTIAL: ("major", "Partial System Outage"),
    MAJOR: ("critical", "Major System Outage"),
}
GOOD = 2
"""Good looks in a row after which a component's incident is over."""


class Trouble:
    """One component's incident, from its first bad look to its last."""

    def __init__(self, key: str, component: str, name: str, at: datetime) -> None:
        self._key, self._component, self._name = key, component, name
        self._began = at
        self._updates: list[dict[str, Any]] = []
        self.status = OPERATIONAL
        self.good = 0

    def tell(self, state: str, status: str, body: str, at: datetime) -> None:
        """One more update, the newest first."""
        self.status = status
        told = {"status": state, "body": body, "created_at": _written(at)}
        self._updates.insert(0, told)

    def listed(self) -> dict[str, Any]:
        """As ``incidents`` has it."""
        last = self._updates[0]
        return {
            "id": self._key,
            "name": self._name,
            "status": last["status"],
            "impact": _OVERALL[self.status][0],
            "created_at": _written(self._began),
            "started_at": _written(self._began),
            "updated_at": last["created_at"],
            "incident_updates": list(self._updates),
            "components": [{"name": self._component, "status": self.status}],
        }


class Report:
    """One provider's page. ``troubles`` are what an incident of each component is called."""

    def __init__(self, name: str, troubles: Mapping[str, str]) -> None:
        self._name = name
        self._troubles = dict(troubles)
        self._found: dict[str, str] = {}
        self._open: dict[str, Trouble] = {}
        self._count = 0
        self._changed: datetime | None = None

    def observe(self, component: str, status: str, words: str, at: datetime) -> None:
        """What was found of a component just now, and in words what one does about it."""
        trouble = self._open.get(component)
        if trouble is None:
            if status == OPERATIONAL:
                self._set(component, status, at)
                return
            self._count += 1
            key = f"inc{self._count}"
            trouble = Trouble(key, component, self._troubles[component], at)
            self._open[component] = trouble
            trouble.tell("investigating", status, words, at)
            self._set(component, status, at)
        elif status == OPERATIONAL:
            trouble.good += 1
            if trouble.good >= GOOD:
                del self._open[component]
                self._set(component, status, at)
        else:
            trouble.good = 0
            if status != trouble.status:
                trouble.tell("identified", status, words, at)
                self._set(component, status, at)

    def _set(self, component: str, status: str, at: datetime) -> None:
        if self._found.get(component) != status:
            self._found[component] = status
            self._changed = at

    def summary(self) -> dict[str, Any] | None:
        """``summary.json``; None before every component was looked at."""
        if self._found.keys() != self._troubles.keys() or self._changed is None:
            return None
        worst = max(self._found.values(), key=_WORST_LAST.index)
        indicator, description = _OVERALL[worst]
        parts = [
            {"id": name.lower().replace(" ", "-"), "name": name, "status": self._found[name]}
            for name in self._troubles
        ]
        return {
            "page": {"name": self._name, "updated_at": _written(self._changed)},
            "status": {"indicator": indicator, "description": description},
            "components": parts,
            "incidents": [trouble.listed() for trouble in self._open.values()],
            "scheduled_maintenances": [],
        }


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
