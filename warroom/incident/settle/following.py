"""A playbook followed, and its steps, settled. Pure.

Which playbooks and steps there are is not known here: the engine looks at its shelf first.
"""

from warroom.errors import IncidentError
from warroom.incident.followed import FollowedSeen
from warroom.incident.following import Followed, PlaybookStep
from warroom.incident.settle.settling import Settled, Settling, required

STEP_WORDS = {
    "done": "done",
    "no help": "done, without help",
    "skipped": "passed over",
    "watch": "being watched",
}


def followed(case: Settling, body: Followed) -> Settled:
    """Several may be followed, each once; one that was left may be begun again."""
    required(body.playbook, "which playbook?", "its name, as warroom playbooks lists it")
    known = _known(case, body.playbook)
    called = body.title or body.playbook
    if body.state == "left":
        if known is None or known.left is not None:
            raise IncidentError(f"nobody follows {called} here")
        return Settled(body)
    if case.incident.resolved is not None:
        raise IncidentError(f"{case.incident.id} is resolved", "/reopen REASON says it is not over")
    if known is not None and known.left is None:
        raise IncidentError(
            f"{called} is followed already, since {known.at:%H:%M}Z, by {known.by}",
            "go on where it is: its ticks are everybody's",
        )
    return Settled(body)


def stepped(case: Settling, body: PlaybookStep) -> Settled:
    """A step of one that is followed. The same again needs something to say."""
    required(body.step, "which step?")
    known = _known(case, body.playbook)
    if known is None or known.left is not None:
        raise IncidentError(f"nobody follows {body.playbook} here", "follow it first")
    before = known.steps.get(body.step)
    state = before.state if before is not None else "open"
    if state == body.state and not body.text.strip():
        by = f", by {before.by}" if before is not None else ""
        raise IncidentError(f"that step is {STEP_WORDS.get(state, state)} already{by}")
    return Settled(body)


def _known(case: Settling, name: str) -> FollowedSeen | None:
    return next((one for one in case.incident.playbooks if one.name == name), None)
