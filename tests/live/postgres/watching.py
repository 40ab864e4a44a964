"""How the tests of the ``postgres`` source ask, and which figures they hold against what."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.postgres import PostgresSeen
from warroom.sources.base import Context, Sample
from warroom.sources.postgres import PostgresSettings, PostgresSource

Test = TypeVar("Test", bound=Callable[..., Any])


class Shifted(SystemClock):
    """The machine's clock, moved forward at will."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@contextlib.asynccontextmanager
async def watching(
    dsn: Any,
    folder: Path = Path("/"),
    *,
    clock: SystemClock | None = None,
    masker: Masker | None = None,
    network: Network | None = None,
    timeout: str = "3s",
    **settings: Any,
) -> AsyncIterator[PostgresSource]:
    """A source named ``db``, closed after the block."""
    table = {"kind": "postgres", "timeout": timeout, **settings}
    if dsn is not None:
        table["dsn"] = dsn
    context = Context(
        clock=clock or SystemClock(),
        folder=folder,
        mask=(masker or Masker()).add,
        network=network or Network(),
    )
    made = PostgresSettings.model_validate(table, context={"folder": str(folder)})
    source = PostgresSource("db", made, context)
    try:
        yield source
    finally:
        await source.close()


def seen(sample: Sample) -> PostgresSeen:
    assert isinstance(sample.seen, PostgresSeen)
    return sample.seen


def figures(sample: Sample) -> dict[str, float | None]:
    return {signal.name.removeprefix("db."): signal.value for signal in sample.signals}


def whose(sample: Sample, figure: str) -> str:
    return next(s.of for s in sample.signals if s.name == f"db.{figure}")


async def failure(source: PostgresSource) -> ProbeError:
    """The error of a poll that must get no answer."""
    try:
        found = await source.sample()
    except ProbeError as error:
        return error
    raise AssertionError(f"an answer came: {found}")


async def polled(
    source: PostgresSource, look: Callable[[Sample], bool], within: float = 10.0
) -> Sample:
    """Poll until ``look`` is true of a sample."""
    end = time.monotonic() + within
    while not look(sample := await source.sample()):
        assert time.monotonic() < end, (figures(sample), sample.seen)
        await asyncio.sleep(0.05)
    return sample


def truth(*names: str) -> Callable[[Test], Test]:
    """Marks a test that holds these figures against something it knows by other means."""

    def mark(test: Test) -> Test:
        test.shows = (*getattr(test, "shows", ()), *names)  # type: ignore[attr-defined]
        return test

    return mark
