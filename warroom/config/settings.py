"""The settings of a room, as the configuration file gives them.

The models are strict (an unknown key is a problem, not a shrug) and frozen. What a
``[sources.NAME]`` may hold beyond the common options is the source kind's own model.
"""

from datetime import date, timedelta
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
    model_validator,
)

from warroom.config.canary import Canaries
from warroom.config.local import THEME_NAME
from warroom.config.types import Comparison, Day, Duration, HoldTime, written_duration
from warroom.measure.rule import Hold

ON_REQUEST_LIMIT = 120.0
"""Seconds that a poll somebody asked for may take; a regular one must not blind the watch."""


class Settings(BaseModel):
    """What all sections share: no unknown keys, frozen."""

    # Deferred: a start does not wait for validators of sections that its file has not.
    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )


class IdentitySettings(Settings):
    """What a source must say of itself; a mismatch blocks every action."""

    source: str = Field(description="which source says it")
    database: str | None = Field(None, description="postgres: the database's name")
    system_identifier: str | None = Field(
        None, description="postgres: the cluster's, as pg_control_system() has it"
    )
    run_id: str | None = Field(None, description="redis: the server's, until it is restarted")
    environment: str | None = Field(
        None, description="what its environment (a query, a key, a header, a field) must say"
    )

    @model_validator(mode="after")
    def _something(self) -> "IdentitySettings":
        if not self.wanted:
            raise ValueError("give database, system_identifier, run_id or environment")
        return self

    @property
    def wanted(self) -> dict[str, str]:
        """What must be so, by its name."""
        given = self.model_dump(exclude={"source"}, exclude_none=True)
        return {name: str(value) for name, value in given.items()}


class RoomSettings(Settings):
    """``[room]``: what it is called, who may attach, what it may do."""

    name: str = Field(
        min_length=1, max_length=40, pattern=r"^[^\x00-\x1f/]+$", description="the room's name"
    )
    environment: str = Field(
        "", max_length=24, description="what the header calls this environment: production"
    )
    group: str | None = Field(
        None, description="Unix group whose members may attach; without it the room is private"
    )
    dir: str | None = Field(
        None, description="the room's folder; required with group, otherwise in the state folder"
    )
    read_only: StrictBool = Field(False, description="no console of this room may act")
    locked: StrictBool = Field(
        False, description="consoles start locked; L arms one for 15 minutes"
    )
    expect_identity: tuple[IdentitySettings, ...] = Field(
        (), max_length=20, description="what proves that this is the environment it is called"
    )
    linger: Duration | Literal["forever"] = Field(
        60.0, description="how long the engine outlives its last console"
    )


class ReviewSettings(Settings):
    """``[review]``: whose this configuration is, and when it is looked through again."""

    version: str = Field("", max_length=40, description="which version of the procedures it is")
    owner: str = Field("", max_length=80, description="who keeps it right")
    last: Day | None = Field(None, description="the day of the last review: 2026-03-01")
    next: Day | None = Field(None, description="the day by which the next one is due")
    every: Duration | None = Field(
        None,
        ge=86_400,
        le=3650 * 86_400,
        description="how often it is due, counted from the last one; where next says nothing else",
    )

    @field_validator("last", "next")
    @classmethod
    def _of_our_time(cls, value: date | None) -> date | None:
        if value is not None and not 2000 <= value.year < 2200:
            raise ValueError("is no day of our time")
        return value

    @model_validator(mode="after")
    def _fitting(self) -> "ReviewSettings":
        if self.every is not None and self.last is None:
            raise ValueError("every counts from the last review: write last")
        if self.next is not None and self.last is not None and self.next <= self.last:
            raise ValueError("next must be after last")
        return self

    @property
    def due(self) -> date | None:
        """The day by which it is to be looked through again; None where none is said."""
        if self.next is not None or self.last is None or self.every is None:
            return self.next
        return self.last + timedelta(seconds=self.every)


