"""What each kind of entry says, as text. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias, cast

from warroom.incident import acting_words, following_words
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.incident.entries import (
    Body,
    Cause,
    Correction,
    Decision,
    Declared,
    Due,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Nag,
    Note,
    Observed,
    Phase,
    Reopened,
    Report,
    Resolved,
    Role,
    Seen,
    SetLink,
    Severity,
    StartList,
    Status,
    Task,
    Tick,
    Title,
    Update,
)
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.outward import PURPOSE_WORDS, Delivery, Evidence, Message
from warroom.incident.spans import at_words, minute


def text_of(body: Body, beside: datetime | None = None) -> str:
    """What it says, without its kind's word; may have several lines. Times of the day of
    ``beside``, when it happened, are told without their date."""
    return _TEXTS[type(body)](body, lambda at: at_words(at, beside) if beside else minute(at))


_Written: TypeAlias = Callable[[datetime], str]


def _with(first: str, text: str | None) -> str:
    return f"{first}: {text}" if text else first


def _moved(before: str, after: str) -> str:
    return f"{before} to {after}" if before and before != after else after


def _declared(body: Declared, at: _Written) -> str:
    parts = [body.level, body.status] if body.level else ["no level yet", body.status]
    begun = f"began {at(body.started)}"
    return f"{body.title} ({', '.join([*filter(None, parts), begun])})"


def _role(body: Role, at: _Written) -> str:
    if not body.person:
        gone = f", {body.before} gave it up" if body.before else ""
        return _with(f"{body.role}: nobody{gone}", body.brief)
    taken = f", from {body.before}" if body.before and body.before != body.person else ""
    return _with(f"{body.role}: {body.person}{taken}", body.brief)


def _impact(body: Impact, at: _Written) -> str:
    lists = (("services", body.services), ("features", body.features), ("regions", body.regions))
    parts = [
        f"{name} {', '.join(values) or 'none'}" for name, values in lists if values is not None
    ]
    if body.users is not None:
        parts.append(f"{body.users:,} users")
    if body.share is not None:
        parts.append(f"{body.share:g} % of users")
    if body.money is not None:
        parts.append(f"money {body.money or 'none'}")
    if body.data_loss is not None:
        parts.append("DATA LOST" if body.data_loss else "no data lost")
    if body.exposed is not None:
        parts.append("DATA EXPOSED" if body.exposed else "no data exposed")
    if body.legal is not None:
        parts.append("A LEGAL MATTER" if body.legal else "no legal matter")
    return "; ".join([*parts, *([body.text] if body.text else [])])


def _cause(body: Cause, at: _Written) -> str:
    named = (
        ("trigger", body.trigger),
        ("failed safeguards", body.safeguards),
        ("blast radius", body.blast_radius),
    )
    parts = [body.text or "", *(f"{name}: {value}" for name, value in named if value)]
    return "; ".join(filter(None, parts))


def _report(body: Report, at: _Written) -> str:
    count = f"{body.count:,} report" + ("" if body.count == 1 else "s")
    return _with(f"{count} via {body.via}" if body.via else count, body.text)


def _task(body: Task, at: _Written) -> str:
    parts = [f"{body.task} {body.who}".strip() if body.task else body.who]
    parts += [body.state] if body.state != "open" else []
    parts += [f"until {at(body.due)}"] if body.due and body.state == "open" else []
    return _with(", ".join(filter(None, parts)), body.text)


def _follow_up(body: FollowUp, at: _Written) -> str:
    parts = [f"{body.item}"] if body.item else []
    parts += [body.state] if body.state != "open" else []
    parts += [f"@{body.owner}"] if body.owner else []
    parts += [f"due {body.due}"] if body.due else []
    parts += [f"#{body.sort}"] if body.sort else []
    parts += [body.ticket] if body.ticket else []
    return _with(" ".join(parts), body.text) if parts else body.text


def _correction(body: Correction, at: _Written) -> str:
    if body.text == "":
        return f"entry {body.entry} is withdrawn"
    when = f" happened {at(body.at)}" if body.at is not None else ""
    if body.text is None:
        return f"entry {body.entry}{when}"
    return f"entry {body.entry}{when} should read: {body.text}"


def _tick(body: Tick, at: _Written) -> str:
    watched = f" until {at(body.until)}" if body.until else ""
    state = {"done": "done", "open": "open again", "watch": f"being watched{watched}"}[body.state]
    return f"{body.checklist}: {body.item}, {state}"


def _link(body: SetLink, at: _Written) -> str:
    return f"{body.name}: {body.address}" if body.address else f"{body.name} is taken away"


def _update(body: Update, at: _Written) -> str:
    audience = f" ({body.audience})" if body.audience else ""
    promised = f"\nnext update {at(body.next)}" if body.next is not None else ""
    return f"{body.text}{audience}{promised}"


def _nag(body: Nag, at: _Written) -> str:
    return "\n".join((body.text, *body.who))


def _resolved(body: Resolved, at: _Written) -> str:
    lines = [_with(body.how, body.text) if body.how else body.text or body.status]
    if body.unmet:
        lines.append(f"not met: {'; '.join(body.unmet)}")
    if body.override:
        lines.append(f"all the same, since: {body.override}")
    return "\n".join(lines)


def _message(body: Message, at: _Written) -> str:
    lines = [f"{PURPOSE_WORDS[body.purpose]} to {', '.join(body.receivers)}"]
    lines += [body.subject] if body.subject else []
    lines.append(body.text)
    if body.next is not None:
        lines.append(f"next update {at(body.next)}")
    if body.override:
        lines.append(f"in spite of: {'; '.join(body.odd)}; since: {body.override}")
    return "\n".join(lines)


_DELIVERED = {
    "waiting": "WAITS for",
    "sending": "being sent to",
    "sent": "sent to",
    "failed": "REFUSED by",
    "unknown": "UNKNOWN whether it came to",
    "copied": "taken along by hand:",
    "dropped": "not to be sent any more to",
}


def _delivery(body: Delivery, at: _Written) -> str:
    return _with(f"entry {body.message} {_DELIVERED[body.state]} {body.receiver}", body.text)


def _evidence(body: Evidence, at: _Written) -> str:
    files = [f"{one.name}, {one.size:,} bytes, SHA-256 {one.sha256}" for one in body.files]
    return "\n".join([body.text or "evidence", *files])


def _due(body: Due, at: _Written) -> str:
    state = {"done": "done", "dropped": "dropped", "open": "open again"}[body.state]
    return _with(f"{body.name}: {state}", body.text)


_TEXTS = cast(
    dict[type[Body], Callable[[Any, _Written], str]],
    {
        Note: lambda body, at: body.text,
        Decision: lambda body, at: body.text,
        Severity: lambda body, at: _with(_moved(body.before, body.level), body.reason),
        Status: lambda body, at: _with(_moved(body.before, body.status), body.text),
        Phase: lambda body, at: _moved(body.before, body.phase),
        Milestone: lambda body, at: (
            _with(body.name, body.text) + (f" ({body.odd})" if body.odd else "")
        ),
        Role: _role,
        Impact: _impact,
        Cause: _cause,
        Report: _report,
        Task: _task,
        FollowUp: _follow_up,
        Mark: lambda body, at: f"entry {body.entry}" + ("" if body.key else " is none any more"),
        Correction: _correction,
        Tick: _tick,
        StartList: lambda body, at: f"{body.checklist} begun",
        SetLink: _link,
        Title: lambda body, at: body.title,
        Update: _update,
        Seen: lambda body, at: body.text or body.nag,
        Reopened: lambda body, at: _with(body.status, body.reason) if body.status else body.reason,
        Declared: _declared,
        Observed: lambda body, at: body.text,
        Nag: _nag,
        Due: _due,
        Message: _message,
        Delivery: _delivery,
        Evidence: _evidence,
        Resolved: _resolved,
        ActionStarted: acting_words.started,
        ActionFinished: acting_words.finished,
        ActionVerdict: acting_words.verdict,
        StillOn: acting_words.still_on,
        Followed: following_words.followed,
        PlaybookStep: following_words.stepped,
        Checked: following_words.checked,
    },
)
