"""What the keys do with the step of a playbook that is followed. Each gives the step to go on to,
None to stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from warroom.config.local import panel_and_sources
from warroom.console.commands.sources import may_not, may_only_watch
from warroom.console.playbooks.asking import check, leave, tell
from warroom.console.playbooks.facts import Scene
from warroom.console.playbooks.walk import after_no_help, next_step
from warroom.incident.entries import FollowUp
from warroom.incident.following import Checked, StepState
from warroom.playbooks.playbook import Step
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console
    from warroom.console.compact import Place

NOTHING_LEFT = "Nothing is left to try"
JUST = timedelta(seconds=2)
"""For so long what somebody else did with a step may not have been seen yet."""


def enter(console: "Console", scene: Scene) -> Step | None:
    """Do the step's own thing."""
    step = scene.step
    if step is None:
        return None
    if step.panel:
        _look(console, step)
    elif step.check or step.probe:
        _check(console, scene, step)
    elif step.action:
        _act(console, step)
    elif step.needs:
        console.say(f"It still needs {step.needs}", bad=True)
    elif step.tell:
        _reach(console, step)
    elif step.part == "prevent":
        follow_up(console, scene)
    elif scene.walk.state(step, scene.now) in ("open", "watched"):
        return tick(console, scene)
    return None


def tick(console: "Console", scene: Scene) -> Step | None:
    """Done, or open again; what is watched for a while is watched first."""
    step = scene.step
    if step is None or _refused(console):
        return None
    state = scene.walk.state(step, scene.now)
    if (by := _just_now(scene, step)) and state not in ("open", "watched"):
        console.say(f"{by} has just done that elsewhere: Space again if it is to be open", bad=True)
        return None
    after: StepState = "open"
    if state in ("open", "watched"):
        after = "watch" if step.watch is not None and state == "open" else "done"
    return _say(console, scene, step, after)


def no_help(console: "Console", scene: Scene) -> Step | None:
    """It was done and did not help: on to the next mitigation, and from the last to whoever is to
    be told."""
    step = scene.step
    if step is None or _refused(console):
        return None
    if step.part != "mitigate":
        console.say("x is for a mitigation that did not help; s passes a step over", bad=True)
        return None
    if scene.walk.touched(step).state != "no help":
        _say(console, scene, step, "no help")
    if scene.playbook is None:
        return None
    to = after_no_help(scene.playbook, scene.walk, step, scene.now)
    if to is None:
        console.say(f"{NOTHING_LEFT}: {_told(scene)}", bad=True)
    elif to.part == "escalate":
        console.say(f"{NOTHING_LEFT}: escalate. {safe(to.text, 200)}", bad=True)
    return to


def _told(scene: Scene) -> str:
    """How it stands with those whom it names, where none of them is left."""
    states = [scene.walk.state(one, scene.now) for one in scene.steps if one.part == "escalate"]
    if not states:
        return "it names nobody to tell, and the contacts tell whom else"
    passed = sum(state == "skipped" for state in states)
    return f"whom it names was told{', or passed over' if passed else ''}"


def skip(console: "Console", scene: Scene) -> Step | None:
    """It is passed over; again: it is open."""
    step = scene.step
    if step is None or _refused(console):
        return None
    passed = scene.walk.touched(step).state == "skipped"
    return _say(console, scene, step, "open" if passed else "skipped")


def leave_it(console: "Console", scene: Scene) -> None:
    """Nobody follows it any more."""
    if scene.incident is not None and not _refused(console):
        leave(console, scene.walk, scene.incident.id)
        key = console.key_of("playbooks")
        console.say(f"{scene.walk.title} is left; {key} begins it again where it was")


def output(console: "Console", scene: Scene) -> None:
    """All that the step's check said, on the whole screen."""
    from warroom.console.screens.text import TextScreen

    step = scene.step
    lines = output_of(console, scene, step) if step is not None else []
    if step is None or not lines:
        console.say("There is no output here: Enter on a check runs it", bad=True)
        return
    shown = [Content(console.look.plain(safe(line, 2000))) for line in lines]
    console.push_screen(TextScreen(step.check or step.probe, shown, "\n".join(lines)))


