"""Team A: the queue backs up, its own configuration shows it, and scaling the worker mends it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.live.bad_server import Heard
from tests.live.examples.furnishing import Example, Told, folder_of, furnished
from tests.live.examples.measured import Queries
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
    "https://agents.example": "app",
    "https://worker.agents.example": "worker",
    "https://agents.supabase.example": "rest",
    "https://prometheus.agents.example": "prometheus",
    "https://api.status.agents.example": "status",
    "https://status.railway.com": "railway",
}
PROGRAMS = ("vercel", "railway", "npm", "git", "dig")
BOOK, FIRST = "queue-backlog", "Scale the worker to 5"
COMES, TAKES = 120, 60
"""Jobs that come in a tenth of a second, and that each replica of the worker finishes in it: two
replicas just keep up."""
MOVE = """
for n = 1, tonumber(ARGV[1]) do redis.call('LPUSH', KEYS[1], redis.call('INCR', KEYS[2])) end
local done = 0
while done < tonumber(ARGV[2]) and redis.call('RPOP', KEYS[1]) do done = done + 1 end
return redis.call('LLEN', KEYS[1])
"""


@dataclass
class Platform:
    """The team's queue, and the worker behind it."""

    redis: Redis
    example: Example
    replicas: int = 2

    def flood(self, jobs: int) -> None:
        """So many jobs come at once."""
        self._move(jobs, 0)

    def _move(self, come: int, take: int) -> int:
        with self.redis.client() as client:
            left: int = client.eval(MOVE, 2, "bull:agents:wait", "bull:agents:id", come, take)
        return left

    async def work(self) -> None:
        """Jobs come and are finished, for ever."""
        while True:
            self._move(COMES, TAKES * self.replicas)
            await asyncio.sleep(0.1)

    def worker(self, heard: Heard) -> Reply:
        """Its own health."""
        jobs = TAKES * self.replicas * 600
        return Reply({"status": "ok", "replicas": self.replicas, "jobs_per_minute": jobs})

    def scale(self, call: Called) -> Came:
        """``railway``."""
        if call.argv[:2] == ("scale", "--replicas"):
            self.replicas = int(call.argv[2])
            return Came(f"Scaled to {self.replicas} replicas\n")
        if call.argv[0] == "logs":
            return Came("INFO took job 1\nERROR job 7 took 31 s\nERROR job 9 took 44 s\n")
        return Came("error: unrecognized subcommand\n", 2)

    def npm(self, call: Called) -> Came:
        if call.argv[-1] == "queue:status":
            return Came(f"waiting {self._move(0, 0)}, replicas {self.replicas}\n")
        return Came(f"npm error Missing script: {call.argv[-1]}\n", 1)


@contextlib.asynccontextmanager
async def platform(
    room: Room, monkeypatch: pytest.MonkeyPatch, redis: Redis, postgres: Postgres
) -> AsyncIterator[Platform]:
    """The team's production, all well."""
    told = Told(
        sites=SITES,
        moves={"/srv/agents": folder_of(room, "srv")},
        env={
            "UPSTASH_REDIS_URL": redis.url,
            "DATABASE_URL": postgres.dsn(),
            "DATABASE_OPERATOR_URL": postgres.dsn("app"),
        },
        programs=PROGRAMS,
    )
    async with furnished("a", room, monkeypatch, told) as example:
        made = Platform(redis, example)
        pages, programs = example.standing.pages, example.standing.programs
        health = {"status": "ok", "environment": "production", "checks": {"memory": 41}}
        pages["/app/api/health"] = Reply(health)
        pages["/rest/rest/v1/"] = Reply({"swagger": "2.0"})
        pages["/railway/summary.json"] = Reply({"page": {"status": "UP"}})
        pages["/status/v1/incidents"] = Reply({"id": "1"}, 201)
        pages["/worker/health"] = made.worker
        queries = Queries(example.table["sources"]["metrics"]["figures"])
        queries.values = {"error_rate": 0.2, "requests": 40.0, "latency_p95": 180.0, "cpu": 30.0}
        queries.values |= {
            "memory": 40.0,
            "rate_limited": 0.0,
            "sign_ins_failed": 2.0,
            "unauthorized": 9.0,
        }
        queries.values |= {"errors_by_path": {"/run": 1.0}, "slow_paths": {"/run": 180.0}}
        pages["/prometheus/api/v1/query"] = queries
        programs["vercel"] = Came("https://agents-8f2.vercel.app\nhttps://agents-7c1.vercel.app\n")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        programs["git"] = Came(f"1f3ab20\t{at}\tsami\tBrowse in parallel\n")
        programs["railway"], programs["npm"] = made.scale, made.npm
        with redis.client() as client:
            client.hset("bull:agents:meta", mapping={"version": "bullmq:5.0.0"})
        made.flood(300)
        working = asyncio.create_task(made.work())
        try:
            yield made
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


