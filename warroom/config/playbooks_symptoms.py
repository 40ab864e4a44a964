"""A playbook's symptoms: what their patterns stand for here, and whether anything tells them."""

from warroom.config.playbooks_room import Room, Spot
from warroom.config.playbooks_settings import SymptomSettings
from warroom.config.playbooks_words import patterns
from warroom.config.problems import choice, did_you_mean
from warroom.playbooks.patterns import fits
from warroom.playbooks.playbook import ANY, Symptom


def symptom(settings: SymptomSettings, spot: Spot, room: Room) -> tuple[Symptom, str]:
    """The symptom as the room has it, and what it says must be configured where nothing tells it;
    then it is a problem, where it is written here and says nothing."""
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
    quiet = Spot() if settings.needs else spot
    told = _sources(settings, made, written, quiet, room) and _figure(made, settings, quiet, room)
    return made, "" if told else settings.needs


def _check_names(settings: SymptomSettings, spot: Spot, room: Room) -> None:
    scale, level = room.scale, settings.level
    if level and level != ANY and scale is not None and scale.index(level) is None:
        hint = choice(level, (*scale.names, ANY), "steps")
        spot.at("level").add(f"{level} is no step of the scale", hint)
    for at, kind in enumerate(settings.kinds):
        if kind not in room.kinds:
            words = f"there is no source kind {kind}"
            spot.at("kinds", at).miss(words, kind, sorted(room.kinds), "kinds")


def _sources(
    settings: SymptomSettings, made: Symptom, written: tuple[str, ...], spot: Spot, room: Room
) -> bool:
    """Whether a source fits. Of several that are written each must be there, for a name with a
    slip in it would be missed by nobody."""
    for at, one in enumerate(written):
        if not room.sources_that_fit(patterns(one, room)):
            here = spot.at("signal" if settings.signal else "source")
            listed = not settings.signal and not isinstance(settings.source, str)
            _no_source(one, here.at(at) if listed else here, room)
    if room.sources_that_fit(made.sources, made.kinds):
        return True
    kinds = " or ".join(made.kinds)
    if kinds and room.sources_that_fit(made.sources) and set(made.kinds) <= set(room.kinds):
        spot.at("kinds").add(f"no source that is meant is of kind {kinds}")
    return False


def _no_source(written: str, spot: Spot, room: Room) -> None:
    if written.startswith("{"):
        known = (f"{{{word}}}" for word in room.words.sources)
        near = did_you_mean(written, known) if written[1:-1] not in room.words.sources else ""
        hint = near or f'write {written[1:-1]} = "…" in [library.sources]'
        spot.add(f"no source is meant by {written}", hint)
        return
    words = f"no source fits {written}" if "*" in written else f"there is no source {written}"
    spot.miss(words, written.strip("*"), room.sources, "sources")


def _figure(made: Symptom, settings: SymptomSettings, spot: Spot, room: Room) -> bool:
    """Whether a figure of the sources fits; of a level, whether a rule is about one that does."""
    sources = room.sources_that_fit(made.sources, made.kinds)
    if not made.figure or any(room.signals.signals.get(source) is None for source in sources):
        return True  # or it is not known which figures there are
    figures = {
        name.partition(".")[2]
        for source in sources
        for name in (*(room.signals.signals[source] or ()), *_unsure(source, room))
    }
    if not any(fits(made.figure, figure) for figure in figures):
        words = f"no figure of {', '.join(sources[:3])} fits {made.figure}"
        if any(figure.endswith(f".{made.figure}") for figure in figures):
            spot.at("signal").add(words, f"write *.{made.figure} for that of each part")
        else:
            spot.at("signal").miss(words, made.figure, sorted(figures), "figures")
        return False
    ruled = (signal.partition(".") for signal in room.ruled)
    if made.level and not any(s in sources and fits(made.figure, f) for s, _, f in ruled):
        words = f"no rule is about {settings.signal}: it never has a level"
        spot.at("signal").add(words, "write [[rules]] for it, or is instead of level")
        return False
    return True


def _unsure(source: str, room: Room) -> list[str]:
    return [name for name in room.signals.unsure if name.startswith(f"{source}.")]
