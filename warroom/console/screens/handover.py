"""Assigning a role, or handing it over: to whom, and with what words."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Choice, Field, Said
from warroom.incident.entries import Role
from warroom.incident.incident import Incident


class HandoverScreen(Dialog[Role | None]):
    """Its result is who takes which role; None when it was left. A name and Enter are enough:
    the role is the one it was opened for, else the first that nobody has."""

    def __init__(self, incident: Incident, role: str = "") -> None:
        super().__init__()
        self.incident = incident
        self.role = role
        self.form = f"role {incident.id} {role}"

    def compose(self) -> ComposeResult:
        names = [role.name for role in self.room.procedures.roles]
        names += [role for role in self.incident.roles if role not in names]
        with Vertical(id="handover", classes="dialog incident") as box:
            self.titled(box, f"A role in {self.incident.id}", "Enter assigns, Esc leaves")
            roles = Choice([(name, name) for name in names], self.look, id="role")
            free = [name for name in names if name not in self.incident.roles]
            roles.value = self.role or next(iter(free or names), "")
            yield Horizontal(Label(Content("Role")), roles, classes="line")
            yield Said(self.look, id="held")
            hint, known = "a name; me; nobody gives it up", self.people()
            person = Field(id="person", hint=hint, most=60, known=known)
            yield Horizontal(Label(Content("To")), person, classes="line")
            brief = Field(id="brief", hint="what they must know: state, next step, open question")
            yield Horizontal(Label(Content("Brief")), brief, classes="line")
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.begin_form()
        self.query_one("#person").focus()
        self.follow()

    @on(Choice.Changed)
    def follow(self) -> None:
        """Who has it now."""
        self.incident = self.room.incident(self.incident.id) or self.incident
        held = self.incident.roles.get(self.query_one("#role", Choice).value)
        words = f"{held.person} has it, and hands it over" if held else "nobody has it yet"
        self.query_one("#held", Said).say(words)

    @on(Choice.Submitted)
    @on(Input.Submitted)
    def submit(self) -> None:
        """Take the fields, or say which is missing."""
        person = self.query_one("#person", Field).text
        welcome = self.room.link.welcome
        if not person:
            self.complain("To whom? A name, me, or nobody", "person")
            return
        if person.casefold() == "me" and welcome is not None:
            person = welcome.actor.person
        if person.casefold() == "nobody":
            person = ""
        role = self.query_one("#role", Choice).value
        self.dismiss(Role(role=role, person=person, brief=self.query_one("#brief", Field).text))
