"""What a template may say: an incident as it stands, in words. Pure.

All of it is text, lists of text, numbers and yes or no: what somebody wrote into an entry is data,
and is never read as a template.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from warroom.comms.since import Told, as_it_reads, told_since
from warroom.incident.bounds import LONGEST_ADDRESS
from warroom.incident.clocks import update_due
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.incident.outward import Purpose
from warroom.incident.procedures import Procedures
from warroom.incident.routing import has_come
from warroom.incident.spans import after, at_words, minute, seconds
from warroom.severity import Scale
from warroom.text import safe

ROUND = 300
"""Seconds: a next update is promised for a round time."""
UPDATES: tuple[Purpose, ...] = ("first", "update")
"""The messages after which the next update begins to tell anew."""
MOST_TASKS, MOST_ITEMS, MOST_LINKS = 8, 20, 12
"""Of open tasks, follow-ups and links, that are told: a message is read at a glance."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is drafted from. ``entries`` are all of the incident's, ``signals`` what is
    not well now, in words; ``me`` is who asks, empty where nobody has said."""

    incident: Incident
    entries: tuple[Entry, ...]
    procedures: Procedures
    scale: Scale
    now: datetime
    room: str = ""
    environment: str = ""
    signals: tuple[str, ...] = ()
    me: str = ""


def next_update(case: Case) -> datetime | None:
    """When the next update is promised by the level's cadence, on a round five minutes; None
    where the level asks for none, or it is over."""
    span = case.procedures.cadence.get(case.incident.level)
    if span is None or not case.incident.open:
        return None
    at = after(case.now, span)
    return after(at.replace(second=0, microsecond=0), -(at.minute % 5) * 60 + _up(at))


def _up(at: datetime) -> int:
    return ROUND if at.minute % 5 or at.second else 0


def context(case: Case, promised: datetime | None) -> dict[str, Any]:
    """Every variable of a template, by name; ``docs/messages.md`` tells what each means."""
    incident = as_it_reads(case.entries, case.incident)
    case = msgspec.structs.replace(case, incident=incident)
    came = [message for message in incident.messages if has_come(message)]
    given = [message for message in came if message.purpose in UPDATES]
    last = given[-1].entry if given else 0
    steps = _mending(case.procedures)
    told = told_since(case.entries, incident, last, steps)
    return {
        **_names(case),
        **_times(case, promised),
        **_impact(case),
        **_roles(case),
        **_outcome(case),
        "found": told.found or tuple(_plain(one) for one in case.signals[:3]),
        "done": told.done,
        "next": _next(case),
        "last_done": told_since(case.entries, incident, 0, steps).last_done,
        "signals": tuple(_plain(one) for one in case.signals),
        "count": len([m for m in incident.messages if m.purpose == "update"]) + 1,
        "is_open": incident.open,
        "is_first": not any(message.purpose == "status" for message in came),
        "stage": _stage(incident.status),
        "eta": "",
    }


def _mending(procedures: Procedures) -> frozenset[str]:
    """The milestones that are something done about it: from the fix on. That somebody has
    acknowledged is news to nobody who is told."""
    names = [step.name for step in procedures.milestones]
    start = names.index(procedures.fixed) if procedures.fixed in names else len(names)
    return frozenset(names[start:])


def _plain(text: str, limit: int = 500) -> str:
    """On one line, every character visible."""
    return safe(" ".join(text.split()), limit)


def _first(texts: list[str], most: int) -> tuple[str, ...]:
    """So many of them, and how many more there are."""
    more = len(texts) - most
    return tuple(texts) if more <= 0 else (*texts[:most], f"and {more} more")


def _names(case: Case) -> dict[str, Any]:
    incident = case.incident
    rank = case.scale.index(incident.level)
    return {
        "id": _plain(incident.id),
        "title": _plain(incident.title),
        "public_title": _plain(incident.title),
        "room": _plain(case.room),
        "environment": _plain(case.environment),
        "level": _plain(incident.level),
        "meaning": _plain(case.scale.steps[rank].meaning) if rank is not None else "",
        "rank": 99 if rank is None else rank,
        "status": _plain(incident.status),
        "phase": _plain(incident.phase),
        "channel": _plain(incident.channel),
        "links": {
            _plain(one.name): _plain(one.address, LONGEST_ADDRESS)
            for one in incident.links[:MOST_LINKS]
        },
        "reports": incident.reports,
    }


def _times(case: Case, promised: datetime | None) -> dict[str, Any]:
    incident, now = case.incident, case.now
    end = incident.resolved
    standing = update_due(incident, case.procedures)
    post_mortem = next((d for d in case.procedures.dues if "post-mortem" in d.name.lower()), None)
    due = after(end, post_mortem.within) if end is not None and post_mortem is not None else None
    return {
        "now": at_words(now, now),
        "today": f"{now.astimezone(UTC):%Y-%m-%d}",
        "started": at_words(incident.started, now),
        "started_long": minute(incident.started),
        "detected": at_words(incident.milestones.get("alert received", incident.declared), now),
        "resolved": "" if end is None else at_words(end, now),
        "resolved_long": "" if end is None else minute(end),
        "since_start": lasted(seconds(incident.started, now)),
        "duration": lasted(seconds(incident.started, end or now)),
        "next_update": "" if promised is None else at_words(promised, now),
        "promised": "" if standing is None or end is not None else at_words(standing, now),
        "post_mortem_due": "" if due is None else minute(due),
    }


def _impact(case: Case) -> dict[str, Any]:
    hit = case.incident.impact
    said = case.incident.assessment
    share = hit.share if hit.share is not None else said.share if said is not None else None
    users = [f"{hit.users:,} users"] if hit.users is not None else []
    users += [f"{share:g} % of all" + ("" if users else " users")] if share is not None else []
    lost = {None: "", True: "data was lost", False: "no data was lost"}[hit.data_loss]
    regions = _plain(", ".join(hit.regions)) or (_plain(said.regions) if said else "")
    features = _plain(", ".join(hit.features)) or (_plain(said.features) if said else "")
    services = _plain(", ".join(hit.services))
    kind = _plain(said.impact) if said is not None else ""
    words = [_plain(hit.text) or kind, services and f"affected: {services}", ", ".join(users)]
    return {
        "services": services,
        "public_services": _plain(_and(hit.services)),
        "features": features,
        "regions": regions,
        "users": ", ".join(users),
        "money": _plain(hit.money),
        "data_loss": lost,
        "harm": _plain(hit.text) or kind,
        "impact": "; ".join(filter(None, words)),
        "public_impact": _plain(hit.text),
        "public_what": _plain(hit.text) or "[what customers noticed?]",
        "scope_words": "" if share is None else "some users" if share < 100 else "all users",
    }


def _and(names: tuple[str, ...]) -> str:
    """``web``, ``web and api``, ``web, api and search``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _roles(case: Case) -> dict[str, Any]:
    held = {role: _plain(one.person) for role, one in case.incident.roles.items()}
    commander = case.procedures.commander
    lead = next(iter(case.procedures.fixers), "")
    named = "communications"
    communications = next((r.name for r in case.procedures.roles if named in r.name.lower()), "")
    return {
        "commander_role": _plain(commander) or "commander",
        "commander": held.get(commander, ""),
        "lead_role": _plain(lead) or "technical lead",
        "lead": held.get(lead, ""),
        "communications": held.get(communications, ""),
        "roles": {_plain(role): person for role, person in held.items()},
        "people": ", ".join(map(_plain, case.incident.people)),
        "me": _plain(case.me),
    }


