"""The keys of lists, panes and dialogs by id, and what may be bound to what. Light.

The commands' keys are ``keys.KEYS``; these are all others. An id is ``namespace.word``, and no
namespace is a command's name, so that ``[keys]`` can be written with dots: ``list.down = "j"``.
"""

from typing import NamedTuple

from warroom.config.keys import KEYS, keys_named


class Key(NamedTuple):
    """``keys`` are those it has where nobody gives others; ``does`` is its line in help. Where
    ``fixed`` says why, it cannot be remapped. One that ``loses`` discards, ends or leaves
    something: it must not lie where a finger slips."""

    keys: str
    does: str
    fixed: str = ""
    loses: bool = False


_OUT = "it is the way out of every screen"
_ANSWER = "an answer must be the same key on everybody's console, and Enter never yes"
_FIELD = "it is how fields are gone through"

LOCAL: dict[str, Key] = {
    "list.up": Key("up,k", "The row above; where there is no cursor, a line up"),
    "list.down": Key("down,j", "The row below; where there is no cursor, a line down"),
    "list.page_up": Key("pageup", "A screenful up"),
    "list.page_down": Key("pagedown", "A screenful down"),
    "list.half_up": Key("ctrl+u", "Half a screenful up"),
    "list.half_down": Key("ctrl+d", "Half a screenful down"),
    "list.first": Key("home,g", "To the first"),
    "list.last": Key("end,G", "To the last"),
    "list.take": Key("enter", "Open, or choose, what is under the cursor"),
    "room.palette": Key("ctrl+p", "All commands, by name"),
    **{f"room.panel_{n}": Key(str(n % 10), f"Focus panel {n}") for n in range(1, 11)},
    "room.next": Key("tab", "Focus the next panel", fixed=_FIELD),
    "room.back": Key("shift+tab", "Focus the panel before", fixed=_FIELD),
    "room.close": Key("escape", "Close what is open, else let go of the focus", fixed=_OUT),
    "room.leave": Key("ctrl+q", "Leave, from wherever it is typed", fixed=_OUT, loses=True),
    "pane.do": Key("enter", "What the step is for: its panel, check, action, or how to tell"),
    "pane.tick": Key("space", "The step is done, or its watch begins; again: it is open"),
    "pane.no_help": Key("x", "The mitigation did not help: on to the next", loses=True),
    "pane.skip": Key("s", "Pass the step over", loses=True),
    "pane.output": Key("o", "All that the step's check said"),
    "pane.follow_up": Key("F", "Make what prevents it a follow-up"),
    "pane.leave": Key("E", "Leave the playbook; it can be begun again where it was", loses=True),
    "pane.previous": Key("left_square_bracket", "The playbook before that is followed"),
    "pane.next": Key("right_square_bracket", "The next playbook that is followed"),
    "writing.leave": Key("escape,shift+tab", "Leave the line; the words stay", fixed=_OUT),
    "writing.complete": Key("tab", "Complete what is typed"),
    "writing.older": Key("up", "What was written before"),
    "writing.newer": Key("down", "What was written after"),
    "dialog.escape": Key("escape", "Close, and nothing is done", fixed=_OUT),
    "dialog.close": Key("q", "Close, where nothing is typed"),
    "dialog.help": Key("f1,question_mark", "The keys of this dialog; f1 where a ? is typed"),
    "dialog.copy": Key("y", "Copy, to the terminal's clipboard"),
    "dialog.find": Key("slash", "Find in the list"),
    "form.up": Key("up", "The field above", fixed=_FIELD),
    "form.down": Key("down", "The field below", fixed=_FIELD),
    "form.left": Key("left", "The choice before", fixed=_FIELD),
    "form.right": Key("right,space", "The next choice", fixed=_FIELD),
    "form.clear": Key("backspace,delete", "As if nobody had chosen", fixed=_FIELD),
    "form.submit": Key("enter", "Take the form", fixed=_FIELD),
    "answer.turn": Key("left,right,tab,shift+tab", "To the other answer", fixed=_ANSWER),
    "answer.take": Key("space", "Give the answer that has the pointer", fixed=_ANSWER),
    "answer.enter": Key("enter", "Cancel; never yes", fixed=_ANSWER),
    "plan.values": Key("f2,ctrl+e", "Other values for the action"),
    "run.end": Key("x", "End it, with all it started", loses=True),
    "run.done": Key("d", "The step by hand is done", loses=True),
    "run.not_done": Key("n", "The step by hand could not be done", loses=True),
    "run.undo": Key("u", "Take it back, by the same last look", loses=True),
    "still_on.undo": Key("u", "Take back what is on, by the same last look", loses=True),
    "still_on.keep": Key("s", "It stays on, on purpose: why, and until when nobody is reminded"),
    "still_on.off": Key("o", "It is off already: why", loses=True),
    "draft.edit": Key("e", "Edit the text; Esc takes the keys back"),
    "draft.editor": Key("E", "Edit it in $EDITOR"),
    "draft.subject": Key("t", "The subject of a mail"),
    "draft.next": Key("n", "When the next update is promised"),
    "draft.anew": Key("r", "Draft it anew, in place of what stands there", loses=True),
    "draft.send": Key("s", "Ask once more, and show what would go to whom", loses=True),
    "draft.previous": Key("left", "The message before, by its purpose"),
    "draft.other": Key("right", "The next message, by its purpose"),
    **{f"draft.to_{n}": Key(str(n), f"To receiver {n}, or not to it") for n in range(1, 10)},
    "sent.again": Key("s", "Send it again", loses=True),
    "sent.drop": Key("x", "Not any more: give it up, after a question", loses=True),
    "sent.copied": Key("c", "Copy it, and note that it was taken along by hand"),
    "book.follow": Key("f", "Follow the playbook"),
    "book.aside": Key("x", "It is not this one; again takes that back", loses=True),
    "book.go": Key("p", "To the playbook that is followed"),
    "check.tick": Key("space,enter", "Done, or its watch begins; again: open"),
    "check.begin": Key("n", "Begin a list that belongs to no incident anew", loses=True),
    "work.role": Key("r", "Assign a role, or hand it over"),
    "work.done": Key("d", "The task is done"),
    "work.move": Key("m", "The task is mine"),
    "work.drop": Key("x", "The task is dropped", loses=True),
}
"""Every id that is no command's."""

