"""Everything about one incident, as rows: what stands on its screen. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, beside, gap, heading, without_ends
from warroom.console.incident.times import ago, clock, span
from warroom.console.incident.work import follow_up_rows, task_rows
from warroom.console.look import Look, fit, style_of
from warroom.incident.entries import Entry, Severity
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.incident.words import told
from warroom.severity import Scale
from warroom.text import safe

LABEL = 22
"""Cells of a line's label."""
WIDE = 108
"""Columns from which what is known stands beside what is to be done."""


class Whole(msgspec.Struct, frozen=True):
    """What the screen is drawn from. ``entries`` are those of the incident that are known;
    ``clocks`` how the clocks stand, as label, words and style."""

    incident: Incident
    procedures: Procedures
    scale: Scale
    entries: Sequence[Entry]
    now: datetime
    look: Look
    clocks: Sequence[tuple[str, str, str]] = ()

    def plain(self, text: str, limit: int = 2_000) -> str:
        """Outside text as this terminal can show it."""
        return self.look.plain(safe(text, limit))


def incident_rows(whole: Whole, width: int) -> list[Row]:
    """All of it: how it stands, who does what, what is hit and why, what is to be done. Where
    there is room, what can be changed stands on the left and what is only read on the right."""
    one = whole.incident
    top = (_standing(whole), _resolution(whole))
    work = (
        _roles(whole),
        task_rows(one.tasks, whole.now, whole.look),
        follow_up_rows(one.follow_ups, whole.look),
        _links(whole),
    )
    known = (
        _impact(whole),
        _cause(whole),
        _milestones(whole),
        _key_events(whole),
        _people(whole),
    )
    if width < WIDE:
        first, *others = work
        return _joined((*top, first, others[0], *known, *others[1:]))
    return [*_joined(top), gap(), *beside(_joined(work), _joined(known), width)]


def _joined(sections: Iterable[Iterable[Row]]) -> list[Row]:
    """The sections, with an empty line between two."""
    rows: list[Row] = []
    for section in sections:
        rows += [*section, gap()]
    return without_ends(rows)


def _line(whole: Whole, label: str, words: str, *, key: str = "", said: str = "") -> Row:
    lead = fit(whole.plain(label, 60), LABEL - 2, end=whole.look.end)
    parts = [(f"  {lead}  ", ".dim"), (whole.plain(words), "")]
    if said:
        parts.append((f"  {whole.plain(said)}", ".dim"))
    return Row(Content.assemble(*parts), key, LABEL + 2)


def _standing(whole: Whole) -> Iterable[Row]:
    one, now, look = whole.incident, whole.now, whole.look
    level = whole.plain(one.level, 20) or "no level"
    style = style_of(one.level, whole.scale) if one.level else ".dim"
    sign = look.sign(one.level, whole.scale) if one.level else "?"
    phase = f" {look.dot} {whole.plain(one.phase, 40)}" if one.phase else ""
    lasted = span(max(((one.resolved or now) - one.started).total_seconds(), 0.0))
    yield Row(
        Content.assemble(
            (f"{sign} {level}", style),
            (f"  {whole.plain(one.status, 40)}", ".strong"),
            (phase, ""),
            (f"  {'open' if one.open else 'lasted'} {lasted}", ".dim"),
        )
    )
    yield Row(Content.assemble((whole.plain(one.title, 300), ".strong")))
    yield gap()
    yield _line(whole, "Started", clock(one.started, now), said=ago(one.started, now))
    yield _line(whole, "Declared", clock(one.declared, now), said=f"by {one.by.shown}")
    if one.channel:
        yield _line(whole, "Channel", one.channel, key="channel")
    for label, words, style in whole.clocks:
        row = _line(whole, label, "")
        yield Row(Content.assemble(row.content, (whole.plain(words), style)), indent=LABEL + 2)
    if len(one.levels) > 1:
        steps = (" → " if look.unicode else " -> ").join(
            f"{whole.plain(step.level, 20) or 'none'} {clock(step.at, now)}" for step in one.levels
        )
        yield _line(whole, "Levels", steps, said=_why(whole.entries))
    if one.reports:
        yield _line(whole, "Reports by people", str(one.reports))


def _why(entries: Sequence[Entry]) -> str:
    """The reason of the newest change of level, if it is known."""
    reasons = (e.body.reason for e in reversed(entries) if isinstance(e.body, Severity))
    return next(reasons, "")


def _resolution(whole: Whole) -> Iterable[Row]:
    one, said = whole.incident, whole.incident.resolution
    if said is None or one.resolved is None:
        return
    yield heading("Resolved", clock(one.resolved, whole.now))
    if said.how:
        yield _line(whole, "How", said.how)
    if said.text:
        yield _line(whole, "Words", said.text)
    if said.override:
        yield _line(whole, "Not met", "; ".join(said.unmet))
        yield _line(whole, "Resolved all the same", said.override)


