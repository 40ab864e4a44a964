"""Team C: the database's pool is exhausted by sessions that are real, and ending them mends it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.live.bad_server import Heard
from tests.live.examples.changing import GONE
from tests.live.examples.furnishing import Example, Told, folder_of, furnished
from tests.live.examples.measured import Metrics
from tests.live.examples.responding import Responder
from tests.live.examples.standing import Called, Came, Reply
from tests.live.postgres.servers import Server as Postgres
from tests.live.redis.servers import Server as Redis
from tests.live.rooms import Room
from tests.live.shells import shell
from warroom.incident.acting.runs import RunView
from warroom.incident.assessment import Assessment
from warroom.incident.entries import Cause, FollowUp, Impact, Milestone, Role, Status

pytestmark = pytest.mark.xdist_group("examples")

SITES = {
    "https://subscriptions.example": "app",
    "https://api.uptime.example": "uptime",
    "http://db.subscriptions.example:9100": "host",
    "https://status.stripe.com": "stripe",
    "https://api.status.subscriptions.example": "status",
    "https://flags.subscriptions.example": "flags",
}
PROGRAMS = ("vercel", "git", "az", "npm", "stripe", "dig", "psql", "gunzip")
APPLICATION = "subscriptions-app"
BOOK, FIRST = "pool-exhausted", "Terminate idle sessions that the application leaks"
TABLES = """
CREATE TABLE subscriptions (id int, customer text, state text, changed_at timestamptz);
CREATE TABLE webhook_events (id int, failed_at timestamptz);
CREATE ROLE operator LOGIN IN ROLE pg_signal_backend, pg_monitor;
GRANT SELECT ON subscriptions, webhook_events TO monitor;
ALTER DATABASE postgres SET app.environment = 'production';
"""
NO_TABLES = """
DROP TABLE subscriptions, webhook_events;
DROP ROLE operator;
ALTER DATABASE postgres RESET app.environment;
"""
IDLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
    " AND clock_timestamp() - state_change > make_interval(secs => $2)"
)


@dataclass
class Subscriptions:
    """The team's application: its sessions are real ones, which it leaks."""

    postgres: Postgres
    example: Example
    sessions: list[Any] = field(default_factory=list)

    async def leak(self, count: int) -> None:
        """So many sessions that are never given back."""
        for _ in range(count):
            self.sessions.append(
                await asyncpg.connect(
                    host="127.0.0.1",
                    port=self.postgres.port,
                    user="shop",
                    database="postgres",
                    ssl=False,
                    server_settings={"application_name": APPLICATION},
                )
            )

    async def until_idle(self, seconds: float, count: int) -> None:
        """Until so many of its sessions have been idle for over so long, as the server sees it."""
        async with self.postgres.session("postgres") as admin, asyncio.timeout(5):
            while await admin.fetchval(IDLE, APPLICATION, seconds) != count:
                await asyncio.sleep(0.05)

    @property
    def held(self) -> int:
        """Those that it still has."""
        return sum(not one.is_closed() for one in self.sessions)

    def health(self, heard: Heard) -> Reply:
        """503 while nobody gets a session any more."""
        well = self.held < LEAKED
        checks = {"memory": 41, "database": "ok" if well else "too many connections"}
        body = {"status": "ok" if well else "error", "environment": "production"}
        return Reply({**body, "checks": checks}, 200 if well else 503)

    def vercel(self, call: Called) -> Came:
        if call.argv[0] != "ls":
            return Came(f"Error: unknown command {call.argv[0]}\n", 1)
        at = int((datetime.now(UTC) - timedelta(days=1)).timestamp() * 1000)
        made = [
            {"url": f"subscriptions-{n}.vercel.app", "state": "READY", "createdAt": at - n}
            for n in range(3)
        ]
        return Came(json.dumps({"deployments": made}))


LEAKED = 15
"""Of 20 sessions 3 are the superusers'; one is the watch's own."""


