"""``[severity]`` as the team's scale."""

from warroom.config.problems import Problems
from warroom.config.settings import SeveritySettings, StepSettings
from warroom.severity import BUILT_IN, MAINTENANCE, OK, UNSEEN, Scale, Step

_RESERVED = (OK, MAINTENANCE, UNSEEN)


def build_scale(settings: SeveritySettings | None, problems: Problems) -> Scale | None:
    """The scale, worst step first; None when it cannot be known."""
    if settings is None:
        return None
    if settings.scale != "own":
        if settings.steps:
            problems.add(
                ("severity", "steps"),
                f'are not used with scale = "{settings.scale}"',
                'write scale = "own", or take them out',
            )
        return BUILT_IN[settings.scale]
    if not settings.steps:
        problems.add(
            ("severity", "scale"),
            "a scale of your own needs its steps",
            "write [[severity.steps]] with name = …, worst first",
        )
        return None
    _check_names(settings.steps, problems)
    return Scale(tuple(map(_step, settings.steps)))


def likely_scale(severity: object) -> Scale | None:
    """The scale an invalid section means, as far as names go: to check other sections by."""
    if not isinstance(severity, dict):
        return None
    named = severity.get("scale", "sev")
    if isinstance(named, str) and named in BUILT_IN:
        return BUILT_IN[named]
    steps = severity.get("steps")
    if named != "own" or not isinstance(steps, list):
        return None
    names = [step.get("name") if isinstance(step, dict) else None for step in steps]
    known = [name for name in names if isinstance(name, str) and name]
    return Scale(tuple(Step(name=name) for name in known)) if known and known == names else None


def _step(settings: StepSettings) -> Step:
    return Step(
        name=settings.name,
        meaning=settings.meaning,
        examples=settings.examples,
        response=settings.response,
        cover=settings.cover,
        told=settings.told,
        first=settings.first,
    )


def _check_names(steps: tuple[StepSettings, ...], problems: Problems) -> None:
    seen: set[str] = set()
    for index, step in enumerate(steps):
        place = ("severity", "steps", index, "name")
        name = step.name.strip().upper()
        if name in _RESERVED:
            problems.add(place, f"{name} is every room's own level", "name the step otherwise")
        if name in seen:
            problems.add(place, f"there is another step named {step.name}")
        seen.add(name)
