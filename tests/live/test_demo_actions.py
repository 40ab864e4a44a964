"""The demo's actions, each seen to come to its outcome and to a verdict by a real cause.

    H HELPED, N NO EFFECT, F FAILED, U UNKNOWN or TIMED OUT; . not seen here; - no `expect`,
    for no signal says it: a release, a switch's way back, and a cache do what they do

    rollback             H . F U    deploy               - - F U    redeploy             - - F U
    scale_workers        H N F U    restart_web          H N F U    restart_worker       H N F U
    restart_postgres     H N F U    restart_redis        H N F U    restart_warehouse    H . F U
    renew_certificate    H N F U    renew_webhook        H N F U    renew_mail           H N F U
    restore_dns          H N F U    maintenance_on       H N F U    maintenance_off      H . F U
    flag_off             H . F U    flag_on              - - F U    read_only_on         H N F U
    read_only_off        H . F U    rate_limit_on        H N F U    rate_limit_off       - - F U
    block_address        H N F U    unblock_address      - - F U    block_agent          H N F U
    unblock_agent        - - F U    invalidate_sessions  H N F U    kill_slow            H . F U
    terminate_session    H . F U    cancel_query         H . F U    mend_prices          H N F U
    clear_stuck          H N F U    retry_failed         H . F U    flush_queue          H . F U
    unflush_queue        H . F U    flush_cache          - - F U    pictures_off         H N F U

A quick form of it is in every run and in `make faults`, all of it in `make acts`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import msgspec
import pytest

from tests.live.demo_actions import WEB, Desk, Scene, acted_on, desk_of
from tests.live.test_demo_levels import ALL, CRAWLED_S, MANY, RED_S, sign
from warroom.demo.outside.address import INTRUDER
from warroom.demo.shop.store import FAILED, Job
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.faults]  # one such demo at a time

MOVED = re.compile(r"\S+ (\S.*?) → (\S.*?) within \d+ s")
CAMPAIGN = "jobs:mail"


@pytest.fixture(scope="module")
def running() -> Iterator[Scene]:
    with acted_on() as found:
        yield found


@pytest.fixture
def scene(running: Scene) -> Iterator[Scene]:
    """Of the shared demo; whatever a test that failed has left is taken back."""
    yield running
    running.shop.all_off()
    running.operator.undo()


@dataclass(frozen=True)
class Mend:
    """A fault, and the action that mends it; `signal` is the one that must be seen to move."""

    fault: str
    action: str
    signal: str
    values: dict[str, str] = field(default_factory=dict)


QUICK = (
    Mend("certificate", "renew_certificate", "shop-tls.certificate_days"),
    Mend("slow-database", "kill_slow", "db.", {"seconds": "3"}),
    Mend("rate-limit", "block_agent", "shop.", {"agent": "price-robot"}),
    Mend("queue-backlog", "scale_workers", "redis.mail.finishing"),
)
TOGETHER: tuple[tuple[Mend, ...], ...] = (
    QUICK,
    (
        Mend("stale-name", "restore_dns", "name.agree"),
        Mend("mail", "renew_mail", ""),
        Mend("webhook", "renew_webhook", "checkout.payments_stuck"),
        Mend("memory", "pictures_off", "shop.memory"),
        Mend("intruder", "block_address", "shop.", {"address": INTRUDER}),
        Mend("slow", "flag_off", "shop.latency_p95", {"flag": "stock"}),
        Mend("error-rate", "mend_prices", "shop.error_rate"),
    ),
    (
        Mend("pool-exhausted", "flag_off", "shop.", {"flag": "export"}),
        Mend("queue-backlog", "restart_worker", "redis.mail.finishing"),
        Mend("rate-limit", "rate_limit_on", "shop.checkouts_limited"),
    ),
    (Mend("memory", "restart_web", "shop.memory"),),
    (Mend("bad-deploy", "rollback", "shop."),),
    (Mend("outage", "restart_postgres", ""),),
    (Mend("redis-down", "restart_redis", ""),),
)
"""What is mended together, for it does not disturb one another; in the end all is well."""

SEEN = {"outage": sign("db.unanswered", "database: unanswered", "SEV1")}
"""What is acted upon where it is not the first sign."""
SETTLES = 3
"""Polls of the shop after the first sign: its latency follows what is the matter with it."""


async def helped(desk: Desk, run: RunView, moved: str) -> None:
    """The signals say so, with figures that differ."""
    run = await desk.judged(run)
    assert run.verdict == "HELPED", (run.action, run.verdict_text)
    assert run.verdict_text.startswith(moved), run.verdict_text
    figures = MOVED.match(run.verdict_text)
    assert figures is not None, run.verdict_text
    assert figures[1] != figures[2], run.verdict_text


async def mended(scene: Scene, desk: Desk, mend: Mend) -> None:
    """Red, acted upon, helped; taken back where there is a way back, and the fault is over."""
    await scene.switch(mend.fault, True)
    limit = CRAWLED_S if mend.fault == "memory" else RED_S
    await desk.until(SEEN.get(mend.fault, ALL[mend.fault]).shows, limit, mend.fault)
    await desk.until(lambda now: pictured(now, mend.signal), RED_S, "readings before it")
    if mend.signal.startswith("shop."):
        polls = desk.sources["shop"].polls + SETTLES
        await desk.until(lambda now: now.sources["shop"].polls >= polls, RED_S, "it settles")
    run = await desk.run(mend.action, **mend.values)
    assert run.outcome == "succeeded", (run.action, run.text)
    await helped(desk, run, mend.signal)
    if run.undo:
        if mend.action != "rollback":
            assert named(mend, desk.on)
        await desk.undone(run)
        await desk.until(lambda now: not named(mend, now.on), what="still on")
        if mend.action == "rollback":
            assert scene.operator.state()["version"] == "1.43.0"
    await scene.switch(mend.fault, False)
    if mend.fault == "queue-backlog":
        scene.operator.redis.delete(CAMPAIGN)  # it has been seen: nobody need send it


def pictured(desk: Desk, signal: str) -> bool:
    """Whether there are readings enough for a picture of before; of a figure that is named."""
    source, _, figure = signal.partition(".")
    if not figure:
        return True
    found = desk.sources[source].signal(figure)
    return found is not None and sum(value is not None for value in found.trend) >= 4


def nothing(desk: Desk, signal: str) -> bool:
    """Whether the newest four readings of a figure say that there is none of it."""
    source, _, figure = signal.partition(".")
    found = desk.sources[source].signal(figure)
    return found is not None and list(found.trend[-4:]) == [0, 0, 0, 0]


def not_falling(desk: Desk, signal: str) -> bool:
    """Whether the newest of four readings of a figure is the most, and there is some of it."""
    source, _, figure = signal.partition(".")
    found = desk.sources[source].signal(figure)
    newest = [value or 0 for value in found.trend[-4:]] if found is not None else []
    return len(newest) == 4 and newest[-1] == max(newest) > 0


def named(mend: Mend, on: tuple[str, ...]) -> list[str]:
    """What of this action is still on."""
    own = {"scale_workers": "workers", "rate_limit_on": "rate limit", "pictures_off": "pictures"}
    words = (*mend.values.values(), own.get(mend.action, "no such"))
    return [name for name in on if any(word in name for word in words)]


@pytest.mark.long
async def test_an_action_mends_a_fault_and_the_signals_say_so(
    scene: Scene, repetitions: int
) -> None:
    async with desk_of(scene) as desk:
        await desk.well()
        groups = TOGETHER if repetitions >= MANY else TOGETHER[:1]
        for group in groups:
            await asyncio.gather(*(mended(scene, desk, mend) for mend in group))
            await desk.until(lambda now: not now.on, what="still on")
            await desk.well()
        if repetitions >= MANY:
            everything = {mend.fault for group in groups for mend in group}
            assert everything == set(ALL)


SESSIONS = ("kill_slow", "terminate_session", "cancel_query")
QUEUE = ("flush_queue", "unflush_queue", "retry_failed", "clear_stuck")
VALUES = {
    "scale_workers": {"workers": "2"},
    "flag_off": {"flag": "export"},
    "flag_on": {"flag": "export"},
    "block_address": {"address": "192.0.2.1"},
    "unblock_address": {"address": "192.0.2.1"},
    "block_agent": {"agent": "price-robot"},
    "unblock_agent": {"agent": "price-robot"},
    "kill_slow": {"seconds": "1"},
}


def of_kind(
    scene: Scene, desk: Desk, kind: str, *, every: bool, some: tuple[str, ...]
) -> list[str]:
    """The actions of a kind; `redeploy` only when there is something that was replaced."""
    names = [name for name, its in scene.kinds.items() if its == kind]
    if not desk.row("releases", "1.43.0"):
        names = [name for name in names if name != "redeploy"]
    return names if every else [name for name in names if name in some]


def values_of(desk: Desk, name: str) -> dict[str, str]:
    """`deploy` is asked for what is live already: nothing else is put in place."""
    return {"version": desk.row("releases", "1.42.0")} if name == "deploy" else VALUES.get(name, {})


async def outcomes(
    desk: Desk, names: Sequence[str], amid: AbstractContextManager[None] | None = None
) -> dict[str, RunView]:
    """Each once, all at the same time; by name. `amid` begins when all have been shown."""
    plans = await asyncio.gather(*(desk.plan(name, **values_of(desk, name)) for name in names))

    async def confirmed(plan: Plan) -> RunView:
        return await desk.ended(await desk.begun(plan))

    with amid or nullcontext():
        runs = await asyncio.gather(*map(confirmed, plans))
    return {run.action: run for run in runs}


def said(run: RunView) -> str:
    return "\n".join((run.text, *run.head, *run.tail, *run.refused))


def jobs(count: int) -> list[bytes]:
    return [msgspec.json.encode(Job(n, f"customer{n}@shop.example")) for n in range(1, count + 1)]


@asynccontextmanager
async def full_queue(scene: Scene, desk: Desk) -> AsyncIterator[None]:
    """Something waits, something has failed, something was flushed, and no worker takes it."""
    redis = scene.operator.redis
    with scene.stopped(*scene.operator.pids("warroom.demo.shop.worker")):
        redis.rpush(CAMPAIGN, *jobs(5))
        flushed = await desk.run("flush_queue")
        assert flushed.outcome == "succeeded", flushed.text
        redis.rpush(CAMPAIGN, *jobs(5))
        redis.rpush(FAILED, *jobs(3))
        try:
            yield
        finally:
            redis.delete(CAMPAIGN, FAILED)


@asynccontextmanager
async def asleep(
    scene: Scene, desk: Desk, *, superuser: bool = False
) -> AsyncIterator[tuple[int, str]]:
    """A session that is seen to sleep: its pid, and its key."""
    async with scene.sleeping(superuser=superuser) as pid:
        await desk.until(lambda now: now.row("db", f"pid={pid},"), what="the session")
        # A figure that climbs by a second strays by one: it is to be more than three of them.
        await desk.until(lambda now: min(seconds_asleep(now), default=0) > 4, RED_S, "it sleeps")
        yield pid, desk.row("db", f"pid={pid},")


def seconds_asleep(desk: Desk) -> list[float]:
    """The newest three readings of the longest query."""
    found = desk.sources["db"].signal("longest_query")
    return [value or 0 for value in found.trend[-3:]] if found is not None else []


async def told_off(desk: Desk, name: str, session: str) -> str:
    """One of the actions on sessions, begun; the run's name."""
    values = VALUES[name] if name == "kill_slow" else {"session": session}
    return await desk.begun(await desk.plan(name, **values))


