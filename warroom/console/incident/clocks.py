"""The incident's clocks in words, for its screen. Pure."""

from datetime import datetime

from warroom.console.incident.times import countdown
from warroom.incident.clocks import clocks
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.severity import Scale


def clock_lines(
    incident: Incident, procedures: Procedures, scale: Scale, now: datetime
) -> tuple[tuple[str, str, str], ...]:
    """What runs, as label, words and style; nothing runs once it is resolved."""
    if not incident.open:
        return ()
    found = clocks(incident, procedures, scale, now)
    named = (
        ("Response time", found.response, ""),
        ("Next update", found.update, ""),
        ("Next escalation", found.escalation, f", to {found.rung}" if found.rung else ""),
    )
    return tuple(
        (label, *_told(seconds, behind)) for label, seconds, behind in named if seconds is not None
    )


def _told(seconds: float, behind: str) -> tuple[str, str]:
    if seconds < 0:
        return f"OVERDUE by {countdown(-seconds)}{behind}", ".level-0"
    return f"{countdown(seconds)} left{behind}", ".accent"
