"""How the tests of the ``postgres`` source ask."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from tests.live.held import holding
from warroom.measure.postgres import PostgresSeen
from warroom.sources.base import Sample
from warroom.sources.postgres import PostgresSource

OPTIONS = ("clock", "masker", "network")


def watching(
    dsn: Any, folder: Path = Path("/"), *, timeout: str = "3s", **more: Any
) -> AbstractAsyncContextManager[PostgresSource]:
    """A source named ``db``, closed after the block."""
    options = {name: more.pop(name) for name in OPTIONS if name in more}
    table = {"timeout": timeout, **more}
    if dsn is not None:
        table["dsn"] = dsn
    return holding(PostgresSource, "db", table, folder=folder, **options)


def seen(sample: Sample) -> PostgresSeen:
    assert isinstance(sample.seen, PostgresSeen)
    return sample.seen
