"""Statuspage's API, version 2, as far as it is read: ``summary.json``, ``status.json`` and
``incidents.json`` of a page (its page ``/api`` shows them all). Pure.

People write these pages and several makers serve them: one entry that is not as it should be
is counted, and costs none of the others. incident.io's have no ``incidents`` in the summary,
and no components in an incident.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.vendor import VendorIncident
from warroom.sources.statuspage.pieces import (
    dicts,
    each_of,
    lines_of,
    name_of,
    piece,
    text_of,
    time_of,
)

OVER = frozenset({"resolved", "postmortem", "completed", "maintenance_complete"})
UNDER_WAY = frozenset({"in_progress", "verifying", "maintenance_in_progress"})
"""Statuses of scheduled maintenance that has begun; the summary lists what is to come, too."""


@dataclass(frozen=True)
class Part:
    """One component; ``label`` has its group in front. A group's status is its worst part's."""

    name: str
    label: str
    status: str
    is_group: bool = False


@dataclass(frozen=True)
class Page:
    """What one answer says; None for a list that it does not have."""

    name: str = ""
    indicator: str = ""
    description: str = ""
    updated_at: datetime | None = None
    parts: tuple[Part, ...] | None = None
    incidents: tuple[VendorIncident, ...] | None = None
    maintenances: tuple[VendorIncident, ...] = ()
    unread: int = 0


class _Whole(msgspec.Struct):
    page: msgspec.Raw = msgspec.Raw(b"null")
    status: msgspec.Raw = msgspec.Raw(b"null")
    components: list[msgspec.Raw] | None = None
    incidents: list[msgspec.Raw] | None = None
    scheduled_maintenances: list[msgspec.Raw] | None = None


class _Head(msgspec.Struct):
    """The page, or its status."""

    name: Any = None
    updated_at: Any = None
    indicator: Any = None
    description: Any = None


class _Component(msgspec.Struct):
    name: Any = None
    status: Any = None
    id: Any = None
    group: Any = None
    group_id: Any = None


class _Incident(msgspec.Struct):
    id: Any = None
    name: Any = None
    status: Any = None
    impact: Any = None
    created_at: Any = None
    started_at: Any = None
    updated_at: Any = None
    scheduled_for: Any = None
    shortlink: Any = None
    incident_updates: Any = None
    components: Any = None


def read(body: bytes) -> Page:
    """One answer. Raises ProbeError ``answer`` for what is no JSON object of this make."""
    try:
        whole = msgspec.json.decode(body, type=_Whole)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        words = f"the answer is not a status page's JSON: {outside(reason)}"
        raise ProbeError("answer", words, "is it the address of a page with /api/v2?") from None
    unread: list[msgspec.Raw] = []
    page, status = piece(whole.page, _Head, []), piece(whole.status, _Head, [])
    return Page(
        name=name_of(page and page.name),
        indicator=text_of(status and status.indicator),
        description=text_of(status and status.description),
        updated_at=time_of(page and page.updated_at),
        parts=_parts(whole.components, unread),
        incidents=_incidents(whole.incidents, unread),
        maintenances=_maintenances(whole.scheduled_maintenances, unread),
        unread=len(unread),
    )


def _parts(raw: list[msgspec.Raw] | None, unread: list[msgspec.Raw]) -> tuple[Part, ...] | None:
    if raw is None:
        return None
    found = [each for each in each_of(raw, _Component, unread) if name_of(each.name)]
    groups = {text_of(each.id): name_of(each.name) for each in found if each.group is True}
    return tuple(_part(each, groups.get(text_of(each.group_id), "")) for each in found)


def _part(each: _Component, group: str) -> Part:
    name = name_of(each.name)
    label = f"{group} / {name}" if group else name
    return Part(name, label, text_of(each.status), each.group is True)


def _incidents(
    raw: list[msgspec.Raw] | None, unread: list[msgspec.Raw]
) -> tuple[VendorIncident, ...] | None:
    if raw is None:
        return None
    found = map(_incident, each_of(raw, _Incident, unread))
    return _newest(each for each in found if each.status not in OVER)


def _maintenances(
    raw: list[msgspec.Raw] | None, unread: list[msgspec.Raw]
) -> tuple[VendorIncident, ...]:
    found = map(_incident, each_of(raw or [], _Incident, unread))
    return _newest(each for each in found if each.status in UNDER_WAY)


def _newest(found: Iterator[VendorIncident]) -> tuple[VendorIncident, ...]:
    """Those that were begun last come first."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda each: each.started_at or long_ago, reverse=True))


def _incident(each: _Incident) -> VendorIncident:
    last = max(dicts(each.incident_updates), key=_written, default={})
    components = (name_of(component.get("name")) for component in dicts(each.components))
    started = each.scheduled_for or each.started_at or each.created_at
    return VendorIncident(
        key=text_of(each.id) or text_of(each.name),
        name=name_of(each.name),
        status=text_of(each.status),
        impact=text_of(each.impact),
        started_at=time_of(started),
        updated_at=time_of(each.updated_at) or time_of(last.get("created_at")),
        text=lines_of(last.get("body")),
        components=tuple(name for name in components if name),
        url=text_of(each.shortlink),
    )


def _written(update: dict[str, Any]) -> datetime:
    """When an update was written; of those that do not say so the first is the last one."""
    return time_of(update.get("created_at")) or datetime.min.replace(tzinfo=UTC)
