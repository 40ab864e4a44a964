"""Whether what a source gave is of the types it should be.

Nothing looks at the types of a plugin's structs when they are made. A number in a table of texts
would be found out by every console, which could then read no word of the engine any more.
"""

import msgspec

from warroom.errors import ProbeError
from warroom.measure.snapshot import Seen, Signal

_Given = tuple[Seen | None, tuple[Signal, ...], float | None]
_HINT = "the plugin that brings its kind must be mended"


def checked(
    seen: Seen | None, signals: tuple[Signal, ...], retry_after: float | None = None
) -> None:
    """Raises ProbeError, with the place in it, when these cannot be taken for what they are."""
    given = (seen, signals, retry_after)
    try:
        read = msgspec.json.decode(msgspec.json.encode(given), type=_Given)
    except (TypeError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise ProbeError("error", f"the source gave what cannot be shown: {error}", _HINT) from None
    if read[:2] != given[:2]:  # of another type that is written the same: bytes, an enumeration
        raise ProbeError("error", "the source gave values of types that cannot be shown", _HINT)
