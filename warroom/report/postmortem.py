"""The post-mortem: everything that is known already in its place, and blanks for what only people
can write. Pure."""

from collections.abc import Iterator

from warroom.incident.dues import due_dates
from warroom.incident.entries import Decision, Entry, Milestone, Observed, Resolved
from warroom.incident.incident import FollowUpSeen
from warroom.incident.outward import PURPOSE_WORDS
from warroom.report import timeline
from warroom.report.document import (
    Blank,
    Block,
    Chart,
    Document,
    Facts,
    Heading,
    Items,
    Notice,
    Table,
    Text,
    Words,
)
from warroom.report.dossier import Dossier
from warroom.report.facts import impact_rows, main_facts, roles_row
from warroom.report.measures import measures
from warroom.report.series import CHARTED, Series, series
from warroom.report.words import figure, line, moment, span, time_of, whole


def post_mortem(dossier: Dossier) -> Document:
    """The whole document."""
    incident = dossier.incident
    state = "" if incident.resolved is not None else "DRAFT, the incident is still open: "
    return Document(
        title=f"{state}Post-mortem {line(incident.id)}",
        subtitle=line(incident.title),
        blocks=tuple(_blocks(dossier)),
        about=about(dossier),
    )


MASKED = (
    "Names are masked: what stands between < and > is in the place of a host, an address, a mail "
    "address, a person, a token or a number to call, and ? of a value in SQL. The journal has them."
)


def about(dossier: Dossier) -> tuple[str, ...]:
    """Where it comes from, and how to prove it."""
    head = line(dossier.head)  # of a journal that somebody may have written to
    parts = [f"Made by warroom {dossier.version} at {moment(dossier.made)}"]
    parts += [f"room {line(dossier.room)}"] if dossier.room else []
    parts += [line(dossier.environment)] if dossier.environment else []
    return (
        f"{', '.join(parts)}. {len(dossier.entries):,} entries.",
        f"Head of the incident: {head}",
        f"To prove that no entry before it was changed: warroom verify --head {head}",
    )


def warnings(dossier: Dossier) -> Iterator[Block]:
    """What nobody may overlook."""
    if dossier.masked:
        yield Notice(MASKED)
    if dossier.incident.resolved is None:
        yield Notice("The incident is still open: this is a draft of what is known by now.")
    for name in dossier.evidence.changed:
        yield Notice(f"The evidence in {line(name)} is NOT what the journal says it was.")
    for problem in dossier.evidence.problems:
        yield Notice(f"Evidence: {line(problem)}")


def _blocks(dossier: Dossier) -> Iterator[Block]:
    yield from warnings(dossier)
    yield Facts((*main_facts(dossier), roles_row(dossier), _attendees(dossier)))
    yield Heading("Summary")
    yield Words(Blank("what happened, to whom and for how long, why, and what ended it; 3 lines"))
    yield Heading("Impact")
    yield Facts(impact_rows(dossier))
    yield Heading("How long it took")
    yield _measured(dossier)
    yield from _told(dossier)
    yield from _root_cause(dossier)
    yield from _resolution(dossier)
    yield from _signals(dossier)
    yield from _actions(dossier)
    yield from _messages(dossier)
    yield from _lessons()
    yield from follow_ups(dossier)
    yield from _dues(dossier)
    yield from _agenda()
    yield Heading("The whole timeline")
    yield timeline.table(dossier.entries, dossier.incident)


def _attendees(dossier: Dossier) -> tuple[str, Text]:
    people = ", ".join(line(name) for name in dossier.incident.people)
    return ("Attendees", people or Blank("who took part"))


def _measured(dossier: Dossier) -> Table:
    rows = tuple(
        (line(one.name), span(one.span), f"{line(one.since)} to {line(one.until)}")
        for one in measures(dossier.incident, dossier.procedures, dossier.entries)
    )
    return Table(("Measure", "Took", "From what to what"), rows, (1,))


def _told(dossier: Dossier) -> Iterator[Block]:
    yield Heading("Key events")
    found = timeline.keys(dossier.entries, dossier.incident)
    yield timeline.table(found, dossier.incident)


def _or_blank(text: str, what: str) -> Text:
    return whole(text) if text.strip() else Blank(what)


def _root_cause(dossier: Dossier) -> Iterator[Block]:
    cause = dossier.incident.cause
    yield Heading("Root cause")
    yield Facts(
        (
            ("Cause", _or_blank(cause.text, "why it happened")),
            ("Trigger", _or_blank(cause.trigger, "what set it off")),
            ("Failed safeguards", _or_blank(cause.safeguards, "what should have prevented it")),
            ("Blast radius", _or_blank(cause.blast_radius, "what else it reached, or could have")),
        )
    )


def _resolution(dossier: Dossier) -> Iterator[Block]:
    done = dossier.incident.resolution
    yield Heading("Resolution")
    if done is None:
        yield Words(Blank("how it was ended"))
        return
    rows: list[tuple[str, Text]] = [
        ("How", _or_blank(done.how, "rollback, hotfix, configuration, scale")),
        ("What was done", _or_blank(done.text, "what ended it")),
    ]
    if done.unmet:
        rows.append(("Not met when it was resolved", "\n".join(map(whole, done.unmet))))
        rows.append(("Resolved all the same, since", whole(done.override)))
    yield Facts(tuple(rows))


