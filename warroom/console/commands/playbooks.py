"""What a person does with playbooks: open them, follow one, go to it."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.incident_refused import nothing_known
from warroom.console.commands.sources import may_only_watch

if TYPE_CHECKING:
    from warroom.console.app import Console


def playbooks(console: "Console") -> None:
    """Open all of them, those that fit first."""
    from warroom.console.playbooks.asking import ask
    from warroom.console.screens.playbooks import PlaybooksScreen

    def chosen(wish: str | None) -> None:
        kind, _, name = (wish or "").partition(":")
        if kind == "follow":
            follow(console, name)
        elif kind == "go":
            go(console)

    ask(console)
    console.push_screen(PlaybooksScreen(), chosen)


def follow(console: "Console", name: str) -> None:
    """Follow it in the incident that is shown; with none open, have one declared first."""
    from warroom.console.commands.incident import declare
    from warroom.console.playbooks.asking import begin
    from warroom.console.playbooks.walk import walks

    if reason := may_only_watch(console):
        console.say(reason, bad=True)
        return
    known = console.books.playbook(name)
    title = known.title if known is not None else name
    shown = console.incident
    if shown is not None and not shown.open and any(one.open for one in console.room.incidents):
        key = console.key_of("choose")
        console.say(f"{shown.id} is resolved; {key} chooses the one that is open", bad=True)
        return
    if shown is None or not shown.open:
        declare(console, title, then=lambda incident: begin(console, name, title, incident))
        return
    if name not in {walk.name for walk in walks(shown, console.books.sent)}:
        begin(console, name, title, shown.id)
    go(console, name)


def go(console: "Console", name: str = "") -> None:
    """Give the playbook that is followed the keys."""
    from msgspec.structs import replace

    from warroom.console.screens.room import RoomScreen

    while len(console.screen_stack) > 1:
        console.pop_screen()  # a panel is expanded: back to the room, where it is
    if name:
        console.books = replace(console.books, current=name)
    room = console.screen
    if not (isinstance(room, RoomScreen) and room.go_to_playbook()):
        console.say("No playbook is followed in the incident that is shown")


PLAYBOOKS: tuple[Command, ...] = (
    Command(
        id="playbooks",
        key=KEYS["playbooks"],
        title="Playbooks",
        help="What fits what is seen, and all playbooks: read one, follow it; again goes to it",
        group="Act",
        run=playbooks,
        footer="playbooks",
        refused=nothing_known,
    ),
)
