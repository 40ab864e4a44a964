"""Actions to open, confirm and follow: views, plans, runs, and a link that answers for them."""

import asyncio
from datetime import timedelta

from msgspec.structs import replace

from tests.ui import databases
from tests.ui.boards import NOON, welcome
from tests.ui.incidents import HOSTILE
from warroom.console.messages import EngineSaid
from warroom.errors import EngineError
from warroom.incident.acting.kinds import ActionView, Parameter, phrase_of
from warroom.incident.acting.plan import Plan, PlanStep, Target
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.wire import Acting, Answer, PlanAction, RunAction

SESSION = Parameter(name="session", title="session", type="row", source="db", rows="sessions")
ACTIONS = (
    ActionView(
        name="rollback",
        title="Roll back the release",
        kind="command",
        key="r",
        group="Platform",
        word="back",
        expects=("shop.latency_p95 falls within 60 s",),
        undo="deploy",
    ),
    ActionView(
        name="deploy",
        title="Deploy a release",
        kind="command",
        key="d",
        group="Platform",
        word="ship",
        parameters=(Parameter(name="version", pattern="[0-9.]+"),),
    ),
    ActionView(
        name="scale",
        title="Scale the workers",
        kind="command",
        key="s",
        group="Platform",
        word="more",
        parameters=(
            Parameter(name="workers", type="integer", minimum=0, maximum=8, default="4"),
        ),
        turns_on="workers",
        undo="scale",
        expects=("redis.mail.finishing rises within 40 s",),
    ),
    ActionView(
        name="kill",
        title="Terminate this session",
        kind="sql",
        key="t",
        group="Database",
        word="kill",
        parameters=(SESSION,),
    ),
    ActionView(
        name="flush",
        title="Flush the queue",
        kind="redis",
        key="l",
        group="Database",
        danger="severe",
    ),
    ActionView(
        name="flag",
        title="Switch a feature off",
        kind="http",
        key="f",
        group="Shop",
        word="off",
        parameters=(
            Parameter(name="flag", type="choice", choices=("stock", "sale", "export")),
        ),
    ),
    ActionView(
        name="maintenance_on",
        title="Maintenance on",
        kind="http",
        key="1",
        group="Shop",
        danger="mild",
        turns_on="maintenance",
        undo="maintenance_off",
    ),
    ActionView(
        name="maintenance_off", title="Maintenance off", kind="http", key="2", group="Shop",
        danger="mild",
    ),
    ActionView(
        name="evil", title=HOSTILE, kind="command", key="e", group=HOSTILE, help=HOSTILE,
        danger="mild",
    ),
)  # fmt: skip
STEPS = {
    "rollback": PlanStep(
        action="rollback",
        title="Roll back the release",
        lines=("vercel rollback shop-4f21c0 --yes", "with VERCEL_TOKEN=***"),
        targets=(Target("releases:shop-4f21c0", "1.42.0 deployed 12 min ago, live now: 1.43.0"),),
        reach="1.43.0 to 1.42.0",
        rights="as deploy on jump-1",
        age=1.4,
        deadline=60.0,
    ),
    "kill": PlanStep(
        action="kill",
        title="Terminate this session",
        lines=(
            "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity",
            "WHERE pid = $1 AND backend_start = $2 AND query_start IS NOT DISTINCT FROM $3",
        ),
        targets=(
            Target(
                "pid 4711, backend_start 2026-03-04T14:01:10+00:00",
                "pid 4711 shop@10.0.0.4 price-import active for 94 s: LOCK TABLE products",
            ),
        ),
        reach="terminate 1 session of 41",
        rights="as operator in shop at 10.0.0.9:5432",
        proof="shop at 10.0.0.9:5432 answered",
        deadline=15.0,
    ),
    "flush": PlanStep(
        action="flush",
        title="Flush the queue",
        lines=("RENAME jobs:mail warroom:flushed:jobs:mail:9f2c1a70",),
        targets=(Target("jobs:mail", "jobs:mail, 11,204 jobs"),),
        reach="flush 11,204 jobs of 11,204 in mail",
        rights="as operator in database 0 at 10.0.0.8:6379",
        undo="unflush brings it back within 24 h",
        notes=("a worker that takes a job meanwhile keeps it",),
        deadline=10.0,
    ),
    "evil": PlanStep(
        action="evil", title=HOSTILE, lines=(HOSTILE,), targets=(Target(HOSTILE, HOSTILE),),
        reach=HOSTILE, rights=HOSTILE, proof=HOSTILE, undo=HOSTILE, notes=(HOSTILE,),
    ),
}  # fmt: skip


