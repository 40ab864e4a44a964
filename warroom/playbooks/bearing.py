"""Which of a source's figures a symptom is about, and whether it has it now. Pure."""

from collections.abc import Iterator

from warroom.playbooks.patterns import fits
from warroom.playbooks.playbook import ANY, Symptom
from warroom.playbooks.sight import Figure, Sight
from warroom.regex import Pattern
from warroom.severity import OK, Level, Scale

_STATES = {"up": "UP", "down": "DOWN", "can't see": "CAN'T SEE", "maintenance": "MAINTENANCE"}


def about(symptom: Symptom, sight: Sight) -> bool:
    """Whether the symptom is about this source, or about figures of it."""
    if symptom.kinds and sight.kind not in symptom.kinds:
        return False
    return any(fits(pattern, sight.name) for pattern in symptom.sources)


def targets(symptom: Symptom, sight: Sight) -> Iterator[Figure | None]:
    """The figures the symptom is about; one None for the source as a whole."""
    if symptom.change or not about(symptom, sight):
        return
    if not symptom.figure:
        yield None
        return
    for figure in sight.signals:
        if fits(symptom.figure, figure.short):
            yield figure


def is_so(symptom: Symptom, sight: Sight, figure: Figure | None, scale: Scale) -> bool | None:
    """Whether the newest poll has it; None when that cannot be seen.

    What is worked on is not ill: in maintenance only that itself is a symptom.
    """
    if sight.cut_off or sight.polls == 0:
        return None
    if sight.state == "MAINTENANCE":
        return symptom.state == "maintenance"
    so = _has(symptom, sight, figure, scale)
    if so and symptom.reason:
        said = f"{figure.why}\n{sight.why}" if figure is not None else sight.why
        return Pattern(symptom.reason, ignore_case=True).found_in(said)
    return so


def _has(symptom: Symptom, sight: Sight, figure: Figure | None, scale: Scale) -> bool | None:
    if symptom.state:
        return _stands(symptom.state, sight)
    if symptom.threshold is not None:
        known = figure is not None and figure.value is not None
        return symptom.threshold.holds(figure.value or 0.0) if figure and known else None
    at = sight.level if figure is None else figure.level
    step = scale.index(at)
    if step is None:
        # CAN'T SEE is no step: then it is not known. A figure that is not seen keeps its level.
        known = at == OK and (figure is None or figure.value is not None)
        return False if known else None
    return step <= _wanted(symptom.level, scale)


def _wanted(level: Level, scale: Scale) -> int:
    """The last step of the scale that is bad enough; a step that is not there is none."""
    if level == ANY:
        return len(scale.steps)
    at = scale.index(level)
    return -1 if at is None else at


def _stands(wanted: str, sight: Sight) -> bool | None:
    """One that is only asked on request, and long ago, is not one that cannot be seen."""
    dark = sight.state == "CAN'T SEE"
    if wanted == "can't see" or (wanted == "failing" and dark):
        return dark and sight.level != OK
    if wanted == "failing":
        return sight.state == "DOWN"
    return None if dark else sight.state == _STATES[wanted]
