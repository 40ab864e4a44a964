"""Declaring an incident: a title and Enter; all else is proposed and may be said better."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from warroom.console.incident.asking import GONE, answer_of, lost, written
from warroom.console.incident.declaring import (
    Proposal,
    WrongFieldError,
    assessment_of,
    first_lasting,
    level_rows,
    no_level_rows,
    proposal,
    proposed_words,
    started_words,
)
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Choice, Field, Said
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.incident.times import read_time
from warroom.incident.assessment import Assessment
from warroom.measure.past import Onset
from warroom.text import safe
from warroom.wire import Answer, Declare


class DeclareScreen(Dialog[Answer | None]):
    """Its result is the engine's answer, once it has declared; None when it was left."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.prefilled = title
        self.form = "declare"
        self.once = uuid4().hex
        """One name for all tries: what was declared and not answered is not declared twice."""
        self.onset: Onset | None = None
        self.waiting = False
        self.gone = False
        """Whether it is said that there is no engine."""

    def compose(self) -> ComposeResult:
        self.onset = first_lasting(self.room.past, self.room.scale)
        start = f"{self.onset.at:%H:%M:%S}Z" if self.onset else "now"
        with Vertical(id="declare", classes="dialog incident") as box:
            self.titled(box, self._heading(), "Enter declares, Tab goes on, Esc leaves")
            title = Field(id="title", value=self.prefilled, hint="what is broken, for whom")
            yield _line("Title", title)
            yield _line("Level", Choice(self._levels(), self.look, id="level"))
            yield Said(self.look, id="proposed")
            yield _line(
                "Started",
                Field(id="started", value=start, most=24),
                Said(self.look, id="started-words"),
            )
            if self.room.procedures.commander:
                hint, known = "nobody yet; me", self.people()
                leads = Field(id="commander", hint=hint, most=60, known=known)
                yield _line("Commander", leads)
            yield Static("What is hit: it proposes the level", id="asked", classes="said")
            yield from self._assessment()
            yield RowsView(self._level_rows, self.look, pointed=False, id="meaning")
            yield Static("", classes="complaint")

    def _heading(self) -> str:
        """That one is open is said: two people declare the same trouble within a minute."""
        running = [one.id for one in self.room.incidents if one.open]
        if not running:
            return "Declare an incident"
        others = f" and {len(running) - 1} more" if len(running) > 1 else ""
        return f"Declare another incident; open: {running[-1]}{others}"

    def _levels(self) -> list[tuple[str, str]]:
        return [("", "none yet"), *((name, name) for name in self.room.scale.names)]

    def _assessment(self) -> Iterable[Widget]:
        known, look = self.room.procedures, self.look
        none = ("", look.dash)
        flags = (none, ("yes", "yes"), ("no", "no"))

        def choice(name: str, words: Iterable[str]) -> Choice:
            return Choice((none, *((word, word) for word in words)), look, id=name)

        money = f"{look.plain(safe(known.currency, 4))} an hour"
        for left, right in (
            (("Broken", choice("impact", known.impacts)), ("Users, %", Field(id="share", most=8))),
            (("Scope", choice("scope", known.scopes)), (money, Field(id="money", most=16))),
            (("Regions", Field(id="regions")), ("Data at risk", Choice(flags, look, id="data"))),
            (("Features", Field(id="features")), ("Security", Choice(flags, look, id="security"))),
        ):
            yield Horizontal(_line(*left), _line(*right), classes="pair")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#level", Choice).show("")
        self.begin_form()
        title = self.query_one("#title", Field)
        title.value = self.prefilled or title.value
        self.set_focus(title)
        self.follow()

    # what is proposed -----------------------------------------------------------------

    def follow(self) -> None:
        """What is proposed follows what is typed, and what the board says meanwhile. Once the
        entry itself has come, it is declared, whatever became of the answer."""
        done = written(self.console, self.once)
        if done is not None and done.incident is not None:
            self.finish(done)
            return
        found, level = self._proposal(), self.query_one("#level", Choice)
        level.show(found.level)
        words = proposed_words(found, self.room, self.look, touched=level.touched)
        self.query_one("#proposed", Said).say(words)
        self._follow_start()
        self._follow_engine()
        self.redraw()

    def tick(self) -> None:
        self._follow_start()

    def _began(self, written: str) -> datetime | str:
        """The start that was typed, or what is wrong with it."""
        return read_time(written, self.now, self.console.zone_shown, self.console.zone)

    def _follow_start(self) -> None:
        typed = self._began(self.query_one("#started", Field).value)
        words = started_words(typed, self.onset, self.room, self.now, self.console.zone)
        self.query_one("#started-words", Said).say(words)

    def _follow_engine(self) -> None:
        """Say when the engine has gone, and no longer once it is back."""
        if lost(self.console) != self.gone:
            self.gone = not self.gone
            self.complain(GONE if self.gone else "")

    def _fields(self) -> dict[str, str]:
        fields = self.query("#declare Field, #declare Choice")
        return {field.id or "": field.value for field in fields.results(Field | Choice)}  # type: ignore[arg-type]

    def _proposal(self) -> Proposal:
        fields = self._fields()
        started = self._began(fields["started"])
        began = started if isinstance(started, datetime) else self.now
        try:
            said = assessment_of(fields)
        except WrongFieldError:
            said = assessment_of({**fields, "share": "", "money": ""})
        down = (self.now - began).total_seconds()
        return proposal(self.room.procedures.matrix, said, down, self.room)

    def _level_rows(self, width: int) -> list[Row]:
        at = self.room.scale.index(self.query_one("#level", Choice).value)
        if at is None:
            return no_level_rows(self.look)
        return level_rows(self.room.scale.steps[at], self.room.scale, self.look)

    @on(Choice.Changed)
    @on(Input.Changed)
    def typed(self) -> None:
        """Something else stands in a field."""
        self.follow()

    # declaring ------------------------------------------------------------------------

    @on(Choice.Submitted)
    @on(Input.Submitted)
    def submit(self) -> None:
        """Declare, or say what is wrong."""
        fields = self._fields()
        if self.waiting:
            return
        if not fields["title"].strip():
            self.complain("A title is needed: what is broken, in a few words", "title")
            return
        started = self._began(fields["started"])
        if isinstance(started, str):
            self.complain(started, "started")
            return
        try:
            said = assessment_of(fields)
        except WrongFieldError as error:
            self.complain(str(error), error.field)
            return
        self.waiting = True
        self.complain("declaring")
        self.run_worker(self._declare(fields, started, said), exit_on_error=False)

    async def _declare(self, fields: dict[str, str], started: datetime, said: Assessment) -> None:
        request = Declare(
            ref=0,
            once=self.once,
            title=" ".join(fields["title"].split()),
            level=fields["level"],
            started=started,
            assessment=said if said != Assessment() else None,
            roles=self._roles(fields.get("commander", "").strip()),
        )
        try:
            answer = await answer_of(self.console, request)
        finally:
            self.waiting = False
        if answer.ok:
            self.finish(answer)
        elif self.is_mounted:
            self.complain(answer.message or "The engine has refused it, and not said why")

    def _roles(self, person: str) -> dict[str, str]:
        welcome = self.room.link.welcome
        if person.casefold() == "me" and welcome is not None:
            person = welcome.actor.person
        nobody = person.casefold() in ("", "nobody")
        return {} if nobody else {self.room.procedures.commander: person}


def _line(label: str, *fields: Widget) -> Horizontal:
    """A label and what belongs to it, on one line."""
    return Horizontal(Label(Content(label)), *fields, classes="line")
