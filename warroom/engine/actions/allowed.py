"""Whether a console may act: what the room and the console itself say. Pure but for the clock."""

from collections.abc import Collection

from warroom.config.settings import RoomSettings
from warroom.engine.attached import Attached
from warroom.errors import ActionError
from warroom.incident.acting.kinds import ActionView
from warroom.incident.actor import Actor
from warroom.incident.incident import Incident

ARMED = 900.0
"""Seconds for which ``L`` arms a console that starts locked."""


def refused(attached: Attached, room: RoomSettings) -> str:
    """Why this console may not act at all; empty when it may, if it is armed."""
    if room.read_only:
        return "this room is read-only: [room] read_only"
    if attached.granted != "act":
        return f"this console may only {attached.granted}: it was started read-only"
    return ""


def may_act(attached: Attached, room: RoomSettings, now: float) -> None:
    """Raises ``ActionError`` unless this console may act now. A command is armed by being typed."""
    if words := refused(attached, room):
        raise ActionError(words)
    if is_locked(attached, room) and not armed(attached, now):
        raise ActionError("this console is locked", "L arms it for 15 minutes")


def is_locked(attached: Attached, room: RoomSettings) -> bool:
    """Whether it must be armed before it acts."""
    return room.locked and attached.role == "console"


def armed(attached: Attached, now: float) -> float:
    """For how many seconds it still is; 0 when it is not."""
    return max(attached.armed_until - now, 0.0)


def has_role(view: ActionView, actor: Actor, incident: Incident | None) -> None:
    """Raises ``ActionError`` unless the person holds one of the roles that may."""
    if not view.roles:
        return
    wanted = ", ".join(view.roles)
    if incident is None:
        raise ActionError(
            f"only {wanted} may do this", "roles are held in an incident: declare one, take it"
        )
    if not set(_held(actor.person, incident)) & set(view.roles):
        raise ActionError(f"only {wanted} may do this", f"take the role: /role {view.roles[0]} me")


def _held(person: str, incident: Incident) -> Collection[str]:
    return [role for role, held in incident.roles.items() if held.person == person]
