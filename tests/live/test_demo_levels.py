"""Each fault as the room shows it: a level, on the right source, in the right rule's words."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tests.live.demo_shop import own_temp
from tests.live.rooms import Follower, hello
from warroom.attach.room import room_paths
from warroom.attach.spawn import reach
from warroom.config.local import read_local
from warroom.demo import control
from warroom.demo.faults import KNOWN
from warroom.demo.production import Production
from warroom.measure.change import Change
from warroom.measure.command import CommandSeen
from warroom.measure.vendor import StatuspageSeen
from warroom.wire import SignalView, SourceView

pytestmark = pytest.mark.xdist_group("demo")  # one such demo at a time

STOP_ENGINE = (sys.executable, "-P", "-m", "warroom", "stop", "--force", "--config", "{config}")
RED_S = 30.0
CRAWLED_S = 90.0
"""The crawler fills the memory picture by picture."""
WELL_S = 60.0
"""What looks back looks back 20 s."""
MANY = 100
"""Repetitions from which on all of them are gone through: in `make faults`."""


@dataclass(frozen=True)
class Sign:
    """By what a fault is known: the source, its figure and that rule's name; no figure, the
    source's own words."""

    source: str
    words: str
    levels: frozenset[str]
    figure: str = ""

    def shows(self, room: Follower) -> bool:
        told = self._told(room)
        return told.level in self.levels and self.words in told.cause

    def well(self, room: Follower) -> bool:
        return self._told(room).level == "OK"

    def _told(self, room: Follower) -> SourceView | SignalView:
        view = room.sources[self.source]
        return (view.signal(self.figure) or view) if self.figure else view


def sign(where: str, words: str, *levels: str) -> Sign:
    source, _, figure = where.partition(".")
    return Sign(source, words, frozenset(levels), figure)


QUICK = {
    "error-rate": sign("shop.error_rate", "requests fail", "SEV3", "SEV2"),
    "certificate": sign("shop-tls.certificate_days", "certificate", "SEV2"),
    "rate-limit": sign("shop.rate_limited", "customers rate limited", "SEV2"),
    "stale-name": sign("name", "name is down", "SEV2"),
    "intruder": sign("shop.sign_ins_failed", "sign-ins fail", "SEV2"),
}
ALL = {
    "outage": sign("web", "down", "SEV1"),
    "queue-backlog": sign("redis.mail.depth", "redis: mails pile up", "SEV2"),
    "redis-down": sign("redis.unanswered", "redis: unanswered", "SEV1"),
    "slow": sign("web.latency_p95", "storefront slow", "SEV2"),
    "webhook": sign("checkout.payments_stuck", "payments stuck", "SEV2"),
    "pool-exhausted": sign("db.idle_in_transaction", "database: transactions sit open", "SEV2"),
    "mail": sign("worker", "worker is down", "SEV2"),
    "memory": sign("shop.memory", "memory short", "SEV2"),
    "slow-database": sign("db.longest_query", "database: a query runs long", "SEV3", "SEV2"),
    "bad-deploy": sign("shop.error_rate", "requests fail", "SEV2", "SEV3"),
    **QUICK,
}


@pytest.fixture(scope="module")
def demo() -> Iterator[Production]:
    with own_temp(), Production.start(on_stop=[STOP_ENGINE]) as production:
        yield production


@asynccontextmanager
async def watching(demo: Production) -> AsyncIterator[Follower]:
    """The demo's room as a console knows it."""
    async with await reach(room_paths(read_local(demo.config)), hello("watch")) as connection:
        yield Follower(connection)


def all_well(room: Follower) -> bool:
    return all(view.level == "OK" for view in room.sources.values())


async def switch(demo: Production, name: str, on: bool) -> None:
    await asyncio.to_thread(control.switch, demo.control, name, on)


async def seen(room: Follower, look: Callable[[Follower], bool], seconds: float, what: str) -> None:
    """Follow the room until it looks so."""
    try:
        await room.until(look, seconds)
    except TimeoutError:
        stand = [(view.name, view.level, view.cause) for view in room.sources.values()]
        raise AssertionError(f"{what}: not within {seconds:g} s; there stands {stand}") from None


async def each_in_turn(demo: Production, signs: dict[str, Sign]) -> None:
    """Switch each on, see its sign, switch it off; at the end all is well again."""
    async with watching(demo) as room:
        await seen(room, all_well, WELL_S, "well at first")
        for name, known in signs.items():
            await seen(room, known.well, WELL_S, f"well before {name}")
            await switch(demo, name, True)
            await seen(room, known.shows, CRAWLED_S if name == "memory" else RED_S, name)
            if name == "error-rate":
                paths = room.sources["shop"].signal("errors_by_path")
                assert paths is not None
                assert "/api/checkout" in paths.of
            await switch(demo, name, False)
        await seen(room, all_well, WELL_S, "well again")


