"""The words of the library's files, and what each stands for: ``words.toml`` beside this."""

import tomllib
from importlib.resources import files

import msgspec


class Words(msgspec.Struct, frozen=True):
    """``sources`` has the names teams give what a word means; ``actions`` and ``checks`` say what
    each of theirs is."""

    sources: dict[str, tuple[str, ...]]
    actions: dict[str, str]
    checks: dict[str, str]


def words() -> Words:
    """All of them; read anew each time."""
    path = files("warroom.playbooks").joinpath("words.toml")
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Words)


def named(word: str) -> tuple[str, ...]:
    """The patterns of sources a word stands for where the room does not say; for one that is not
    of the library, every source that has it in its name."""
    return words().sources.get(word, (f"*{word}*",))