class ConsoleSettings(Settings):
    """``[console]``: colours, the clock, the call, the mouse, the zone."""

    theme: str = Field(
        "",
        description="the colours: `dark`, `light`, `contrast`, `colourblind`, or a file's "
        "([themes.md](themes.md)); without it `dark`, or `light` where the terminal tells that its "
        "own ground is",
    )
    clock: StrictBool = Field(True, description="the UTC clock in the header; off sends no bytes")
    call: Literal["bell", "osc9", "none"] = Field(
        "bell", description="how a worsening calls, once each"
    )
    mouse: StrictBool = Field(False, description="let the console take the terminal's mouse")
    zone: str = Field(
        "local",
        max_length=64,
        description="the zone that is shown beside UTC: `local` (`TZ`, else the machine's), `UTC` "
        "for none, or a name such as `Europe/Berlin`",
    )

    @field_validator("theme")
    @classmethod
    def _theme_name(cls, value: str) -> str:
        # Whether there is such a file is the console's to see: it is another person's folder.
        if value and not THEME_NAME.fullmatch(value):
            raise ValueError("must be a theme's name: small letters, digits, - and _")
        return value


class VantageSettings(Settings):
    """Canaries: addresses that are nearly always there, far from each other and from what is
    watched. A connection is opened and closed again; nothing is sent."""

    canaries: Canaries = Field(
        max_length=8,
        description="two or more addresses with ports; none that answers means cut off",
    )
    interval: Duration = Field(
        5.0, ge=0.5, le=60, description="how often they are asked; besides after a failed poll"
    )
    timeout: Duration = Field(2.0, ge=0.1, le=10, description="how long to wait for an answer")


class PageSettings(Settings):
    """``[[pages]]``: some panels under a name."""

    name: str = Field(min_length=1, max_length=24, description="the page's name")
    panels: tuple[str, ...] = Field(
        min_length=1,
        max_length=10,
        description="its panels, in order: NAME, or NAME:SOURCE,SOURCE for these sources only",
    )


class StepSettings(Settings):
    """One step of a scale of the team's own."""

    name: str = Field(min_length=1, max_length=8, description="what it is called: SEV1, P0, red")
    meaning: str = Field("", description="what it means, in a sentence")
    examples: tuple[str, ...] = Field((), description="what has been this bad before")
    response: Duration | None = Field(None, description="time in which somebody must respond")
    cover: str = Field("", description="when it is covered: round the clock, business hours")
    told: tuple[str, ...] = Field((), description="who is told")
    first: tuple[str, ...] = Field((), description="what to do at once")


class SeveritySettings(Settings):
    """``[severity]``: the steps by which trouble is judged. OK, MAINTENANCE and CAN'T SEE are
    levels of every room, and no steps."""

    scale: Literal["sev", "p", "own"] = Field(
        "sev", description="SEV1 to SEV4, P0 to P3, or the steps written below"
    )
    steps: tuple[StepSettings, ...] = Field((), description="the team's own scale, worst first")


class RuleSettings(Settings):
    """``[[rules]]``: a figure, what it must be compared with, and for how long it must be so."""

    name: str = Field(min_length=1, max_length=60, description="what the level will be blamed on")
    signal: str = Field(description="SOURCE.FIGURE, such as api.latency_p95")
    levels: dict[str, Comparison] = Field(
        min_length=1, description='step of the scale to comparison: { SEV2 = "> 2000" }'
    )
    raise_after: HoldTime = Field(
        Hold(polls=2), description="bad polls in a row, or a duration, before the level is taken"
    )
    clear_after: HoldTime = Field(
        Hold(polls=2), description="good polls in a row, or a duration, before it is let go"
    )


class SourceSettings(Settings):
    """The options every source kind has; a kind's own model adds to them."""

    kind: str = Field(description="the kind of source")
    title: str = Field("", max_length=40, description="the name on the screen, if not the key's")
    interval: Duration = Field(5.0, ge=0.1, description="from the start of one poll to the next")
    on_request: StrictBool = Field(False, description="poll only when somebody asks for it")
    timeout: Duration | None = Field(
        None, description="total deadline of one poll; the interval, 10 s at most, if not given"
    )

    @field_validator("timeout")
    @classmethod
    def _patience(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is None or not {"interval", "on_request"} <= info.data.keys():
            return value
        requested = info.data["on_request"]
        most = ON_REQUEST_LIMIT if requested else max(10.0, 3 * info.data["interval"])
        if value > most:
            why = "" if requested else ", the longer of 10s and 3 intervals"
            raise ValueError(f"may be at most {written_duration(most)}{why}")
        return value

    @property
    def deadline(self) -> float:
        """Seconds one poll may take in all."""
        return self.timeout if self.timeout is not None else min(self.interval, 10.0)
