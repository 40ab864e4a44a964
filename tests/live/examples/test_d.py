"""Team D: behind the CDN everything is down while its cache still answers; a rollback mends it."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from warroom.incident.entries import Cause, Impact, Milestone, Role, Status

pytestmark = pytest.mark.xdist_group("examples")

SITES = {
    "https://www.site.example": "www",
    "https://api.site.example": "api",
    "https://api.status.site.example": "status",
    "https://api.pingdom.com": "pingdom",
    "https://api.cloudflare.com": "cloudflare",
}
PROGRAMS = ("vercel", "git", "aws", "dig")
BOOK, FIRST = "outage", "Roll back to the deployment before"
GOOD, BAD = "site-7c1.vercel.app", "site-8f2.vercel.app"


@dataclass
class Site:
    """The team's site, and what is deployed of it. The CDN keeps the front page: only who asks
    past its cache sees what is behind it."""

    example: Example
    deployed: tuple[tuple[str, datetime], ...] = ()
    serves: str = ""

    def deploy(self, name: str, ago: timedelta = timedelta(0)) -> None:
        self.deployed = ((name, datetime.now(UTC) - ago), *self.deployed)
        self.serves = name

    @property
    def well(self) -> bool:
        return self.serves != BAD

    def page(self, heard: Heard) -> Reply:
        if heard.headers.get("pragma") == "no-cache":
            assert heard.method == "HEAD"
            return Reply("", 200 if self.well else 500)
        return Reply("<h1>The site</h1>", headers=(("Age", "41"),))

    def api(self, heard: Heard) -> Reply:
        checks = {"memory": 52, "cpu": 20}
        body = {"status": "ok", "environment": "production", "checks": checks}
        answer = Reply(body, headers=(("X-RateLimit-Remaining", "900"),))
        return answer if self.well else Reply("Internal Server Error", 500)

    def part(self, heard: Heard) -> Reply:
        return Reply({}, 200 if self.well else 500)

    def vercel(self, call: Called) -> Came:
        if call.argv[0] == "ls":
            return Came(json.dumps({"deployments": [*map(self._listed, self.deployed)]}))
        if call.argv[0] == "rollback" and call.argv[-1] == "--yes":
            self.serves = call.argv[1]
            return Came(f"Success! {self.serves} was promoted\n")
        return Came(f"Error: unknown command {call.argv[0]}\n", 1)

    @staticmethod
    def _listed(one: tuple[str, datetime]) -> dict[str, object]:
        at = int(one[1].timestamp() * 1000)
        return {"url": one[0], "state": "READY", "createdAt": at, "creator": {"username": "sami"}}

    def aws(self, call: Called) -> Came:
        return Came("det-1\n" if call.argv[1] == "list-detectors" else "0\n")


@contextlib.asynccontextmanager
async def site(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> AsyncIterator[Site]:
    """The team's production, all well."""
    told = Told(
        sites=SITES,
        moves={
            "/srv/site": folder_of(room, "srv"),
            "postgresql://warroom@db.site.example/site": postgres.dsn(),
            "postgresql://operator@db.site.example/site": postgres.dsn("app"),
        },
        changes={"checks.cdn.gap": "100ms"},
        programs=PROGRAMS,
    )
    async with furnished("d", room, monkeypatch, told) as example:
        made = Site(example)
        made.deploy(GOOD, timedelta(days=1))
        pages, programs = example.standing.pages, example.standing.programs
        pages["/www/"] = made.page
        pages["/api/health"] = made.api
        pages["/api/auth/session"] = pages["/api/checkout/health"] = made.part
        pages["/api/metrics"] = requests = Metrics()
        requests.rises({'http_requests_total{status="200",path="/"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="0.5"}': 40.0})
        requests.rises({'http_request_duration_seconds_bucket{le="+Inf"}': 40.0})
        outside = {"check": {"status": "up", "lastresponsetime": 210}}
        pages["/pingdom/*"] = Reply(outside)
        pages["/status/incidents"] = Reply({"id": "1"}, 201)
        programs["vercel"], programs["aws"] = made.vercel, made.aws
        at = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
        programs["git"] = Came(f"1f3ab20\t{at}\tsami\tA faster front page\n")
        yield made