def action(name):
    return next(one for one in ACTIONS if one.name == name)


def plan(name, **more):
    """A plan of that action, as the engine makes it."""
    view = action(name)
    step = STEPS.get(name) or PlanStep(action=name, title=view.title, lines=("true",))
    made = Plan(
        action=name,
        title=view.title,
        danger=view.danger,
        environment="production",
        phrase=phrase_of(view, "production"),
        proof="proven by db, cache",
        steps=(step,),
        expects=view.expects,
        undo="Deploy a release (deploy)" if view.undo else step.undo,
        turns_on=view.turns_on,
        notes=step.notes,
    )
    made = replace(made, **more)
    return replace(made, digest=made.reckoned)


def run(name="rollback", **more):
    """A run, 12 seconds ago."""
    view = action(name)
    known = {
        "run": f"{name}-1",
        "action": name,
        "title": view.title,
        "danger": view.danger,
        "by": "ana",
        "began": NOON - timedelta(seconds=12),
        "left": 48.0,
        "reach": STEPS[name].reach if name in STEPS else "",
        "undo": view.undo,
    }
    return RunView(**(known | more))


def ended(name="rollback", outcome="succeeded", **more):
    known = {"outcome": outcome, "state": "ended", "left": None, "seconds": 3.2, "text": "exit 0"}
    return run(name, **(known | more))


OUTPUT = tuple(f"step {n} of 9: shifting traffic to shop-4f21c0" for n in range(1, 8))
HELPED = {
    "verdict": "HELPED",
    "verdict_text": "shop.latency_p95 2.4 s → 61 ms within 24 s",
}
WORSE = {"verdict": "WORSE", "verdict_text": "shop.error_rate 4.1 % → 38 % within 30 s"}


def on(name="workers", **more):
    known = {
        "name": name,
        "since": NOON - timedelta(minutes=32),
        "by": "ana",
        "action": "scale",
        "detail": "1 → 4",
        "until": NOON + timedelta(minutes=88),
        "undo": "scale",
        "values": {"workers": "1"},
    }
    return On(**(known | more))


class ActingLink:
    """Answers for the engine: plans what is asked, and lets it begin."""

    def __init__(self, *parts, board=None, granted="act", plans=None, refuse="", **acting):
        acting = {"actions": ACTIONS, "whole": True} | acting
        self.parts = (welcome(granted), board or databases.of(databases.locked()), *parts,
                      Acting(**acting))  # fmt: skip
        self.plans = plans or {}
        self.refuse = refuse
        self.asked = []

    def share(self, on):
        self.shared = on

    async def run(self, target):
        target.post_message(EngineSaid(self.parts))

    async def request(self, request):
        self.asked.append(request)
        if isinstance(request, PlanAction):
            return self._plan(request)
        if isinstance(request, RunAction):
            if self.refuse:
                return Answer(ref=0, ok=False, message=self.refuse)
            planned = self.of(PlanAction)[-1].action
            return Answer(ref=0, ok=True, run=run(planned))
        return Answer(ref=0, ok=True)

    def _plan(self, request):
        found = self.plans.get(request.action, plan(request.action, values=request.values))
        if isinstance(found, str):
            return Answer(ref=0, ok=False, message=found)
        return Answer(ref=0, ok=True, plan=found)

    def of(self, kind):
        """What was asked of that kind."""
        return [one for one in self.asked if isinstance(one, kind)]


class SlowLink(ActingLink):
    """An engine whose answer to a yes comes when ``gate`` is set; it is lost where ``lost``."""

    def __init__(self, *parts, lost=False, **more):
        super().__init__(*parts, **more)
        self.gate, self.lost = asyncio.Event(), lost

    async def request(self, request):
        if isinstance(request, RunAction):
            self.asked.append(request)
            await self.gate.wait()
            if self.lost:
                raise EngineError("the engine is gone")
        return await super().request(request)
