"""The console's commands by name, their keys, and how keys are written. Light.

Here and not in the console, for the engine checks ``[keys]`` and knows no Textual.
"""

import re
import unicodedata

KEYS: dict[str, str] = {
    "expand": "z",
    "acknowledge": "K",
    "unacknowledge": "ctrl+k",
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
    "zone": "Z",
    "theme": "t",
    "repaint": "ctrl+l",
    "help": "question_mark,f1",
    "quit": "q",
}
"""Every command that ``[keys]`` may name, with the key it has by default."""

NEAR_BACKSPACE = frozenset(
    {
        "backspace", "delete", "insert", "ctrl+h", "enter", "ctrl+j", "minus", "equals_sign",
        "plus", "underscore", "backslash", "vertical_line", "left_square_bracket",
        "right_square_bracket",
        "left_curly_bracket", "right_curly_bracket",
    }
)  # fmt: skip
"""Where a finger lands that misses Backspace or Enter; ``ctrl+h`` is what some terminals send."""

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
    "ctrl+left_square_bracket": "escape",
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


_WORDS = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "space": "Space", "shift+tab": "Shift+Tab",
    "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "up": "Up", "down": "Down",
    "left": "Left", "right": "Right", "backspace": "Backspace", "delete": "Delete",
    **{_name(chr(code)): chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()},
    **{f"f{n}": f"F{n}" for n in range(1, 25)},
}  # fmt: skip


def key_word(key: str) -> str:
    """One key as people write it: ``?`` for ``question_mark``, ``^p`` for ``ctrl+p``."""
    if key.startswith("ctrl+"):
        return f"^{_WORDS.get(key[5:], key[5:])}"
    return _WORDS.get(key, key)


def key_words(keys: str, *, every: bool = False) -> str:
    """Keys as people write them: ``?`` for ``question_mark``, ``^p`` for ``ctrl+p``; of several
    the first, or ``every`` one."""
    parts = [key_word(key) for key in keys.split(",")]
    return " ".join(parts) if every else parts[0]