def _outcome(case: Case) -> dict[str, Any]:
    cause, resolution = case.incident.cause, case.incident.resolution
    how = _plain(resolution.how) if resolution is not None else ""
    text = _plain(resolution.text) if resolution is not None else ""
    items = [item for item in case.incident.follow_ups if item.state != "dropped"]
    kept = [item for item in items if item.sort in ("prevent", "")]
    return {
        "cause": _plain(cause.text),
        "trigger": _plain(cause.trigger),
        "safeguards": _plain(cause.safeguards),
        "blast_radius": _plain(cause.blast_radius),
        "how": how,
        "fix": ": ".join(filter(None, (how, text))),
        "public_fix": "",
        "follow_ups": _first([_follow_up(item) for item in items], MOST_ITEMS),
        "prevention": tuple(_plain(item.text) for item in kept[:MOST_TASKS]),
    }


def _follow_up(item: Any) -> str:
    parts = [_plain(item.text)]
    parts += [f"({_plain(item.owner)})"] if item.owner else []
    parts += [f"due {item.due}"] if item.due is not None else []
    return " ".join(parts)


def _next(case: Case) -> tuple[str, ...]:
    """The tasks that are open, with who is at each."""
    tasks = [task for task in case.incident.tasks if task.state == "open"]
    words = [
        f"{_plain(one.text)} ({_plain(one.who)})" if one.who else _plain(one.text) for one in tasks
    ]
    return _first(words, MOST_TASKS)


_STAGES = {
    "investigating": ("investigat", "detect", "triage", "assess"),
    "identified": ("identif",),
    "mitigating": ("mitigat", "fix", "repair"),
    "monitoring": ("monitor", "recover", "watch", "verif"),
    "resolved": ("resolv", "closed", "done"),
}


def _stage(status: str) -> str:
    """What the team's status comes to among the five that status pages have."""
    folded = status.casefold()
    for stage, stems in _STAGES.items():
        if any(stem in folded for stem in stems):
            return stage
    return "investigating"


def lasted(span: float) -> str:
    """``45 s``, ``12 min``, ``2 h 05 min``, ``3 d 4 h``."""
    whole = int(span)
    if whole < 60:
        return f"{whole} s"
    minutes, hours = whole // 60, whole // 3600
    if hours < 1:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60:02} min"
    return f"{hours // 24} d {hours % 24} h"


__all__ = ["Case", "Told", "context", "lasted", "next_update"]
