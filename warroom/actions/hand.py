"""The door of every kind of action: a plan that is frozen, and run once.

Nothing is tried again here. Until ``Stage.begins`` was awaited nothing has left; from then on,
whatever goes wrong, only the result itself says what came of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.config.settings import SourceSettings
from warroom.connect.network import Network
from warroom.connect.output import Output
from warroom.incident.acting.kinds import OutcomeWord
from warroom.incident.acting.plan import PlanStep


class Live(NamedTuple):
    """What a source shows now that can be chosen: ``key`` tells it from the others, ``words`` is
    how a person knows it. ``of`` is what it is compared with right before the run: of deployments
    the newest one; empty where nothing is. ``title`` is what it is called in its system."""

    key: str
    words: str
    of: str = ""
    title: str = ""


@dataclass(frozen=True)
class Tools:
    """What the kinds share. ``mask`` registers a secret that was revealed, ``masked`` takes all of
    them out of a text. ``settings`` gives a source's, ``live`` what it shows now (None: it cannot
    be seen), ``age`` for how many seconds it has, ``identity`` what it must say of itself."""

    network: Network
    folder: Path
    mask: Callable[[Secret], None]
    masked: Callable[[str], str]
    clock: Clock
    settings: Callable[[str], SourceSettings]
    live: Callable[[str], tuple[Live, ...] | None]
    age: Callable[[str], float | None]
    identity: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What came of a run, from its own result. ``touched`` counts what was changed, None where
    that is not known; ``refused`` names what was left alone since it was another one by then."""

    outcome: OutcomeWord
    text: str = ""
    touched: int | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """Where a run plays: its output, its last word before the first byte, and the person who does
    by hand what is to be done by hand (true: it is done)."""

    output: Output
    begins: Callable[[], Awaitable[None]]
    by_hand: Callable[[str], Awaitable[bool]]


class Work(Protocol):
    """One step, planned and frozen. ``step`` tells all of it."""

    @property
    def step(self) -> PlanStep: ...

    async def check(self) -> None:
        """Right before it runs: is it still what was shown? Raises ``ActionError``."""

    async def run(self, stage: Stage) -> Result:
        """Do it, once. When it is cancelled nothing of it is left running."""

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        """What is known of its effect after it was cancelled in the middle."""


class Hand(Protocol):
    """One configured action's kind."""

    async def plan(self, values: Mapping[str, str]) -> Work:
        """What it would do now with these values, which were checked. Raises ``ActionError``."""