LOSES = frozenset({"quit", "resolve", "arm", "reload", "unacknowledge"})
"""The commands among which a slip would leave, end or change something."""


class Context(NamedTuple):
    """Where keys are live together. ``ids`` end in ``.`` where all of a namespace are meant;
    ``commands`` are the room's, all of them or some."""

    name: str
    ids: tuple[str, ...]
    commands: tuple[str, ...] = ()


ALL = tuple(KEYS)
ONWARDS = ("scribe", "checklists", "contacts", "milestone", "incident", "timeline")
"""The commands by which people go on from a declaration."""
_READ = ("dialog.", "list.")

CONTEXTS: tuple[Context, ...] = (
    Context("the room", ("room.", "list.up", "list.down", "list.page_up", "list.page_down",
                         "list.half_up", "list.half_down", "list.first", "list.last"), ALL),
    Context("the playbook beside the panels", ("pane.", "room.", "list.up", "list.down",
                                               "list.page_up", "list.page_down", "list.half_up",
                                               "list.half_down", "list.first", "list.last"), ALL),
    Context("the scribe line", ("writing.", "room.leave")),
    Context("a list or a text", (*_READ, "room.leave")),
    Context("a form", ("dialog.escape", "dialog.help", "form.", "room.next", "room.back")),
    Context("a question", ("dialog.escape", "dialog.help", "answer.", "list.up", "list.down")),
    Context("the last look at an action", ("dialog.escape", "dialog.help", "answer.", "plan.",
                                           "list.up", "list.down")),
    Context("a run", (*_READ, "run.")),
    Context("what was done and is still on", (*_READ, "still_on.")),
    Context("a message", (*_READ, "draft.")),
    Context("messages that were sent", (*_READ, "sent.")),
    Context("playbooks", (*_READ, "book.")),
    Context("checklists", (*_READ, "check.")),
    Context("the incident", (*_READ, "work.")),
    Context("what was declared", _READ, ONWARDS),
)  # fmt: skip


def ids_in(context: Context) -> tuple[str, ...]:
    """Every id that is live there, the commands' last."""
    found = [
        name
        for name in LOCAL
        if any(name == one or (one.endswith(".") and name.startswith(one)) for one in context.ids)
    ]
    return (*found, *context.commands)


def default_of(name: str) -> str:
    """The keys of an id where nobody gives others."""
    return LOCAL[name].keys if name in LOCAL else KEYS[name]


def ids() -> tuple[str, ...]:
    """All that ``[keys]`` may name: the commands, then the others, without what is fixed."""
    return (*KEYS, *(name for name, key in LOCAL.items() if not key.fixed))


def loses(name: str) -> bool:
    """Whether a slip there would end, discard or leave something."""
    return name in LOSES or (name in LOCAL and LOCAL[name].loses)


def contexts_of(name: str) -> tuple[str, ...]:
    """Where an id is live."""
    return tuple(one.name for one in CONTEXTS if name in ids_in(one))


def given(table: dict[str, str]) -> dict[str, str]:
    """What of ``[keys]`` can be obeyed, in Textual's names: ids there are, keys there are."""
    found: dict[str, str] = {}
    known = set(ids())
    for name, written in table.items():
        keys = [key for key in keys_named(written) if key]
        if name in known and keys:
            found[name] = ",".join(keys)
    return found


def flat(table: dict[str, object]) -> dict[str, object]:
    """``[keys]`` with its tables taken apart: TOML reads ``list.down`` as a table in a table."""
    found: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found.update({f"{name}.{word}": inner for word, inner in value.items()})
        else:
            found[name] = value
    return found
