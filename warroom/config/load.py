"""The whole file, validated: every problem at once, or a ``Config``.

Two passes. The shape first: each section and each entry by its own model, so that one bad
entry does not hide the next. Then what needs more than one of them: each source by its own
kind, each rule by the signals there are and the steps of the scale.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace
from pydantic import BaseModel

from warroom.config.actions import Around, build_actions
from warroom.config.actions_settings import ActionSettings
from warroom.config.checks import build_checks
from warroom.config.checks_settings import CheckSettings
from warroom.config.clear import check_mode, clear_secrets
from warroom.config.document import Document, read
from warroom.config.file import FileSettings
from warroom.config.kinds import Kinds
from warroom.config.names import Names, installed
from warroom.config.pages import build_keys, build_pages
from warroom.config.playbooks import build_playbooks
from warroom.config.playbooks_folder import read_folder
from warroom.config.playbooks_room import room_of
from warroom.config.playbooks_settings import LibrarySettings
from warroom.config.problems import Problems, nearest
from warroom.config.procedures import build_procedures
from warroom.config.receivers import build_receivers, public_facts
from warroom.config.receivers_settings import MessageSettings, ReceiverSettings
from warroom.config.rules import build_rules
from warroom.config.scale import build_scale, likely_scale
from warroom.config.secrets import Secret
from warroom.config.section import section
from warroom.config.settings import (
    ConsoleSettings,
    PageSettings,
    ReviewSettings,
    RoomSettings,
    SeveritySettings,
    SourceSettings,
    VantageSettings,
)
from warroom.config.sharing import ShareSettings
from warroom.config.sources import check_sources
from warroom.incident.procedures import Procedures
from warroom.measure.rule import Rule
from warroom.playbooks.playbook import Playbook
from warroom.severity import Scale

_M = TypeVar("_M", bound=BaseModel)
VERSION = 1
"""The version of the file's format that this program reads."""


@dataclass(frozen=True)
class Config:
    """A configuration that holds together.

    ``sources`` maps a name to an instance of its kind's own ``Settings``. ``rules`` are the
    written ones, then each source's own. ``digest`` is the SHA-256 of the file's bytes; where
    there is a folder of playbooks, of its files' names and bytes too. ``clear`` are the secrets
    that stand in these files in clear, for a masker.
    """

    path: Path
    version: int
    room: RoomSettings
    review: ReviewSettings | None
    scale: Scale
    console: ConsoleSettings
    share: ShareSettings
    vantage: VantageSettings | None
    keys: dict[str, str]
    pages: tuple[PageSettings, ...]
    sources: dict[str, SourceSettings]
    rules: tuple[Rule, ...]
    procedures: Procedures
    messages: MessageSettings
    receivers: dict[str, ReceiverSettings]
    actions: dict[str, ActionSettings]
    checks: dict[str, CheckSettings]
    playbooks: tuple[Playbook, ...]
    digest: str
    clear: tuple[Secret, ...]


def load(
    path: Path, kinds: Kinds, names: Names | None = None, *, keep_broken: bool = False
) -> Config:
    """The file at ``path``; raises ConfigError with every problem, in the file's order.

    ``names`` are the commands and panels it may name; those installed, if not given.
    ``keep_broken`` keeps a source whose kind is installed but broken, with no more than the
    options all kinds have: one bad plugin must not blind a room. Otherwise it is a problem.
    """
    return validate(read(path), kinds, names, keep_broken=keep_broken)


def validate(
    document: Document, kinds: Kinds, names: Names | None = None, *, keep_broken: bool = False
) -> Config:
    """``document`` as a Config, as ``load`` does; raises ConfigError."""
    problems = Problems(document)
    names = installed() if names is None else names
    table = document.table
    if not _readable_version(table, problems):
        raise problems.error()
    check_mode(document, problems)
    _check_names(table, problems)
    plain = _plain(table, names, problems)
    scale, tables = plain.scale, table.get("sources", {})
    sources = check_sources(tables, kinds, scale, problems, keep_broken=keep_broken)
    rules = build_rules(table, sources, scale, problems)
    procedures = build_procedures(table, _named(tables), scale, problems)
    receivers = build_receivers(table.get("receivers", {}), _named(tables), scale, problems)
    around = Around(_kinds(tables), sources, [role.name for role in procedures.roles])
    actions = build_actions(table.get("actions", {}), around, problems)
    checks = build_checks(table.get("checks", {}), _kinds(tables), problems)
    library = section(LibrarySettings, table.get("library", {}), ("library",), problems)
    folder = read_folder(library.folder if library is not None else "", problems)
    whole = room_of(table, kinds, sources, scale, names.panels, actions, library)
    playbooks = build_playbooks(table, folder, whole, problems)
    room, console, messages = plain.room, plain.console, plain.messages
    if problems or room is None or console is None or scale is None:
        raise problems.error()
    if messages is None or plain.share is None:
        raise problems.error()
    return Config(
        path=document.path,
        version=VERSION,
        room=room,
        review=plain.review,
        scale=scale,
        console=console,
        share=plain.share,
        vantage=plain.vantage,
        keys=plain.keys,
        pages=plain.pages,
        sources=sources.settings,
        rules=rules + sources.rules,
        procedures=replace(procedures, receivers=public_facts(receivers)),
        messages=messages,
        receivers=receivers,
        actions=actions,
        checks=checks,
        playbooks=playbooks,
        digest=_digest(document, *folder),
        clear=tuple(Secret(v) for one in (document, *folder) for _, v in clear_secrets(one.table)),
    )