def _signals(dossier: Dossier) -> Iterator[Block]:
    """What the figures did before, during and after; nothing where there is no evidence."""
    found = series(dossier.evidence.samples, dossier.incident)
    yield Heading("Signals before, during and after")
    if not found:
        said = "No figure moved" if dossier.evidence.samples else "No figures were kept"
        yield Words(f"{said} that could be told here.")
        return
    start = dossier.incident.started
    rows = tuple(
        (
            line(one.name),
            figure(one.before, one.unit),
            _extreme(one.low, one.unit, start),
            _extreme(one.high, one.unit, start),
            figure(one.after, one.unit),
        )
        for one in found
    )
    head = ("Figure", "Before (median)", "Lowest during", "Highest during", "After (median)")
    yield Table(head, rows, (1, 2, 3, 4))
    for one in found[:CHARTED]:
        yield _chart(one, dossier)


def _extreme(found: tuple[float, object] | None, unit: str, start: object) -> str:
    if found is None:
        return "–"
    value, at = found
    return f"{figure(value, unit)} at {time_of(at, start)}"  # type: ignore[arg-type]


def _chart(one: Series, dossier: Dossier) -> Chart:
    incident = dossier.incident
    return Chart(
        title=line(one.name),
        unit=one.unit,
        points=one.points,
        began=incident.started,
        ended=incident.resolved,
    )


def _acted(entry: Entry) -> bool:
    body = entry.body
    if isinstance(body, Observed):
        return body.what == "acknowledged"
    return isinstance(body, Decision | Milestone | Resolved) or entry.kind.startswith(
        ("action", "still-on", "playbook", "checked")
    )


def _actions(dossier: Dossier) -> Iterator[Block]:
    yield Heading("What was done, and by whom")
    found = [entry for entry in dossier.entries if _acted(entry)]
    if not found:
        yield Words("Nothing was written down.")
    else:
        yield timeline.table(found, dossier.incident)


def _messages(dossier: Dossier) -> Iterator[Block]:
    incident = dossier.incident
    if not incident.messages:
        return
    yield Heading("What people were told")
    rows = tuple(
        (
            time_of(message.at, incident.started),
            PURPOSE_WORDS[message.purpose],
            line(message.head),
            "; ".join(f"{line(d.receiver)}: {d.state}" for d in message.deliveries),
        )
        for message in incident.messages
    )
    yield Table(("Time (UTC)", "Message", "It begins", "What became of it"), rows, (0,))


def _lessons() -> Iterator[Block]:
    for title, what in (
        ("What went well", "what helped, and should be kept"),
        ("What went wrong", "what cost time, or made it worse"),
        ("Where we got lucky", "what might have made it worse, and did not"),
        ("Lessons", "what others should know"),
    ):
        yield Heading(title)
        yield Items((Blank(what),))


def follow_ups(dossier: Dossier) -> Iterator[Block]:
    """Action items by their kind; a kind that has none is asked for."""
    yield Heading("Action items")
    items = dossier.incident.follow_ups
    sorts = [*dossier.procedures.sorts]
    sorts += sorted({item.sort for item in items if item.sort and item.sort not in sorts})
    for sort in (*sorts, ""):
        mine = [item for item in items if item.sort == sort]
        if not mine and not sort:
            continue
        yield Heading(line(sort).capitalize() if sort else "Others", 3)
        if not mine:
            yield Items((Blank(f"what helps to {line(sort)}, or: none"),))
            continue
        rows = tuple(
            (
                whole(item.text),
                _wanted(line(item.owner), "who", item),
                _wanted(f"{item.due or ''}", "until when", item),
                line(item.ticket),
                item.state,
            )
            for item in mine
        )
        yield Table(("What", "Owner", "Due", "Ticket", "State"), rows)


def _wanted(said: str, what: str, item: FollowUpSeen) -> Text:
    """What is done or dropped needs nobody any more."""
    return said if said or item.state != "open" else Blank(what)


def _dues(dossier: Dossier) -> Iterator[Block]:
    found = due_dates(dossier.incident, dossier.procedures)
    if found:
        yield Heading("Due")
        rows = tuple((line(one.name), moment(one.at), one.state, line(one.by)) for one in found)
        yield Table(("What", "Until", "State", "By"), rows, (1,))


AGENDA = (
    ("10 min", "Timeline", "Go through the key events. What is missing, what is wrong?"),
    ("15 min", "Cause", "Trigger, failed safeguards, blast radius. Why, five times."),
    ("10 min", "Response", "The times above. What slowed us down, what helped?"),
    ("15 min", "Actions", "One owner and one date each: prevent, detect, respond, communicate."),
    ("10 min", "Communication", "Who heard what, when, and was it right?"),
)
"""An hour; who comes: responders, engineering lead, product manager, support."""


def _agenda() -> Iterator[Block]:
    yield Heading("Agenda of the review, 60 minutes")
    yield Words("With: responders, engineering lead, product manager, support.")
    yield Table(("Time", "Part", "What for"), AGENDA, (0,))