def _roles(whole: Whole) -> Iterable[Row]:
    held = whole.incident.roles
    named = [role.name for role in whole.procedures.roles]
    wanted = [*named, *(role for role in held if role not in named)]
    if wanted:
        yield heading("Roles", whole.look.worded("{work.role} assigns or hands over"))
    for role in wanted:
        who = held.get(role)
        if who is None:
            yield _line(whole, role, "nobody", key=f"role:{role}")
            continue
        said = f"since {clock(who.since, whole.now)}" + (f": {who.brief}" if who.brief else "")
        yield _line(whole, role, who.person, key=f"role:{role}", said=said)


def _impact(whole: Whole) -> Iterable[Row]:
    hit, said = whole.incident.impact, whole.incident.assessment
    users = [f"{hit.users:,} users"] if hit.users is not None else []
    share = hit.share if hit.share is not None else said and said.share
    if share is not None:
        users.append(f"{share:g} %")
    lines = (
        ("Assessed", ", ".join(part for part in (said.impact, said.scope) if part) if said else ""),
        ("Services", ", ".join(hit.services)),
        ("Features", ", ".join(hit.features) or (said.features if said else "")),
        ("Regions", ", ".join(hit.regions) or (said.regions if said else "")),
        ("Users", ", ".join(users)),
        ("Money", hit.money or _money(whole)),
        ("Data lost", _flag(hit.data_loss)),
        ("Data exposed", _flag(hit.exposed)),
        ("Legal matter", _flag(hit.legal)),
        ("Data at risk", _flag(said.data) if said else ""),
        ("Security at risk", _flag(said.security) if said else ""),
        ("In words", hit.text),
    )
    yield from _section(whole, "Impact", lines, "nothing is said of it yet: /impact")


def _money(whole: Whole) -> str:
    said = whole.incident.assessment
    if said is None or said.money is None:
        return ""
    return f"{whole.procedures.currency}{said.money:,.0f} an hour"


def _cause(whole: Whole) -> Iterable[Row]:
    why = whole.incident.cause
    lines = (
        ("Cause", why.text),
        ("Trigger", why.trigger),
        ("Failed safeguards", why.safeguards),
        ("Blast radius", why.blast_radius),
    )
    yield from _section(whole, "Cause", lines, "not known yet: /cause")


def _section(
    whole: Whole, title: str, lines: Iterable[tuple[str, str]], nothing: str
) -> Iterable[Row]:
    said = [(label, words) for label, words in lines if words]
    yield heading(title, "" if said else nothing)
    for label, words in said:
        yield _line(whole, label, words)


def _flag(flag: bool | None) -> str:
    return "" if flag is None else "yes" if flag else "no"


def _milestones(whole: Whole) -> Iterable[Row]:
    reached = sorted(whole.incident.milestones.items(), key=lambda pair: pair[1])
    said = "" if reached else whole.look.worded("none is reached yet: {milestone}")
    yield heading("Milestones", said)
    for name, at in reached:
        after = span(max((at - whole.incident.started).total_seconds(), 0.0))
        yield _line(whole, name, clock(at, whole.now), said=f"after {after}")


def _key_events(whole: Whole) -> Iterable[Row]:
    marked = set(whole.incident.keys)
    if not marked:
        return
    yield heading("Key events")
    for entry in whole.entries:
        if entry.number in marked:
            text = told(entry, whole.incident).text
            yield _line(whole, clock(entry.happened, whole.now), text)
            marked.discard(entry.number)
    if marked:
        yield _line(whole, "earlier", f"{len(marked)} more in the timeline")


def _links(whole: Whole) -> Iterable[Row]:
    links = whole.incident.links
    if links:
        yield heading("Links", whole.look.worded("{dialog.copy} copies the one under the cursor"))
    for link in links:
        yield _line(whole, link.name, link.address, key=f"link:{link.name}")


def _people(whole: Whole) -> Iterable[Row]:
    people = whole.incident.people
    if people:
        yield heading("Who has written")
        yield Row(Content(f"  {whole.plain(', '.join(people))}"), indent=2)


def copied(whole: Whole, key: str) -> str:
    """What ``y`` copies of the row under the cursor; of most rows the whole incident."""
    kind, _, name = key.partition(":")
    if kind == "link":
        return next((one.address for one in whole.incident.links if one.name == name), "")
    if kind == "channel":
        return whole.incident.channel
    return "\n".join(row.content.plain for row in incident_rows(whole, WIDE - 1))
