"""The settings of a team's procedures. Every section is optional: what is left out is built in."""

from typing import Annotated

from pydantic import Field, StrictBool, field_validator

from warroom.config.procedures_types import (
    IdPattern,
    Pattern,
    ShareComparison,
    Span,
    TimeComparison,
)
from warroom.config.settings import Settings
from warroom.config.types import Comparison, Duration
from warroom.incident.procedures import Condition, Gate, Procedures
from warroom.text import safe

_OURS = Procedures()
"""The defaults that are the same for every scale."""

Name = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\s\x00-\x1f][^\x00-\x1f]*$")]
"""What something is called: it must fit on a line with others."""
Words = Annotated[str, Field(min_length=1, max_length=200)]


class StatusSettings(Settings):
    """One status. ``final`` is the one that resolving gives."""

    name: Name = Field(description="what it is called: Investigating")
    phase: str = Field("", description="the phase that begins with it; none by default")
    final: StrictBool = Field(False, description="whether the incident is over with it")


class PhaseSettings(Settings):
    """One phase of the procedure."""

    name: Name = Field(description="what it is called: detect, respond, recover")
    begins: Span | None = Field(None, description="when it should begin, from the start")
    ends: Span | None = Field(None, description="when it should be over, from the start")


class MilestoneSettings(Settings):
    """Something that is reached once, and measured."""

    name: Name = Field(description="what it is called: acknowledged, service restored")
    key: str = Field(min_length=1, max_length=1, description="the key that says it was reached")

    @field_validator("key")
    @classmethod
    def _typed(cls, value: str) -> str:
        if not value.isprintable() or value.isspace() or safe(value) != value:
            raise ValueError("must be a character that can be typed and seen")
        return value


class RoleSettings(Settings):
    """A role that somebody has in an incident."""

    name: Name = Field(description="what it is called: incident commander, scribe")
    leads: StrictBool = Field(False, description="whether it is the commander's")
    fixes: StrictBool = Field(False, description="whether it works on the cause")


class DueSettings(Settings):
    """Something to be done afterwards."""

    name: Name = Field(description="what is to be done: post-mortem, review")
    within: Duration = Field(description="how long after the resolution")
    levels: tuple[str, ...] = Field((), description="the steps of the scale it is for; all if none")


class IncidentSettings(Settings):
    """How an incident is called and how it goes."""

    id: IdPattern = Field(_OURS.id, max_length=60, description="the pattern of an incident's id")
    channel: Pattern = Field(
        _OURS.channel, max_length=80, description="the pattern of its channel's name"
    )
    links: dict[str, Pattern] = Field(
        {}, max_length=20, description="addresses every incident gets, by name"
    )
    statuses: tuple[Name | StatusSettings, ...] | None = Field(
        None, min_length=1, max_length=20, description="names, or tables, in their usual order"
    )
    phases: tuple[PhaseSettings, ...] | None = Field(
        None, max_length=20, description="the phases of the procedure, in their order"
    )
    milestones: tuple[MilestoneSettings, ...] | None = Field(
        None, max_length=30, description="what is noted by one key each, in their usual order"
    )
    acknowledged: str = Field(
        _OURS.acknowledged, description='the milestone that ends the response time; "" for none'
    )
    fixed: str = Field(
        _OURS.fixed, description='the milestone after which checks must pass; "" for none'
    )
    roles: tuple[Name | RoleSettings, ...] | None = Field(
        None, max_length=20, description="names, or tables"
    )
    grace: Duration = Field(
        _OURS.grace, description="how long it may go without commander or level unreminded"
    )
    resolutions: tuple[Name, ...] | None = Field(
        None, max_length=20, description="how incidents are resolved"
    )
    follow_ups: tuple[Name, ...] | None = Field(
        None, max_length=20, description="the kinds of follow-ups"
    )
    updates: dict[str, Duration] | None = Field(
        None, description="step of the scale to the time from one update to the next"
    )
    due: tuple[DueSettings, ...] | None = Field(
        None, max_length=20, description="what is done after an incident, and within which time"
    )


class MatrixSettings(Settings):
    """One row: all that it names must be so."""

    level: str = Field(description="the step of the scale it proposes")
    impact: Name | tuple[Name, ...] = Field((), description="the classes it is for; any if none")
    scope: Name | tuple[Name, ...] = Field((), description="how far it reaches; any if none")
    share: ShareComparison | None = Field(None, description="the share of users, in per cent")
    down: TimeComparison | None = Field(None, description="the time down")
    money: Comparison | None = Field(None, description="what it costs in an hour")
    data: StrictBool | None = Field(None, description="whether data is at risk")
    security: StrictBool | None = Field(None, description="whether security is at risk")


class AssessmentSettings(Settings):
    """What an assessment asks, from what it chooses, and which level it then proposes."""

    impacts: tuple[Name, ...] | None = Field(
        None, max_length=20, description="what may be broken, worst first"
    )
    scopes: tuple[Name, ...] | None = Field(None, max_length=20, description="how far it may reach")
    currency: str = Field(_OURS.currency, max_length=8, description="what money is counted in")
    matrix: tuple[MatrixSettings, ...] | None = Field(
        None, max_length=60, description="which answers mean which level; the first row that fits"
    )


class RungSettings(Settings):
    """One rung of the ladder. Without ``after`` and ``when`` it fires at once."""

    name: Name = Field(description="what it is called: on-call, team lead")
    tell: tuple[Name, ...] = Field(
        min_length=1, max_length=20, description="whom, by a contact's name or role"
    )
    after: Span | None = Field(None, description="how long after the start")
    when: Condition | None = Field(None, description="the condition on which it fires")
    levels: tuple[str, ...] = Field((), description="the steps of the scale it is for; all if none")


class ContactSettings(Settings):
    """Somebody who can be reached, and how; what is not known is left out."""

    name: Name = Field(description="a person, a team or a vendor's support")
    role: str = Field(
        "", max_length=40, description="what they are called by: on-call, team lead, legal"
    )
    phone: str = Field("", max_length=80, description="their number")
    mail: str = Field("", max_length=120, description="their address")
    chat: str = Field("", max_length=80, description="their handle")
    pager: str = Field("", max_length=120, description="how they are paged")
    page: str = Field("", max_length=200, description="a status page or a support address")
    vendor: StrictBool = Field(False, description="whether it is a vendor's support")


class ItemSettings(Settings):
    """One item of a list. A text alone is one too."""

    text: Words = Field(description="what is to be done")
    watch: Duration | None = Field(None, description="how long it is watched before it is done")


class ChecklistSettings(Settings):
    """Things to do, to be ticked."""

    name: Name = Field(description="what it is called: first minutes, recovery")
    items: tuple[Words | ItemSettings, ...] = Field(
        min_length=1, max_length=60, description="texts, or tables"
    )
    phases: tuple[str, ...] = Field((), description="the phases it is for; all if none")
    levels: tuple[str, ...] = Field((), description="the steps of the scale it is for; all if none")
    alone: StrictBool = Field(False, description="whether it belongs to no incident")
    recovery: StrictBool = Field(
        False, description="whether it must be done before an incident is resolved"
    )


class ResolveSettings(Settings):
    """What must be so before an incident is resolved."""

    well_for: Span = Field(Gate().well_for, description="how long every signal must be OK")
    checks: tuple[str, ...] = Field(
        (), max_length=20, description="sources that must be seen well after the fix"
    )
    recovery: StrictBool = Field(True, description="whether recovery checklists must be done")
