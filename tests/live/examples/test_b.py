"""Team B: OpenAI refuses calls, the team's figures say so, and the other vendor mends it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from warroom.incident.assessment import Assessment
from warroom.incident.entries import Cause, Impact, Milestone, Role, Severity, Status

pytestmark = pytest.mark.xdist_group("examples")

SITES = {
    "https://agents.example": "app",
    "https://api.openai.com": "openai",
    "https://api.anthropic.com": "anthropic",
    "https://agent-api.supabase.example": "rest",
}
SCRIPTS = (
    "srv/smoke-tests.sh",
    "srv/db-validate-schema.py",
    "srv/env-doctor.py",
    "srv/limit-headers.sh",
)
BOOK, FIRST = "rate-limited", "Use the other vendor's models"
LIMIT = 10_000
"""Requests that a vendor allows in a minute."""


@dataclass
class Production:
    """The API with its two vendors: which one it calls is a variable, and counts once deployed."""

    example: Example
    metrics: Metrics = field(default_factory=Metrics)
    variables: dict[str, str] = field(default_factory=dict)
    vendor: str = "openai"
    refused: bool = False

    @property
    def broken(self) -> bool:
        """Whether agents fail."""
        return self.refused and self.vendor == "openai"

    def refuse(self) -> None:
        """From now on OpenAI refuses most calls."""
        self.refused = True
        self.go()

    def go(self) -> None:
        """Requests a second, as things are now. Whoever is called, some calls still go to each: a
        few users have chosen their vendor."""
        ours, other = (20.0, 2.0) if self.vendor == "openai" else (2.0, 20.0)
        limited = 12.0 if self.broken else 0.0
        self._calls("openai", ours - limited, limited)
        self._calls("anthropic", other, 0.0)
        self.metrics.gauges |= {
            'model_limit{vendor="openai"}': LIMIT,
            'model_limit{vendor="anthropic"}': LIMIT,
            'model_limit_remaining{vendor="openai"}': 0 if self.broken else LIMIT - 60 * ours,
            'model_limit_remaining{vendor="anthropic"}': LIMIT - 60 * other,
        }
        failing = 0.9 if self.broken else 0.0
        self.metrics.rises(
            {
                'http_requests_total{path="/v1/run",status="200"}': 50.0 - failing,
                'http_requests_total{path="/v1/run",status="502"}': failing,
                'http_requests_total{path="/v1/run",status="401"}': 0.1,
                'sign_ins_total{outcome="failed"}': 0.1,
                'http_request_duration_seconds_bucket{le="0.25"}': 0.0 if self.broken else 49.0,
                'http_request_duration_seconds_bucket{le="0.5"}': 40.0 if self.broken else 50.0,
                'http_request_duration_seconds_bucket{le="2"}': 50.0,
                'http_request_duration_seconds_bucket{le="+Inf"}': 50.0,
            }
        )

    def _calls(self, vendor: str, good: float, limited: float) -> None:
        known = f'vendor="{vendor}"'
        self.metrics.rises(
            {
                f'model_calls_total{{{known},status="200"}}': good,
                f'model_calls_total{{{known},status="429"}}': limited,
                f'model_call_seconds_bucket{{{known},le="1"}}': good,
                f'model_call_seconds_bucket{{{known},le="+Inf"}}': good,
            }
        )

    def vercel(self, call: Called) -> Came:
        """``vercel``: a variable's value is read, and counts from the next deployment on."""
        match call.argv:
            case ("env", "add", name, "production", "--force"):
                self.variables[name] = call.stdin
                return Came(f"Added Environment Variable {name} to Project agent-api\n")
            case ("--prod", "--yes"):
                self.vendor = self.variables.get("MODEL_VENDOR", "openai")
                self.go()
                return Came("https://agent-api-9d3.vercel.app\n")
            case ("ls", *_):
                return Came("https://agent-api-8f2.vercel.app\nhttps://agent-api-7c1.vercel.app\n")
        return Came("Error: Unknown command\n", 1)

    def smoke(self, call: Called) -> Came:
        if self.broken:
            return Came("ok health\nFAILED run an agent: 429 from the vendor\n", 1)
        return Came("ok health\nok run an agent\n")

    def limits(self, call: Called) -> Came:
        left = 0 if self.refused else LIMIT
        return Came(f"x-ratelimit-remaining-requests: {left}\nretry-after: 20\n", int(left == 0))

    def models(self, heard: Heard) -> Reply:
        return Reply({"object": "list", "data": []})


