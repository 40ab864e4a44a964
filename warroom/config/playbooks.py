"""``[playbooks.NAME]``, the folder's and the built-in ones, as this room has them.

A written one with the name of a built-in one takes that one's place part by part. What a built-in
one names is the library's own word for it: it is looked up here, and what the room does not have is
said as what is still needed, not as a problem.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from warroom.config.document import Document
from warroom.config.lines import Path as Place
from warroom.config.playbooks_made import Parts, made
from warroom.config.playbooks_pasted import pasted
from warroom.config.playbooks_room import Room, Spot
from warroom.config.playbooks_settings import LISTS, PlaybookSettings
from warroom.config.playbooks_words import check_library, words_of
from warroom.config.problems import Problems, did_you_mean, nearest
from warroom.config.section import section
from warroom.playbooks.library import LIBRARY, built_in
from warroom.playbooks.playbook import Playbook

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
MOST = 100
_NOTHING = PlaybookSettings.model_validate({"title": "-"})


class _Written(NamedTuple):
    """One that somebody here wrote, in the configuration or in a file of the folder."""

    name: str
    table: object
    origin: str
    place: Place
    problems: Problems


def build_playbooks(
    table: dict[str, Any], folder: tuple[Document, ...], room: Room, problems: Problems
) -> tuple[Playbook, ...]:
    """The room's playbooks: the written ones first, then the folder's, then the built-in."""
    ours = built_in()
    wanted = _wanted(ours, room, problems)
    written = tuple(_written(table.get("playbooks", {}), folder, problems))
    tables = [*ours.values(), *(one.table for one in written if isinstance(one.table, dict))]
    check_library(words_of(tables), room, problems)
    found = [_read(one, wanted.get(one.name, {}), ours, room) for one in written]
    taken = {one.name for one in written}
    for name, one in wanted.items():
        if name not in taken:
            head = PlaybookSettings.model_validate(one)
            found.append(made(name, head, _parts(head), _nowhere, LIBRARY, room))
    return tuple(one for one in found if one is not None)


def _wanted(
    ours: Mapping[str, dict[str, Any]], room: Room, problems: Problems
) -> Mapping[str, dict[str, Any]]:
    """The built-in ones that the room wants."""
    wanted = room.library.built_in
    if isinstance(wanted, bool):
        return ours if wanted else {}
    for at, name in enumerate(wanted):
        if name not in ours:
            hint = nearest(name, ours, "playbooks")
            here = ("library", "built_in", at)
            problems.add(here, f"there is no built-in playbook {name}", hint)
    return {name: one for name, one in ours.items() if name in wanted}


def _written(
    tables: object, folder: tuple[Document, ...], problems: Problems
) -> Iterator[_Written]:
    """Those of the file, then those of the folder, each name once."""
    if not isinstance(tables, dict):
        problems.add(("playbooks",), "must be a table", "write [playbooks.NAME] above each")
        tables = {}
    if len(tables) > MOST:
        problems.add(("playbooks",), f"{len(tables)} are too many; {MOST} is the most")
    for name, table in tables.items():
        yield _Written(name, table, problems.file, ("playbooks", name), problems)
    for document in folder:
        name, beside = document.path.stem, problems.beside(document)
        if name in tables:
            words = f"there is a playbook {name} in {problems.file} already"
            beside.add((), words, "keep one of them")
        elif "playbooks" in document.table:
            words = "does not stand in a file of the folder, whose name is the playbook's"
            beside.add(("playbooks",), words, f"write title = … without [playbooks.{name}] above")
        else:
            yield _Written(name, document.table, document.path.name, (), beside)


def _read(
    one: _Written, base: Mapping[str, Any], ours: Mapping[str, dict[str, Any]], room: Room
) -> Playbook | None:
    """One that is written, over the built-in one of its name; None after a problem with its
    shape, but what it names is looked up even then, so that one reading tells all."""
    table, spot = one.table, Spot(one.place, one.problems)
    if not _NAME.match(one.name):
        spot.add(f"{one.name} is no name for a playbook", "a-z, 0-9, _ and -; a letter first")
    if not isinstance(table, dict):
        spot.add("must be a table", f"write [playbooks.{one.name}]")
        return None
    if "title" not in table and not base and (near := did_you_mean(one.name, ours)):
        spot.add(f"is no built-in playbook, and has no title of its own: {near}")
    written, still_ours = pasted(table, ours.values())
    head = section(PlaybookSettings, {**base, **written}, one.place, one.problems)

    def where(key: str, at: int | None = None) -> Spot:
        if at is None:
            return spot.at(key) if key in table else Spot()
        return spot.at(key, at) if key in table and (key, at) not in still_ours else Spot()

    if head is not None:
        return made(one.name, head, _parts(head), where, one.origin, room)
    made(one.name, _NOTHING, _sound_parts(written), where, one.origin, room)
    return None


def _nowhere(key: str, at: int | None = None) -> Spot:
    return Spot()


def _parts(settings: PlaybookSettings) -> Parts:
    return {key: list(enumerate(getattr(settings, key))) for key in LISTS}


def _sound_parts(table: Mapping[str, Any]) -> Parts:
    """The entries that hold by themselves, of a playbook that does not as a whole."""
    found: Parts = {key: [] for key in LISTS}
    for key in LISTS:
        entries = table.get(key)
        for at, entry in enumerate(entries if isinstance(entries, list) else ()):
            with contextlib.suppress(ValidationError):
                alone = PlaybookSettings.model_validate({"title": "-", key: [entry]})
                found[key].append((at, getattr(alone, key)[0]))
    return found
