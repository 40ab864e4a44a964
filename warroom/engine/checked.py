"""Whether what a source gave is of the types it should be.

Nothing looks at the types of a plugin's structs when they are made. A number in a table of texts
would be found out by every console, which could then read no word of the engine any more.
"""

import msgspec

from warroom.errors import ProbeError
from warroom.measure.snapshot import GenericSeen, Seen, Signal
from warroom.text import short_figure

_Given = tuple[Seen | None, tuple[Signal, ...], float | None]
MOST_BYTES = 1024 * 1024
"""Of what a stranger's source sees, as it goes to every console: no person reads so much, and a
console takes no more than 16 MiB at a time."""
_HINT = "the plugin that brings its kind must be mended"


def checked(
    seen: Seen | None, signals: tuple[Signal, ...], retry_after: float | None = None
) -> None:
    """Raises ProbeError, with the place in it, when these cannot be taken for what they are."""
    given = (seen, signals, retry_after)
    try:
        written = msgspec.json.encode(given)
        read = msgspec.json.decode(written, type=_Given)
    except (TypeError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise ProbeError("error", f"the source gave what cannot be shown: {error}", _HINT) from None
    if isinstance(seen, GenericSeen) and len(written) > MOST_BYTES:
        words = f"the source gave {short_figure(len(written), 'B')}, more than 1 MiB"
        raise ProbeError("error", words, "let it send what a person would read")
    if read[:2] != given[:2]:  # of another type that is written the same: bytes, an enumeration
        raise ProbeError("error", "the source gave values of types that cannot be shown", _HINT)
