"""What a person does with the incident: declare, choose, look, say how far it is, resolve."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.incident_refused import (
    first_reminder,
    none_shown,
    none_stands,
    not_running,
    nothing_known,
    only_watching,
)
from warroom.incident.entries import Milestone, Seen
from warroom.wire import NEWEST, Answer, GetEntries, Timeline

if TYPE_CHECKING:
    from warroom.console.app import Console


def declare(
    console: "Console", title: str = "", *, then: Callable[[str], None] = lambda incident: None
) -> None:
    """Have an incident declared, and ``then`` told its id; then say what to do."""
    from warroom.console.screens.declare import DeclareScreen
    from warroom.console.screens.declared import DeclaredScreen

    def done(answer: Answer | None) -> None:
        if answer is None:
            return
        if answer.incident is None:
            console.say(answer.message or "The incident is declared")
            return
        _keep(console, answer)
        console.chosen = answer.incident.id
        then(answer.incident.id)
        waits = answer.message if answer.waits else ""
        console.push_screen(DeclaredScreen(answer.incident, waits))

    console.push_screen(DeclareScreen(title), done)


def _keep(console: "Console", answer: Answer) -> None:
    """Show the answer's incident, if no newer word of it has come meanwhile."""
    told = answer.incident
    if told is None:
        return
    known = console.room.incident(told.id)
    newest = (told,) if known is None or known.number <= told.number else ()
    part = Timeline(incidents=newest, entries=answer.entries)
    console.room = console.room.taking(part, console.clock.monotonic())


def choose(console: "Console") -> None:
    """Have one of all incidents chosen to be shown."""
    from warroom.console.incident.asking import get_older
    from warroom.console.screens.incidents import IncidentsScreen

    def done(name: str | None) -> None:
        if name is None:
            return
        known = console.room.incident(name)
        if known is None:
            console.run_worker(_fetch(console, name), exit_on_error=False)
            return
        console.chosen = name
        here = console.room.entries.get(name, ())
        if len(here) < min(known.number, NEWEST):
            before = here[0].number if here else 0
            console.run_worker(get_older(console, name, before), exit_on_error=False)

    console.push_screen(IncidentsScreen(), done)


async def _fetch(console: "Console", name: str) -> None:
    """One that is over is asked for, and shown when it comes."""
    from warroom.console.incident.asking import answer_of

    answer = await answer_of(console, GetEntries(ref=0, incident=name))
    if answer.incident is None:
        console.say(answer.message or f"{name} cannot be had", bad=True)
        return
    _keep(console, answer)
    console.chosen = name


def milestone(console: "Console") -> None:
    """Have a milestone's key typed, and say that it was reached."""
    from warroom.console.screens.milestones import MilestonesScreen

    shown = console.incident
    if shown is None:
        return
    name = shown.id

    def done(reached: str | None) -> None:
        if reached is not None:
            console.post(Milestone(name=reached), incident=name)

    console.push_screen(MilestonesScreen(shown), done)


def resolve(console: "Console", text: str = "") -> None:
    """Have the incident resolved, through its gate."""
    from warroom.console.screens.resolve import ResolveScreen

    shown = console.incident
    if shown is None:
        return
    name = shown.id

    def done(answer: Answer | None) -> None:
        if answer is not None:
            console.say(answer.message or f"{name} is resolved", bad=answer.waits)

    console.push_screen(ResolveScreen(shown, text), done)


def contacts(console: "Console") -> None:
    """Whom to reach, and how."""
    from warroom.console.screens.contacts import ContactsScreen

    console.push_screen(ContactsScreen())


def checklists(console: "Console") -> None:
    """What is to be done now."""
    from warroom.console.screens.checklists import ChecklistsScreen

    console.push_screen(ChecklistsScreen())


def whole_incident(console: "Console") -> None:
    """All that is known of the incident."""
    from warroom.console.screens.incident import IncidentScreen

    if console.incident is not None:
        console.push_screen(IncidentScreen(console.incident))


def seen(console: "Console") -> None:
    """The first reminder need not stand there any more."""
    found = first_reminder(console)
    if found is not None:
        name, reminder = found
        console.post(Seen(nag=reminder.key, text=reminder.text), incident=name)


INCIDENTS: tuple[Command, ...] = (
    Command(
        id="declare",
        writes=True,
        key=KEYS["declare"],
        title="Declare an incident",
        help="Declare an incident: a title and Enter; the level is proposed",
        group="Incident",
        run=declare,
        run_with=declare,
        footer="declare",
        refused=only_watching,
    ),
    Command(
        id="incident",
        key=KEYS["incident"],
        title="The incident",
        help="All that is known of the incident; roles, tasks, follow-ups",
        group="Incident",
        run=whole_incident,
        footer="incident",
        refused=none_shown,
    ),
    Command(
        id="milestone",
        writes=True,
        key=KEYS["milestone"],
        title="Milestone",
        help="Say that a milestone is reached, with one key each",
        group="Incident",
        run=milestone,
        refused=not_running,
    ),
    Command(
        id="checklists",
        key=KEYS["checklists"],
        title="Checklists",
        help="What is to be done now; deployment lists too, with no incident",
        group="Incident",
        run=checklists,
        refused=nothing_known,
    ),
    Command(
        id="contacts",
        key=KEYS["contacts"],
        title="Contacts",
        help="Whom to reach and how; also with no engine",
        group="Incident",
        run=contacts,
        refused=nothing_known,
    ),
    Command(
        id="seen",
        writes=True,
        key=KEYS["seen"],
        title="Reminder is seen",
        help="The first reminder is seen and goes away",
        group="Incident",
        run=seen,
        refused=none_stands,
    ),
    Command(
        id="resolve",
        writes=True,
        key=KEYS["resolve"],
        title="Resolve the incident",
        help="Resolve the incident, once all is so that must be so",
        group="Incident",
        run=resolve,
        run_with=resolve,
        footer="resolve",
        refused=not_running,
    ),
    Command(
        id="choose",
        key=KEYS["choose"],
        title="Choose an incident",
        help="Choose which incident is shown; those that are over too",
        group="Incident",
        run=choose,
        refused=nothing_known,
    ),
)