@contextlib.asynccontextmanager
async def subscriptions(
    room: Room, monkeypatch: pytest.MonkeyPatch, redis: Redis, postgres: Postgres
) -> AsyncIterator[Subscriptions]:
    """The team's production, all well."""
    told = Told(
        sites=SITES,
        moves={
            "/srv/subscriptions": folder_of(room, "srv"),
            "postgresql://warroom@db.subscriptions.example/subscriptions": postgres.dsn(),
            "postgresql://operator@db.subscriptions.example/subscriptions": postgres.dsn(
                "operator"
            ),
            "rediss://default@cache.subscriptions.example:6379/0": redis.url,
        },
        changes={"sources.cache.password": GONE},
        programs=PROGRAMS,
    )
    async with furnished("c", room, monkeypatch, told) as example:
        made = Subscriptions(postgres, example)
        pages, programs = example.standing.pages, example.standing.programs
        pages["/app/"] = Reply("<h1>Subscriptions</h1>")
        pages["/app/api/health"] = made.health
        pages["/app/api/auth/session"] = Reply({}, 401)
        pages["/app/api/metrics"] = requests = Metrics()
        requests.rises({'http_requests_total{status="200",path="/"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="0.5"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="+Inf"}': 40.0})
        pages["/host/metrics"] = host = Metrics(HOST)
        host.rises({f'node_cpu_seconds_total{{mode="{mode}"}}': n for mode, n in CPU.items()})
        pages["/uptime/v3/monitors/subscriptions"] = Reply({"status": "up"})
        pages["/stripe"] = Reply("All systems operational")
        pages["/status/v1/incidents"] = Reply({"id": "1"}, 201)
        programs["vercel"] = made.vercel
        at = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
        programs["git"] = Came(f"1f3ab20\t{at}\tsami\tInvoices by month\n")
        programs["az"] = Came(json.dumps([{"name": "production/today.sql.gz", "at": at}]))
        async with postgres.session("postgres") as admin:
            await admin.execute(TABLES)
        try:
            yield made
        finally:
            for one in made.sessions:
                one.terminate()
            async with postgres.session("postgres") as admin:
                await admin.execute(NO_TABLES)


CPU = {"idle": 0.7, "user": 0.2, "system": 0.1}
HOST = {
    "node_memory_MemAvailable_bytes": 6e9,
    "node_memory_MemTotal_bytes": 8e9,
    'node_filesystem_avail_bytes{mountpoint="/"}': 6e10,
    'node_filesystem_size_bytes{mountpoint="/"}': 1e11,
    "node_load1": 0.4,
    "node_netstat_Tcp_CurrEstab": 80,
}


@pytest.mark.long
async def test_the_pool_is_exhausted_and_idle_sessions_are_ended(
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    redis_server: Redis,
    postgres_server: Postgres,
    tmp_path: Path,
) -> None:
    async with subscriptions(room, monkeypatch, redis_server, postgres_server) as made:
        ana = await Responder.at(room, claimed="ana")
        try:
            await made.leak(3)
            await ana.until_green()
            await made.leak(LEAKED - 3)
            await ana.until_level("database", "P1")
            await ana.until_level("health", "P0")
            assert ana.why("database").startswith("the pool is exhausted")
            assert ana.levels()["uptime"] == "OK"
            proposal = await ana.proposed(BOOK)
            assert proposal.evidence[0] == "database: 94.1 % of its connections are used"
            name = await declared(ana, made)
            await ana.follow(name, proposal)
            await looked(ana, name)
            run = await ended_idle(ana, name, made)
            assert (run.outcome, run.verdict) == ("succeeded", "HELPED"), run
            await ana.step(name, BOOK, FIRST)
            await over(ana, name, made)
        finally:
            await ana.close()
        documents(room, name, tmp_path)


