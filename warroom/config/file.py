"""The whole file: its sections, each with the model that reads it."""

from typing import Any, Literal

from pydantic import Field

from warroom.config.playbooks_settings import LibrarySettings
from warroom.config.procedures_settings import (
    AssessmentSettings,
    ChecklistSettings,
    ContactSettings,
    IncidentSettings,
    ResolveSettings,
    RungSettings,
)
from warroom.config.receivers_settings import MessageSettings
from warroom.config.settings import (
    ConsoleSettings,
    PageSettings,
    ReviewSettings,
    RoomSettings,
    RuleSettings,
    Settings,
    SeveritySettings,
    VantageSettings,
)
from warroom.config.sharing import ShareSettings


class FileSettings(Settings):
    """The whole file. A source's options are its kind's own model."""

    version: Literal[1] = Field(description="the version of this format")
    room: RoomSettings = Field(description="one watch: its engine, journal and consoles")
    review: ReviewSettings | None = Field(
        None, description="whose this configuration is, and when it is looked through again"
    )
    severity: SeveritySettings = Field(
        SeveritySettings.model_validate({}), description="the team's scale"
    )
    console: ConsoleSettings = Field(
        ConsoleSettings.model_validate({}), description="how consoles look, and how they call"
    )
    share: ShareSettings = Field(
        ShareSettings.model_validate({}),
        description="what may be seen on a shared screen (`S`, `--share`)",
    )
    vantage: VantageSettings | None = Field(
        None, description="canaries that tell whether the world can be seen from here at all"
    )
    keys: dict[str, str | dict[str, str]] = Field(
        {}, description="keys of your own: an id to its keys, over the built-in ones"
    )
    pages: tuple[PageSettings, ...] = Field(
        (), description="the pages of a console, in order; without any, one with the panel health"
    )
    sources: dict[str, dict[str, Any]] = Field({}, description="what is watched, by name")
    rules: tuple[RuleSettings, ...] = Field((), description="which figure means which level")
    incident: IncidentSettings = Field(
        IncidentSettings.model_validate({}), description="how an incident goes"
    )
    assessment: AssessmentSettings = Field(
        AssessmentSettings.model_validate({}),
        description="what is asked of an incident, and which answers mean which level",
    )
    escalation: tuple[RungSettings, ...] | None = Field(
        None, description="whom to tell when; if none, a ladder by level and time that is built in"
    )
    contacts: tuple[ContactSettings, ...] = Field(
        (), description="people, teams and vendors' support, and how to reach them"
    )
    checklists: tuple[ChecklistSettings, ...] | None = Field(
        None, description="what to do in each phase; if none, some that are built in"
    )
    messages: MessageSettings = Field(
        MessageSettings.model_validate({}),
        description="how messages are drafted, and looked through before they are sent",
    )
    receivers: dict[str, dict[str, Any]] = Field({}, description="to whom messages go, by name")
    actions: dict[str, dict[str, Any]] = Field({}, description="what can be done, by name")
    checks: dict[str, dict[str, Any]] = Field(
        {}, description="what can be looked at on request, by name"
    )
    playbooks: dict[str, dict[str, Any]] = Field(
        {}, description="what to do about which symptoms, by name"
    )
    library: LibrarySettings = Field(
        LibrarySettings.model_validate({}),
        description="the built-in playbooks and a folder of more, and what their words mean here",
    )
    resolve: ResolveSettings = Field(
        ResolveSettings.model_validate({}),
        description="what must be so before an incident is resolved",
    )