# failed ---------------------------------------------------------------------------------


@pytest.mark.long
async def test_what_is_refused_has_failed_and_says_why(scene: Scene, repetitions: int) -> None:
    every = repetitions >= MANY
    async with desk_of(scene) as desk:
        await desk.well()
        ours = [("rollback", "no release before 1.42.0"), ("deploy", "1.42.0 is live already")]
        ours += [("mend_prices", "0 rows changed, 1 is the least")]
        found = await outcomes(desk, [name for name, _ in ours])
        for name, words in ours:
            assert (found[name].outcome, found[name].verdict) == ("failed", None), found[name]
            assert words in said(found[name])
        with scene.expired():
            some = ("block_agent", "maintenance_on")
            found = await outcomes(desk, of_kind(scene, desk, "http", every=every, some=some))
        for run in found.values():
            assert (run.outcome, run.text) == ("failed", "answered 401: it was refused"), run
        with scene.gone():
            some = ("restart_web",)
            found = await outcomes(desk, of_kind(scene, desk, "command", every=every, some=some))
        for run in found.values():
            assert (run.outcome, run.text) == ("failed", "exit 1"), run
            assert "the demo cannot be reached" in said(run)
        found = await outcomes(
            desk, ["flush_cache", "clear_stuck"], scene.without_rights("unlink", "lmove")
        )
        for run in found.values():
            assert run.outcome == "failed", (run.outcome, said(run))
            assert "refused: " in run.text
        if every:
            await nobody_may(scene, desk)
        await desk.until(lambda now: not now.on, what="still on")
        assert scene.operator.state()["version"] == "1.42.0"
        await desk.well()