@pytest.mark.long
async def test_the_site_is_down_behind_the_cdn_and_is_rolled_back(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres_server: Postgres, tmp_path: Path
) -> None:
    async with site(room, monkeypatch, postgres_server) as made:
        ana = await Responder.at(room, claimed="ana")
        try:
            await ana.until_green()
            made.deploy(BAD)
            for source in ("origin", "api"):
                await ana.until_level(source, "SEV-1")
            assert ana.levels()["site"] == "OK"
            proposal = await ana.proposed(BOOK)
            assert proposal.evidence[0].startswith("every page fails"), proposal
            name = await declared(ana, made)
            await ana.follow(name, proposal)
            await looked(ana, name)
            run = await rolled_back(ana, name, made)
            assert (run.outcome, run.verdict) == ("succeeded", "HELPED"), run
            await ana.step(name, BOOK, FIRST)
            await over(ana, name, made)
        finally:
            await ana.close()
        documents(room, name, tmp_path)


async def declared(ana: Responder, made: Site) -> str:
    """By the team's matrix it is a SEV-1: pager and chat are told, and the page says so."""
    said = Assessment(impact="site down", scope="all")
    name = await ana.declare("The site is down", assessment=said)
    found = ana.incident(name)
    assert (found.level, found.status, found.phase) == (
        *("SEV-1", "Investigating", "first 15 minutes"),
    )
    assert found.channel == f"#incident-{datetime.now(UTC):%Y-%m-%d}-001"
    for role, person in (("commander", "ana"), ("technical lead", "sami")):
        assert (await ana.post(name, Role(role=role, person=person))).ok
    what = dict(share=100.0, data_loss=False, text="pages that are not in the cache are errors")
    assert (await ana.post(name, Impact(services=("Website",), **what))).ok
    await ana.done(name, "first 15 minutes")
    blanks = dict(what_is_known="the origin answers 500", what_is_checked_now="deployments")
    assert await ana.tell(name, "first", **blanks) == ("incidents", "pager")
    assert await ana.tell(name, "status") == ("status",)
    (posted,) = made.example.standing.sent("status/incidents")
    assert posted["status"] == "investigating"
    assert posted["body"].startswith("Investigating: Website cannot be reached")
    return name


async def looked(ana: Responder, name: str) -> None:
    """The CDN check, past the cache: the origin answers errors."""
    book = await ana.playbook(BOOK)
    text = next(step.text for step in book.of("look") if step.check == "cdn")
    answer = await ana.check(name, "cdn", BOOK, text)
    assert "500" in answer.text, answer
    await ana.until(lambda _: ana.incident(name).checked["cdn"].ok is False)
    for step in book.of("look"):
        await ana.step(name, BOOK, step.text)


async def rolled_back(ana: Responder, name: str, made: Site) -> RunView:
    await ana.post(name, Status(status="Mitigating"))
    await ana.until(lambda _: ana.incident(name).phase == "work")
    step = next(one for one in (await ana.playbook(BOOK)).of("mitigate") if one.text == FIRST)
    plan = await ana.plan(step.action, values=step.values, incident=name)
    assert GOOD in plan.lines[0]
    assert not (await ana.run(plan, phrase="y")).ok
    plan = await ana.plan("rollback", incident=name)
    answer = await ana.run(plan)
    assert answer.run is not None, answer.message
    run = await ana.ended(answer.run.run)
    assert made.example.standing.called("vercel").count(("rollback", GOOD, "--yes")) == 1
    assert made.serves == GOOD
    await ana.until(lambda _: ana.runs[run.run].verdict, 20)
    assert (await ana.post(name, Milestone(name="mitigation deployed"))).ok
    return ana.runs[run.run]


async def over(ana: Responder, name: str, made: Site) -> None:
    await ana.until_green()
    await ana.post(name, Status(status="Monitoring"))
    await ana.until(lambda _: ana.incident(name).phase == "wrap-up")
    assert await ana.tell(name, "status") == ("status",)
    refused = await ana.resolve(name, how="rollback", text="the deployment before is back")
    assert "checklist recovery" in [one.name for one in refused.conditions if not one.met]
    await ana.done(name, "recovery")
    await ana.done(name, "wrap-up")
    await ana.post(name, Cause(text="The faster front page wants a variable that is not set"))
    await ana.until_resolvable(name)
    answer = await ana.resolve(name, how="rollback", text="the deployment before is back")
    assert answer.ok, answer.message
    await ana.until(lambda _: ana.incident(name).phase == "review")
    assert await ana.tell(name, "resolution") == ("incidents", "pager")
    assert await ana.tell(name, "status") == ("status",)
    said = [one["status"] for one in made.example.standing.sent("status/incidents")]
    assert said == ["investigating", "identified", "resolved"]


def documents(room: Room, name: str, folder: Path) -> None:
    shell(room, "export", name, "--format", "md", "--force", "--output", str(folder / "it.md"))
    text = (folder / "it.md").read_text()
    for words in ("The site is down", "SEV-1", FIRST, "HELPED"):
        assert words in text
