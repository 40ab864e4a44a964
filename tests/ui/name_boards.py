"""Boards of names and certificates, made by hand."""

from datetime import timedelta

from tests.ui.boards import NOON, limit, room
from warroom.measure.change import Change
from warroom.measure.names import DnsSeen, Resolved, TlsSeen
from warroom.measure.snapshot import Failure, Signal, Snapshot
from warroom.severity import OK, UNSEEN
from warroom.wire import Board, SignalView, SourceView

ONE, TWO = "203.0.113.7", "198.51.100.9"
SOON = (limit("SEV2", "< 3", "certificate ends"), limit("SEV3", "< 14", "certificate ends"))
MOVED = Change(
    NOON - timedelta(minutes=7), f"A www.harbour.example {TWO} → {ONE} by 1.1.1.1", "answers"
)
RENEWED = Change(
    NOON - timedelta(days=2),
    "certificate of www.harbour.example issued by Harbour CA R1, until 2026-04-16,"
    " replaces the one until 2026-03-20",
    "certificate",
)


def _view(name, kind, seen, known, units, limits=None, **more):
    signals = tuple(Signal(f"{name}.{f}", value, units[f]) for f, value in known.items())
    view = {
        "name": name,
        "title": name,
        "kind": kind,
        "interval": 30.0,
        "state": "UP",
        "level": OK,
        "snapshot": Snapshot(taken_at=NOON, took=0.02, seen=seen, signals=signals),
        "age": 0.0,
        "signals": tuple(
            SignalView(name=s.name, value=s.value, unit=s.unit, limits=(limits or {}).get(f, ()))
            for s, f in zip(signals, known, strict=True)
        ),
        "polls": 120,
    }
    return SourceView(**{**view, **more})


def said(resolver, *answers, **more):
    return Resolved(resolver=resolver, answers=answers, **{"took": 0.0012, "ttl": 300, **more})


def dns(name="www", *resolved, agree=True, limits=None, **more):
    resolved = resolved or (said("system", ONE, ttl=None), said("1.1.1.1", ONE, took=0.012))
    fields = ("faults", "blind", "notes", "changes")
    seen = DnsSeen(
        name="www.harbour.example",
        record="A",
        resolved=resolved,
        agree=agree,
        **{field: more.pop(field) for field in fields if field in more},
    )
    known = {"lookup": 12.0, "answers": 1.0, "agree": None if agree is None else float(agree)}
    units = {"lookup": "ms", "answers": "answers", "agree": ""}
    return _view(name, "dns", seen, known, units, limits, **more)


def tls(name="cert", days=43.4, **more):
    fields = ("verdict", "faults", "issuer", "subject", "names", "changes")
    own = {field: more.pop(field) for field in fields if field in more}
    seen = TlsSeen(
        address="www.harbour.example:443",
        server_name="www.harbour.example",
        not_before=NOON - timedelta(days=40),
        not_after=NOON + timedelta(days=days),
        fingerprint="ab" * 32,
        protocol="TLSv1.3",
        **{
            "issuer": "Harbour CA R1",
            "subject": "www.harbour.example",
            "names": ("www.harbour.example", "harbour.example"),
            **own,
        },
    )
    known, units = {"days": days, "handshake": 31.0}, {"days": "days", "handshake": "ms"}
    return _view(name, "tls", seen, known, units, {"days": SOON}, **more)


def differing():
    resolved = (said("system", TWO, ttl=None), said("1.1.1.1", ONE), said("8.8.8.8", ONE))
    limits = {"agree": (limit("SEV3", "< 1", "resolvers differ"),)}
    cause = "www: resolvers differ: agree 0, under 1"
    since = NOON - timedelta(seconds=40)
    return dns(
        "www",
        *resolved,
        agree=False,
        limits=limits,
        level="SEV3",
        cause=cause,
        since=since,
        changes=(MOVED,),
    )


def gone():
    nothing = {"trouble": "no such name (NXDOMAIN)", "ttl": None}
    resolved = (said("system", **nothing), said("1.1.1.1", **nothing))
    fault = "A www.harbour.example: no such name (NXDOMAIN) by system, 1.1.1.1"
    more = {"state": "DOWN", "level": "SEV1", "cause": f"www is down: {fault}"}
    return dns("www", *resolved, faults=(fault,), since=NOON - timedelta(seconds=40), **more)


def expired():
    verdict = "certificate expired 2 days ago"
    more = {"state": "DOWN", "level": "SEV1", "cause": f"cert is down: {verdict}"}
    since = NOON - timedelta(days=2)
    return tls(days=-2.3, verdict=verdict, faults=(verdict,), since=since, **more)


def ending():
    cause = "end-cert: certificate ends: days 9.2, under 14"
    return tls("end-cert", days=9.2, level="SEV3", cause=cause, since=NOON - timedelta(days=4))


def half_seen():
    resolved = (said("system", ONE), said("1.1.1.1", trouble="no answer", replied=False, took=None))
    blind = "1.1.1.1: no answer within 4.0 s"
    more = {"state": "CAN'T SEE", "level": UNSEEN, "cause": blind}
    return dns("www", *resolved, agree=None, blind=(blind,), **more)


def unseen():
    failure = Failure("tls", "no answer within 9.5 s: connected, no TLS handshake", "is it up?")
    more = {"state": "CAN'T SEE", "level": UNSEEN, "failure": failure, "age": 125.0}
    return tls("api-cert", cause=failure.reason, changes=(RENEWED,), **more)


def waiting():
    more = {"state": "CAN'T SEE", "level": UNSEEN, "snapshot": None, "age": None, "signals": ()}
    return tls("new-cert", cause="not asked yet", **more)


def of(*sources):
    return Board(room=room(), sources=sources)


STATES = {
    "good": of(dns(), tls()),
    "bad": of(differing(), expired(), unseen(), ending()),
    "gone": of(gone(), tls()),
    "half seen": of(half_seen(), tls()),
    "waiting": of(waiting()),
    "none": of(),
}
