"""How the tests of the ``pgbouncer`` source ask."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.live.pgbouncer.servers import USERS
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.postgres import PgbouncerSeen
from warroom.sources.base import Context, Sample
from warroom.sources.pgbouncer import PgbouncerSettings, PgbouncerSource

Test = TypeVar("Test", bound=Callable[..., Any])


@contextlib.asynccontextmanager
async def watching(
    dsn: str,
    tmp_path: Path,
    *,
    word: str | None = USERS["watch"],
    network: Network | None = None,
    masker: Masker | None = None,
    timeout: str = "2s",
    **settings: Any,
) -> AsyncIterator[PgbouncerSource]:
    """A source named ``pooler``, closed after the block; its password is ``word``."""
    table = {"kind": "pgbouncer", "dsn": dsn, "timeout": timeout, **settings}
    if word is not None:
        file = tmp_path / "word"
        file.write_text(word)
        file.chmod(0o600)
        table["password"] = {"file": str(file)}
    context = Context(
        clock=SystemClock(),
        folder=tmp_path,
        mask=(masker or Masker()).add,
        network=network or Network(),
    )
    source = PgbouncerSource("pooler", PgbouncerSettings.model_validate(table), context)
    try:
        yield source
    finally:
        await source.close()


async def failure(source: PgbouncerSource) -> ProbeError:
    """The error of a poll that must get no answer."""
    try:
        found = await source.sample()
    except ProbeError as error:
        return error
    raise AssertionError(f"an answer came: {found}")


def seen(sample: Sample) -> PgbouncerSeen:
    assert isinstance(sample.seen, PgbouncerSeen)
    return sample.seen


def figures(sample: Sample) -> dict[str, float | None]:
    return {signal.name.removeprefix("pooler."): signal.value for signal in sample.signals}


def whose(sample: Sample, figure: str) -> str:
    return next(s.of for s in sample.signals if s.name == f"pooler.{figure}")


async def polled(
    source: PgbouncerSource, look: Callable[[Sample], bool], within: float = 5.0
) -> Sample:
    """Poll until ``look`` is true of a sample."""
    end = time.monotonic() + within
    while not look(sample := await source.sample()):
        assert time.monotonic() < end, figures(sample)
        await asyncio.sleep(0.01)
    return sample


def truth(*names: str) -> Callable[[Test], Test]:
    """Marks a test that holds these figures against something it knows by other means."""

    def mark(test: Test) -> Test:
        test.shows = (*getattr(test, "shows", ()), *names)  # type: ignore[attr-defined]
        return test

    return mark
