"""How the tests of the prometheus source scrape: pages to serve, and what came of them."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from tests.live.bad_server import BadServer, answer
from tests.live.held import holding
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.snapshot import PrometheusSeen
from warroom.sources.base import Sample
from warroom.sources.prometheus import PrometheusSource

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
DEPTH = {"depth": {"gauge": "depth"}}


@contextlib.asynccontextmanager
async def scraping(
    url: str = "",
    *,
    figures: dict[str, Any] = DEPTH,
    network: Network | None = None,
    masker: Masker | None = None,
    clock: Any = None,
    timeout: str = "2s",
    **settings: Any,
) -> AsyncIterator[PrometheusSource]:
    """A source named ``app``, closed after the block."""
    table = {"figures": figures, "timeout": timeout, **settings}
    if url:
        table["url"] = url
    options = {"network": network, "masker": masker, "clock": clock}
    async with holding(PrometheusSource, "app", table, **options) as source:
        yield source


async def once(url: str = "", **settings: Any) -> Sample:
    async with scraping(url, **settings) as source:
        return await source.sample()


async def failure(url: str = "", **settings: Any) -> ProbeError:
    """The error of a poll that must come to nothing."""
    try:
        found = await once(url, **settings)
    except ProbeError as error:
        return error
    raise AssertionError(f"an answer came: {found}")


def seen(sample: Sample) -> PrometheusSeen:
    assert isinstance(sample.seen, PrometheusSeen)
    return sample.seen


def value(sample: Sample, figure: str) -> float | None:
    return next(s.value for s in sample.signals if s.name == f"app.{figure}")


def page(server: BadServer, body: str | bytes, *headers: tuple[str, str], **how: Any) -> str:
    """Let ``server`` show a metrics page; its URL."""
    data = body.encode() if isinstance(body, str) else body
    kind = how.pop("kind", TEXT)
    status = how.pop("status", 200)
    return server.says("/metrics", answer(data, *headers, kind=kind, status=status), **how)
