"""The built-in playbooks, a TOML file each: what would stand under ``[playbooks.NAME]``.

``{word}`` as a source is what ``[library.sources]`` says of the word, or every source with such a
name as teams give it; actions and checks are the library's words for them, which
``[library.actions]`` and ``[library.checks]`` translate where the room calls them otherwise. What
each word stands for is said once, in ``warroom/playbooks/words.toml``.
"""

import tomllib
from importlib.resources import files
from typing import Any

from warroom.playbooks.words import Words, words

LIBRARY = "built in"
"""As a playbook's origin."""


def built_in() -> dict[str, dict[str, Any]]:
    """Their tables, by name, in the order of their files' names; read anew each time."""
    here = files(__name__)
    paths = sorted(one.name for one in here.iterdir() if one.name.endswith(".toml"))
    meant = words()
    return {
        name.removesuffix(".toml"): _told(
            tomllib.loads(here.joinpath(name).read_text("utf-8")), meant
        )
        for name in paths
    }


def _told(table: dict[str, Any], meant: Words) -> dict[str, Any]:
    """With what each step needs where the room has not what it names."""
    for part, key, known in (
        ("look", "check", meant.checks),
        ("mitigations", "action", meant.actions),
    ):
        for step in table.get(part, ()):
            word = step.get(key, "") if isinstance(step, dict) else ""
            if word in known:
                step.setdefault("needs", f"[{key}s.{word}]: {known[word]}")
    return table


def built_in_text(name: str) -> str:
    """The file of that one as it stands. Raises KeyError where there is none of that name."""
    file = next((one for one in files(__name__).iterdir() if one.name == f"{name}.toml"), None)
    if file is None:
        raise KeyError(name)
    return file.read_text("utf-8")
