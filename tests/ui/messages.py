"""Messages to draw and to send: receivers, drafts, and a link that answers for them."""

from datetime import timedelta

from tests.ui import incidents
from tests.ui.boards import NOON
from tests.ui.incidents import ANA, ago
from warroom.comms.digest import digest_of
from warroom.incident.drafted import Checked, Drafted, Finding, Preview
from warroom.incident.entries import Entry
from warroom.incident.incident import DeliverySeen, MessageSeen
from warroom.incident.outward import CLIPBOARD, Message, Receiver
from warroom.wire import Answer, CheckMessage, GetDraft, GetEntries, Redeliver, SendMessage

NEXT = (NOON + timedelta(minutes=18)).replace(second=0)
RECEIVERS = (
    Receiver(
        name="chat",
        kind="slack",
        title="#incidents",
        where="chat at chat.example",
        purposes=("first", "update", "resolution"),
    ),
    Receiver(name="team", kind="mail", where="mail to team@shop.example"),
    Receiver(
        name="status",
        kind="http",
        title="status page",
        where="POST status.example",
        public=True,
        purposes=("status", "resolution"),
    ),
)
TEXT = f"""Update 2 on INC-20260304-001, 12 min since it began
Level SEV1, status Mitigating
Impact: api, checkout; 80 % of users

Found: the pool is full since the deployment of 1.4.3
Done: rollback to 1.4.2 started
Next: watch the error rate until it is normal

Next update: {NEXT:%H:%M}Z"""
FINDING = Finding(
    rule="host", text="db-7.internal is an internal host: take it out of a public text", line=4
)


def seen(entry=5, purpose="first", **states):
    """A message that was sent, and how it stands at each receiver."""
    texts = {
        "waiting": "connection refused by chat.example",
        "unknown": "the connection broke after it was sent",
        "sent": "200 ok",
    }
    return MessageSeen(
        entry=entry,
        purpose=purpose,
        at=ago(6),
        by="ana",
        head="SEV1: Checkout fails for all",
        deliveries=tuple(
            DeliverySeen(receiver=name, state=state, at=ago(5), text=texts.get(state, ""))
            for name, state in states.items()
        ),
    )


def answering(findings=(), draft=None, refuse=""):
    """What an engine says to requests about messages."""

    def answer(request):
        if isinstance(request, GetDraft):
            return Answer(ref=0, ok=True, draft=draft or _draft(request.purpose))
        if isinstance(request, CheckMessage):
            return Answer(ref=0, ok=True, checked=checked(request, findings))
        if isinstance(request, SendMessage):
            if refuse:
                return Answer(ref=0, ok=False, message=refuse)
            return Answer(ref=0, ok=True, entry=written(request))
        if isinstance(request, GetEntries):
            body = Message(purpose="first", text=TEXT, receivers=("chat",))
            return Answer(ref=0, ok=True, entries=(incidents.entry(5, body),))
        return Answer(ref=0, ok=True, message="done" if isinstance(request, Redeliver) else "")

    return answer


def _draft(purpose):
    if purpose == "brief":
        return Drafted(
            purpose="brief", text="Checkout fails for all since 14:55Z, SEV1.\nRollback."
        )
    named = purpose or "update"
    return Drafted(purpose=named, text=TEXT, next=NEXT, receivers=("chat", "team"))


def checked(request, findings=()):
    digest = digest_of(
        request.incident,
        request.purpose,
        request.subject,
        request.text,
        request.next,
        request.receivers,
    )
    previews = tuple(
        Preview(receiver=name, text=request.text if name == CLIPBOARD else f"POST\n{request.text}")
        for name in request.receivers
    )
    return Checked(findings=tuple(findings), previews=previews, digest=digest)


def written(request):
    body = Message(
        purpose=request.purpose, text=request.text, receivers=request.receivers, next=request.next
    )
    return Entry(
        seq=6,
        incident=request.incident,
        number=6,
        happened=NOON,
        written=NOON,
        actor=ANA,
        body=body,
        once=request.once,
    )


def link(*messages, findings=(), draft=None, receivers=RECEIVERS, refuse="", **more):
    """A link to a room with an incident that has these messages."""
    told = incidents.timeline(incidents.incident(messages=messages))
    return incidents.link(
        told,
        answer=answering(findings, draft, refuse),
        procedures=incidents.procedures(receivers=receivers),
        **more,
    )
