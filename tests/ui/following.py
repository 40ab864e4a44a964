"""Playbooks to be proposed, read and followed: by hand, so that what a picture shows is known."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui import acting, incidents
from tests.ui.boards import NOON
from tests.ui.incidents import HOSTILE
from warroom.config.local import LocalPage
from warroom.errors import EngineError
from warroom.incident.acting.kinds import ActionView, Parameter
from warroom.incident.followed import CheckSeen, FollowedSeen, StepSeen
from warroom.incident.following import Checked
from warroom.incident.incident import RunSeen
from warroom.measure.comparison import Threshold
from warroom.playbooks.playbook import CheckView, Link, Playbook, Step, Symptom
from warroom.playbooks.standing import Proposal, Shelf, SymptomSeen
from warroom.wire import Answer, GetPlaybooks, Post, RunCheck

PAGES = (LocalPage("overview", ("health",)), LocalPage("queues", ("health", "queues")))
WHICH = "Which queue, how deep, and does it move?"
LOGS = "Worker logs: the same error again and again?"
MAIL = "Does the mail provider answer?"
SCALE = "Scale the workers up"
RESTART = "Restart the worker that stands still"
RETRY = "Retry what failed, once it goes again"
LEAD = "Tell the team lead"
VENDOR = "Ask the provider"
SMALL = "The queue is small again"
ALERT = "Alert on the age of the oldest job, not only on the depth"

QUEUE = Playbook(
    name="queue-backlog",
    title="Queue backed up",
    about="Jobs come faster than they are finished, or are not finished at all; users report "
    "delays.",
    symptoms=(
        Symptom(need="all", figure="*.depth", threshold=Threshold(">", 10_000), weight=2),
        Symptom(figure="*.workers", threshold=Threshold("==", 0)),
        Symptom(figure="*.finishing", threshold=Threshold("==", 0)),
        Symptom(figure="*.failed", level="any"),
        Symptom(need="unless", state="maintenance"),
    ),
    steps=(
        Step(part="look", text=WHICH, panel="queues"),
        Step(part="look", text=LOGS, check="worker_logs"),
        Step(part="look", text=MAIL, probe="mail"),
        Step(part="mitigate", text=SCALE, action="scale", values={"workers": "4"}),
        Step(
            part="mitigate",
            text=RESTART,
            action="restart_worker",
            needs="[actions.restart_worker]: what starts a worker anew",
        ),
        Step(part="mitigate", text=RETRY, action="rollback"),
        Step(part="escalate", text=LEAD, tell=("team lead",), after=1800.0),
        Step(
            part="escalate",
            text=VENDOR,
            tell=("Payments",),
            when="the provider itself is down",
        ),
        Step(part="checklist", text=SMALL, watch=900.0),
        Step(part="checklist", text="No job is left in the dead letters"),
        Step(part="prevent", text=ALERT),
    ),
    vendors=("Payments",),
    links=(Link("Runbook", "https://wiki.shop.example/queues"),),
    origin="built in",
    needs=("[actions.restart_worker]: what starts a worker anew",),
)
POOL = Playbook(
    name="pool-exhausted",
    title="Connection pool exhausted",
    about="Every connection is taken; requests wait for one and time out.",
    symptoms=(Symptom(figure="*.connections_used", threshold=Threshold(">", 90)),),
    steps=(
        Step(part="look", text="Who holds the connections?", panel="connections"),
        Step(part="mitigate", text="Terminate what is idle in a transaction", action="kill"),
    ),
    origin="built in",
)
CERTIFICATE = Playbook(
    name="certificate",
    title="Certificate expires",
    about="A certificate is about to expire, or has expired.",
    steps=(Step(part="mitigate", text="Renew it by hand"),),
    origin="playbooks/certificate.toml",
)
EVIL = Playbook(
    name="evil",
    title=HOSTILE,
    about=HOSTILE,
    symptoms=(Symptom(figure="x", says=HOSTILE),),
    steps=(
        Step(part="look", text=HOSTILE, check=HOSTILE, needs=HOSTILE),
        Step(part="escalate", text=f"{HOSTILE} 2", tell=(HOSTILE,), when=HOSTILE),
    ),
    vendors=(HOSTILE,),
    links=(Link(HOSTILE, HOSTILE),),
    origin=HOSTILE,
    needs=(HOSTILE,),
)
SEEN = {
    "queue-backlog": (
        SymptomSeen(holds="holds", words="emails: depth 12,400 over 10,000 for 2 min"),
        SymptomSeen(holds="counting", words="emails: workers 0 of 4 for 10 s of 20 s"),
        SymptomSeen(holds="holds", words="emails: no job finished for 90 s"),
        SymptomSeen(holds="no", words="emails: failed 3, no rule is broken"),
        SymptomSeen(holds="unwatched", words="nothing here says that it is being worked on"),
    ),
    "pool-exhausted": (SymptomSeen(holds="holds", words="db: connections 97 over 90 for 1 min"),),
    "evil": (SymptomSeen(holds="holds", words=HOSTILE),),
}


def proposal(**more):
    known = {
        "playbook": "queue-backlog",
        "title": "Queue backed up",
        "evidence": (
            "emails: depth 12,400 over 10,000 for 2 min",
            "no job finished for 90 s",
        ),
        "score": 3,
        "share": 0.6,
        "since": NOON - timedelta(minutes=2),
    }
    return Proposal(**{**known, **more})


SECOND = proposal(
    playbook="pool-exhausted",
    title="Connection pool exhausted",
    evidence=("db: connections 97 over 90 for 1 min",),
    score=1,
)


def shelf(*more, **fields):
    known = {
        "playbooks": (QUEUE, POOL, CERTIFICATE, *more),
        "checks": (CheckView(name="worker_logs", title="Worker logs", kind="logs"),),
        "seen": SEEN,
        "proposals": (proposal(),),
    }
    return Shelf(**{**known, **fields})


ACTIONS = (
    *acting.ACTIONS,
    ActionView(
        name="restart_app",
        title="Restart the application",
        kind="command",
        parameters=(Parameter(name="instance"),),
    ),
)
OUTPUT = ("41 x SMTP 421 try again later", " 3 x timed out after 30 s")
CHECKED = Checked(
    check="worker_logs",
    title="Worker logs",
    ok=False,
    text="44 errors in 10 min, of 2 kinds",
    output=OUTPUT,
    seconds=1.2,
    playbook="queue-backlog",
    step=LOGS,
)


def stepped(state="done", minutes=3.0, by="ana"):
    return StepSeen(state=state, by=by, at=NOON - timedelta(minutes=minutes))


def walked(name="queue-backlog", title="Queue backed up", **more):
    """One that is followed since six minutes."""
    known = {"name": name, "title": title, "at": NOON - timedelta(minutes=6), "by": "ana"}
    return FollowedSeen(**{**known, **more})


def half_way(**more):
    """One of which some was done: looked, a check that was not well, an action without effect."""
    steps = {WHICH: stepped(), LOGS: stepped(minutes=2.5, by="ben"), SCALE: stepped("no help", 1)}
    return walked(**{"steps": steps, **more})


def incident(*playbooks, **more):
    checked = {
        "worker_logs": CheckSeen(
            at=NOON - timedelta(minutes=2, seconds=40),
            by="ben",
            entry=5,
            ok=False,
            text=CHECKED.text,
        )
    }
    run = RunSeen(
        run="scale-1",
        action="scale",
        title="Scale the workers",
        entry=6,
        at=NOON - timedelta(minutes=2),
        by="ana",
        outcome="succeeded",
        verdict="NO EFFECT",
        verdict_text="emails.depth 12,400 → 12,380 within 60 s",
    )
    known = {"playbooks": playbooks, "checked": checked, "runs": (run,)}
    return incidents.incident(**{**known, **more})


class PlaybookLink(acting.ActingLink):
    """Answers for the engine: the shelf, and what a check comes to. What is posted is kept."""

    def __init__(self, *told, proposals=(), books=None, refuse="", result=None, **more):
        base = incidents.board()
        board = replace(base, proposals=proposals)
        super().__init__(*told, board=more.pop("board", board), actions=ACTIONS, **more)
        self.books = books if books is not None else shelf()
        self.refused = refuse
        self.result = result or Answer(ref=0, ok=True, message=CHECKED.text, text="\n".join(OUTPUT))
        self.gone = False

    async def request(self, request):
        if self.gone:
            raise EngineError("the engine is not there", "it is being started again")
        if isinstance(request, GetPlaybooks):
            self.asked.append(request)
            if self.refused:
                return Answer(ref=0, ok=False, message=self.refused)
            return Answer(ref=0, ok=True, shelf=self.books)
        if isinstance(request, RunCheck):
            self.asked.append(request)
            return self.result
        return await super().request(request)

    def posted(self):
        """What was written, in its order."""
        return [request.body for request in self.of(Post)]


def link(*playbooks, told=None, **more):
    """An incident that follows these; without any it follows none."""
    one = told if told is not None else incident(*playbooks)
    return PlaybookLink(incidents.timeline(one), **more)
