"""How any entry reads in a line: its sign, its word, its text. Pure.

Text of outside comes through as it is: whoever draws it makes it safe.
"""

import msgspec

from warroom.incident.actor import Actor
from warroom.incident.body_words import text_of
from warroom.incident.entries import Body, Entry, Observed, kind_of
from warroom.incident.incident import Corrected, Incident
from warroom.incident.outward import Evidence
from warroom.incident.spans import at_words

__all__ = ["Told", "text_of", "told"]


class Told(msgspec.Struct, frozen=True):
    """``sign`` is one cell, ``ascii_sign`` the same where only ASCII can be drawn; ``word`` has at
    most nine cells; ``text`` may have several lines; ``style`` is a canvas style. ``automatic`` is
    what the watch wrote by itself."""

    sign: str
    ascii_sign: str
    word: str
    text: str
    style: str
    automatic: bool = False


class _Look(msgspec.Struct, frozen=True):
    sign: str
    ascii_sign: str
    word: str
    style: str = ""


_LOOKS = {
    "note": _Look("·", ".", "note"),
    "decision": _Look("◆", "D", "decision", ".strong"),
    "severity": _Look("▲", "^", "severity", ".strong"),
    "status": _Look("►", ">", "status", ".accent"),
    "phase": _Look("▷", ")", "phase", ".accent"),
    "milestone": _Look("◎", "o", "milestone", ".accent"),
    "role": _Look("♦", "@", "role"),
    "impact": _Look("◉", "i", "impact"),
    "cause": _Look("∴", "c", "cause", ".strong"),
    "report": _Look("◌", "r", "report"),
    "task": _Look("□", "t", "task"),
    "follow-up": _Look("→", "+", "follow-up"),
    "mark": _Look("★", "*", "key event", ".dim"),
    "correction": _Look("≠", "x", "corrected", ".dim"),
    "tick": _Look("✓", "v", "tick"),
    "list": _Look("≡", "=", "checklist"),
    "link": _Look("↗", "/", "link"),
    "title": _Look("¶", "T", "title"),
    "update": _Look("»", "U", "update", ".accent"),
    "message": _Look("✉", "m", "message", ".accent"),
    "delivery": _Look("↦", "d", "delivery", ".dim"),
    "evidence": _Look("⊞", "e", "evidence", ".dim"),
    "action-started": _Look("↯", "&", "action", ".strong"),
    "action-finished": _Look("⊢", "A", "outcome", ".strong"),
    "action-verdict": _Look("≷", "V", "verdict", ".strong"),
    "still-on": _Look("◐", "n", "still on"),
    "playbook": _Look("§", "P", "playbook", ".strong"),
    "playbook-step": _Look("↳", "s", "step"),
    "checked": _Look("⊙", "?", "check"),
    "due": _Look("◷", "u", "due"),
    "seen": _Look("○", "-", "seen", ".dim"),
    "reopened": _Look("↺", "R", "reopened", ".strong"),
    "declared": _Look("●", "O", "declared", ".strong"),
    "observed": _Look("~", "~", "watch", ".dim"),
    "nag": _Look("!", "!", "reminder", ".strong"),
    "resolved": _Look("■", "#", "resolved", ".ok"),
}
"""By kind. No two have the same sign or word: colour alone tells nothing."""


def told(entry: Entry, incident: Incident | None = None) -> Told:
    """The entry in a line, with what came of it in the incident as it now stands: corrected,
    withdrawn. The old words stay readable."""
    look = _LOOKS[kind_of(entry.body)]
    fixed = incident.corrections.get(entry.number) if incident is not None else None
    text, style = text_of(entry.body, entry.happened), look.style
    if fixed is not None:
        text = _corrected(entry, text, fixed)
        style = ".dim" if fixed.text == "" else style
    return Told(look.sign, look.ascii_sign, look.word, text, style, is_automatic(entry.body))


def is_automatic(body: Body) -> bool:
    """Whether nobody said it: the watch wrote it down. That somebody acknowledged a red is not."""
    if isinstance(body, Observed):
        return body.what != "acknowledged"
    return isinstance(body, Evidence)


def word_of(body: Body) -> str:
    """The kind's word, as in ``Told``."""
    return _LOOKS[kind_of(body)].word


def _corrected(entry: Entry, text: str, fixed: Corrected) -> str:
    by = f"by {_name(fixed.by)} in entry {fixed.entry}"
    if fixed.text == "":
        return f"(withdrawn {by}) {text}"
    if fixed.text is not None:
        text = f"{fixed.text}\n(corrected {by}; it read: {text})"
    if fixed.at is not None:
        was = at_words(entry.happened, fixed.at)
        glue = "\n" if fixed.text is not None else " "
        text += f"{glue}(happened {at_words(fixed.at, entry.happened)}, not {was}: corrected {by})"
    return text


def _name(actor: Actor) -> str:
    return actor.shown
