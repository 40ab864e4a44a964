"""Why a symptom holds, in words: ``emails: depth 12,400 over 10,000 for 2 min``. Pure.

Names, values and reasons come from outside, made safe where they came in; here they are cut, and
put where they belong in one go: what is in them is never read as a place for something else.
"""

import re

from warroom.measure.comparison import Threshold
from warroom.playbooks.playbook import Symptom
from warroom.playbooks.sight import Figure, Sight
from warroom.severity import OK
from warroom.text import safe, short_figure, stepped_age

LONGEST = 160
"""Characters of one symptom's words."""
_NAME, _WHY = 40, 100
_PLACES = re.compile(r"\{(source|name|part|of|value|limit|span|why)\}")
_STANDS = {
    "up": "is up",
    "down": "is down",
    "can't see": "cannot be seen",
    "maintenance": "is in maintenance",
}
_ILL = ("down", "can't see", "failing")
_COMPARED = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "==": "", "!=": "not"}


def written(value: float | None, unit: str) -> str:
    """A figure: what is counted with all its digits (``12,400``), the rest as everywhere."""
    counted = value is not None and abs(value) < 1e9 and value == round(value)
    if value is not None and counted and unit not in ("ms", "s", "%", "B"):
        return f"{value:,.0f}"
    return short_figure(value, unit)


def _calm(value: float | None, unit: str, limit: Threshold | None) -> str:
    """A figure in three digits, for more say nothing in a sentence; not across its limit."""
    if value is None or unit == "B" or value == round(value):
        return written(value, unit)
    rounded = float(f"{value:.3g}")
    across = limit is not None and limit.holds(rounded) != limit.holds(value)
    return written(value if across else rounded, unit)


def part_of(sight: Sight, figure: Figure | None) -> str:
    """What the figure is of: the queue where there is one, else the source."""
    inner = figure.short.rpartition(".")[0] if figure is not None else ""
    return inner or sight.name


def limit_of(symptom: Symptom, figure: Figure) -> Threshold | None:
    """What the figure is beyond: the symptom's own limit, or the one of its level's rule."""
    if symptom.threshold is not None:
        return symptom.threshold
    value = figure.value
    return next(
        (
            limit
            for level, limit in figure.limits
            if level == figure.level and value is not None and limit.holds(value)
        ),
        None,
    )


def told(symptom: Symptom, sight: Sight, figure: Figure | None, why: str, lasted: float) -> str:
    """The words of a symptom that is so at this source, for ``lasted`` seconds."""
    places = _places(symptom, sight, figure, why, lasted)
    says = symptom.says or _ours(symptom, sight, figure, places)
    return safe(_PLACES.sub(lambda found: places[found[1]], says).strip(), LONGEST)


def how_it_is(symptom: Symptom, sight: Sight, figure: Figure | None) -> str:
    """The words of a symptom that is not so."""
    if figure is not None:
        part, name = part_of(sight, figure), figure.short.rpartition(".")[2]
        of = f" ({figure.of})" if figure.of else ""
        at = "" if figure.level == OK else f", {figure.level}"
        value = "is not known" if figure.value is None else written(figure.value, figure.unit)
        return safe(f"{part}: {name} {value}{of}{at}", LONGEST)
    if sight.polls == 0:
        return safe(f"{sight.name} was not asked yet", LONGEST)
    if sight.state == "UP":
        well = sight.level == OK
        return safe(f"{sight.name} is up" if well else f"{sight.name} is at {sight.level}", LONGEST)
    stands = {"DOWN": "is down", "MAINTENANCE": "is in maintenance"}.get(sight.state, "")
    return safe(f"{sight.name} {stands or 'cannot be seen'}", LONGEST)


def _places(
    symptom: Symptom, sight: Sight, figure: Figure | None, why: str, lasted: float
) -> dict[str, str]:
    limit = limit_of(symptom, figure) if figure is not None else None
    unit = figure.unit if figure is not None else ""
    span = stepped_age(lasted) if lasted >= 10 else "a moment"
    return {
        "source": safe(sight.name, _NAME),
        "name": safe(figure.short, 2 * _NAME) if figure is not None else "",
        "part": safe(part_of(sight, figure), _NAME),
        "of": safe(figure.of, _NAME) if figure is not None else "",
        "value": safe(_calm(figure.value, unit, limit), _NAME) if figure is not None else "",
        "limit": f"{_COMPARED[limit.op]} {written(limit.limit, unit)}".strip() if limit else "",
        "span": span,
        "why": safe(_once(why), _WHY),
    }


def _once(why: str) -> str:
    """Reasons joined by ``;`` without those that only say an earlier one again."""
    kept: list[str] = []
    for part in why.split("; "):
        if not any(earlier and earlier in part for earlier in kept):
            kept.append(part)
    return "; ".join(kept)


def _ours(symptom: Symptom, sight: Sight, figure: Figure | None, places: dict[str, str]) -> str:
    """How it is told where the playbook does not say how; nothing of outside stands in it."""
    lasts = "" if places["span"] == "a moment" else " for {span}"
    if figure is not None:
        name = "{part}: " + _last(figure) + " {value}"
        of = " ({of})" if figure.of else ""
        limit = " {limit}" if places["limit"] and _limit_says_more(symptom) else ""
        return f"{name}{of}{limit}{lasts}"
    why = ": {why}" if places["why"] else ""
    if not symptom.state:
        return "{source}" + (why or " is not well")
    stands = _STANDS.get(symptom.state) or _STANDS["down" if sight.state == "DOWN" else "can't see"]
    return "{source} " + stands + lasts + (why if symptom.state in _ILL else "")


def _limit_says_more(symptom: Symptom) -> bool:
    """Whether the limit says more than the value does: of ``== 0`` it is the value."""
    return symptom.threshold is None or symptom.threshold.op != "=="


def _last(figure: Figure) -> str:
    """The last part of its name, in which no place can be meant."""
    return figure.short.rpartition(".")[2].replace("{", "(").replace("}", ")")


def changed(symptom: Symptom, source: str, what: str, before: float, *, back: bool) -> str:
    """The words of a change, ``before`` seconds ahead of the trouble, or of its coming ``back``."""
    span = stepped_age(before) if before >= 10 else "a moment"
    places = dict.fromkeys(("name", "part", "of", "value", "limit"), "")
    places |= {"source": safe(source, _NAME), "why": safe(what, _WHY), "span": span}
    # It may be noticed first where it shows, and then it is not known to have come before.
    when = "about when" if before < 0 else "{span} before"
    says = symptom.says or "{why}, " + when + (" it came back" if back else " it began")
    return safe(_PLACES.sub(lambda found: places[found[1]], says).strip(), LONGEST)