async def test_the_queue_backs_up_and_the_worker_is_scaled(
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    redis_server: Redis,
    postgres_server: Postgres,
    tmp_path: Path,
) -> None:
    async with platform(room, monkeypatch, redis_server, postgres_server) as made:
        ana = await Responder.at(room, claimed="ana")
        try:
            await ana.until_green()
            made.flood(12_400)
            await ana.until_level("queue", "SEV2")
            assert ana.why("queue").startswith("the queue is backed up")
            proposal = await ana.proposed("queue-backlog")
            assert any("over 10,000" in words for words in proposal.evidence), proposal
            name = await declared(ana, made)
            await ana.follow(name, proposal)
            await looked(ana, name)
            run = await scaled(ana, name, made)
            assert (run.outcome, run.verdict) == ("succeeded", "HELPED"), run
            await ana.step(name, BOOK, FIRST)
            await over(ana, name, made)
        finally:
            await ana.close()
        documents(room, name, tmp_path)


async def declared(ana: Responder, made: Platform) -> str:
    """By the team's matrix it is a SEV2, in its first phase, with its own roles and channel."""
    said = Assessment(impact="minor feature down", share=20.0)
    name = await ana.declare("Agents wait for minutes", assessment=said)
    found = ana.incident(name)
    assert (found.level, found.status, found.phase) == ("SEV2", "Investigating", "triage")
    assert found.channel.startswith("#incident-20")
    assert found.channel.endswith("-agents-wait-for-minutes")
    for role, person in (("incident commander", "ana"), ("technical lead", "sami")):
        assert (await ana.post(name, Role(role=role, person=person))).ok
    impact = Impact(services=("agents",), share=20.0, data_loss=False, text="agents start late")
    assert (await ana.post(name, impact)).ok
    await ana.done(name, "triage")
    assert await ana.tell(name, "first", what_is_checked_now="the worker") == ("channel",)
    (notice,) = made.example.standing.sent("chat/channel")
    assert notice["text"].startswith("SEV2: Agents wait for minutes")
    assert "Known: the queue is backed up" in notice["text"]
    return name


async def looked(ana: Responder, name: str) -> None:
    """The playbook's looks, each by what it names; what came of them is in the incident."""
    book = await ana.playbook(BOOK)
    by_check = {step.check: step.text for step in book.of("look")}
    answer = await ana.check(name, "queue_status", BOOK, by_check["queue_status"])
    assert answer.ok, answer.message
    assert "replicas 2" in answer.text
    answer = await ana.check(name, "worker_logs", BOOK, by_check["worker_logs"])
    assert "ERROR job" in answer.text, answer
    await ana.until(lambda _: set(ana.incident(name).checked) >= {"queue_status", "worker_logs"})
    for step in book.of("look"):
        await ana.step(name, BOOK, step.text)


async def scaled(ana: Responder, name: str, made: Platform) -> RunView:
    await ana.post(name, Status(status="Identified"))
    await ana.until(lambda _: ana.incident(name).phase == "mitigate")
    plan = await ana.plan("scale_workers", values={"replicas": "5"}, incident=name)
    assert not (await ana.run(plan, phrase="worker")).ok
    step = next(one for one in (await ana.playbook(BOOK)).of("mitigate") if one.text == FIRST)
    plan = await ana.plan(step.action, values=step.values, incident=name)
    assert plan.phrase == "scale"
    answer = await ana.run(plan)
    assert answer.run is not None, answer.message
    run = await ana.ended(answer.run.run)
    assert made.replicas == 5
    assert made.example.standing.called("railway")[-1] == ("scale", "--replicas", "5")
    await ana.until(lambda _: ana.runs[run.run].verdict, 20)
    assert (await ana.post(name, Milestone(name="mitigation deployed"))).ok
    return ana.runs[run.run]


async def over(ana: Responder, name: str, made: Platform) -> None:
    await ana.until_green()
    await ana.post(name, Status(status="Monitoring"))
    await ana.until(lambda _: ana.incident(name).phase == "resolve and recover")
    refused = await ana.resolve(name, how="scale", text="five replicas")
    unmet = [one.name for one in refused.conditions if not one.met]
    assert "checklist recovery" in unmet
    assert "nothing is still on" in unmet
    await ana.done(name, "recovery")
    back = await ana.act("scale_back", values={"replicas": "2"}, incident=name)
    assert (await ana.ended(back)).outcome == "succeeded"
    assert made.replicas == 2
    await ana.post(name, Cause(text="Twice as many runs since the newsletter"))
    due = (datetime.now(UTC) + timedelta(7)).date()
    follow = FollowUp(text="Scale the worker by itself", owner="sami", due=due, sort="prevent")
    assert (await ana.post(name, follow)).ok
    await ana.until_resolvable(name)
    answer = await ana.resolve(name, how="scale", text="five replicas")
    assert answer.ok, answer.message
    await ana.until(lambda _: ana.incident(name).status == "Resolved")
    assert ana.incident(name).phase == "post-mortem"
    assert await ana.tell(name, "resolution") == ("channel",)


def documents(room: Room, name: str, folder: Path) -> None:
    shell(room, "export", name, "--format", "md", "--force", "--output", str(folder / "it.md"))
    text = (folder / "it.md").read_text()
    for words in ("Agents wait for minutes", "SEV2", "Queue backed up", FIRST, "HELPED"):
        assert words in text
