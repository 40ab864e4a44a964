"""How the playbooks stand now, and which of them fit, the best first. Pure.

A playbook is proposed when no ``unless`` holds, every ``all`` does that this room can tell, at
least one that it can if there are any, and one of its ``any`` does if it has some; one that
``adds`` only counts. It comes before another when more speaks for it: by the weight of what holds,
so that a specific sign (weight 3) stands above two general ones; then by the share of what could
hold, for what fits whole is likelier than what fits in part; then by the room's own order, in which
written ones come before built-in.

One for which only a change speaks, such as a deployment just before, is a suspicion: it gives way
to what stands above it and explains the trouble without a change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from warroom.measure.past import Past
from warroom.playbooks.matching import Matching
from warroom.playbooks.playbook import Playbook, Symptom
from warroom.playbooks.sight import Sight
from warroom.playbooks.standing import Proposal, SymptomSeen
from warroom.playbooks.symptoms import View, Witness, speaking, witness
from warroom.severity import Scale

Wall = Callable[[float], datetime]
"""A monotonic time as wall-clock time; the same answer each time it is asked."""


def seen(
    matching: Matching,
    playbooks: Iterable[Playbook],
    sights: Sequence[Sight],
    past: Past,
    scale: Scale,
    now: float,
    wall: Wall,
) -> dict[str, tuple[SymptomSeen, ...]]:
    """The symptoms of every playbook now, in their order."""
    view = View(matching, _by_name(sights), past, scale, now, wall)
    return {book.name: tuple(one.seen for _, one in _witnesses(book, view)) for book in playbooks}


def proposals(
    matching: Matching,
    playbooks: Iterable[Playbook],
    sights: Sequence[Sight],
    past: Past,
    scale: Scale,
    now: float,
    wall: Wall,
) -> tuple[Proposal, ...]:
    """The playbooks that fit, the best first. Quick while nothing is wrong: then nothing does."""
    held = (symptom for each in matching.held.values() for symptom, _ in each)
    if not past.changes and all(symptom.need == "unless" for symptom in held):
        return ()
    view = View(matching, _by_name(sights), past, scale, now, wall)
    found = [(book, one) for book in playbooks if (one := _proposal(book, view)) is not None]
    # Sorting keeps the room's order where two are even.
    ranked = sorted(found, key=lambda pair: (-pair[1].score, -pair[1].share))
    return tuple(
        one
        for place, (book, one) in enumerate(ranked)
        if not _explained(book, [above for above, _ in ranked[:place]], view)
    )


def _explained(book: Playbook, above: Iterable[Playbook], view: View) -> bool:
    """Whether only a change speaks for it, while one that stands above it needs none: it says
    nothing of such a change in its symptoms."""
    needed = [one for one in book.symptoms if one.need in ("all", "any")]
    suspects = {one.change for one in needed if one.change}
    if not suspects or any(witness(one, view).holds for one in needed if not one.change):
        return False
    return any(not suspects & {one.change for one in other.symptoms} for other in above)


def _by_name(sights: Iterable[Sight]) -> Mapping[str, Sight]:
    return {sight.name: sight for sight in sights}


def _witnesses(book: Playbook, view: View) -> list[tuple[Symptom, Witness]]:
    parts = speaking(book.symptoms, view)
    return [(symptom, witness(symptom, view, parts)) for symptom in book.symptoms]


def _proposal(book: Playbook, view: View) -> Proposal | None:
    every = _witnesses(book, view)
    if any(one.holds for symptom, one in every if symptom.need == "unless"):
        return None
    musts = [one for symptom, one in every if symptom.need == "all"]
    told = [one for one in musts if one.seen.holds != "unwatched"]
    if (musts and not told) or not all(one.holds for one in told):
        return None
    others = [one for symptom, one in every if symptom.need == "any"]
    ones = [one for one in others if one.holds]
    if (others and not ones) or not (told or ones):
        return None
    weighed = [(s, one) for s, one in every if s.need != "unless" and one.seen.holds != "unwatched"]
    score = sum(symptom.weight for symptom, one in weighed if one.holds)
    return Proposal(
        playbook=book.name,
        title=book.title,
        evidence=_evidence([one for _, one in _heaviest(weighed) if one.holds]),
        score=score,
        share=score / sum(symptom.weight for symptom, _ in weighed),
        since=_since(told, ones),
    )


def _heaviest(weighed: list[tuple[Symptom, Witness]]) -> list[tuple[Symptom, Witness]]:
    """What says most first, in the playbook's order where two say as much."""
    return sorted(weighed, key=lambda pair: -pair[0].weight)


def _evidence(holding: Iterable[Witness]) -> tuple[str, ...]:
    """The words of each; of several about the same figure, of the first."""
    first = {one.target or one.seen.words: one.seen.words for one in reversed(tuple(holding))}
    return tuple(reversed(first.values()))


def _since(musts: Iterable[Witness], ones: Iterable[Witness]) -> datetime:
    """When the last thing came that it needed: every must, and the first of the others."""
    needed = [one.since for one in musts if one.since is not None]
    first = min((one.since for one in ones if one.since is not None), default=None)
    return max([*needed, *([first] if first is not None else [])])
