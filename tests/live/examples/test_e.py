"""Team E: a deployment fails and takes the service down; its commit is reverted, pushed, deployed.

The repository is a real one, with a real remote; what is deployed is what is checked out.
"""

import contextlib
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.live.bad_server import Heard
from tests.live.examples.furnishing import Example, Told, folder_of, furnished
from tests.live.examples.measured import Metrics
from tests.live.examples.responding import Responder
from tests.live.examples.standing import Called, Came, Reply
from tests.live.postgres.servers import Server as Postgres
from tests.live.rooms import Room
from tests.live.shells import shell
from warroom.incident.acting.runs import RunView
from warroom.incident.assessment import Assessment
from warroom.incident.entries import Cause, FollowUp, Impact, Milestone, Role, Status

pytestmark = pytest.mark.xdist_group("examples")

SITES = {
    "https://app.payments.example": "app",
    "https://api.status.payments.example": "status",
    "https://flags.payments.example": "flags",
    "https://status.stripe.com": "stripe",
    "https://neonstatus.com": "neon",
}
PROGRAMS = ("vercel", "npx", "stripe")
BOOK, FIRST = "deployment-failure", "Revert the commit, push, deploy"
TABLES = """
CREATE TABLE payments (id int, state text, changed_at timestamptz);
CREATE TABLE _prisma_migrations
    (migration_name text, started_at timestamptz, finished_at timestamptz, logs text,
     rolled_back_at timestamptz);
GRANT SELECT ON payments, _prisma_migrations TO monitor;
"""


@dataclass
class Shop:
    """The team's repository, and what came of deploying it."""

    example: Example
    repository: Path
    deployments: list[dict[str, Any]] = field(default_factory=list)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "commit.gpgsign=false", *arguments],
            cwd=self.repository,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        return done.stdout.strip()

    def begin(self) -> None:
        """A repository with one good commit, and a remote that has it."""
        self.git("init", "--quiet", "--initial-branch=main")
        for key, value in (("user.name", "Sami"), ("user.email", "sami@payments.example")):
            self.git("config", key, value)
        remote = self.repository.with_name("remote.git")
        self.git("init", "--quiet", "--bare", str(remote))
        self.git("remote", "add", "origin", str(remote))
        self.commit("good", "Payments by card")
        self.deploy(ago=timedelta(days=1))

    def commit(self, content: str, words: str) -> None:
        (self.repository / "app.txt").write_text(content)
        self.git("add", "app.txt")
        self.git("commit", "--quiet", "--message", words)
        self.git("push", "--quiet", "origin", "HEAD:main")
        self.git("fetch", "--quiet")

    def deploy(self, ago: timedelta = timedelta(0)) -> bool:
        """What is checked out; whether it was built."""
        built = (self.repository / "app.txt").read_text() == "good"
        made = {
            "url": f"payments-{len(self.deployments)}.vercel.app",
            "state": "READY" if built else "ERROR",
            "createdAt": int((datetime.now(UTC) - ago).timestamp() * 1000),
            "creator": {"username": "sami"},
        }
        self.deployments.insert(0, made)
        return built

    @property
    def well(self) -> bool:
        return self.deployments[0]["state"] == "READY"

    def health(self, heard: Heard) -> Reply:
        body = {"status": "ok", "environment": "production", "checks": {"memory": 40}}
        return Reply(body) if self.well else Reply("no function", 500)

    def journey(self, heard: Heard) -> Reply:
        well = {"result": "pass", "steps_passed": 6}
        return Reply(well if self.well else {"result": "fail", "steps_passed": 0})

    def vercel(self, call: Called) -> Came:
        if call.argv[0] == "ls":
            return Came(json.dumps({"deployments": self.deployments}))
        if call.argv[0] == "inspect":
            return Came("Building\nError: route /checkout has no function\n")
        if call.argv == ("--prod", "--yes"):
            built = self.deploy()
            return Came("Ready\n") if built else Came("Error: Build failed\n", 1)
        return Came(f"Error: unknown command {call.argv[0]}\n", 1)


