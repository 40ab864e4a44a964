"""Every panel of the room in one line each: what is left of a console on a small terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import msgspec
from textual.content import Content

from warroom.console.bound import bound
from warroom.console.look import Look, fit, label, shown_level, sign_of, style_of
from warroom.console.panel import Panel, PanelView, heading
from warroom.console.state import RoomState
from warroom.measure.snapshot import CUT_OFF
from warroom.text import safe
from warroom.wire import SourceView

if TYPE_CHECKING:
    from warroom.console.app import Console

LEVEL, NAME = 10, 16
"""Cells of the level's word and of the panel's name."""


class Listed(msgspec.Struct, frozen=True):
    """A page's entry: the panel's class, or why there is none; ``only`` as it is written."""

    name: str
    only: tuple[str, ...]
    found: type[Panel] | str


class Place(msgspec.Struct, frozen=True):
    """A panel on a page of the configuration; ``number`` is that of its digit."""

    page: int
    number: int
    listed: Listed

    @property
    def key(self) -> str:
        return f"{self.page}.{self.number}"


class CompactPanel(Panel):
    """One line for each panel; Enter goes to it."""

    heading = "All panels"
    expandable = False

    BINDINGS = [bound("list.take", "open")]

    def __init__(self, places: Sequence[Place], *, look: Look, number: int = 0) -> None:
        super().__init__(look=look, number=number)
        self.places = tuple(places)

    @classmethod
    def wanted(cls, state: RoomState) -> tuple[SourceView, ...]:
        return state.sources

    @property
    def selected(self) -> SourceView | None:
        """The worst source of the panel under the cursor: what one would ask about."""
        place = self._place()
        return worst(self.state, place.listed) if place else None

    def lines(self, view: PanelView, width: int, height: int) -> list[Content]:
        return lines(self.places, view, width, height)

    def names(self, view: PanelView) -> tuple[str, ...]:
        return tuple(place.key for place in self.places)

    def _worst(self, names: tuple[str, ...]) -> str:
        def rank(place: Place) -> int:
            source = worst(self.state, place.listed)
            return -1 if source is None else self.state.scale.rank(shown_level(source))

        return max(self.places, key=rank).key if self.places else ""

    def _place(self) -> Place | None:
        return next((place for place in self.places if place.key == self.cursor), None)

    def action_open(self) -> None:
        """To the page of the panel under the cursor, and into it."""
        place = self._place()
        if place is not None:
            cast("Console", self.app).go_to(place.page, place.number)


def sources_of(state: RoomState, listed: Listed) -> tuple[SourceView, ...]:
    """The sources that a panel of a page draws; none for one that cannot be had, or fails."""
    if isinstance(listed.found, str):
        return ()
    try:
        return _wanted(state, listed.found, listed.only)
    except (Exception, SystemExit):  # noqa: BLE001 - a stranger's panel; its line says so
        return ()


def _wanted(state: RoomState, panel: type[Panel], only: tuple[str, ...]) -> tuple[SourceView, ...]:
    return tuple(s for s in panel.wanted(state) if not only or s.name in only)


def worst(state: RoomState, listed: Listed) -> SourceView | None:
    """The source of the panel that wants attention most; of equals the one that began first.
    One that is asked on request only counts when it is not well."""
    counted = [s for s in sources_of(state, listed) if not s.on_request or s.state == "DOWN"]

    def urgency(source: SourceView) -> tuple[int, float]:
        since = source.since.timestamp() if source.since is not None else 0.0
        return state.scale.rank(shown_level(source)), -since

    return max(counted, key=urgency, default=None)


def lines(places: Sequence[Place], view: PanelView, width: int, height: int) -> list[Content]:
    """One for each panel; those around the cursor when there are too many, and what the worst
    of the others is. Pure."""
    if len(places) <= height:
        return [_line(place, view, width) for place in places]
    at = next((n for n, place in enumerate(places) if place.key == view.cursor), 0)
    room = max(height - 1, 1)
    first = max(0, at - room + 1)
    shown = [_line(place, view, width) for place in places[first : first + room]]
    return [*shown, _others((*places[:first], *places[first + room :]), view)]


def _others(places: Sequence[Place], view: PanelView) -> Content:
    """``  ✖ SEV1 DOWN and 3 more panels``."""
    found = [source for place in places if (source := worst(view.state, place.listed))]
    source = max(found, key=lambda s: view.state.scale.rank(shown_level(s)), default=None)
    standing, _ = _standing(view, source)
    return Content.assemble("  ", *standing, (f"and {len(places)} more", ".dim"))


def _line(place: Place, view: PanelView, width: int) -> Content:
    look, listed = view.look, place.listed
    here = view.focused and place.key == view.cursor
    pointer = (f"{look.pointer} " if here else "  ", ".accent")
    said = _title(view, listed)
    if isinstance(said, str) or isinstance(listed.found, str):
        missing = fit(look.plain(safe(listed.name, 40)), NAME, "<", look.end)
        words = Content.assemble(pointer, ("? ", ".unseen"), f"{'':<{LEVEL}}{missing} ")
        return Content.assemble(words, (look.plain(str(said)), ".unseen"))
    source = worst(view.state, listed)
    called = look.plain(heading(listed.found.heading, listed.only))
    name = (fit(called, NAME, "<", look.end), ".strong" if here else "")
    level, cause = _standing(view, source)
    gap = Content.assemble((f" {look.dot} ", ".dim"))
    # Why it is not well comes first: on a narrow screen it is all there is room for.
    words = gap.join([part for part in (Content(cause), said) if part])
    if source is None and not words:
        waits = view.state.room is None
        said = "waiting for the engine" if waits else "no source for it is configured"
        words = Content.assemble((said, ".dim"))
    line = Content.assemble(pointer, *level, name, " ", words)
    return line.truncate(width, ellipsis=look.unicode)


def _standing(
    view: PanelView, source: SourceView | None
) -> tuple[tuple[tuple[str, str], ...], str]:
    """The sign and the word of the level, and why it is not OK."""
    look, scale = view.look, view.state.scale
    if source is None:
        return ((f"{look.dash} ", ".dim"), (fit("", LEVEL), "")), ""
    level = shown_level(source)
    style = style_of(level, scale)
    word = label(source) if source.state == "DOWN" else ("OK" if level == "OK" else level)
    sign = (f"{sign_of(source, look, scale)} ", style)
    shown = (fit(safe(word, 12), LEVEL, "<", look.end), style if level != "OK" else ".dim")
    # That the whole room is cut off is said once, by the room.
    cause = "" if source.cause == CUT_OFF.reason else safe(source.cause, 300)
    if cause and not cause.startswith(source.title):
        cause = f"{safe(source.title, 40)}: {cause}"
    return (sign, shown), look.plain(cause)


def _title(view: PanelView, listed: Listed) -> Content | str:
    """What the panel says beside its name; in plain words, why it says nothing."""
    if isinstance(listed.found, str):
        return listed.found
    try:
        own = msgspec.structs.replace(
            view,
            sources=_wanted(view.state, listed.found, listed.only),
            only=listed.only,
            cursor="",
            focused=False,
        )
        return Content.assemble(listed.found.title(own) or "")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's may raise anything
        return f"failed: {type(error).__name__}: {safe(str(error))}"
