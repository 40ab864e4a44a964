"""Why a command of the incident cannot be done now, in words; empty when it can."""

from typing import TYPE_CHECKING

from warroom.console.commands.sources import may_not
from warroom.incident.incident import Reminder

if TYPE_CHECKING:
    from warroom.console.app import Console


def first_reminder(console: "Console") -> tuple[str, Reminder] | None:
    """The reminder that stands first on the screen, and the id of its incident."""
    from warroom.console.incident.reminders import all_standing

    found = all_standing(console.incident, console.room, console.clock.now())
    return next(iter(found), None)


def none_shown(console: "Console") -> str:
    """No incident is shown."""
    if console.incident is None:
        return f"No incident is open: {console.key_of('declare')} declares one"
    return ""


def only_watching(console: "Console") -> str:
    """Without an engine a declaration may still be typed: Enter tries until it is there."""
    attached = console.room.link.state == "attached"
    return may_not(console) if attached else ""


def not_running(console: "Console") -> str:
    """The incident is over, or cannot be written into."""
    shown = console.incident
    if shown is not None and not shown.open:
        return f"{shown.id} is resolved already; {console.key_of('choose')} chooses another"
    return none_shown(console) or may_not(console)


def nothing_known(console: "Console") -> str:
    """What is in the file is not known yet."""
    if console.room.room is None:
        return "The engine has not said yet what is in the file; it is being started"
    return ""


def none_stands(console: "Console") -> str:
    """No reminder stands on the screen."""
    reason = may_not(console)
    if not reason and first_reminder(console) is None:
        return none_shown(console) or "No reminder stands there"
    return reason
