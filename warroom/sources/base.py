"""What a source must offer to be polled; the door strangers come in by, too.

A source is a class found under the entry-point group ``warroom.sources``. The engine makes
one object for each ``[sources.NAME]`` of its kind, awaits ``sample()`` once per interval,
never twice at a time, and cancels it at the deadline. What ``sample`` raises becomes
CAN'T SEE with the error's words.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.config.settings import SourceSettings
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Seen, Signal
from warroom.severity import Scale


@dataclass(frozen=True)
class Sample:
    """What one poll saw.

    ``signals`` are named with the source's name in front (``api.latency``). ``retry_after``
    is how many seconds the system asked to be left alone.
    """

    seen: Seen
    signals: tuple[Signal, ...] = ()
    retry_after: float | None = None


@dataclass(frozen=True)
class Context:
    """What the engine lends its sources; make one and hand it to all of them.

    ``folder`` is where relative paths of the configuration start. ``mask`` registers a
    revealed secret with whatever writes logs, so that it never gets into one. ``network``
    is shared: name look-ups in flight and loaded certificate authorities.
    """

    clock: Clock
    folder: Path
    mask: Callable[[Secret], None]
    network: Network = field(default_factory=Network)


class Source(ABC):
    """One watched system."""

    kind: ClassVar[str]
    """What ``kind =`` says in the configuration."""
    Settings: ClassVar[type[SourceSettings]]
    """The options of ``[sources.NAME]``; a strict pydantic model."""

    panels: ClassVar[tuple[str, ...]] = ()
    """The panels that ``warroom init`` puts on the first page for it."""

    meanings: ClassVar[Mapping[str, str]] = {}
    """What each figure means, in a line (its name without the source's): for the reference.
    ``<queue>`` in a name stands for whatever the configuration calls it: ``<queue>.depth``."""

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        self.name = name
        self.context = context

    @abstractmethod
    async def sample(self) -> Sample:
        """Ask the system once. Raises ``ProbeError`` when it could not be asked.

        Must leave nothing running when cancelled."""

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        """What is known although ``sample`` just failed with ``error``; fed to the rules.

        The engine calls it once for every poll that ended in a failure (its own backstop
        deadline included, as phase ``deadline``), and keeps what it returns in the failed
        snapshot's ``signals``: how many polls in a row got no answer, say. It must neither
        wait nor raise. A signal left out, or None, neither raises nor clears a rule."""
        return ()

    def look_again(self) -> float | None:
        """How many seconds from now it must be asked again before it can be judged at all:
        a rate needs two scrapes. None when the one sample says everything. Only asked where
        nobody polls on, by ``warroom check``."""
        return None

    async def inspect(self, key: str) -> str:
        """More of one thing it has seen, by its key in the snapshot (``session:4711:…``): what
        a person asks for and no poll reads. Several lines of text. Raises ProbeError.

        May run beside ``sample``, is cancelled at the deadline, and must leave nothing
        running then."""
        raise ProbeError("set-up", f"a {self.kind} source has nothing more to tell of this")

    async def close(self) -> None:  # noqa: B027 - not every source holds something
        """Let go of connections; at most a second."""

    @classmethod
    @abstractmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        """Every signal it will give, with its unit: rules are checked against these names.

        The first one is the trend a panel draws."""

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        """Rules that hold without being written down."""
        return ()
