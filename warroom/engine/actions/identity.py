"""Whether this is the environment it is called, by what the connections themselves say. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from warroom.config.settings import IdentitySettings
from warroom.measure.postgres import PostgresSeen
from warroom.measure.redis import RedisSeen
from warroom.severity import UNSEEN
from warroom.text import safe
from warroom.wire import RoomView, SourceView


class Proven(NamedTuple):
    """``words`` say how the environment is known; ``blocked`` why nothing may be done in it, and
    is empty where it may."""

    words: str
    blocked: str = ""


def proven(
    room: RoomView, sources: Iterable[SourceView], wanted: Sequence[IdentitySettings]
) -> Proven:
    """By the sources that name an environment, and by ``expect_identity``."""
    views = {view.name: view for view in sources}
    if room.proof == "mismatch":
        said = f"it is called {room.environment}, a source says it is {room.environment_seen}"
        return Proven("MISMATCH", f"the environment is in doubt: {said}")
    by = []
    for one in wanted:
        known = _known(views.get(one.source))
        if known is None:
            continue
        for name, value in one.wanted.items():
            if name in known and known[name] != value:
                said, should = safe(known[name], 60) or "nothing", safe(value, 60)
                words = f"{one.source} says that its {name} is {said}, it should be {should}"
                return Proven("MISMATCH", words)
        if all(name in known for name in one.wanted):
            by.append(one.source)
    if by:
        missing = [one.source for one in wanted if one.source not in by]
        rest = f"; not by {', '.join(missing)}, which cannot be seen" if missing else ""
        return Proven(f"proven by {', '.join(by)}{rest}")
    if room.proof == "proven" and not wanted:
        return Proven(f"proven: it calls itself {room.environment_seen}")
    return Proven("configured, not proven by any connection now")


def _known(view: SourceView | None) -> dict[str, str] | None:
    """What a source says of itself now; None where it cannot be seen."""
    if view is None or view.state == UNSEEN or view.snapshot is None:
        return None
    seen = view.snapshot.seen
    known = {"environment": seen.environment} if seen is not None and seen.environment else {}
    if isinstance(seen, PostgresSeen):
        known["database"] = seen.identity.database
        if seen.identity.system_identifier:
            known["system_identifier"] = seen.identity.system_identifier
    if isinstance(seen, RedisSeen):
        known["run_id"] = seen.server.run_id
    return known
