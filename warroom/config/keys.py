"""The console's commands by name, their keys, and how keys are written. Light.

Here and not in the console, for the engine checks ``[keys]`` and knows no Textual.
"""

import re
import unicodedata

KEYS: dict[str, str] = {
    "expand": "z",
    "acknowledge": "k",
    "unacknowledge": "K",
    "scribe": "i",
    "timeline": "T",
    "mark": "asterisk",
    "correct": "C",
    "automatic": "A",
    "probe": "r",
    "reload": "R",
    "next_page": "right_square_bracket",
    "previous_page": "left_square_bracket",
    "worst_page": "w",
    "all_panels": "c",
    "filter": "slash",
    "next_match": "n",
    "previous_match": "N",
    "sort": "s",
    "reverse": "minus",
    "freeze": "f",
    "copy": "y",
    "inspect": "e",
    "whole": "enter",
    "declare": "d",
    "incident": "I",
    "milestone": "m",
    "checklists": "v",
    "contacts": "at",
    "seen": "b",
    "resolve": "D",
    "actions": "a",
    "acted": "X",
    "arm": "L",
    "playbooks": "p",
    "message": "u",
    "outbox": "U",
    "brief": "B",
    "choose": "o",
    "share": "S",
    "theme": "t",
    "repaint": "ctrl+l",
    "help": "question_mark",
    "quit": "q",
}
"""Every command that ``[keys]`` may name, with the key it has by default."""

RESERVED = frozenset(
    {*"0123456789", "escape", "ctrl+p", "ctrl+q", "tab", "shift+tab", "up", "down", "home", "end"}
)
"""Keys that are no command's: panels by number, focus, cursor, palette, the way out."""

WRITTEN = "write a character, or a name such as f5, ctrl+x, space, question_mark"

_ALIASES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
}
"""What Textual calls otherwise than Unicode does, and keys a terminal cannot tell apart."""
_MOVES = (
    "escape|tab|enter|backspace|insert|delete|home|end|pageup|pagedown|up|down|left|right|space"
)
_FUNCTION = r"f(?:[1-9]|1\d|2[0-4])"
_KEY = re.compile(
    rf"(?:(?:ctrl\+|alt\+)?(?:shift\+)?(?:{_MOVES}|{_FUNCTION})|(?:ctrl|alt|ctrl\+shift)\+[a-z0-9])\Z"
)


def _name(character: str) -> str:
    """Textual's name of one printable character: itself, or what Unicode calls the sign."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _ALIASES.get(name, name)


_SIGNS = frozenset(_name(chr(code)) for code in range(0x21, 0x7F) if not chr(code).isalnum())


def key_named(written: str) -> str:
    """The key that ``written`` means, by Textual's name; empty when it means none."""
    if len(written) == 1 and written.isprintable() and written not in " ,":
        return _name(written)
    _, _, last = written.rpartition("+")
    if _KEY.match(written) or (last in _SIGNS and written in (last, f"ctrl+{last}", f"alt+{last}")):
        return _ALIASES.get(written, written)
    return ""


def keys_named(written: str) -> tuple[str, ...]:
    """The keys of a list such as ``f10,x``; an empty one stands for what is no key."""
    return tuple(key_named(part.strip()) for part in written.split(","))
