"""What changed before the trouble of now began. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.measure.past import Noticed, Past
from warroom.playbooks.bearing import about
from warroom.playbooks.playbook import Symptom
from warroom.playbooks.sight import Sight
from warroom.severity import OK, Scale

NOTICED = timedelta(seconds=60)
"""A change may be noticed so long after what it broke: its source is asked more seldom."""


class Before(NamedTuple):
    """A change, and the trouble that it came before; ``back`` where that was there already, was
    over, and came back."""

    noticed: Noticed
    begun: datetime
    back: bool


def change_before(
    symptom: Symptom, sights: Collection[Sight], past: Past, scale: Scale, wall: datetime
) -> Before | None:
    """The newest change of the kind at most ``within`` before a trouble that lasts began.

    Any trouble that lasts, not only the first: a certificate that has been about to end for a week
    must not hide what a deployment broke just now. Where a level has no trouble of its own in the
    past the present counts as its beginning; while all is well there is no change to blame. What
    comes back within minutes is the same trouble in the past: where it does, it begins once more.
    """
    begun = [(onset.at, False) for onset in past.onsets if onset.until is None and onset.source]
    if not begun and any(scale.index(sight.level) is not None for sight in sights):
        begun = [(wall, False)]
    # In order, and the newest change first: there may be hundreds of both.
    begun = sorted({*begun, *((at, True) for at in _back(past))})
    watched = {sight.name for sight in sights if about(symptom, sight)}
    within = timedelta(seconds=symptom.within)
    found = [
        noticed
        for noticed in past.changes
        if noticed.change.kind == symptom.change and noticed.source in watched
    ]
    for noticed in sorted(found, key=lambda each: each.change.at, reverse=True):
        at = noticed.change.at
        place = bisect_right(begun, (at + within, True))
        if place and begun[place - 1][0] >= at - NOTICED:
            return Before(noticed, *begun[place - 1])
    return None


def _back(past: Past) -> Iterator[datetime]:
    """When sources left OK once more while a trouble lasts that they had before."""
    lasts: dict[str, datetime] = {}
    for onset in past.onsets:  # the oldest first
        if onset.until is None:
            lasts.setdefault(onset.source, onset.at)
    well = set[str]()
    for step in past.levels:
        if step.source in lasts and step.at >= lasts[step.source]:
            if step.level == OK:
                well.add(step.source)
            elif step.before == OK and step.source in well:
                yield step.at
