"""What a person does about it: the actions, what was done, the safety catch."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.sources import may_not, may_not_act
from warroom.incident.acting.kinds import ActionView
from warroom.wire import Arm

if TYPE_CHECKING:
    from warroom.console.app import Console

NO_WAY_BACK = "It is off already, or the action that takes it back is no longer configured"


def actions(console: "Console") -> None:
    """Open the actions; those for the row under the cursor first."""
    from warroom.console.acting.in_hand import in_hand
    from warroom.console.screens.actions import ActionsScreen

    panel = console.selected_panel
    hand = in_hand(panel.cursor) if panel is not None and panel.steered else None

    def chosen(choice: tuple[str, dict[str, str]] | None) -> None:
        action = console.room.acts.action(choice[0]) if choice else None
        if action is not None and choice is not None:
            begin(console, action, choice[1])

    console.push_screen(ActionsScreen(hand), chosen)


def begin(console: "Console", action: ActionView, values: dict[str, str]) -> None:
    """The way of an action: its values where one is missing, the last look, the run."""
    # What is empty is not known: a default in its place would be another value.
    if any(one.name not in values for one in action.missing) or "" in values.values():
        ask_values(console, action, values)
    else:
        confirm(console, action, values)


def ask_values(console: "Console", action: ActionView, values: dict[str, str]) -> None:
    """The values, then the last look."""
    from warroom.console.screens.values import ValuesScreen

    def valued(found: dict[str, str] | None) -> None:
        if found is not None:
            confirm(console, action, found)

    console.push_screen(ValuesScreen(action, values), valued)


def confirm(console: "Console", action: ActionView, values: dict[str, str]) -> None:
    """The last look, then the run."""
    from warroom.console.screens.confirm import VALUES, ConfirmScreen

    shown = console.incident
    incident = shown.id if shown is not None and shown.open else ""

    def done(run: str | None) -> None:
        if run == VALUES:
            ask_values(console, action, values)
        elif run:
            show_run(console, run)

    console.push_screen(ConfirmScreen(action, values, incident), done)


def show_run(console: "Console", run: str) -> None:
    """A run on its screen."""
    from warroom.console.screens.run import RunScreen

    def done(wish: str | None) -> None:
        view = console.room.acts.run(run)
        undo = console.room.acts.action(view.undo) if view is not None else None
        if wish == "undo" and undo is not None and view is not None:
            begin(console, undo, dict(view.undo_values))
        elif wish == "undo":
            console.say(NO_WAY_BACK, bad=True)

    console.push_screen(RunScreen(run), done)


def acted(console: "Console") -> None:
    """What was done, and what is still on."""
    from warroom.console.screens.acted import ActedScreen

    def done(wish: str | None) -> None:
        kind, _, name = (wish or "").partition(":")
        if kind == "run":
            show_run(console, name)
        on = next((one for one in console.room.acts.on if one.name == name), None)
        undo = console.room.acts.action(on.undo) if on is not None else None
        if kind == "undo" and on is not None and undo is not None:
            begin(console, undo, dict(on.values))
        elif kind == "undo":
            console.say(NO_WAY_BACK, bad=True)

    console.push_screen(ActedScreen(), done)


def arm(console: "Console") -> None:
    """Arm this console for a while, or lock it again."""
    armed = console.room.acts.armed_for(console.clock.monotonic()) > 0
    console.ask(Arm(ref=0, on=not armed))


def why_not(console: "Console") -> str:
    """Why nothing can be run from here; empty when it can."""
    acts = console.room.acts
    if (reason := may_not_act(console)) or (reason := acts.refused):
        return reason
    if acts.locked and not acts.armed_for(console.clock.monotonic()):
        return f"This console is locked: {console.key_of('arm')} arms it for 15 minutes"
    return ""


def _not_locked(console: "Console") -> str:
    if reason := may_not_act(console) or console.room.acts.refused:
        return reason
    return "" if console.room.acts.locked else "This console is not locked: it may act"


ACTIONS: tuple[Command, ...] = (
    Command(
        id="actions",
        writes=True,
        key=KEYS["actions"],
        title="Actions",
        help="What can be done about it: each shows first what exactly it would do",
        group="Act",
        run=actions,
        footer="act",
        refused=may_not,
    ),
    Command(
        id="acted",
        key=KEYS["acted"],
        title="Done, and still on",
        help="What was done lately and what came of it; what is still on, to take it back",
        group="Act",
        run=acted,
        refused=may_not,
    ),
    Command(
        id="arm",
        writes=True,
        key=KEYS["arm"],
        title="Arm, or lock",
        help="Let a locked console act for 15 minutes; again locks it",
        group="Act",
        run=arm,
        refused=_not_locked,
    ),
)
