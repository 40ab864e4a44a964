"""The scribe's commands: what each is for, how it is read, and what it offers. Pure."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from warroom.incident.entries import Said
from warroom.incident.scribe import facts as facts
from warroom.incident.scribe import impact as impact
from warroom.incident.scribe import offers as offers
from warroom.incident.scribe import steps as steps
from warroom.incident.scribe import todo as todo
from warroom.incident.scribe import work as work
from warroom.incident.scribe.types import Ask, Piece, ScribeContext


class Command(NamedTuple):
    """``usage`` as it is typed, ``tells`` what it is for. ``read`` makes an entry of what stands
    after the name, or raises ``WrongError``; ``offers`` gives what the rest may become."""

    name: str
    usage: str
    tells: str
    read: Callable[[Piece, ScribeContext], Said | Ask]
    offers: Callable[[Piece, ScribeContext], Iterable[str]] = offers.nothing


def _asks(what: str) -> Callable[[Piece, ScribeContext], Ask]:
    return lambda piece, context: Ask(what, piece.text.strip())


_ALL = (
    Command("note", facts.NOTE, "plain words, as without a command", facts.note),
    Command("sev", steps.SEV, "another level, and why", steps.severity, offers.levels),
    Command("status", steps.STATUS, "another status", steps.status, offers.statuses),
    Command("phase", steps.PHASE, "another phase", steps.phase, offers.phases),
    Command("role", steps.ROLE, "somebody takes a role; - gives it up", steps.role, offers.roles),
    Command("impact", impact.USAGE, "what is hit", impact.read, offers.impacts),
    Command("cause", facts.CAUSE, "why it happened", facts.cause, offers.causes),
    Command("decision", facts.DECISION, "what was decided", facts.decision),
    Command("task", work.TASK, "a task for somebody, with a time", work.task, offers.people),
    Command("done", work.DONE, "a task is done", work.done, offers.tasks),
    Command("more", work.MORE, "a task gets more time", work.more, offers.tasks),
    Command("drop", work.DROP, "a task is dropped", work.drop, offers.tasks),
    Command("todo", todo.USAGE, "a follow-up, for afterwards", todo.read, offers.todos),
    Command(
        "key", facts.KEY, "an entry is a key event; no takes it back", facts.key, offers.newest
    ),
    Command("report", facts.REPORT, "people reported trouble", facts.report, offers.reports),
    Command("update", facts.UPDATE, "what people were told", facts.update, offers.updates),
    Command("link", facts.LINK, "an address; - takes it away", facts.link, offers.links),
    Command("title", facts.TITLE, "call the incident otherwise", facts.title, offers.title),
    Command("milestone", steps.MILESTONE, "a milestone", steps.milestone, offers.milestones),
    Command("fix", facts.FIX, "how an entry should read; - withdraws it", facts.fix, offers.newest),
    Command("tick", work.TICK, "an item of a checklist", work.tick, offers.items),
    Command("resolve", "/resolve [HOW] TEXT", "it is over", _asks("resolve"), offers.resolutions),
    Command("due", steps.DUE, "what is due afterwards is done", steps.due, offers.dues),
    Command("reopen", steps.REOPEN, "it was not over", steps.reopen),
    Command("declare", "/declare TITLE", "a new incident", _asks("declare")),
    Command("help", "/help", "all commands", _asks("help")),
)
COMMANDS = {command.name: command for command in _ALL}
AT = "at"
AT_USAGE = "/at 12:05 TEXT or /COMMAND"
NAMES = (*COMMANDS, AT)
"""All of them; ``/at`` takes any other after its time, so it is read in ``scribe`` itself."""
ALSO_CALLED = {
    "severity": "sev",
    "level": "sev",
    "commander": "role",
    "assign": "role",
    "ic": "role",
    "close": "resolve",
    "resolved": "resolve",
    "decide": "decision",
    "root": "cause",
    "correct": "fix",
    "edit": "fix",
    "check": "tick",
    "incident": "declare",
    "new": "declare",
    "time": "at",
    "mark": "key",
    "star": "key",
    "followup": "todo",
    "action": "todo",
}
"""What other tools call them: named to who types it, not taken for it."""
