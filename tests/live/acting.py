"""Actions on real servers by their public door: planned, checked, run with a real stage."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from warroom.actions.hand import Hand, Result, Stage, Tools, Work
from warroom.actions.making import make_hands
from warroom.clock import SystemClock
from warroom.config.actions_facts import action_views
from warroom.config.actions_settings import KINDS
from warroom.connect.network import Network
from warroom.connect.output import Output
from warroom.sources.postgres import PostgresSource
from warroom.sources.redis import RedisSource

FOLDER = Path("/")
LONGEST = 15.0
"""Seconds after which a run hangs: none here may take so long."""
KIND_OF = {"sql": PostgresSource, "redis": RedisSource}


def hand(source: Mapping[str, Any], action: Mapping[str, Any], **identity: str) -> Hand:
    """The hand of an action with this table; ``source`` is the table of its source ``it``, and
    ``identity`` what ``expect_identity`` says of that."""
    context = {"folder": str(FOLDER)}
    table = {"title": "Act", "source": "it", **action}
    kind = KIND_OF[table["kind"]]
    settings = kind.Settings.model_validate({"kind": kind.kind, **source}, context=context)
    made = KINDS[table["kind"]].model_validate(table, context=context)
    tools = Tools(
        network=Network(),
        folder=FOLDER,
        mask=lambda secret: None,
        masked=str,
        clock=SystemClock(),
        settings=lambda name: settings,
        live=lambda name: None,
        age=lambda name: None,
        identity={"it": identity} if identity else {},
    )
    views = {view.name: view for view in action_views({"act": made}, {"it": kind.kind})}
    return make_hands({"act": made}, views, tools)["act"]


class Play:
    """A stage, and what was said on it. ``meddle`` happens at the last moment before anything
    leaves."""

    def __init__(self, meddle: Callable[[], Awaitable[object]] | None = None) -> None:
        self.output = Output(str, lambda: None)
        self.began = 0
        self._meddle = meddle

    async def run(self, work: Work) -> Result:
        async with asyncio.timeout(LONGEST):
            await work.check()
            return await work.run(Stage(self.output, self._begins, self._by_hand))

    async def _begins(self) -> None:
        self.began += 1
        if self._meddle is not None:
            await self._meddle()

    async def _by_hand(self, words: str) -> bool:
        raise AssertionError(words)


async def played(work: Work, meddle: Callable[[], Awaitable[object]] | None = None) -> Result:
    """What came of it."""
    return await Play(meddle).run(work)
