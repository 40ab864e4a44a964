"""The settings of ``[playbooks.NAME]`` and ``[library]``."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt, model_validator

from warroom.config.actions_settings import Pattern
from warroom.config.procedures_settings import ItemSettings, Name, Words
from warroom.config.procedures_types import Span
from warroom.config.settings import Settings
from warroom.config.types import Comparison, Duration, FilePath, HoldTime
from warroom.measure.change import ChangeKind
from warroom.measure.rule import Hold
from warroom.playbooks.playbook import Need, Seen

_SOURCES = re.compile(r"[a-z*][a-z0-9_*-]{0,59}\Z|\{[a-z][a-z0-9_-]{0,39}\}\Z")
_SIGNAL = re.compile(r"([a-z*][a-z0-9_*-]{0,59})\.(\S{1,80})\Z")


def _sources(value: str) -> str:
    if not _SOURCES.match(value):
        raise ValueError('is no source; write its name, or a pattern such as "mail*"')
    return value


def _signal(value: str) -> str:
    if value and not _SIGNAL.match(value):
        raise ValueError('is no signal; write SOURCE.FIGURE, such as "jobs.emails.depth"')
    return value


SourcePattern = Annotated[str, AfterValidator(_sources)]
"""A source's name, or a pattern with ``*``; in the built-in library ``{word}`` too, for what
``[library.sources]`` says of that word."""


class SymptomSettings(Settings):
    """``[[playbooks.NAME.symptoms]]``: one thing that can be seen of it."""

    need: Need = Field(
        "any", description="all: it must hold; any: one of these must; unless: it must not"
    )
    signal: Annotated[str, AfterValidator(_signal)] = Field(
        "", description="SOURCE.FIGURE; * for any part of a name: *.connections_used"
    )
    source: SourcePattern | tuple[SourcePattern, ...] = Field(
        (), description="instead: a source, or several, as a whole; any if none"
    )
    kinds: tuple[str, ...] = Field((), description="only sources of these kinds")
    comparison: Comparison | None = Field(
        None, alias="is", description='the value of the signal: "> 10000"'
    )
    level: str = Field("", description="a step of the scale it is at, or a worse one; or any")
    state: Seen | Literal[""] = Field("", description="how the source stands")
    reason: Pattern = Field("", description="what the words of why must match (RE2)")
    change: ChangeKind | Literal[""] = Field("", description="what changed before it began")
    within: Duration = Field(1800.0, le=1800, description="change: at most so long before")
    hold: HoldTime = Field(
        Hold(polls=2), alias="for", description="how many polls in a row, or how long"
    )
    weight: StrictInt = Field(1, ge=1, le=10, description="how much it counts in the ranking")
    says: str = Field("", max_length=120, description="how it is told when it holds")
    needs: str = Field("", max_length=200, description="what to configure where nothing tells it")

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


class StepSettings(Settings):
    """One step. A text alone is one too."""

    text: Words
    panel: str = Field("", description="the panel to look at")
    check: str = Field("", description="the check to run")
    probe: str = Field("", description="the source to ask now")
    needs: str = Field("", max_length=200, description="what to configure for it")


class MitigationSettings(Settings):
    """``[[playbooks.NAME.mitigations]]``, in their order."""

    text: Words
    action: str = Field("", description="the action to run")
    values: dict[str, str | StrictInt] = Field({}, description="its parameters")
    needs: str = Field("", max_length=200, description="what to configure for it")


class EscalationSettings(Settings):
    """``[[playbooks.NAME.escalation]]``."""

    tell: tuple[Name, ...] = Field(min_length=1, max_length=20, description="contact or role")
    text: str = Field(
        "", max_length=200, description="what to tell them; made of the rest if empty"
    )
    after: Span | None = Field(None, description="how long after the incident began")
    when: str = Field("", max_length=120, description="on which condition, in words")


class PlaybookSettings(Settings):
    """``[playbooks.NAME]``. With a built-in one's name its parts take the place of that one's."""

    title: str = Field(min_length=1, max_length=60, description="what it is called")
    about: str = Field("", max_length=600, description="what happens, and why")
    symptoms: tuple[SymptomSettings, ...] = Field(
        (), max_length=40, description="what is seen of it"
    )
    look: tuple[Words | StepSettings, ...] = Field((), max_length=30, description="what to look at")
    mitigations: tuple[Words | MitigationSettings, ...] = Field(
        (), max_length=30, description="what to do, in this order"
    )
    escalation: tuple[EscalationSettings, ...] = Field(
        (), max_length=20, description="whom to tell, and when"
    )
    vendors: tuple[Name, ...] = Field((), max_length=20, description="contacts of vendors' support")
    checklist: tuple[Words | ItemSettings, ...] = Field(
        (), max_length=60, description="what must be so at the end"
    )
    prevention: tuple[Words, ...] = Field(
        (), max_length=30, description="what keeps it from coming back"
    )
    links: dict[str, str] = Field({}, max_length=20, description="what to read, by name")


class LibrarySettings(Settings):
    """``[library]``: playbooks besides those in the file, and what their words mean here."""

    built_in: bool | tuple[str, ...] = Field(
        True, description="the built-in ones: all, none, or these"
    )
    folder: FilePath = Field("", description="a folder with more: NAME.toml each")
    sources: dict[str, SourcePattern | tuple[SourcePattern, ...]] = Field(
        {}, description="the built-in ones' word for a source to yours"
    )
    actions: dict[str, str] = Field({}, description="their word for an action to yours")
    checks: dict[str, str] = Field({}, description="their word for a check to yours")


def raw(settings: PlaybookSettings) -> dict[str, Any]:
    """As it stands in a file."""
    return settings.model_dump(mode="json", by_alias=True, exclude_defaults=True)
