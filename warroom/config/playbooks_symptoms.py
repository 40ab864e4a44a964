"""A playbook's symptoms: what their patterns stand for here, and whether anything tells them."""

from warroom.config.playbooks_room import Room, Spot
from warroom.config.playbooks_settings import SymptomSettings
from warroom.config.playbooks_words import patterns
from warroom.config.problems import choice, nearest
from warroom.playbooks.patterns import fits
from warroom.playbooks.playbook import ANY, Symptom


def symptom(settings: SymptomSettings, spot: Spot, room: Room) -> tuple[Symptom, str]:
    """The symptom as the room has it, and what must be configured before anything can tell it,
    empty when nothing must. A problem, too, where it is written here."""
    source, _, figure = settings.signal.partition(".")
    given = settings.source or source or "*"
    written = (given,) if isinstance(given, str) else given
    made = Symptom(
        need=settings.need,
        every=settings.every,
        sources=tuple(one for each in written for one in patterns(each, room)),
        kinds=settings.kinds,
        figure=figure,
        threshold=settings.comparison,
        level=settings.level,
        state=settings.state,
        reason=settings.reason,
        change=settings.change,
        within=settings.within,
        hold=settings.hold,
        weight=settings.weight,
        says=settings.says,
        needs=settings.needs,
    )
    _check_names(settings, spot, room)
    lacking = _sources(settings, made, written, spot, room) or _figure(settings, made, spot, room)
    return made, (settings.needs or lacking) if lacking else ""


def _check_names(settings: SymptomSettings, spot: Spot, room: Room) -> None:
    scale, level = room.scale, settings.level
    if level and level != ANY and scale is not None and scale.index(level) is None:
        hint = choice(level, (*scale.names, ANY), "steps")
        spot.at("level").add(f"{level} is no step of the scale", hint)
    for at, kind in enumerate(settings.kinds):
        if kind not in room.kinds:
            hint = nearest(kind, sorted(room.kinds), "kinds")
            spot.at("kinds", at).add(f"there is no source kind {kind}", hint)


def _sources(
    settings: SymptomSettings, made: Symptom, written: tuple[str, ...], spot: Spot, room: Room
) -> str:
    """What is needed where no source fits. Of several that are written each must be there, for
    a name with a slip in it would be missed by nobody."""
    quiet = Spot() if settings.needs else spot
    here = quiet.at("signal" if settings.signal else "source")
    for at, one in enumerate(written):
        exact = here if settings.signal or isinstance(settings.source, str) else here.at(at)
        if not room.sources_that_fit(patterns(one, room)):
            exact.add(*_no_source(one, room))
    if room.sources_that_fit(made.sources, made.kinds):
        return ""
    kinds = " or ".join(made.kinds)
    if kinds and room.sources_that_fit(made.sources) and set(made.kinds) <= set(room.kinds):
        quiet.at("kinds").add(f"no source that is meant is of kind {kinds}")
    named = " or ".join(one for one in written if one != "*")
    return "a source" + (f" {named}" if named else "") + (f" of kind {kinds}" if kinds else "")


def _no_source(written: str, room: Room) -> tuple[str, str]:
    if written.startswith("{"):
        return (
            f"no source is meant by {written}",
            f'write {written[1:-1]} = "…" in [library.sources]',
        )
    hint = nearest(written.strip("*"), room.sources, "sources")
    if "*" in written:
        return f"no source fits {written}", hint
    return f"there is no source {written}", hint


def _figure(settings: SymptomSettings, made: Symptom, spot: Spot, room: Room) -> str:
    """What is needed where no figure of the sources fits, or no rule is about one that does."""
    if not made.figure:
        return ""
    sources = room.sources_that_fit(made.sources, made.kinds)
    if any(room.signals.signals.get(source) is None for source in sources):
        return ""  # of which it is not known what figures they have
    figures = {
        name.partition(".")[2]
        for source in sources
        for name in (*(room.signals.signals[source] or ()), *_unsure(source, room))
    }
    here = (Spot() if settings.needs else spot).at("signal")
    if not any(fits(made.figure, figure) for figure in figures):
        hint = nearest(made.figure, sorted(figures), "figures")
        here.add(f"no figure of {', '.join(sources[:3])} fits {made.figure}", hint)
        return f"a figure {settings.signal}"
    ruled = (signal.partition(".") for signal in room.ruled)
    if made.level and not any(s in sources and fits(made.figure, f) for s, _, f in ruled):
        words = f"no rule is about {settings.signal}: it never has a level"
        here.add(words, "write [[rules]] for it, or is instead of level")
        return f"a rule on {settings.signal}"
    return ""


def _unsure(source: str, room: Room) -> list[str]:
    return [name for name in room.signals.unsure if name.startswith(f"{source}.")]
