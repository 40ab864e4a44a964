"""What the sections of the procedures ask of names: that they are there, and there once."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from warroom.config.lines import Path as Place
from warroom.config.problems import Problems, choice, nearest
from warroom.severity import Scale


def once(names: Iterable[str], place: Place, what: str, problems: Problems, key: str = "") -> None:
    """A problem for every name that stands there twice, whatever the case of its letters.

    ``key`` is the one that holds the name within the entry, empty where the entry is the name.
    """
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name.casefold() in seen:
            here = (*place, at, key) if key else (*place, at)
            problems.add(here, f"there is another {what} {name}")
        seen.add(name.casefold())


def known(
    name: str, names: Collection[str], place: Place, what: str, problems: Problems
) -> str | None:
    """``name`` as it is spelled among ``names``; None after a problem with the nearest one."""
    spelled = {one.casefold(): one for one in names}.get(name.casefold())
    if spelled is None:
        problems.add(place, f"there is no {what} {name}", nearest(name, names, f"{what}s"))
    return spelled


def steps(
    entry: Mapping[str, object], key: str, place: Place, scale: Scale | None, problems: Problems
) -> None:
    """A problem for each level under ``key`` that is no step of the scale."""
    for here, level in texts(entry.get(key), (*place, key)):
        step(level, here, scale, problems)


def step(level: str, place: Place, scale: Scale | None, problems: Problems) -> None:
    """A problem unless ``level`` is a step of the scale."""
    if scale is not None and scale.index(level) is None:
        hint = choice(level, scale.names, "steps")
        problems.add(place, f"{level} is no step of the scale", hint)


def texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    """The texts of one text, or of a list of them, as written, each with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for at, one in enumerate(value):
            if isinstance(one, str):
                yield (*place, at), one
