"""The timeline in UTC, or in the person's own zone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warroom.console.app import Console


def turn_zone(console: "Console") -> None:
    """The timeline in the other zone. What is stored, sent and exported is in UTC."""
    console.in_local = not console.in_local
    console.say(f"The timeline is in {console.zone_shown.name}; a bare time is read so")
    for screen in console.watching_screens:
        screen.follow_zone()


def zone_refused(console: "Console") -> str:
    """Why there is no other zone to be shown."""
    if not console.zone.utc:
        return ""
    return console.zone.problem or "Your zone is UTC: set TZ, or zone under [console]"