class _Plain(NamedTuple):
    """The sections that hold by themselves; None for what is wrong, and for what may be missing."""

    room: RoomSettings | None
    review: ReviewSettings | None
    scale: Scale | None
    console: ConsoleSettings | None
    share: ShareSettings | None
    vantage: VantageSettings | None
    keys: dict[str, str]
    pages: tuple[PageSettings, ...]
    messages: MessageSettings | None


def _plain(table: dict[str, Any], names: Names, problems: Problems) -> _Plain:
    _check_room(table.get("room"), _named(table.get("sources")), problems)
    severity = section(SeveritySettings, table.get("severity", {}), ("severity",), problems)
    return _Plain(
        room=section(RoomSettings, table.get("room"), ("room",), problems),
        review=_optional(ReviewSettings, "review", table, problems),
        scale=build_scale(severity, problems) or likely_scale(table.get("severity")),
        console=section(ConsoleSettings, table.get("console", {}), ("console",), problems),
        share=section(ShareSettings, table.get("share", {}), ("share",), problems),
        vantage=_optional(VantageSettings, "vantage", table, problems),
        keys=build_keys(table.get("keys", {}), problems),
        pages=build_pages(table, names, problems),
        messages=section(MessageSettings, table.get("messages", {}), ("messages",), problems),
    )


def _readable_version(table: dict[str, Any], problems: Problems) -> bool:
    """Whether the rest can be judged at all: of a newer file's keys we know nothing."""
    version = table.get("version")
    if version is None:
        problems.add(("version",), "is missing", f"write version = {VERSION} as the first line")
    elif isinstance(version, bool) or not isinstance(version, int) or version < 1:
        problems.add(("version",), "must be a whole number", f"write version = {VERSION}")
    elif version > VERSION:
        problems.add(
            ("version",),
            f"is {version}; this program reads version {VERSION}",
            "install a newer warroom, or use a file written for this one",
        )
        return False
    return True


def _check_names(table: dict[str, Any], problems: Problems) -> None:
    known = FileSettings.model_fields
    for name in table:
        if name not in known:
            problems.add((name,), "is not a known section", nearest(name, known, "sections"))


def _check_room(room: object, sources: list[str], problems: Problems) -> None:
    if not isinstance(room, dict):
        return
    folder = room.get("dir")
    if room.get("group") is not None and folder is None:
        problems.add(
            ("room", "group"),
            "a group's room needs a folder its members can reach",
            'add dir = "/var/lib/warroom/NAME"',
        )
    proofs = room.get("expect_identity")
    for at, proof in enumerate(proofs if isinstance(proofs, list) else ()):
        name = proof.get("source") if isinstance(proof, dict) else None
        if isinstance(name, str) and name not in sources:
            place = ("room", "expect_identity", at, "source")
            problems.add(place, f"there is no source {name}", nearest(name, sources, "sources"))
    if isinstance(folder, str) and not folder.startswith("/"):
        problems.add(("room", "dir"), "must be an absolute path", "begin it with /")


def _optional(model: type[_M], name: str, table: dict[str, Any], problems: Problems) -> _M | None:
    """A section that is nothing at all where it is not there: without ``[vantage]`` it is never
    known whether the room is cut off, without ``[review]`` none is due."""
    return section(model, table[name], (name,), problems) if name in table else None


def _named(sources: object) -> list[str]:
    """The sources by name: one that is wrong in itself is there all the same."""
    return list(sources) if isinstance(sources, dict) else []


def _kinds(sources: object) -> dict[str, str]:
    """The kinds of the sources by name, as they are written."""
    entries = sources.items() if isinstance(sources, dict) else ()
    return {name: str(e.get("kind", "")) for name, e in entries if isinstance(e, dict)}


def _digest(*documents: Document) -> str:
    """The SHA-256 of the file; with others that belong to it, of their names and digests too."""
    first, *more = documents
    whole = hashlib.sha256(first.data)
    for one in more:
        whole.update(f"\n{one.path.name} {hashlib.sha256(one.data).hexdigest()}".encode())
    return whole.hexdigest()
