"""When the console calls out loud, and how."""

from warroom.console.state import RoomState
from warroom.wire import SourceView


def worsened(before: RoomState, after: RoomState) -> SourceView | None:
    """The source that must be called about: it rose to a step of the scale, unacknowledged.

    The first sight of a board does not call, nor does losing sight of a source: a single
    poll that got no answer would ring at every hiccup; a rule on ``unanswered`` makes a
    lasting silence a step, and that calls.
    """
    if before.room is None:
        return None
    rank = after.scale.rank
    known = {view.name: view.level for view in before.sources}
    risen = [
        view
        for view in after.sources
        if after.scale.index(view.level) is not None
        and view.acknowledged is None
        and view.name in known
        and rank(view.level) > rank(known[view.name])
    ]
    return max(risen, key=lambda view: rank(view.level), default=None)
