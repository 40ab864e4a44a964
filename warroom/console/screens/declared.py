"""What a declaration came to: its id, its channel, and what to do at once."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from warroom.config.key_ids import ONWARDS
from warroom.console.bound import bound
from warroom.console.incident.declaring import level_rows
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row, gap, without_ends
from warroom.console.incident.rows_view import RowsView
from warroom.console.look import Look, fit
from warroom.console.message.answers import deaf
from warroom.console.state import RoomState
from warroom.console.table.clipboard import copy_text
from warroom.incident.incident import Incident
from warroom.text import safe

LABEL = 14
"""Cells of a label: a link's name is longer than a field's."""


def declared_rows(
    incident: Incident, state: RoomState, look: Look, *, waits: str = "", then: str = ""
) -> list[Row]:
    """What was declared, where people meet, and what to do; ``waits`` says that it is not yet
    durable, ``then`` which keys go on from here. Pure."""
    scale = state.scale

    def line(label: str, words: str) -> Row:
        shown = look.plain(safe(words))
        lead = fit(look.plain(safe(label, 40)), LABEL - 1, end=look.end)
        return Row(Content.assemble((f"{lead} ", ".dim"), shown), indent=LABEL)

    rows = [Row(Content.assemble((look.plain(safe(incident.title, 300)), ".strong"))), gap()]
    if waits:
        rows += [Row(Content.assemble((look.plain(safe(waits)), ".level-1"))), gap()]
    if incident.channel:
        rows.append(line("Channel", incident.channel))
    rows += [line(link.name, link.address) for link in incident.links]
    leader = incident.roles.get(state.procedures.commander)
    if state.procedures.commander:
        rows.append(line("Leads", leader.person if leader else "nobody yet"))
    at = scale.index(incident.level)
    rows.append(gap())
    if at is not None:
        rows += level_rows(scale.steps[at], scale, look, LABEL)
    else:
        rows.append(line("Level", "none yet: /sev gives one"))
    if then:
        rows += [gap(), Row(Content.assemble((then, ".dim")))]
    return without_ends(rows)


def declared_text(incident: Incident) -> str:
    """What is copied: for the chat."""
    lines = [f"{incident.id} {incident.level}".rstrip(), incident.title, incident.channel]
    lines += [f"{link.name}: {link.address}" for link in incident.links]
    return "\n".join(line for line in lines if line)


class DeclaredScreen(Dialog[None]):
    """Read it, copy it, close it."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("dialog.copy", "copy"),
    ]

    def __init__(self, incident: Incident, waits: str = "") -> None:
        super().__init__()
        self.incident = incident
        self.waits = waits

    def compose(self) -> ComposeResult:
        self.opened = self.console.clock.monotonic()
        with Vertical(id="declared", classes="dialog incident") as box:
            self.titled(
                box, f"{self.incident.id} is declared", "{dialog.copy} copies, Enter or Esc closes"
            )
            yield RowsView(self._rows, self.look, pointed=False)

    def _rows(self, width: int) -> list[Row]:
        known = self.room.incident(self.incident.id) or self.incident
        lists, contacts = self.console.key_of("checklists"), self.console.key_of("contacts")
        then = f"{lists} what is to be done, {contacts} whom to reach"
        return declared_rows(known, self.room, self.look, waits=self.waits, then=then)

    def on_key(self, event: events.Key) -> None:
        """Enter closes it. A command's key closes it too and does what it does in the room: who
        types ``i`` and then a note must not see it run as commands."""
        if event.key == "enter":
            # The one that declared may still be held.
            if not deaf(self.app, self.opened):
                self.dismiss(None)
            return
        meant = self.console.command_of(event.key)
        if meant is not None and meant.id in ONWARDS:
            event.stop()
            self.dismiss(None)
            self.console.action_command(meant.id)

    def action_copy(self) -> None:
        """Id, title, channel and links, to the terminal's clipboard."""
        copy_text(self.console, declared_text(self.incident))