async def nobody_may(scene: Scene, desk: Desk) -> None:
    """The right is missing: to end what a superuser runs, to run scripts."""
    for name in SESSIONS:
        async with asleep(scene, desk, superuser=True) as (pid, session):
            run = await desk.ended(await told_off(desk, name, session))
            assert run.outcome == "failed", (run.outcome, said(run))
            assert f"pid {pid}: REFUSED" in said(run)
    async with full_queue(scene, desk):
        amid = scene.without_rights("eval", "evalsha", "lmove")
        found = await outcomes(desk, QUEUE, amid)
    for run in found.values():
        assert run.outcome == "failed", (run.outcome, said(run))
        assert "refused: " in run.text


# unknown --------------------------------------------------------------------------------


@pytest.mark.long
async def test_what_is_not_heard_of_is_unknown_and_not_tried_again(
    scene: Scene, repetitions: int
) -> None:
    every = repetitions >= MANY
    async with desk_of(scene) as desk:
        await desk.well()
        faults = ("certificate", "slow") if every else ("certificate",)
        for fault in faults:
            await scene.switch(fault, True)
            await desk.until(ALL[fault].shows, RED_S, fault)
        await asyncio.gather(
            platform_stands(scene, desk, every),
            commit_is_cut(scene, desk),
            redis_pauses(scene, desk, every),
        )
        for fault in faults:
            await scene.switch(fault, False)
        await web_stands(scene, desk, every)
        if every:
            await sessions_are_cut(scene, desk)
        await desk.until(lambda now: not now.on, what="still on")
        await desk.well()


