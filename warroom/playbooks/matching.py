"""How long each symptom has been so, from poll to poll. Pure.

A symptom holds once it was so for its hold, and no more once it was not for as long as rules
clear: two polls. A poll that does not see it does neither, and the counting starts anew. A level
is held by its rule already, in both ways: it is let go with it, at the next poll.
"""

from collections.abc import Collection, Iterable

import msgspec

from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule, RuleState, advance
from warroom.playbooks.bearing import is_so, targets
from warroom.playbooks.evidence import limit_of
from warroom.playbooks.playbook import Playbook, Symptom
from warroom.playbooks.sight import Figure, Sight
from warroom.severity import OK, Scale, Step

HOLDS = "HOLDS"
_ONE = Scale((Step(name=HOLDS),))
_SO = ((HOLDS, Threshold(">", 0.5)),)
CLEAR = Hold(polls=2)


class Held(msgspec.Struct, frozen=True):
    """A symptom at one source, or one figure of it: how far it is (monotonic seconds), the figure
    and the words of why when it was last so, and beyond its limit."""

    state: RuleState
    figure: Figure | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.state.level == HOLDS

    @property
    def begun(self) -> float:
        """When the first poll came that had it."""
        began = self.state.bad_since
        return self.state.level_since if began is None else began


Target = tuple[Symptom, str]
"""A symptom, and the figure it is about, by its whole name; empty for the source itself.

Playbooks with the same symptom share how long it has been so; a symptom that a reload has changed
is another one, and starts anew."""


class Matching(msgspec.Struct, frozen=True):
    """By source: how many polls it had when it was looked at, and what of it is, or was, so.
    What is well and was is not kept: this is no larger than the trouble is."""

    polls: dict[str, int] = {}
    held: dict[str, dict[Target, Held]] = {}


def matched(
    matching: Matching, playbooks: Iterable[Playbook], sight: Sight, scale: Scale, now: float
) -> Matching:
    """After one more look at this source. The same ``matching`` when no poll of it has ended
    since: to be called as often as one likes. ``now`` is monotonic and does not go back."""
    if sight.polls == matching.polls.get(sight.name, 0):
        return matching
    before = matching.held.get(sight.name, {})
    after: dict[Target, Held] = {}
    for symptom in dict.fromkeys(one for book in playbooks for one in book.symptoms):
        for figure in targets(symptom, sight):
            key = (symptom, "" if figure is None else figure.name)
            held = _further(symptom, before.get(key), sight, figure, scale, now)
            if held is not None:
                after[key] = held
        if sight.state == "CAN'T SEE":
            after |= _gone(symptom, before, after, now)
    held_by_source = {name: held for name, held in matching.held.items() if name != sight.name}
    if after:
        held_by_source[sight.name] = after
    return Matching({**matching.polls, sight.name: sight.polls}, held_by_source)


def kept(matching: Matching, sources: Collection[str]) -> Matching:
    """After a reload: what is known of the sources that are still there."""
    return Matching(
        {name: polls for name, polls in matching.polls.items() if name in sources},
        {name: held for name, held in matching.held.items() if name in sources},
    )


def _further(
    symptom: Symptom,
    before: Held | None,
    sight: Sight,
    figure: Figure | None,
    scale: Scale,
    now: float,
) -> Held | None:
    """One target after one more poll; None when it is well."""
    so = is_so(symptom, sight, figure, scale)
    if sight.state == "MAINTENANCE" and not so:
        return None  # what breaks while it is worked on is no trouble left over afterwards
    if so is None and symptom.need == "unless":
        return None  # what speaks against a playbook must be seen
    if so is False and before is None:
        return None
    state = _advanced(symptom, before, so, now)
    if state.level == OK and state.heading is None:
        return None
    if before is None or (so and not _within(symptom, figure)):
        return Held(state, figure, sight.why)
    return msgspec.structs.replace(before, state=state)


def _within(symptom: Symptom, figure: Figure | None) -> bool:
    """Whether it is well already, and only its rule's hold still keeps the level: ``0 wait`` would
    be no reason for anything."""
    if figure is None or figure.value is None:
        return False
    return limit_of(symptom, figure) is None


def _gone(
    symptom: Symptom, before: dict[Target, Held], after: dict[Target, Held], now: float
) -> dict[Target, Held]:
    """Figures that held and are not told while the source cannot be seen: they hold still."""
    return {
        key: msgspec.structs.replace(held, state=_advanced(symptom, held, None, now))
        for key, held in before.items()
        if key[0] == symptom and key not in after and held.holds
    }


def _advanced(symptom: Symptom, before: Held | None, so: bool | None, now: float) -> RuleState:
    clear = Hold() if symptom.level else CLEAR
    rule = Rule(name="", signal="", levels=_SO, raise_after=symptom.hold, clear_after=clear)
    state = RuleState() if before is None else before.state
    return advance(rule, state, None if so is None else float(so), now, _ONE)
