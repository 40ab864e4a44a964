"""The incident log: the short form, for the file. Pure."""

from collections.abc import Iterator

from warroom.report import timeline
from warroom.report.document import Blank, Block, Document, Facts, Heading, Text, Words
from warroom.report.dossier import Dossier
from warroom.report.facts import impact_rows, main_facts, roles_row
from warroom.report.postmortem import about, follow_ups, warnings
from warroom.report.words import line, whole


def incident_log(dossier: Dossier) -> Document:
    """Facts, impact, key events, cause, resolution, action items."""
    incident = dossier.incident
    return Document(
        title=f"Incident log {line(incident.id)}",
        subtitle=line(incident.title),
        blocks=tuple(_blocks(dossier)),
        about=about(dossier),
    )


def _blocks(dossier: Dossier) -> Iterator[Block]:
    incident = dossier.incident
    yield from warnings(dossier)
    yield Facts((*main_facts(dossier), roles_row(dossier)))
    yield Heading("Impact")
    yield Facts(impact_rows(dossier))
    yield Heading("Timeline")
    yield timeline.table(timeline.keys(dossier.entries, incident), incident)
    yield Heading("Cause")
    yield Words(_said(incident.cause.text, "why it happened"))
    yield Heading("Resolution")
    done = incident.resolution
    text = ": ".join(filter(None, (done.how, done.text))) if done is not None else ""
    yield Words(_said(text, "what ended it"))
    yield from follow_ups(dossier)


def _said(text: str, what: str) -> Text:
    return whole(text) if text.strip() else Blank(what)
