"""How the tests of the ``pgbouncer`` source ask."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from tests.live.held import holding
from tests.live.pgbouncer.servers import USERS
from warroom.measure.postgres import PgbouncerSeen
from warroom.sources.base import Sample
from warroom.sources.pgbouncer import PgbouncerSource

OPTIONS = ("masker", "network")


def watching(
    dsn: str,
    tmp_path: Path,
    *,
    word: str | None = USERS["watch"],
    timeout: str = "2s",
    **more: Any,
) -> AbstractAsyncContextManager[PgbouncerSource]:
    """A source named ``pooler``, closed after the block; its password is ``word``."""
    options = {name: more.pop(name) for name in OPTIONS if name in more}
    table = {"dsn": dsn, "timeout": timeout, **more}
    if word is not None:
        file = tmp_path / "word"
        file.write_text(word)
        file.chmod(0o600)
        table["password"] = {"file": str(file)}
    return holding(PgbouncerSource, "pooler", table, folder=tmp_path, **options)


def seen(sample: Sample) -> PgbouncerSeen:
    assert isinstance(sample.seen, PgbouncerSeen)
    return sample.seen
