"""Bindings by id: the keys, and the words of help, are those of ``config.key_ids``."""

import re
from collections.abc import Callable

from textual.binding import Binding

from warroom.config.key_ids import LOCAL, default_of
from warroom.config.keys import key_words

_NAMED = re.compile(r"\{([a-z_0-9.]+)\}")


def bound(name: str, action: str, *, priority: bool = False) -> Binding:
    """The binding of that id, with the keys it has where nobody gives others."""
    key = LOCAL[name]
    return Binding(key.keys, action, key.does, show=False, id=name, priority=priority)


def moves(move: str, page: str, half: str, end: str) -> list[Binding]:
    """What goes through a list or a text, by the names of its actions; each takes a direction,
    ``end`` 0 for the first and -1 for the last."""
    return [
        bound("list.up", f"{move}(-1)"),
        bound("list.down", f"{move}(1)"),
        bound("list.page_up", f"{page}(-1)"),
        bound("list.page_down", f"{page}(1)"),
        bound("list.half_up", f"{half}(-1)"),
        bound("list.half_down", f"{half}(1)"),
        bound("list.first", f"{end}(0)"),
        bound("list.last", f"{end}(-1)"),
    ]


def worded(text: str, keys: dict[str, str]) -> str:
    """Words in which ``{run.end}`` stands for the key that has this id now; ``keys`` are those a
    person has given."""

    def word(found: re.Match[str]) -> str:
        return key_words(keys.get(found[1], default_of(found[1])))

    return _NAMED.sub(word, text)


Worded = Callable[[str], str]
"""``worded``, with the keys there are."""