@pytest.mark.faults
@pytest.mark.long
async def test_a_fault_is_a_level_in_its_rule_s_words_until_it_is_off(
    demo: Production, repetitions: int
) -> None:
    assert {*ALL, "cut-off"} == {fault.name for fault in KNOWN}
    await each_in_turn(demo, ALL if repetitions >= MANY else QUICK)


async def test_a_room_that_is_cut_off_says_so_and_calls_nothing_down(demo: Production) -> None:
    async with watching(demo) as room:
        await seen(room, all_well, WELL_S, "well at first")
        await switch(demo, "cut-off", True)
        await seen(room, lambda r: bool(r.room and r.room.cut_off), RED_S, "cut off")
        levels = {view.level for view in room.sources.values() if view.name != "test-mail"}
        await switch(demo, "cut-off", False)
        assert levels == {"CAN'T SEE"}
        await seen(room, all_well, WELL_S, "well again")


NAMES = {
    "certificate": (sign("front", "front is down: certificate expired", "SEV2"),),
    "stale-name": (
        sign("name", "answers 127.0.0.99, not 127.0.0.1", "SEV2"),
        sign("name.agree", "resolvers differ", "SEV3"),
    ),
}
"""What the sources of the shop's name and certificate say themselves."""


@pytest.mark.long
async def test_a_name_and_a_certificate_say_what_is_wrong_with_them(demo: Production) -> None:
    async with watching(demo) as room:
        await seen(room, all_well, WELL_S, "well at first")
        for name, signs in NAMES.items():
            await switch(demo, name, True)
            for known in signs:
                await seen(room, known.shows, RED_S, name)
            await switch(demo, name, False)
            await seen(room, all_well, WELL_S, f"well after {name}")
        changes = [change.kind for change in changes_of(room, "name") + changes_of(room, "front")]
        assert {"answers", "certificate"} == {*changes}


def changes_of(room: Follower, name: str) -> tuple[Change, ...]:
    snapshot = room.sources[name].snapshot
    assert snapshot is not None
    assert snapshot.seen is not None
    return snapshot.seen.changes


@pytest.mark.long
async def test_the_providers_own_pages_tell_whose_trouble_it_is(demo: Production) -> None:
    """The mail server refuses an old password: ours to mend. The payments provider signs with
    a secret that nobody knows: its own trouble, by its own words, until it is over."""
    own = sign("payments-provider", "Webhooks: partial outage", "SEV3")
    async with watching(demo) as room:
        await seen(room, all_well, WELL_S, "well at first")
        await switch(demo, "mail", True)
        await seen(room, ALL["mail"].shows, RED_S, "mail")
        await switch(demo, "webhook", True)
        await seen(room, own.shows, RED_S, "the provider's page")
        told = room.sources["payments-provider"].snapshot
        assert told is not None
        assert isinstance(told.seen, StatuspageSeen)
        assert [each.name for each in told.seen.incidents] == ["Webhook deliveries are refused"]
        assert room.sources["mail-provider"].level == "OK"
        await switch(demo, "webhook", False)
        await switch(demo, "mail", False)
        await seen(room, all_well, WELL_S, "well again")


async def test_a_bad_deployment_is_told_of_and_so_is_its_way_back(demo: Production) -> None:
    def told(room: Follower) -> list[str]:
        snapshot = room.sources["releases"].snapshot
        seen = snapshot.seen if snapshot is not None else None
        assert seen is None or all(change.kind == "deployment" for change in seen.changes)
        return [change.what for change in seen.changes] if seen is not None else []

    async with watching(demo) as room:
        await seen(room, all_well, WELL_S, "well at first")
        before = len(told(room))
        await switch(demo, "bad-deploy", True)
        await seen(room, lambda r: told(r)[before:] == ["deploy 1.43.0"], RED_S, "deployed")
        await switch(demo, "bad-deploy", False)
        both = ["deploy 1.43.0", "deploy 1.42.0"]
        await seen(room, lambda r: told(r)[before:] == both, RED_S, "rolled back")
        found = room.sources["releases"].snapshot
        assert found is not None
        assert isinstance(found.seen, CommandSeen)
        assert [(i.title, i.state, i.by) for i in found.seen.items[:2]] == [
            ("1.42.0", "rolled back", "on-call"),
            ("1.43.0", "deployed", "ci"),
        ]
