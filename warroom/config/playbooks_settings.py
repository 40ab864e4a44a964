"""The settings of ``[playbooks.NAME]`` and ``[library]``."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator

from warroom.config.actions_settings import Pattern
from warroom.config.procedures_settings import ItemSettings, Name, Words
from warroom.config.procedures_types import Span, with_holes
from warroom.config.settings import Settings
from warroom.config.types import Comparison, Duration, FilePath, HoldTime
from warroom.measure.change import ChangeKind
from warroom.measure.rule import Hold
from warroom.playbooks.playbook import Need, Seen

_SOURCES = re.compile(r"[a-z*][a-z0-9_*-]{0,59}\Z|\{[a-z][a-z0-9_-]{0,39}\}\Z")
_SIGNAL = re.compile(r"(?:[a-z*][a-z0-9_*-]{0,59}|\{[a-z][a-z0-9_-]{0,39}\})\.\S{1,120}\Z")


def _sources(value: str) -> str:
    if not _SOURCES.match(value):
        raise ValueError('is no source; write its name, or a pattern such as "mail*"')
    return value


def _signal(value: str) -> str:
    if value and not _SIGNAL.match(value):
        raise ValueError('is no signal; write SOURCE.FIGURE, such as "jobs.emails.depth"')
    return value


def _says(value: str) -> str:
    return with_holes(value, ("source", "name", "part", "of", "value", "limit", "span", "why"))


SourcePattern = Annotated[str, AfterValidator(_sources)]
"""A source's name, or a pattern with ``*``; or a ``{word}``, for what ``[library.sources]`` says of
that word."""
Needs = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\s\x00-\x1f\x7f]+$")]


class SymptomSettings(Settings):
    """``[[playbooks.NAME.symptoms]]``: one thing that can be seen of it."""

    need: Need = Field(
        "any",
        description="all: each of these must hold; any: one of these must; adds: it counts in the "
        "ranking, and proposes nothing by itself; unless: it must not hold",
    )
    signal: Annotated[str, AfterValidator(_signal)] = Field(
        "",
        description="the figures it is about, as SOURCE.FIGURE; * stands for anything: "
        "*.connections_used",
    )
    source: SourcePattern | tuple[SourcePattern, ...] = Field(
        (), description="instead of signal: sources as a whole, by name or pattern; any if none"
    )
    every: StrictBool = Field(
        False, description="whether all figures or sources that fit must have it, not one of them"
    )
    kinds: tuple[str, ...] = Field((), description="only sources of these kinds; any if none")
    comparison: Comparison | None = Field(
        None, alias="is", description='what the value of the signal is: "> 10000"'
    )
    level: str = Field(
        "",
        description="the step of the scale at which the signal or source is, or at a worse one; "
        "any for whatever step",
    )
    state: Seen | Literal[""] = Field("", description="how the source stands")
    reason: Pattern = Field(
        "",
        description="with state or level: what the words of why must match (RE2), whatever the "
        "case of letters",
    )
    change: ChangeKind | Literal[""] = Field(
        "", description="what has changed of the source before the trouble began"
    )
    within: Duration = Field(
        1800.0, le=1800, description="with change: at most so long before it began"
    )
    hold: HoldTime = Field(
        Hold(polls=2),
        alias="for",
        description="how many polls in a row, or how long, it must be so",
    )
    weight: StrictInt = Field(1, ge=1, le=10, description="how much it counts in the ranking")
    says: Annotated[str, AfterValidator(_says)] = Field(
        "",
        max_length=120,
        description="how it is told when it holds, with {source}, {name}, {part}, {of}, {value}, "
        "{limit}, {span} and {why}; in words of ours if empty",
    )
    needs: Needs = Field(
        "", description="what must be configured where nothing tells it; then that is no problem"
    )

    @model_validator(mode="after")
    def _one(self) -> "SymptomSettings":
        given = [self.comparison is not None, bool(self.level), bool(self.state), bool(self.change)]
        if sum(given) != 1:
            raise ValueError("give one of is, level, state and change")
        if self.comparison is not None and not self.signal:
            raise ValueError("is needs a signal")
        if self.signal and (self.source or self.state or self.change):
            raise ValueError("signal goes with is or level, and takes the place of source")
        if self.reason and not (self.state or self.level):
            raise ValueError("reason goes with state or level")
        return self


class LookSettings(Settings):
    """``[[playbooks.NAME.look]]``: one thing to look at. A text alone is one too."""

    text: Words = Field(description="what to look at, and what for")
    panel: str = Field(
        "", description="the panel that shows it: NAME, or NAME:SOURCE,SOURCE for these only"
    )
    check: str = Field("", description="the check to run, one of [checks]")
    probe: str = Field("", description="the source to ask now")
    needs: Needs = Field(
        "", description="what must be configured where these are not; then that is no problem"
    )

    @model_validator(mode="after")
    def _one(self) -> "LookSettings":
        if sum(map(bool, (self.panel, self.check, self.probe))) > 1:
            raise ValueError("give one of panel, check and probe; a step does one thing")
        return self


class MitigationSettings(Settings):
    """``[[playbooks.NAME.mitigations]]``: one thing to do. A text alone is one too."""

    text: Words = Field(description="what to do")
    action: str = Field("", description="the action that does it, one of [actions]")
    values: dict[str, str | StrictInt] = Field(
        {}, max_length=40, description="what its parameters are filled in with, by name"
    )
    needs: Needs = Field(
        "", description="what must be configured where it is not; then that is no problem"
    )

    @model_validator(mode="after")
    def _together(self) -> "MitigationSettings":
        if self.values and not self.action:
            raise ValueError("values go with action")
        return self


class EscalationSettings(Settings):
    """``[[playbooks.NAME.escalation]]``: whom to tell, and when it is time."""

    tell: tuple[Name, ...] = Field(
        min_length=1, max_length=20, description="whom, by a contact's name or role"
    )
    text: str = Field(
        "", max_length=200, description="what to tell them; made of the rest if empty"
    )
    after: Span | None = Field(None, description="how long after the incident began")
    when: str = Field("", max_length=120, description="on which condition, in words")


class PlaybookSettings(Settings):
    """``[playbooks.NAME]``: what to do about which symptoms. With the name of a built-in one, what
    is written takes the place of that one's, key by key."""

    title: str = Field(
        min_length=1, max_length=60, description="what it is called; required if not built in"
    )
    about: str = Field("", max_length=600, description="what happens, and why")
    symptoms: tuple[SymptomSettings, ...] = Field(
        (), max_length=40, description="what is seen of it; without any it is opened by hand only"
    )
    look: tuple[Words | LookSettings, ...] = Field(
        (), max_length=30, description="what to look at: texts, or tables"
    )
    mitigations: tuple[Words | MitigationSettings, ...] = Field(
        (), max_length=30, description="what to do, in this order: texts, or tables"
    )
    escalation: tuple[EscalationSettings, ...] = Field(
        (), max_length=20, description="whom to tell, and when"
    )
    vendors: tuple[Name, ...] = Field(
        (), max_length=20, description="vendors' support, by a contact's name or role"
    )
    checklist: tuple[Words | ItemSettings, ...] = Field(
        (), max_length=60, description="what must be so before it is over: texts, or tables"
    )
    prevention: tuple[Words, ...] = Field(
        (), max_length=30, description="what keeps it from coming back"
    )
    links: dict[Name, Address] = Field({}, max_length=20, description="what to read, by name")


LISTS = ("symptoms", "look", "mitigations", "escalation", "checklist", "prevention")
"""The keys of a playbook's parts that are lists."""


class LibrarySettings(Settings):
    """``[library]``: playbooks besides those in the file, and what the built-in ones' words mean
    here."""

    built_in: StrictBool | tuple[str, ...] = Field(
        True, description="the built-in ones: all, none, or those named"
    )
    folder: FilePath = Field(
        "",
        description="a folder with more of them, NAME.toml each, beside this file; none if empty",
    )
    sources: dict[str, SourcePattern | tuple[SourcePattern, ...]] = Field(
        {},
        max_length=60,
        description="the built-in ones' word for a source to yours, or to patterns; by default "
        "such names as teams give it",
    )
    actions: dict[str, str] = Field(
        {},
        max_length=200,
        description="their word for an action to yours; by default the one called so",
    )
    checks: dict[str, str] = Field(
        {},
        max_length=200,
        description="their word for a check to yours; by default the one called so",
    )
    contacts: dict[str, Name | tuple[Name, ...]] = Field(
        {},
        max_length=60,
        description="whom they tell, by role, to your contact or contacts; by default those "
        "who are called so",
    )