async def platform_stands(scene: Scene, desk: Desk, every: bool) -> None:
    """The control socket takes the wish and says nothing: out of time, and done afterwards."""
    names = of_kind(scene, desk, "command", every=every, some=("renew_certificate",))
    with scene.stopped(scene.shop.production.pid):
        found = await outcomes(desk, names)
    for run in found.values():
        assert run.outcome == "timed out", (run.outcome, said(run))
        assert "what it had done until then stands, and is not known" in run.text
    await helped(desk, found["renew_certificate"], "shop-tls.certificate_days")
    if not every:
        return
    await helped(desk, found["restart_warehouse"], "shop.latency_p95")
    await asyncio.to_thread(scene.operator.run, "releases")  # its turn comes after theirs
    if scene.operator.state()["version"] != "1.42.0":
        await asyncio.to_thread(scene.operator.run, "rollback", "1.42.0")
    await desk.undone(found["scale_workers"])
    await desk.until(lambda now: not now.on, what="still on")


async def commit_is_cut(scene: Scene, desk: Desk) -> None:
    """The database takes its time over the COMMIT, and is restarted meanwhile."""
    async with scene.admin() as admin:
        await admin.execute(SLOW_COMMIT)
        try:
            await admin.execute(UNSEEN_PRODUCT)
            name = await desk.begun(await desk.plan("mend_prices"))
            await ended_in_commit(admin)
            run = await desk.ended(name)
        finally:
            await admin.execute(
                "DROP TRIGGER slow ON products; DROP FUNCTION slow;"
                "DELETE FROM products WHERE name = 'unseen'"
            )
    assert run.outcome == "unknown", (run.outcome, said(run))
    assert "nobody knows whether it counts" in run.text


