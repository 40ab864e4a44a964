"""Whether this is the environment it is called: by what the sources say of themselves."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from warroom.config.settings import IdentitySettings
from warroom.engine.actions.identity import proven
from warroom.measure.postgres import Identity, PostgresSeen
from warroom.measure.redis import RedisSeen, RedisServer
from warroom.measure.snapshot import GenericSeen, Seen, Snapshot
from warroom.severity import UNSEEN
from warroom.wire import RoomView, SourceView

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ROOM = RoomView(name="shop", environment="production")
DB = PostgresSeen(identity=Identity(database="shop", user="m", system_identifier="73"))
CACHE = RedisSeen(server=RedisServer(run_id="abc"))


def view(name: str, seen: Seen | None, state: str = "UP") -> SourceView:
    snapshot = None if seen is None else Snapshot(taken_at=NOON, took=0.1, seen=seen)
    return SourceView(
        name=name,
        title=name,
        kind="k",
        interval=1.0,
        state=state,  # type: ignore[arg-type]
        snapshot=snapshot,
    )


def wants(source: str, **what: str) -> IdentitySettings:
    return IdentitySettings.model_validate({"source": source, **what})


ALL = (view("db", DB), view("cache", CACHE), view("api", GenericSeen(environment="production")))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ((), "configured, not proven"),
        ((wants("db", database="shop"),), "proven by db"),
        ((wants("db", database="shop", system_identifier="73"),), "proven by db"),
        ((wants("cache", run_id="abc"), wants("db", database="shop")), "proven by cache, db"),
        ((wants("api", environment="production"),), "proven by api"),
    ],
)
def test_what_the_sources_say_proves_it(wanted: tuple[IdentitySettings, ...], words: str) -> None:
    found = proven(ROOM, ALL, wanted)
    assert found.words.startswith(words)
    assert found.blocked == ""


@pytest.mark.trap(
    16,
    "a connection that says another environment, database or server",
    "acting is blocked, and why is said",
)
@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (wants("db", database="shop_staging"), "its database is shop, it should be shop_staging"),
        (wants("db", system_identifier="74"), "its system_identifier is 73, it should be 74"),
        (wants("cache", run_id="abd"), "its run_id is abc, it should be abd"),
        (wants("api", environment="staging"), "its environment is production"),
    ],
)
def test_a_mismatch_blocks_and_says_why(wanted: IdentitySettings, said: str) -> None:
    found = proven(ROOM, ALL, (wants("db", database="shop"), wanted))
    assert found.words == "MISMATCH"
    assert said in found.blocked


def test_an_environment_that_says_another_name_blocks_whatever_else_is_proven() -> None:
    room = replace(ROOM, proof="mismatch", environment_seen="staging")
    found = proven(room, ALL, (wants("db", database="shop"),))
    assert "it is called production, a source says it is staging" in found.blocked


@pytest.mark.parametrize("gone", [view("db", DB, UNSEEN), view("db", None), None])
def test_what_cannot_be_seen_proves_nothing_and_blocks_nothing(gone: SourceView | None) -> None:
    """In an outage the database is what is down: it must be possible to start it again."""
    sources = [ALL[1], *([gone] if gone is not None else [])]
    wanted = (wants("db", database="other"), wants("cache", run_id="abc"))
    found = proven(ROOM, sources, wanted)
    assert found.words == "proven by cache; not by db, which cannot be seen"
    assert found.blocked == ""
    assert proven(ROOM, sources, wanted[:1]).words.startswith("configured")


def test_an_identifier_that_may_not_be_read_proves_nothing() -> None:
    shy = PostgresSeen(identity=Identity(database="shop", user="m"))
    found = proven(ROOM, [view("db", shy)], (wants("db", system_identifier="73"),))
    assert (found.words, found.blocked) == ("configured, not proven by any connection now", "")