def output_of(console: "Console", scene: Scene, step: Step) -> list[str]:
    """Line by line: of the newest run that is known here, or in the incident's entries."""
    seen, mine = scene.seen(step), scene.mine(step)
    if mine is not None and (seen is None or mine.at >= seen.at):
        return [line for line in (mine.words, *mine.output.splitlines()) if line.strip()]
    if seen is None or scene.incident is None:
        return []
    for entry in reversed(console.room.entries.get(scene.incident.id, ())):
        if entry.number == seen.entry and isinstance(entry.body, Checked):
            return [entry.body.text, *entry.body.output]
    return [seen.text] if seen.text else []


def follow_up(console: "Console", scene: Scene) -> None:
    """Make a prevention a follow-up of the incident."""
    step = scene.step
    if step is None or scene.incident is None or _refused(console):
        return
    if step.part != "prevent":
        console.say("F is for what prevents it: below, under Prevent", bad=True)
    elif number := scene.follow_up(step):
        console.say(f"It is follow-up #{number} already")
    elif any(isinstance(one.body, FollowUp) and one.body.text == step.text
             and one.incident == scene.incident.id for one in console.outgoing):  # fmt: skip
        console.say("It is a follow-up already: being saved")
    else:
        sort = "prevent" if "prevent" in scene.procedures.sorts else ""
        body = FollowUp(text=step.text, sort=sort)
        console.post(body, incident=scene.incident.id, shown=f"TODO {step.text}")
        console.say("It is a follow-up now")


DEEDS: dict[str, Callable[["Console", Scene], Step | None]] = {
    "enter": enter,
    "tick": tick,
    "no_help": no_help,
    "skip": skip,
    "leave": leave_it,
    "output": output,
    "follow_up": follow_up,
}
"""By what the pane's bindings name."""


def _say(console: "Console", scene: Scene, step: Step, state: StepState) -> Step | None:
    """Post it, and go on to what is next where that was one step further."""
    if scene.incident is None or scene.playbook is None:
        return None
    tell(console, scene.walk, step, state, scene.incident)
    if state in ("open", "watch"):
        return None
    return next_step(scene.playbook, scene.walk, scene.now, behind=step.text)


def _refused(console: "Console") -> bool:
    """Without an engine what is said waits at the desk, as notes do."""
    reason = may_only_watch(console)
    if reason:
        console.say(reason, bad=True)
    return bool(reason)


def _just_now(scene: Scene, step: Step) -> str:
    """Who touched the step from elsewhere while a hand was on its way to do the same; empty for
    nobody. Many share one login: what was not posted here is somebody else's."""
    touched = scene.walk.touched(step)
    if touched.at is None or touched.sent or scene.sent_here(step):
        return ""
    # The scene's time is that of the last second: what has just come is ahead of it.
    return safe(touched.by, 24) if abs(scene.now - touched.at) < JUST else ""


def _look(console: "Console", step: Step) -> None:
    place = place_of(console.pages.places(), step.panel)
    if place is not None:
        console.go_to(place.page, place.number)
        return
    name = panel_and_sources(step.panel)[0]
    console.say(f"No page shows the panel {name}: name it under [[pages]] in the file", bad=True)


def place_of(places: "tuple[Place, ...]", written: str) -> "Place | None":
    """Where that panel stands: with just these sources, else with all, else with some."""
    name, only = panel_and_sources(written)
    found = [place for place in places if place.listed.name == name]

    def far(place: "Place") -> int:
        if place.listed.only == only:
            return 0
        return 1 if not place.listed.only else 2 if set(only) & set(place.listed.only) else 3

    return min(found, key=far, default=None)


def _check(console: "Console", scene: Scene, step: Step) -> None:
    reason = may_not(console)
    if step.needs or reason:
        console.say(f"It still needs {step.needs}" if step.needs else reason, bad=True)
    elif scene.running(step):
        console.say("It is running already")
    else:
        check(console, scene, step)


def _act(console: "Console", step: Step) -> None:
    """The usual way of an action: its values, its last look, the yes."""
    from warroom.console.commands.actions import begin

    action = console.room.acts.action(step.action)
    if reason := may_not(console):
        console.say(reason, bad=True)
    elif action is None:
        needs = step.needs or f"[actions.{step.action}] in the file"
        console.say(f"It still needs {needs}", bad=True)
    else:
        begin(console, action, dict(step.values))


def _reach(console: "Console", step: Step) -> None:
    from warroom.console.screens.contacts import ContactsScreen

    console.push_screen(ContactsScreen(step.tell))
