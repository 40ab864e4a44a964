"""What goes wrong before an engine masks: its words for a shared screen. Pure."""

import re

from warroom.errors import WarroomError
from warroom.sharing.mask import Mask

_HOME = re.compile(r"(?<=/home/)[\w.-]+|(?<=/Users/)[\w.-]+")


def homeless(words: str) -> str:
    """The console's own words, in which paths tell whose machine it is; all else stays."""
    return _HOME.sub("<user>", words)


def hush(error: WarroomError, *, host: str, person: str) -> None:
    """Mask the error's own words, in place. Stand-ins have no numbers: those are the engine's."""
    mask = Mask(most=0)
    mask.string("host", host)
    mask.string("person", person)
    error.args = tuple(mask.text(one) if isinstance(one, str) else one for one in error.args)
    error.hint = mask.text(error.hint)
