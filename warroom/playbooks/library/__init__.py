"""The built-in playbooks, a TOML file each: what would stand under ``[playbooks.NAME]``.

``{word}`` as a source is what ``[library.sources]`` says of the word, or every source that has it
in its name; actions and checks are the library's words for them, which ``[library.actions]`` and
``[library.checks]`` translate where the room calls them otherwise.
"""

import tomllib
from importlib.resources import files
from typing import Any

LIBRARY = "built in"
"""As a playbook's origin."""


def built_in() -> dict[str, dict[str, Any]]:
    """Their tables, by name, in the order of their files' names; read anew each time."""
    here = files(__name__)
    paths = sorted(one.name for one in here.iterdir() if one.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): tomllib.loads(here.joinpath(name).read_text("utf-8"))
        for name in paths
    }