async def declared(ana: Responder, made: Subscriptions) -> str:
    """By the team's matrix it is a P0, with its own id and channel, told by what is broken."""
    said = Assessment(impact="outage", scope="all")
    name = await ana.declare("Nobody gets a session", assessment=said)
    today = datetime.now(UTC).strftime("%Y%m%d")
    assert name == f"INC-{today}-001"
    found = ana.incident(name)
    assert (found.level, found.status) == ("P0", "Investigating")
    assert found.channel == f"#incident-{today}-nobody-gets-a-session"
    for role, person in (("incident commander", "ana"), ("technical lead", "sami")):
        assert (await ana.post(name, Role(role=role, person=person))).ok
    impact = Impact(services=("sign-in",), share=60.0, data_loss=False, text="pages answer 503")
    assert (await ana.post(name, impact)).ok
    await ana.done(name, "respond")
    await ana.until(lambda _: {"health", "database"} <= set(ana.incident(name).sources))
    told = await ana.tell(
        name, "first", what_is_known="the pool is full", what_is_checked_now="who holds it"
    )
    assert told == ("production-alerts", "pager")
    (page,) = made.example.standing.sent("pager/pager")
    assert (page["event_action"], page["payload"]["severity"]) == ("trigger", "critical")
    return name


async def looked(ana: Responder, name: str) -> None:
    """Who holds the connections: the check asks the real server, and the incident keeps it."""
    book = await ana.playbook(BOOK)
    text = next(step.text for step in book.of("look") if step.check == "pool_status")
    answer = await ana.check(name, "pool_status", BOOK, text)
    assert answer.ok, answer.message
    assert APPLICATION in answer.text
    await ana.until(lambda _: "pool_status" in ana.incident(name).checked)
    for step in book.of("look"):
        await ana.step(name, BOOK, step.text)


async def ended_idle(ana: Responder, name: str, made: Subscriptions) -> RunView:
    await ana.post(name, Status(status="Mitigating"))
    await ana.until(lambda _: ana.incident(name).phase == "mitigate")
    await made.until_idle(1.0, LEAKED)
    values = {"application": APPLICATION, "seconds": "1"}
    step = next(one for one in (await ana.playbook(BOOK)).of("mitigate") if one.text == FIRST)
    plan = await ana.plan(step.action, values=values, incident=name)
    assert (plan.phrase, len(plan.steps[0].targets or ())) == ("end", LEAKED)
    answer = await ana.run(plan)
    assert answer.run is not None, answer.message
    run = await ana.ended(answer.run.run)
    await made.until_idle(0.0, 0)
    await ana.until(lambda _: ana.runs[run.run].verdict, 20)
    assert (await ana.post(name, Milestone(name="mitigation deployed"))).ok
    return ana.runs[run.run]


async def over(ana: Responder, name: str, made: Subscriptions) -> None:
    await made.leak(3)
    await ana.until_green()
    refused = await ana.resolve(name, how="restore", text="idle sessions ended")
    assert "checklist recovery" in [one.name for one in refused.conditions if not one.met]
    await ana.done(name, "recovery")
    await ana.post(name, Cause(text="A client of the database for each request"))
    due = (datetime.now(UTC) + timedelta(7)).date()
    follow = FollowUp(text="One client for each function", owner="sami", due=due, sort="prevention")
    assert (await ana.post(name, follow)).ok
    await ana.until_resolvable(name)
    answer = await ana.resolve(name, how="restore", text="idle sessions ended")
    assert answer.ok, answer.message
    await ana.until(lambda _: ana.incident(name).status == "Resolved")
    assert ana.incident(name).phase == "after"
    assert await ana.tell(name, "resolution") == ("production-alerts", "pager")
    assert made.example.standing.sent("pager/pager")[-1]["event_action"] == "resolve"
    (_, text) = (one["text"] for one in made.example.standing.sent("chat/production-alerts"))
    for line in ("Severity: P0", "Services: sign-in", "Data: no data was lost"):
        assert line in text


def documents(room: Room, name: str, folder: Path) -> None:
    """The team's incident log, with its fields, and the post-mortem."""
    shell(room, "export", name, "--log", "--force", "--output", str(folder / "log.md"))
    log = (folder / "log.md").read_text()
    for words in ("Severity", "P0", "sign-in", "One client for each function", "sami"):
        assert words in log
    shell(room, "export", name, "--format", "md", "--force", "--output", str(folder / "it.md"))
    text = (folder / "it.md").read_text()
    for words in ("Nobody gets a session", FIRST, "HELPED"):
        assert words in text
