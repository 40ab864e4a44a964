"""A source of its own for a test, of whatever kind, and how it is asked."""

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
from warroom.sources.base import Context, Sample, Source

S = TypeVar("S", bound=Source)
Test = TypeVar("Test", bound=Callable[..., Any])


class Shifted(SystemClock):
    """The machine's clock, moved forward at will."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@contextlib.asynccontextmanager
async def holding(
    kind: type[S],
    name: str,
    table: dict[str, Any],
    *,
    folder: Path = Path("/"),
    clock: Any = None,
    masker: Masker | None = None,
    network: Network | None = None,
) -> AsyncIterator[S]:
    """A source of this kind, closed after the block; ``table`` is ``[sources.NAME]``."""
    context = Context(
        clock=clock or SystemClock(),
        folder=folder,
        mask=(masker or Masker()).add,
        network=network or Network(),
    )
    whole = {"kind": kind.kind, **table}
    settings = kind.Settings.model_validate(whole, context={"folder": str(folder)})
    source = kind(name, settings, context)
    try:
        yield source
    finally:
        await source.close()


def figures(sample: Sample) -> dict[str, float | None]:
    """By their names without the source's."""
    return {signal.name.partition(".")[2]: signal.value for signal in sample.signals}


def whose(sample: Sample, figure: str) -> str:
    return next(s.of for s in sample.signals if s.name.partition(".")[2] == figure)


async def failure(source: Source) -> ProbeError:
    """The error of a poll that must get no answer."""
    try:
        found = await source.sample()
    except ProbeError as error:
        return error
    raise AssertionError(f"an answer came: {found}")


def known_after(source: Source, error: ProbeError) -> dict[str, float]:
    """The figures that are known although a poll failed, by name."""
    told = source.after_failure(error)
    return {s.name.partition(".")[2]: s.value for s in told if s.value is not None}


async def polled(source: Source, look: Callable[[Sample], bool], within: float = 10.0) -> Sample:
    """Poll until ``look`` is true of a sample."""
    end = time.monotonic() + within
    while not look(sample := await source.sample()):
        assert time.monotonic() < end, (figures(sample), sample.seen)
        await asyncio.sleep(0.02)
    return sample


async def answered(source: Source, look: Callable[[Sample], bool], within: float = 15.0) -> Sample:
    """As ``polled``; polls that get no answer are no trouble meanwhile."""
    end = time.monotonic() + within
    found: Sample | ProbeError
    while True:
        try:
            found = await source.sample()
        except ProbeError as error:
            found = error
        if isinstance(found, Sample) and look(found):
            return found
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)


def truth(*names: str) -> Callable[[Test], Test]:
    """Marks a test that holds these figures against something it knows by other means."""

    def mark(test: Test) -> Test:
        test.shows = (*getattr(test, "shows", ()), *names)  # type: ignore[attr-defined]
        return test

    return mark
