"""The console's keys, as `warroom config keys` lists them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from warroom.config.key_ids import LOCAL, contexts_of, default_of, given, loses
from warroom.config.keys import KEYS, key_words


class Found(NamedTuple):
    """One id. ``keys`` are those it has now, ``default`` those it has by itself, as Textual calls
    them; ``fixed`` is why it cannot be remapped."""

    id: str
    keys: str
    default: str
    where: tuple[str, ...]
    does: str
    fixed: str
    loses: bool


def keys_found(table: Mapping[str, str]) -> list[Found]:
    """Every id, the commands' first; ``table`` is `[keys]` of the file."""
    from warroom.console.commands import COMMANDS

    helps = {command.id: command.help for command in COMMANDS}
    now = given(dict(table))
    return [
        Found(
            id=name,
            keys=now.get(name) or default_of(name),
            default=default_of(name),
            where=contexts_of(name),
            does=LOCAL[name].does if name in LOCAL else helps[name],
            fixed=LOCAL[name].fixed if name in LOCAL else "",
            loses=loses(name),
        )
        for name in (*KEYS, *LOCAL)
    ]


def key_lines(found: Sequence[Found]) -> Iterator[str]:
    """A table: the id, its keys now, those it had, what it does."""
    widest = max(len(one.id) for one in found)
    for one in found:
        now = key_words(one.keys, every=True)
        was = "" if one.keys == one.default else f" (was {key_words(one.default, every=True)})"
        fixed = " (fixed)" if one.fixed else ""
        yield f"{one.id:<{widest}}  {now + was:<16}  {one.does}{fixed}"
