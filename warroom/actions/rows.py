"""Rows that were chosen: what they are, and whether they still are it right before the run."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from warroom.actions.hand import Live, Tools
from warroom.errors import ActionError
from warroom.incident.acting.kinds import Parameter
from warroom.incident.acting.plan import Target
from warroom.text import safe


class Chosen(NamedTuple):
    """One that was chosen for a parameter, as it was then."""

    one: Parameter
    source: str
    row: Live


def chosen(
    parameters: Sequence[Parameter], values: Mapping[str, str], tools: Tools
) -> tuple[Chosen, ...]:
    """The rows among the values. Raises ``ActionError`` for one that is not there."""
    return tuple(
        Chosen(one, one.source, _now(one.called, one.source, values[one.name], tools))
        for one in parameters
        if one.type == "row" and one.name in values
    )


def given(values: Mapping[str, str], rows: Sequence[Chosen]) -> dict[str, str]:
    """The values as they are put in place: of a row what its parameter ``gives``. Raises
    ``ActionError`` where that is nothing."""
    for each in rows:
        if each.one.gives == "title" and not each.row.title:
            raise ActionError(f"{each.one.called}: {safe(each.row.key, 80)} has no title")
    return dict(values) | {
        each.one.name: each.row.title for each in rows if each.one.gives == "title"
    }


def target_of(one: Chosen) -> Target:
    """The row as a target: a deployment that is to come back, from the one that is live."""
    came = f", live now: {one.row.of}" if one.row.of and one.row.of != one.row.key else ""
    return Target(identity=f"{one.source}:{one.row.key}", words=f"{one.row.words}{came}")


def check(rows: Sequence[Chosen], tools: Tools) -> None:
    """Raises ``ActionError`` unless all are what they were, beside what they were beside."""
    for one in rows:
        now = _now(one.one.called, one.source, one.row.key, tools)
        if now.of != one.row.of:
            was, is_now = safe(one.row.of, 60) or "none", safe(now.of, 60) or "none"
            raise ActionError(
                f"{one.source} changed since it was shown: the newest was {was}, now {is_now}",
                "look again, and confirm what there is now",
            )


def _now(called: str, source: str, key: str, tools: Tools) -> Live:
    rows = tools.live(source)
    if rows is None:
        raise ActionError(f"{called}: what {source} shows is not known now")
    row = next((each for each in rows if each.key == key), None)
    if row is None:
        raise ActionError(f"{called}: {safe(key, 80)} is not there any more")
    return row