def github(call: Called, runs: str) -> Came:
    """``gh``: runs of the deployment, how many of them succeeded, secrets that lie open."""
    if call.argv[0] == "api":
        return Came("0\n")
    return Came("95\n" if "--jq" in call.argv else runs)


@contextlib.asynccontextmanager
async def production(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> AsyncIterator[Production]:
    """All well."""
    told = Told(
        sites=SITES,
        moves={"/srv/agent-api": folder_of(room, "srv")},
        env={"DATABASE_URL": postgres.dsn(), "DATABASE_OPERATOR_URL": postgres.dsn("app")},
        programs=("vercel", "gh", "git", "dig", *SCRIPTS),
    )
    async with furnished("b", room, monkeypatch, told) as example:
        made = Production(example)
        made.go()
        pages, programs = example.standing.pages, example.standing.programs
        health = {"status": "ok", "environment": "production", "checks": {"memory": 41}}
        pages["/app/api/health"] = Reply({**health, "maintenance": False})
        pages["/app/api/metrics"] = made.metrics
        pages["/openai/v1/models"] = pages["/anthropic/v1/models"] = made.models
        pages["/rest/rest/v1/"] = Reply({"swagger": "2.0"})
        at = datetime.now(UTC).isoformat(timespec="seconds")
        runs = (
            f'[{{"databaseId": 7, "displayTitle": "Stream tool calls", "conclusion": "success", '
            f'"createdAt": "{at}", "url": "https://ci.example/7", "headBranch": "main"}}]'
        )
        programs["git"] = Came(f"1f3ab20\t{at}\tida\tStream tool calls\n")
        programs["gh"] = lambda call: github(call, runs)
        programs["vercel"], programs["smoke-tests.sh"] = made.vercel, made.smoke
        programs["limit-headers.sh"] = made.limits
        programs["db-validate-schema.py"] = Came("42 tables, as expected\n")
        programs["env-doctor.py"] = Came("14 variables, none missing\n")
        yield made


@pytest.mark.long
async def test_openai_refuses_and_the_other_vendor_takes_over(
    room: Room, monkeypatch: pytest.MonkeyPatch, postgres_server: Postgres, tmp_path: Path
) -> None:
    async with production(room, monkeypatch, postgres_server) as made:
        ida = await Responder.at(room, claimed="ida")
        try:
            await ida.until_green()
            made.refuse()
            await ida.until_level("openai-use", "P1")
            await ida.until_level("metrics", "P0")
            await ida.until_level("smoke-tests", "P1")
            assert "OpenAI refuses us" in ida.why("openai-use")
            proposal = await ida.proposed(BOOK)
            assert any("openai-use" in words for words in proposal.evidence), proposal
            name = await declared(ida, made)
            await ida.follow(name, proposal)
            await looked(ida, name)
            await mitigated(ida, name, made)
            await ida.step(name, BOOK, FIRST)
            await over(ida, name, made)
        finally:
            await ida.close()
        shell(room, "export", name, "--force", "--output", str(tmp_path / "it.md"))
        text = (tmp_path / "it.md").read_text()
        for words in ("Agents fail", "P0", "Rate limited", FIRST, "HELPED"):
            assert words in text


async def declared(ida: Responder, made: Production) -> str:
    """P1 by what is answered, then P0 by the error rate: the phone and mail get it too."""
    name = await ida.declare("Agents fail", assessment=Assessment(impact="core degraded"))
    found = ida.incident(name)
    assert (found.level, found.status) == ("P1", "Investigating")
    worse = Severity(level="P0", reason="error rate over 1 %")
    assert (await ida.post(name, worse)).ok
    await ida.post(name, Role(role="incident commander", person="ida"))
    impact = Impact(services=("API",), share=40.0, data_loss=False, text="agents stop half-way")
    assert (await ida.post(name, impact)).ok
    assert ida.incident(name).phase == "acknowledge and assess"
    await ida.done(name, "first five minutes")
    told = await ida.tell(
        name, "first", what_is_known="429 from OpenAI", what_is_checked_now="limits"
    )
    assert set(told) == {"incidents", "mail", "phone"}
    (page,) = made.example.standing.sent("pager/phone")
    assert (page["event_action"], page["payload"]["severity"]) == ("trigger", "critical")
    assert made.example.mailbox is not None
    assert "Agents fail" in str(made.example.mailbox.mails[0]["subject"])
    return name


async def looked(ida: Responder, name: str) -> None:
    """The team's scripts, by their exit status: the limits are used up, the variables are right."""
    book = await ida.playbook(BOOK)
    steps = {step.check: step.text for step in book.of("look") if step.check}
    assert set(steps) == {"limit_headers", "env_doctor"}
    bad = await ida.check(name, "limit_headers", BOOK, steps["limit_headers"])
    assert "x-ratelimit-remaining-requests: 0" in bad.text, bad
    await ida.check(name, "env_doctor", BOOK, steps["env_doctor"])
    await ida.check(name, "smoke_tests")
    await ida.check(name, "schema")
    await ida.until(lambda _: len(ida.incident(name).checked) == 4)
    ends = {check: seen.ok for check, seen in ida.incident(name).checked.items()}
    assert ends == {
        "limit_headers": False,
        "smoke_tests": False,
        "env_doctor": True,
        "schema": True,
    }
    for text in steps.values():
        await ida.step(name, BOOK, text)


async def mitigated(ida: Responder, name: str, made: Production) -> None:
    """The variable's value goes by standard input, and counts once it is deployed."""
    await ida.post(name, Status(status="Mitigating"))
    await ida.until(lambda _: ida.incident(name).phase == "mitigate")
    step = next(one for one in (await ida.playbook(BOOK)).of("mitigate") if one.text == FIRST)
    plan = await ida.plan(step.action, values=step.values, incident=name)
    assert plan.phrase == "vendor"
    answer = await ida.run(plan)
    assert answer.run is not None, answer.message
    run = await ida.ended(answer.run.run, 30)
    assert run.outcome == "succeeded", run
    calls = [one for one in made.example.standing.calls if one.argv[:2] == ("env", "add")]
    assert [(one.argv[2], one.stdin) for one in calls] == [("MODEL_VENDOR", "anthropic")]
    await ida.until(lambda _: ida.runs[run.run].verdict, 20)
    assert ida.runs[run.run].verdict == "HELPED", ida.runs[run.run]
    assert (await ida.post(name, Milestone(name="mitigation deployed"))).ok


async def over(ida: Responder, name: str, made: Production) -> None:
    await ida.until_green()
    await ida.done(name, "recovery")
    assert [one.name for one in ida.on] == ["models of anthropic only"]
    assert (await ida.keep("models of anthropic only")).ok
    await ida.post(name, Cause(text="Our limit at OpenAI is used up"))
    await ida.until_resolvable(name)
    answer = await ida.resolve(name, how="other vendor", text="Anthropic's models until Monday")
    assert answer.ok, answer.message
    await ida.until(lambda _: ida.incident(name).phase == "after")
    assert set(await ida.tell(name, "resolution")) == {"incidents", "mail", "phone"}
    trigger, resolve = made.example.standing.sent("pager/phone")
    assert resolve["event_action"] == "resolve"
    assert resolve["dedup_key"] == trigger["dedup_key"]
