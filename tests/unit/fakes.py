"""A clock that stands still until it is told, and configurations to judge by."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from warroom.config.receivers_settings import MessageSettings
from warroom.config.settings import RoomSettings, SourceSettings
from warroom.config.sharing import ShareSettings
from warroom.engine.poll import Poll
from warroom.incident.built_in import built_in
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule
from warroom.measure.snapshot import Failure, GenericSeen, HttpSeen, Phases, Signal, Window
from warroom.severity import SEV


class FakeClock:
    """Time as a test says it is."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.ticks = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds

    def step(self, seconds: float) -> None:
        """Somebody set the machine's clock."""
        self.wall += timedelta(seconds=seconds)


def settings(**values: Any) -> SourceSettings:
    return SourceSettings(**{"kind": "trick", "interval": "5s", **values})


def rule(
    name: str = "api slow",
    signal: str = "api.latency_p95",
    polls: int = 2,
    seconds: float = 0.0,
    **levels: str,
) -> Rule:
    pairs = tuple((level, Threshold.parse(text)) for level, text in levels.items())
    hold = Hold(polls=polls, seconds=seconds)
    return Rule(name=name, signal=signal, levels=pairs, raise_after=hold, clear_after=hold)


def config(*rules: Rule, environment: str = "production", **sources: SourceSettings) -> Any:
    """As much of a ``Config`` as the board asks for."""
    return SimpleNamespace(
        path=Path("/etc/room.toml"),
        room=RoomSettings(name="shop", environment=environment),
        scale=SEV,
        vantage=None,
        sources=sources,
        rules=rules,
        procedures=built_in(SEV),
        messages=MessageSettings.model_validate({}),
        receivers={},
        actions={},
        checks={},
        playbooks=(),
        clear=(),
        share=ShareSettings(),
    )


def seen(
    clock: FakeClock,
    *signals: Signal,
    took: float = 0.05,
    retry_after: float | None = None,
    **values: Any,
) -> Poll:
    return Poll(
        taken_at=clock.now(),
        took=took,
        seen=GenericSeen(**values),
        signals=signals,
        retry_after=retry_after,
    )


def answered(clock: FakeClock, environment: str) -> Poll:
    probe = HttpSeen(
        url="http://x/",
        method="GET",
        status=200,
        phases=Phases(),
        window=Window(),
        environment=environment,
    )
    return Poll(taken_at=clock.now(), took=0.05, seen=probe)


def failed(clock: FakeClock, reason: str = "refused", *signals: Signal) -> Poll:
    failure = Failure("connect", reason)
    return Poll(taken_at=clock.now(), took=0.01, failure=failure, signals=signals)
