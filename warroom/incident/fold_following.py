"""Playbooks that are followed and checks that were run, folded into their incident. Pure."""

from msgspec.structs import replace

from warroom.incident.entries import Entry
from warroom.incident.followed import CheckSeen, FollowedSeen, StepSeen
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.incident import Incident


def followed(incident: Incident, entry: Entry, body: Followed) -> Incident:
    """One that is begun again keeps what was done of it, and is the newest."""
    known = next((one for one in incident.playbooks if one.name == body.playbook), None)
    if body.state == "left":
        return _put(incident, known and replace(known, left=entry.happened))
    seen = FollowedSeen(
        name=body.playbook,
        title=body.title or body.playbook,
        at=entry.happened,
        by=entry.actor.person,
        evidence=body.evidence,
        steps=known.steps if known is not None else {},
    )
    others = (one for one in incident.playbooks if one is not known)
    return replace(incident, playbooks=(*others, seen))


def stepped(incident: Incident, entry: Entry, body: PlaybookStep) -> Incident:
    """Of a playbook that nobody follows nothing is known."""
    known = next((one for one in incident.playbooks if one.name == body.playbook), None)
    if known is None:
        return incident
    seen = StepSeen(state=body.state, by=entry.actor.person, at=entry.happened, text=body.text)
    return _put(incident, replace(known, steps={**known.steps, body.step: seen}))


def checked(incident: Incident, entry: Entry, body: Checked) -> Incident:
    seen = CheckSeen(
        at=entry.happened,
        by=entry.actor.person,
        entry=entry.number,
        ok=body.ok,
        text=body.text,
    )
    return replace(incident, checked={**incident.checked, body.check: seen})


def _put(incident: Incident, seen: FollowedSeen | None) -> Incident:
    if seen is None:
        return incident
    kept = tuple(seen if one.name == seen.name else one for one in incident.playbooks)
    return replace(incident, playbooks=kept)
