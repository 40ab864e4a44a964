"""How playbooks look: the signs, words and styles of symptoms and steps. Pure."""

from datetime import datetime

from warroom.console.acting.words import OUTCOMES, VERDICTS
from warroom.console.incident.spans import coarse
from warroom.console.look import Look
from warroom.incident.acting.kinds import ActionView
from warroom.incident.incident import Incident, RunSeen
from warroom.incident.spans import after
from warroom.playbooks.playbook import Part, Step
from warroom.playbooks.standing import Holds
from warroom.text import safe, short_duration

HOLDS: dict[Holds, tuple[str, str, str, str]] = {
    "holds": ("✔", "+", "holds", ".level-1"),
    "counting": ("◔", "~", "counting", ".accent"),
    "no": ("–", "-", "not so", ".dim"),
    "unknown": ("?", "?", "unknown", ".unseen"),
    "unwatched": ("·", ".", "not watched", ".dim"),
}
"""How a symptom stands: its sign, the same in ASCII, its word, its style."""
STATES: dict[str, tuple[str, str, str, str]] = {
    "open": (" ", " ", "", ""),
    "done": ("✔", "x", "done", ".ok"),
    "no help": ("✖", "!", "NO HELP", ".level-1"),
    "skipped": ("–", "-", "passed over", ".dim"),
    "watch": ("◔", "~", "watched", ".accent"),
    "watched": ("?", "?", "the watch is over: was all well?", ".level-2"),
}
"""How a step stands, likewise; ``open`` needs no word."""
PARTS: dict[Part, str] = {
    "look": "Look",
    "mitigate": "Mitigate",
    "escalate": "Escalate",
    "checklist": "Checklist",
    "prevent": "Prevent",
}
CHECKED = {True: ("✔", "+", "OK", ".ok"), False: ("✖", "X", "NOT OK", ".level-0")}
UNSURE = ("·", "-", "ran", "")


def picked(found: tuple[str, str, str, str], look: Look) -> tuple[str, str, str]:
    """Sign, word and style of an entry of the tables above."""
    sign, ascii_sign, word, style = found
    return (sign if look.unicode else ascii_sign), word, style


def due(step: Step, incident: Incident | None, now: datetime) -> tuple[str, str]:
    """When it is time for it: by the minute, so that it seldom moves."""
    if step.after is None or incident is None:
        return "", ""
    left = (after(incident.started, step.after) - now).total_seconds()
    if left <= 0:
        return "now", ".level-1"
    return f"in {coarse(max(left, 60.0))}", ".accent"


def run_words(run: RunSeen, look: Look) -> list[tuple[str, str]]:
    """What came of an action: its outcome, and what the signals say."""
    if run.outcome is None:
        return [("» running" if look.unicode else "> running", ".accent")]
    sign, ascii_sign, style = OUTCOMES[run.outcome]
    parts = [(f"{sign if look.unicode else ascii_sign} {run.outcome.upper()}", style)]
    if run.verdict is not None:
        sign, ascii_sign, style = VERDICTS[run.verdict]
        parts.append((f"  {sign if look.unicode else ascii_sign} {run.verdict}", style))
        if run.verdict_text:
            text = run.verdict_text if look.unicode else run.verdict_text.replace("→", "->")
            parts.append((f" {look.plain(safe(text, 120))}", ""))
    elif run.text:
        parts.append((f"  {look.plain(safe(run.text, 120))}", ".dim"))
    return parts


def newest_run(incident: Incident | None, action: str) -> RunSeen | None:
    """The last time the action was run in the incident."""
    runs = incident.runs if incident is not None else ()
    return next((run for run in reversed(runs) if run.action == action), None)


def does(step: Step, state: str, action: ActionView | None, *, follow_up: int = 0) -> str:
    """What Enter does with a step that stands so, in a few words."""
    if step.panel:
        return f"goes to {safe(step.panel.partition(':')[0], 24)}"
    if step.check:
        return f"runs {safe(step.check, 24)}, which only reads"
    if step.probe:
        return f"asks {safe(step.probe, 24)} now"
    if step.action:
        title = action.title if action is not None else step.action
        return f"{safe(title, 40)}: its last look first"
    if step.needs:
        return "nothing yet: see what it needs"
    if step.tell:
        return "how to reach them"
    if step.part == "prevent":
        return f"it is follow-up #{follow_up}" if follow_up else "adds it as a follow-up"
    if state == "watched":
        return "says that all was well"
    if state != "open":
        return "nothing more"
    return f"begins its watch of {short_duration(step.watch)}" if step.watch else "ticks it"


def progress(states: list[str]) -> str:
    """``3 of 9``: how many of its steps are done, or passed over."""
    done = sum(state not in ("open", "watch", "watched") for state in states)
    return f"{done} of {len(states)}"
