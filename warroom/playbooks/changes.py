"""What changed before the trouble of now began. Pure."""

from collections.abc import Collection
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
    """A change, and the trouble that it came before."""

    noticed: Noticed
    begun: datetime


def change_before(
    symptom: Symptom, sights: Collection[Sight], past: Past, scale: Scale, wall: datetime
) -> Before | None:
    """The newest change of the kind at most ``within`` before a trouble that lasts began.

    Any trouble that lasts, not only the first: a certificate that has been about to end for a week
    must not hide what a deployment broke just now. One that is back within minutes is the same one
    in the past, and what changed meanwhile may be why it is back: so when it took its level again
    counts too. Where a level has no trouble of its own in the past the present counts as its
    beginning; while all is well there is no change to blame.
    """
    ill = {sight.name for sight in sights if scale.index(sight.level) is not None}
    begun = [onset.at for onset in past.onsets if onset.until is None and onset.source]
    begun += _again(past, scale, ill)
    if not begun and ill:
        begun = [wall]
    watched = {sight.name for sight in sights if about(symptom, sight)}
    within = timedelta(seconds=symptom.within)
    found = [
        Before(noticed, at)
        for noticed in past.changes
        if noticed.change.kind == symptom.change and noticed.source in watched
        for at in begun
        if -NOTICED <= at - noticed.change.at <= within
    ]
    return max(found, key=lambda each: (each.noticed.change.at, each.begun), default=None)


def _again(past: Past, scale: Scale, ill: Collection[str]) -> list[datetime]:
    """When each source that is not well was well last."""
    left = {
        step.source: step.at
        for step in past.levels
        if step.before == OK and scale.index(step.level) is not None
    }
    return [at for source, at in left.items() if source in ill]