SLOW_COMMIT = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF current_user = 'operator' THEN PERFORM pg_sleep(60); END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON products DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow();
"""
UNSEEN_PRODUCT = "INSERT INTO products (name, cents) VALUES ('unseen', 2000000900)"
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = 'operator' AND state = 'active' AND query = 'COMMIT'"
)


async def ended_in_commit(admin: object) -> None:
    async with asyncio.timeout(10):
        while not await admin.fetchval(CUT):  # type: ignore[attr-defined]
            await asyncio.sleep(0.02)


async def redis_pauses(scene: Scene, desk: Desk, every: bool) -> None:
    """What is read is answered, what writes waits: no answer within the deadline."""
    if not every:
        found = await outcomes(desk, ["flush_cache"], scene.no_writes())
    else:
        async with full_queue(scene, desk):
            found = await outcomes(desk, [*QUEUE, "flush_cache"], scene.no_writes())
    for run in found.values():
        assert run.outcome == "unknown", (run.outcome, said(run))
        assert "whether it was done, nobody knows" in run.text


async def web_stands(scene: Scene, desk: Desk, every: bool) -> None:
    """The app takes the request and says nothing. What may be on counts as on, until it is off."""
    names = of_kind(scene, desk, "http", every=every, some=("block_agent", "maintenance_on"))
    with scene.stopped(*scene.operator.pids(WEB)):
        found = await outcomes(desk, names)
    for run in found.values():
        assert run.outcome == "unknown", (run.outcome, said(run))
        assert "whether it was done, nobody knows" in run.text
    both = {"maintenance", "block of price-robot"}
    await desk.until(lambda now: both <= set(now.on), what="perhaps on")
    for run in found.values():
        if run.undo:
            await desk.undone(run)
    scene.operator.undo()
    await desk.until(lambda now: not now.on, what="still on")


LOST = re.compile("lost after 1 were told|broke off after 1 session had been told")
"""By the connection itself, or by what is asked over it next."""


async def sessions_are_cut(scene: Scene, desk: Desk) -> None:
    """The session that was told hangs, and the operator's own connection is lost meanwhile."""
    for action in SESSIONS:
        async with asleep(scene, desk) as (pid, session), scene.admin() as admin:
            with scene.stopped(pid):
                name = await told_off(desk, action, session)
                await desk.until(lambda now, n=name: f"pid {pid}: told" in said(now.runs[n]))
                await admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'operator'"
                )
                run = await desk.ended(name)
        assert run.outcome == "unknown", (run.outcome, said(run))
        assert LOST.search(run.text), run.text


# no effect ------------------------------------------------------------------------------


@pytest.mark.long
async def test_what_cannot_help_has_no_effect(scene: Scene, repetitions: int) -> None:
    every = repetitions >= MANY
    async with desk_of(scene) as desk:
        await desk.well()
        idle = ["renew_certificate", "block_agent"]
        if every:
            idle += ["restore_dns", "renew_webhook", "block_address", "rate_limit_on"]
        figures = ("shop-tls.certificate_days", "name.agree", "shop.error_rate")
        await desk.until(lambda now: all(pictured(now, one) for one in figures), RED_S, "readings")
        async with scene.admin() as admin:
            await admin.execute(UNSEEN_PRODUCT)
            scene.operator.redis.rpush("jobs:mail:in-hand", *jobs(1))
            found = await outcomes(desk, [*idle, "mend_prices", "clear_stuck"])
            await asyncio.gather(*(no_effect(desk, run) for run in found.values()))
            await admin.execute("DELETE FROM products WHERE name = 'unseen'")
        for run in found.values():
            if run.undo:
                await desk.undone(run)
        await desk.until(lambda now: not now.on, what="still on")
        if every:
            await in_maintenance(scene, desk)
        await desk.until(lambda now: not now.on, what="still on")
        await desk.well()


async def no_effect(desk: Desk, run: RunView) -> None:
    assert run.outcome == "succeeded", (run.action, run.text)
    run = await desk.judged(run)
    assert run.verdict == "NO EFFECT", (run.action, run.verdict_text)


