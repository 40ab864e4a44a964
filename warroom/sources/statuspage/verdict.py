"""What of a status page counts, and how bad it is. Pure.

Where components are named, theirs is the whole verdict: an outage elsewhere at the vendor is
none of ours. How bad a component's status is in the page's own words is Statuspage's reckoning
("Top-level status and incident impact calculations" in its help).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from warroom.config.problems import did_you_mean
from warroom.connect.wording import outside
from warroom.measure.vendor import Component
from warroom.sources.statuspage.page import Page, Part

INDICATORS = {"none": 0, "minor": 1, "major": 2, "critical": 3, "maintenance": 0}
STATUSES = {
    "operational": 0,
    "under_maintenance": 0,
    "degraded_performance": 1,
    "partial_outage": 2,
    "major_outage": 3,
    "full_outage": 3,  # incident.io's word for it
}
_ODD = "no word of Statuspage's"
MOST = 400
"""Components that are kept, the wanted and the worst of them first."""

HINTS, COMPARED, LONGEST = 3, 500, 100
"""Names that are not there for which the nearest is looked for, among how many, of how many
characters: to compare two texts takes a while."""


@dataclass(frozen=True)
class Verdict:
    """``impact`` is 0 to 3 as the indicator's, None when nothing that counts can be seen;
    ``worst`` says in words what it comes from. ``down`` counts what is not as it should be."""

    impact: int | None = None
    worst: str = ""
    maintenance: bool = False
    faults: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    down: int | None = None
    components: tuple[Component, ...] = field(default=())


def judge(page: Page, wanted: Sequence[str], minds: Callable[[int], bool]) -> Verdict:
    """The verdict on what is ``wanted``; on the page as a whole, if nothing is. An impact that
    nobody ``minds`` is a note, and no fault."""
    if wanted:
        return _of_components(page, wanted, minds)
    parts = page.parts
    weight = INDICATORS.get(page.indicator)
    words = outside(page.description or page.indicator)
    odd = f"its indicator is {words}, which is {_ODD}"
    return Verdict(
        impact=weight,
        worst=words if weight else "",
        maintenance=page.indicator == "maintenance",
        faults=(words,) if weight and minds(weight) else (),
        blind=(odd,) if weight is None else (),
        notes=(words,) if weight and not minds(weight) else (),
        down=None if parts is None or page.unread else _down(parts),
        components=_arranged(parts or (), ()),
    )


def _of_components(page: Page, wanted: Sequence[str], minds: Callable[[int], bool]) -> Verdict:
    parts = page.parts or ()
    called = _called(parts)
    found = {name: called.get(_folded(name), []) for name in wanted}
    counted = list(dict.fromkeys(part for each in found.values() for part in each))
    known = [part for part in counted if part.status in STATUSES]
    bad = sorted((part for part in known if _weight(part)), key=lambda part: -_weight(part))
    impact = max(map(_weight, known)) if known else None
    missing = [name for name, each in found.items() if not each]
    blind = [_missing(name, page, at < HINTS) for at, name in enumerate(missing)]
    blind += [f"{_said(part)}, which is {_ODD}" for part in counted if part not in known]
    return Verdict(
        impact=impact,
        worst=_said(bad[0]) if bad else "",
        maintenance=not bad and not blind and any(_in_maintenance(part) for part in known),
        faults=tuple(_said(part) for part in bad if minds(_weight(part))),
        blind=tuple(blind),
        notes=tuple(_said(part) for part in bad if not minds(_weight(part))),
        down=len(bad) if known else None,
        components=_arranged(parts, counted),
    )


def _called(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """The components by their names, with their groups' and without."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        for name in {_folded(part.name), _folded(part.label)}:
            found.setdefault(name, []).append(part)
    return found


def _folded(name: str) -> str:
    """A name as it is compared: in lower case, and without the blanks that nobody sees."""
    return " ".join(name.casefold().split())


def _missing(name: str, page: Page, helped: bool) -> str:
    if page.parts is None:
        return f"{name}: the components are not known, summary.json is not there or too large"
    if page.unread:
        return f"{name}: not among the components that could be read"
    labels = (part.label for part in page.parts[:COMPARED] if len(part.label) <= LONGEST)
    hint = did_you_mean(name, map(outside, labels)) if helped else ""
    return f"the page has no component {name}" + (f"; {hint}" if hint else "")


def _arranged(parts: Sequence[Part], counted: Sequence[Part]) -> tuple[Component, ...]:
    """The wanted ones, then the worst, then in the page's order; no groups but wanted ones."""
    chosen = set(counted)
    kept = [part for part in parts if part in chosen or not part.is_group]
    kept.sort(key=lambda part: (part not in chosen, -_weight(part), not _in_maintenance(part)))
    return tuple(
        Component(name=part.label, status=part.status, wanted=part in chosen)
        for part in kept[:MOST]
    )


def _down(parts: Sequence[Part]) -> int:
    return sum(_weight(part) > 0 for part in parts if not part.is_group)


def _in_maintenance(part: Part) -> bool:
    return part.status == "under_maintenance"


def _weight(part: Part) -> int:
    return STATUSES.get(part.status, 0)


def _said(part: Part) -> str:
    """``Webhooks: partial outage``."""
    status = part.status.replace("_", " ") or "no status"
    return outside(f"{part.label}: {status}")
