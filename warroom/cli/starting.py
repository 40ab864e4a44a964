"""What to type once a configuration was written."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from warroom.config.find import find_config
from warroom.errors import ConfigError


def next_lines(path: Path) -> Iterator[str]:
    """What to type once the file is there."""
    given = "" if _is_found(path) else f" --config {shlex.quote(str(path))}"
    yield "next:"
    yield f"  warroom config check{given}    is it right, and are its secrets there?"
    yield f"  warroom check{given}           ask every source once"
    yield f"  warroom{given}                 open the room"


def _is_found(path: Path) -> bool:
    """Whether ``warroom`` typed here takes this file by itself."""
    try:
        return find_config(None, os.environ, Path.cwd()) == path
    except ConfigError:
        return False