@contextlib.asynccontextmanager
async def shop(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> AsyncIterator[Shop]:
    """The team's production, all well."""
    folder = folder_of(room, "srv")
    told = Told(
        sites=SITES,
        moves={"/srv/app": folder},
        env={"MONITOR_URL": postgres.dsn(), "DATABASE_URL": postgres.dsn("app")},
        programs=PROGRAMS,
    )
    async with furnished("e", room, monkeypatch, told) as example:
        made = Shop(example, Path(folder))
        made.begin()
        pages, programs = example.standing.pages, example.standing.programs
        pages["/app/api/health"] = made.health
        pages["/app/api/synthetic/*"] = made.journey
        pages["/app/api/metrics"] = requests = Metrics()
        requests.rises({'http_requests_total{status="200",path="/"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="0.5"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="+Inf"}': 40.0})
        pages["/stripe"] = Reply("All systems operational")
        pages["/neon/api/v1/summary"] = Reply({"ongoing_incidents": []})
        pages["/status/v1/incidents"] = Reply({"id": "1"}, 201)
        programs["vercel"] = made.vercel
        async with postgres.session("postgres") as admin:
            await admin.execute(TABLES)
        try:
            yield made
        finally:
            async with postgres.session("postgres") as admin:
                await admin.execute("DROP TABLE payments, _prisma_migrations")


async def test_a_deployment_fails_and_its_commit_is_reverted(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres_server: Postgres, tmp_path: Path
) -> None:
    async with shop(room, monkeypatch, postgres_server) as made:
        ana = await Responder.at(room, claimed="ana")
        try:
            await ana.until_green()
            made.commit("bad", "Payments by invoice")
            made.deploy()
            await ana.until_level("deployments", "SEV2")
            await ana.until_level("app", "SEV1")
            await ana.until(lambda _: commits(ana)[0].endswith("Payments by invoice"))
            proposal = await ana.proposed(BOOK)
            assert proposal.evidence[0] == "the newest deployment failed"
            name = await declared(ana, made)
            await ana.follow(name, proposal)
            await looked(ana, name)
            run = await reverted(ana, name, made)
            assert (run.outcome, run.verdict) == ("succeeded", "HELPED"), run
            await ana.step(name, BOOK, FIRST)
            await over(ana, name, made)
        finally:
            await ana.close()
        documents(room, name, tmp_path)


def commits(ana: Responder) -> list[str]:
    """What the room shows of the repository, newest first."""
    view = ana.state.named("commits")
    seen: Any = view.snapshot.seen if view is not None and view.snapshot else None
    return [item.title for item in seen.items] if seen is not None else [""]


async def declared(ana: Responder, made: Shop) -> str:
    """By the team's matrix it is a SEV1: pager and thread."""
    name = await ana.declare("No page opens", assessment=Assessment(impact="outage", scope="all"))
    found = ana.incident(name)
    assert (found.level, found.status) == ("SEV1", "Investigating")
    links = {link.name: link.address for link in found.links}
    assert links["hotfix"].endswith(f"/hotfix/incident-{name}")
    for role, person in (("commander", "ana"), ("technical lead", "sami")):
        assert (await ana.post(name, Role(role=role, person=person))).ok
    what = dict(share=100.0, data_loss=False, text="every page is an error")
    assert (await ana.post(name, Impact(services=("Checkout",), **what))).ok
    await ana.done(name, "communicate")
    blanks = dict(what_is_known="the newest deployment failed", what_is_checked_now="its build")
    assert await ana.tell(name, "first", **blanks) == ("pager", "thread")
    return name


async def looked(ana: Responder, name: str) -> None:
    """The build's log, as the hosting tells it."""
    book = await ana.playbook(BOOK)
    text = next(step.text for step in book.of("look") if step.check == "deploy_logs")
    answer = await ana.check(name, "deploy_logs", BOOK, text)
    assert "route /checkout has no function" in answer.text, answer
    await ana.until(lambda _: "deploy_logs" in ana.incident(name).checked)
    for step in book.of("look"):
        await ana.step(name, BOOK, step.text)


async def reverted(ana: Responder, name: str, made: Shop) -> RunView:
    await ana.post(name, Status(status="Mitigating"))
    await ana.until(lambda _: ana.incident(name).phase == "mitigate")
    bad = made.git("rev-parse", "--short", "HEAD")
    step = next(one for one in (await ana.playbook(BOOK)).of("mitigate") if one.text == FIRST)
    plan = await ana.plan(step.action, values=step.values, incident=name)
    assert [step.action for step in plan.steps] == ["revert-commit", "push", "deploy"]
    assert plan.lines[0].endswith(f"git revert --no-edit {bad}")
    answer = await ana.run(plan)
    assert answer.run is not None, answer.message
    run = await ana.ended(answer.run.run, 30)
    assert made.git("log", "-1", "--format=%s", "origin/main") == 'Revert "Payments by invoice"'
    assert made.well
    await ana.until(lambda _: ana.runs[run.run].verdict, 20)
    assert (await ana.post(name, Milestone(name="mitigation deployed"))).ok
    return ana.runs[run.run]


async def over(ana: Responder, name: str, made: Shop) -> None:
    await ana.until_green()
    await ana.post(name, Status(status="Monitoring"))
    refused = await ana.resolve(name, how="rollback", text="the commit was reverted")
    assert "checklist recovery" in [one.name for one in refused.conditions if not one.met]
    await ana.done(name, "recovery")
    await ana.post(name, Cause(text="A function was renamed, its route was not"))
    due = (datetime.now(UTC) + timedelta(7)).date()
    follow = FollowUp(text="Try a preview before", owner="sami", due=due, sort="prevention")
    assert (await ana.post(name, follow)).ok
    await ana.until_resolvable(name)
    answer = await ana.resolve(name, how="rollback", text="the commit was reverted")
    assert answer.ok, answer.message
    await ana.until(lambda _: ana.incident(name).phase == "document")
    assert await ana.tell(name, "resolution") == ("pager", "thread")
    events = [one["event_action"] for one in made.example.standing.sent("pager/pager")]
    assert events == ["trigger", "resolve"]
    await ana.done(name, "within 24 hours")
    dues = [due.name for due in ana.state.procedures.dues]
    assert dues == ["first timeline", "post-mortem drafted", "review held"]


def documents(room: Room, name: str, folder: Path) -> None:
    shell(room, "export", name, "--format", "md", "--force", "--output", str(folder / "it.md"))
    text = (folder / "it.md").read_text()
    for words in ("No page opens", "SEV1", FIRST, "HELPED", "Try a preview before"):
        assert words in text
