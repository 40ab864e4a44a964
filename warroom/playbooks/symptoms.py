"""One symptom as it stands now, over all sources it is about. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from warroom.measure.past import Past
from warroom.playbooks.bearing import about, targets
from warroom.playbooks.changes import change_before
from warroom.playbooks.evidence import changed, how_it_is, limit_of, told, written
from warroom.playbooks.matching import Held, Matching
from warroom.playbooks.playbook import Symptom
from warroom.playbooks.sight import Figure, Sight
from warroom.playbooks.standing import SymptomSeen
from warroom.severity import Scale


class View(NamedTuple):
    """All there is to look at: ``now`` is monotonic, ``wall`` makes wall-clock time of it."""

    matching: Matching
    sights: Mapping[str, Sight]
    past: Past
    scale: Scale
    now: float
    wall: Callable[[float], datetime]


class Witness(NamedTuple):
    """What a symptom says. ``since`` is when it was taken to hold; None while it does not.
    ``target`` is the figure or the source its words are about."""

    seen: SymptomSeen
    since: datetime | None = None
    target: str = ""

    @property
    def holds(self) -> bool:
        return self.since is not None


class _Found(NamedTuple):
    sight: Sight
    figure: Figure | None
    held: Held | None


def speaking(symptoms: Collection[Symptom], view: View) -> frozenset[str]:
    """The parts (sources, queues) whose figures speak for a playbook with these symptoms now."""
    return frozenset(
        target.rpartition(".")[0]
        for held in view.matching.held.values()
        for (symptom, target), one in held.items()
        if target and one.holds and symptom.need in ("all", "any") and symptom in symptoms
    )


def witness(symptom: Symptom, view: View, parts: frozenset[str] = frozenset()) -> Witness:
    """The symptom now. What speaks against a playbook where ``every`` figure has it is asked of
    ``parts`` alone, if it is about figures of them: a queue that is as it always is does not make
    one that empties itself a trouble."""
    if symptom.change:
        return _of_change(symptom, view)
    every = list(_found(symptom, view))
    if symptom.need == "unless" and symptom.every and symptom.figure and parts:
        other, every = every[:1], [one for one in every if _part(one) in parts]
        if other and not every:
            return Witness(SymptomSeen(holds="no", words=how_it_is(symptom, *other[0][:2])))
    if not every:
        return Witness(SymptomSeen(holds="unwatched", words=symptom.needs or _nothing(symptom)))
    if all(one.sight.cut_off for one in every):
        return Witness(SymptomSeen(holds="unknown", words="this room is cut off"))
    every = [one for one in every if not one.sight.cut_off]
    if symptom.every:  # what nobody has asked for yet is no exception
        every = [one for one in every if one.sight.polls] or every
    holding = [one for one in every if one.held is not None and one.held.holds]
    if holding and not (symptom.every and len(holding) < len(every)):
        return _holds(symptom, holding, view)
    counting = [one for one in every if one.held is not None and one not in holding]
    if counting:
        worst = max(counting, key=lambda one: _badness(symptom, one, view.scale))
        return Witness(SymptomSeen(holds="counting", words=_words(symptom, worst, view)))
    known = [one for one in every if _known(symptom, one)]
    if not known:
        return Witness(SymptomSeen(holds="unknown", words=how_it_is(symptom, *every[0][:2])))
    worst = max(known, key=lambda one: _badness(symptom, one, view.scale))
    return Witness(SymptomSeen(holds="no", words=how_it_is(symptom, worst.sight, worst.figure)))


def _found(symptom: Symptom, view: View) -> Iterator[_Found]:
    """What it is about now, and what held and is not told any more; by name, so that the order of
    the sources says nothing."""
    for name in sorted(view.sights):
        sight, held = view.sights[name], view.matching.held.get(name, {})
        there = set()
        for figure in targets(symptom, sight):
            there.add("" if figure is None else figure.name)
            key = (symptom, "" if figure is None else figure.name)
            yield _Found(sight, figure, held.get(key))
        for (of, target), one in held.items():
            if of == symptom and target not in there and about(symptom, sight):
                yield _Found(sight, None, one)


def _part(one: _Found) -> str:
    return "" if one.figure is None else one.figure.name.rpartition(".")[0]


def _known(symptom: Symptom, one: _Found) -> bool:
    if one.figure is not None:
        return one.figure.value is not None
    dark = one.sight.polls == 0 or one.sight.state == "CAN'T SEE"
    return not dark or symptom.state == "can't see"


def _holds(symptom: Symptom, holding: list[_Found], view: View) -> Witness:
    """The worst of those that have it, how many more do, and since when one does."""
    worst = max(holding, key=lambda one: _badness(symptom, one, view.scale))
    more = f", and {len(holding) - 1} more" if len(holding) > 1 else ""
    words = _words(symptom, worst, view) + more
    since = [one.held.state.level_since for one in holding if one.held is not None]
    taken = view.wall(max(since) if symptom.every else min(since))
    about_it = worst.sight.name if worst.figure is None else worst.figure.name
    return Witness(SymptomSeen(holds="holds", words=words), taken, about_it)


def _words(symptom: Symptom, one: _Found, view: View) -> str:
    """Told of the figure as it was when it was so last; that it is another one now, or is not
    seen, is said."""
    held = one.held
    if held is None:
        return how_it_is(symptom, one.sight, one.figure)
    figure = held.figure
    words = told(symptom, one.sight, figure, held.why, max(0.0, view.now - held.begun))
    if figure is None:
        return words
    now = None if one.figure is None else one.figure.value
    if now is None:
        return f"{words}; not seen now"
    limit = limit_of(symptom, figure)
    well = limit is not None and not limit.holds(now)
    return f"{words}; {written(now, figure.unit)} now" if well else words


def _badness(symptom: Symptom, one: _Found, scale: Scale) -> tuple[float, ...]:
    """For the worst of several: its level, then how far the figure is beyond its limit."""
    figure = one.held.figure if one.held is not None else one.figure
    level = one.sight.level if figure is None else figure.level
    at = scale.index(level)
    rank = -float(len(scale.steps) if at is None else at)
    lasts = -one.held.begun if one.held is not None else 0.0
    if figure is None or figure.value is None:
        return (rank, 0.0, lasts)
    limit = limit_of(symptom, figure)
    below = limit is not None and limit.op in ("<", "<=", "==")
    return (rank, -figure.value if below else figure.value, lasts)


def _of_change(symptom: Symptom, view: View) -> Witness:
    sights = tuple(view.sights.values())
    if not any(about(symptom, sight) for sight in sights):
        return Witness(SymptomSeen(holds="unwatched", words=symptom.needs or _nothing(symptom)))
    now = view.wall(view.now)
    found = change_before(symptom, sights, view.past, view.scale, now)
    if found is None:
        words = f"no change of that kind ({symptom.change}) before it"
        return Witness(SymptomSeen(holds="no", words=words))
    change = found.noticed.change
    before = (found.begun - change.at).total_seconds()
    words = changed(symptom, found.noticed.source, change.what, before, back=found.back)
    return Witness(SymptomSeen(holds="holds", words=words), max(change.at, found.begun))


def _nothing(symptom: Symptom) -> str:
    what = symptom.figure or "it"
    kinds = f" of kind {', '.join(symptom.kinds)}" if symptom.kinds else ""
    return f"no source{kinds} called {' or '.join(symptom.sources)} tells {what}"