async def in_maintenance(scene: Scene, desk: Desk) -> None:
    """Nobody is served, and nothing fails: restarts move nothing."""
    scene.operator.run("restart", "web")
    with scene.stopped(*scene.operator.pids("warroom.demo.shop.traffic")):
        scene.operator.put("maintenance", True)
        await desk.until(lambda now: now.sources["web"].level == "MAINTENANCE")
        await desk.until(lambda now: not now.sources["shop"].signal("error_rate").value)
        await desk.until(lambda now: nothing(now, "redis.mail.finishing"), RED_S, "idle")
        names = ["restart_web", "restart_worker", "restart_redis", "restart_postgres"]
        names += ["renew_mail", "scale_workers"]
        found = await outcomes(desk, names)
        await asyncio.gather(*(no_effect(desk, run) for run in found.values()))
        await desk.undone(found["scale_workers"])
        await desk.until(lambda now: not now.on, what="still on")
        await nobody_is_turned_away(desk)


async def nobody_is_turned_away(desk: Desk) -> None:
    """Where nobody comes, and all that is closed is closed, switches move nothing."""
    await desk.run("invalidate_sessions")  # the second time there are none
    polls = desk.sources["shop"].polls + 2 * SETTLES
    await desk.until(lambda now: now.sources["shop"].polls >= polls, RED_S, "it settles")
    names = ["maintenance_on", "read_only_on", "pictures_off", "invalidate_sessions"]
    found = await outcomes(desk, names)
    await asyncio.gather(*(no_effect(desk, run) for run in found.values()))
    for run in found.values():
        if run.undo:
            await desk.undone(run)


# helped, besides the faults -----------------------------------------------------------------


@pytest.mark.long
async def test_the_other_actions_move_what_they_say(scene: Scene, repetitions: int) -> None:
    """And one by the command line, which waits for the verdict."""
    async with desk_of(scene) as desk:
        await desk.well()
        if repetitions >= MANY:
            steps = (on_and_off(desk), put_aside(scene, desk), told_to_go(scene, desk))
            await asyncio.gather(*steps)
            await desk.well()
        await scene.switch("certificate", True)
        await desk.until(ALL["certificate"].shows, RED_S, "certificate")
        line = ("run", "renew_certificate", "--confirm", "y", "--verdict", "--json")
        done = await scene.warroom(*line)
        assert done.returncode == 0, done.stderr
        run = msgspec.json.decode(done.stdout)["run"]
        assert (run["outcome"], run["verdict"]) == ("succeeded", "HELPED"), run
        await scene.switch("certificate", False)
        await desk.well()


async def on_and_off(desk: Desk) -> None:
    """Switches whose own sign is that somebody is turned away, and their ways back."""
    for name in ("maintenance_on", "read_only_on"):
        await desk.until(lambda now: nothing(now, "shop.turned_away"), RED_S, "all are served")
        run = await desk.run(name)
        await helped(desk, run, "shop.turned_away")
        await desk.until(lambda now: not_falling(now, "shop.turned_away"), RED_S, "not by itself")
        await helped(desk, await desk.undone(run), "shop.turned_away")
    await helped(desk, await desk.run("invalidate_sessions"), "redis.keys")


async def put_aside(scene: Scene, desk: Desk) -> None:
    async with full_queue(scene, desk):
        scene.operator.redis.rpush("jobs:mail:in-hand", *jobs(1))  # of the worker that hangs
        for name in ("unflush_queue", "flush_queue", "retry_failed"):
            await helped(desk, await desk.run(name), "redis.mail.")
        await desk.until(stuck_for_a_while, RED_S, "stuck")
        await helped(desk, await desk.run("clear_stuck"), "redis.mail.stuck")


def stuck_for_a_while(desk: Desk) -> bool:
    found = desk.sources["redis"].signal("mail.stuck")
    return found is not None and len(found.trend) >= 4 and all(found.trend[-4:])


async def told_to_go(scene: Scene, desk: Desk) -> None:
    for name in ("terminate_session", "cancel_query"):
        async with asleep(scene, desk) as (_, session):
            run = await desk.ended(await told_off(desk, name, session))
            await helped(desk, run, "db.longest_query")
