"""What the words in the line mean, what to tell the person meanwhile, and what comes of Enter."""

from typing import TYPE_CHECKING

from warroom.console.commands.sources import may_only_watch
from warroom.incident.scribe import Ask, Posting, ScribeContext, Wrong, complete, hint, parse

if TYPE_CHECKING:
    from warroom.console.app import Console

JUDGED = 2_000
"""Characters that are looked at while they are typed: a command is no longer."""


def context(console: "Console") -> ScribeContext:
    """Everything the meaning of the words depends on."""
    room = console.room
    welcome = room.link.welcome
    return ScribeContext(
        incident=console.incident,
        procedures=room.procedures,
        scale=room.scale,
        now=console.clock.now(),
        me=welcome.actor.person if welcome else "",
        zone=console.zone_shown.tz,
        local=console.zone,
    )


def advice(console: "Console", text: str) -> str:
    """What to say below the line while this stands in it."""
    if not text:
        dot = f" {console.look.dot} "
        return dot.join(("Enter writes it", "Esc leaves", "/ for commands", "Up for earlier ones"))
    around, judged = context(console), text[:JUDGED]
    if isinstance(parse(judged, around), Posting):
        refused = may_only_watch(console) or _no_incident(console)
        if refused:
            return refused
    parts = [hint(judged, around)]
    lines = text.rstrip("\n").count("\n") + 1
    if lines > 1:
        parts.insert(0, f"{lines} lines, {len(text):,} characters")
    if around.incident is not None and sum(one.open for one in console.room.incidents) > 1:
        parts.append(f"into {around.incident.id}")
    return f" {console.look.dot} ".join(parts)


def completed(console: "Console", text: str) -> str:
    """What the line could become; empty where nothing is known."""
    if not text or len(text) > JUDGED:
        return ""
    found = complete(text, context(console))
    return next((whole for whole in found if whole.startswith(text) and whole != text), "")


def carry_out(console: "Console", text: str) -> str:
    """Do what the words ask for. What is wrong, in words, where they stay in the line."""
    meant = parse(text, context(console))
    if isinstance(meant, Wrong):
        return meant.words
    if isinstance(meant, Ask):
        return _open(console, meant, text)
    return may_only_watch(console) or _write(console, meant, text)


def _write(console: "Console", posting: Posting, text: str) -> str:
    desk, shown = console.desk, console.incident
    if shown is None:
        return _no_incident(console)
    if desk.kept.incident not in ("", shown.id):
        begun = desk.kept.incident
        desk.readdress(shown.id)
        return f"Begun for {begun}, but {shown.id} is shown now: Enter writes it into {shown.id}"
    desk.remember(text)
    desk.post(
        posting.body, shown.id, happened=posting.happened, typed=text, shown=posting.text_shown
    )
    return ""


def _no_incident(console: "Console") -> str:
    """Why there is nothing to write into; empty where there is."""
    if console.incident is not None:
        return ""
    link = console.room.link
    if link.welcome is None or not console.room.told:
        return "The engine has not said yet which incidents are open; the words stay here"
    key = console.key_of("declare")
    return f"No incident is open: /declare TITLE, or Esc and {key}; the words stay here"


def _open(console: "Console", ask: Ask, text: str) -> str:
    """A dialog, by the command of that name."""
    command = next((c for c in console.commands if c.id == ask.what), None)
    if command is None:
        return f"/{ask.what} is not known here"
    reason = command.refused(console)
    if reason:
        return reason
    console.desk.remember(text)
    if command.run_with is not None:
        command.run_with(console, ask.rest)
    else:
        command.run(console)
    return ""
