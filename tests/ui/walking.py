"""Boards and timelines in which every text is somebody else's."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from tests import hostile
from warroom.wire import SourceView

KEPT = {"level", "kind", "worst", "danger", "state", "once", "op"}
"""Texts of which the engine alone decides, or by which a panel is chosen."""


class Words:
    """Another text for each text, always the same for the same: what names something else by
    its name still does. ``make`` gives them; each bears a number of its own."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make
        self.given: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        head, dot, figure = text.partition(".")
        if dot and head in self.given:
            # A figure is called by its source's name and its own, which panels look for.
            return f"{self.given[head]}.{figure}"
        return self.named(text, self._make())

    def named(self, text: str, other: str) -> str:
        if text not in self.given:
            self.given[text] = f"{other}q{len(self.given)}z"
        return self.given[text]

    def source(self, name: str) -> str:
        """A source's name, in which the configuration allows no dot."""
        return self.named(name, self._make().replace(".", ""))


def mixed(seed: int) -> Words:
    chance = random.Random(seed)
    return Words(lambda: hostile.mixed(chance))


def rewritten(value: Any, words: Words) -> Any:
    """The value with every text in it another; what may be one of a few words only stays."""
    if isinstance(value, str):
        return words(value)
    if isinstance(value, tuple | list | frozenset):
        return type(value)(rewritten(one, words) for one in value)
    if isinstance(value, dict):
        return {rewritten(k, words): rewritten(one, words) for k, one in value.items()}
    if isinstance(value, SourceView):
        words.source(value.name)
    if isinstance(value, msgspec.Struct):
        hints = get_type_hints(type(value))
        return replace(
            value,
            **{
                field: rewritten(getattr(value, field), words)
                for field in value.__struct_fields__
                if field not in KEPT and not _closed(hints[field])
            },
        )
    return value


def _closed(hint: Any) -> bool:
    """Whether it is one of a few words."""
    return any(get_origin(part) is Literal for part in _parts(hint))


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint) if get_origin(hint) is not Literal else ():
        yield from _parts(part)
