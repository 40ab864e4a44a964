"""The playbook that is followed, beside the panels: its steps are walked with keys."""

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import events
from textual.content import Content

from warroom.console.bound import bound, moves
from warroom.console.commands.sources import may_only_watch
from warroom.console.incident.bar import Timed
from warroom.console.look import framed
from warroom.console.playbooks import doing
from warroom.console.playbooks.asking import ask
from warroom.console.playbooks.books import ASKING
from warroom.console.playbooks.facts import Scene
from warroom.console.playbooks.pane_rows import body, title
from warroom.console.playbooks.walk import Walk, current, next_step, walks
from warroom.playbooks.playbook import Step

if TYPE_CHECKING:
    from warroom.console.app import Console


HELD = 0.7
"""Seconds in which the same key again is one that is held down: terminals repeat it after half a
second, and each that comes is a step that nobody has looked at."""
REPEATED = 0.15
"""Seconds between two of a key's repeats, at the most."""


class PlaybookPane(Timed, can_focus=True):
    """Its cursor begins at the first step that is open, and goes on with what is done here; what
    others do moves it under nobody's hand."""

    BINDINGS = [
        *moves("cursor", "page", "half", "end"),
        bound("pane.do", "do('enter')"),
        bound("pane.tick", "do('tick')"),
        bound("pane.no_help", "do('no_help')"),
        bound("pane.skip", "do('skip')"),
        # A capital: h, j, k and l are typed by hands that look for a way to move.
        bound("pane.leave", "do('leave')"),
        bound("pane.output", "do('output')"),
        bound("pane.follow_up", "do('follow_up')"),
        bound("pane.previous", "turn(-1)"),
        bound("pane.next", "turn(1)"),
    ]

    cursor = ""
    """The text of the step it is on."""
    stands_in = ("", "")
    """The incident and the playbook that it stands in."""
    did, did_at, heard_at = "", 0.0, 0.0
    """What a key did last and when, and when it was heard last; monotonic seconds."""

    def on_mount(self) -> None:
        self.watch(self.app, "books", self.follow, init=False)
        self.watch(self.app, "outgoing", self.follow, init=False)

    @property
    def console(self) -> "Console":
        return cast("Console", self.app)

    @property
    def walks(self) -> tuple[Walk, ...]:
        """All that are followed in the incident that is shown."""
        return walks(self.incident, self.console.books.sent)

    def scene(self) -> Scene | None:
        """Everything as it is now; None where nothing is followed."""
        console, found = self.console, self.walks
        walk = current(found, console.books.current)
        if walk is None:
            return None
        key = console.key_of("playbooks")
        return Scene(
            walk=walk,
            playbook=console.books.playbook(walk.name),
            incident=self.incident,
            procedures=self.state.procedures,
            acts=self.state.acts,
            books=console.books,
            now=self.now,
            look=self.look,
            cursor=self.cursor,
            focused=self.has_focus,
            place=f"{found.index(walk) + 1}/{len(found)}" if len(found) > 1 else "",
            goes=f"Tab, or {key} {key}, goes to it",
            watches=bool(may_only_watch(console)),
        )

    def draw(self, width: int, height: int) -> list[Content]:
        scene = self.scene()
        if scene is None:
            return []
        focused = self.has_focus
        name = title(scene, width - 5)
        lines = body(scene, max(width - 4, 1), max(height - 2, 1))
        return framed(name, lines, width, height, self.look, focused=focused)

    def follow(self) -> None:
        books = self.console.books
        settled = books.settled(self.now, (one.body for one in self.console.outgoing))
        if settled is not books:
            self.console.books = settled
            return
        scene = self.scene()
        if scene is not None and scene.playbook is None and books.shelf is None and not books.said:
            ask(self.console)
        self._stand(scene)
        self.redraw()

    def _stand(self, scene: Scene | None) -> None:
        """Where it is on no step of this playbook, or in another incident: to the first that is
        open."""
        if scene is None or scene.playbook is None:
            return
        where = (scene.incident.id if scene.incident is not None else "", scene.walk.name)
        if where != self.stands_in:
            self.stands_in, self.cursor = where, ""
        if scene.playbook.step(self.cursor) is None:
            step = next_step(scene.playbook, scene.walk, scene.now)
            self.cursor = step.text if step is not None else scene.steps[0].text

    def on_focus(self) -> None:
        if self.console.books.said not in ("", ASKING):
            ask(self.console)  # it could not be had before
        self.follow()

    def on_blur(self) -> None:
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        self.focus()

    def stand_on(self, step: Step | None) -> None:
        """Put the cursor there."""
        if step is not None:
            self.cursor = step.text
        self.redraw()

    def action_cursor(self, by: int) -> None:
        """Move among the steps."""
        self.did = ""
        scene = self.scene()
        if scene is None or scene.step is None:
            return
        at = scene.steps.index(scene.step) + by
        self.stand_on(scene.steps[min(max(at, 0), len(scene.steps) - 1)])

    def action_page(self, by: int) -> None:
        """A screenful of steps further."""
        self.action_cursor(by * max(self.size.height - 3, 1))

    def action_half(self, by: int) -> None:
        """Half as far."""
        self.action_cursor(by * max((self.size.height - 2) // 2, 1))

    def action_end(self, at: int) -> None:
        """To the first step or the last."""
        self.action_cursor(-1000 if at == 0 else 1000)

    def action_turn(self, by: int) -> None:
        """Another of the playbooks that are followed; of one alone, another page of panels."""
        found, books = self.walks, self.console.books
        walk = current(found, books.current)
        if walk is None or len(found) < 2:
            self.console.action_command("next_page" if by > 0 else "previous_page")
            return
        self.console.books = replace(
            books, current=found[(found.index(walk) + by) % len(found)].name
        )

    def action_do(self, what: str) -> None:
        """Do something with the step under the cursor."""
        scene = self.scene()
        if scene is not None and not self._held(what):
            to = doing.DEEDS[what](self.console, scene)
            self._stand(self.scene())
            self.stand_on(to)

    def _held(self, what: str) -> bool:
        """Whether the key is one that is held down: it does what it does once."""
        now = self.console.clock.monotonic()
        again = what == self.did and (now - self.did_at < HELD or now - self.heard_at < REPEATED)
        if not again:
            self.did, self.did_at = what, now
        elif self.heard_at <= self.did_at:
            self.console.say("A key held down does one thing: press it again for the next")
        self.heard_at = now
        return again
