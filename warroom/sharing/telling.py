"""What goes wrong before an engine masks: its words for a shared screen. Pure."""

from warroom.errors import WarroomError
from warroom.sharing.mask import Mask


def hush(error: WarroomError, *, host: str, person: str) -> None:
    """Mask the error's own words, in place. Stand-ins have no numbers: those are the engine's."""
    mask = Mask(most=0)
    mask.string("host", host)
    mask.string("person", person)
    error.args = tuple(mask.text(one) if isinstance(one, str) else one for one in error.args)
    error.hint = mask.text(error.hint)
