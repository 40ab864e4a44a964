"""The facts at the top of every document. Pure."""

from datetime import UTC, datetime

from warroom.incident.spans import seconds
from warroom.report.document import Blank, Text
from warroom.report.dossier import Dossier
from warroom.report.words import line, moment, span, whole
from warroom.zone import there

Row = tuple[str, Text]


def main_facts(dossier: Dossier) -> tuple[Row, ...]:
    """What it is, how bad, and from when to when."""
    incident, scale = dossier.incident, dossier.scale
    at = scale.index(incident.level)
    meaning = scale.steps[at].meaning if at is not None else ""
    level = f"{line(incident.level)}: {line(meaning)}" if meaning else line(incident.level)
    steps = [line(step.level) for step in incident.levels]
    if len(steps) > 1:
        level += f" ({' → '.join(steps)})"
    end = incident.resolved
    lasted = seconds(incident.started, end or dossier.made)
    rows: list[Row] = [
        ("Id", line(incident.id)),
        ("Title", line(incident.title)),
        ("Date", f"{incident.started.astimezone(UTC):%Y-%m-%d}"),
        ("Severity", level or Blank("its level")),
        ("Status", line(incident.status)),
        *_zone(dossier),
        ("Started", _when(incident.started, dossier)),
        ("Declared", f"{_when(incident.declared, dossier)} by {line(incident.by.shown)}"),
        ("Resolved", _when(end, dossier) if end is not None else "not yet"),
        ("Duration", span(lasted) if end is not None else f"{span(lasted)}, and it goes on"),
    ]
    rows += [(line(link.name).capitalize(), line(link.address)) for link in incident.links]
    rows += [("Channel", line(incident.channel))] if incident.channel else []
    return tuple(rows)


def _zone(dossier: Dossier) -> tuple[Row, ...]:
    return () if dossier.zone.utc else (("Times", f"UTC; in brackets {line(dossier.zone.name)}"),)


def _when(at: datetime, dossier: Dossier) -> str:
    """UTC, which is the time of record, and the room's own where it is known."""
    own = "" if dossier.zone.utc else f" ({there(at, dossier.zone, at, '%H:%M:%S')})"
    return f"{moment(at)}{own}"


def roles_row(dossier: Dossier) -> Row:
    """Who had which role in the end."""
    held = dossier.incident.roles
    words = ", ".join(f"{line(role)} {line(one.person)}" for role, one in held.items())
    return ("Roles", words or Blank("who led, and who did what"))


def impact_rows(dossier: Dossier) -> tuple[Row, ...]:
    """What it did, to whom, and what it cost; what nobody has said is asked for."""
    hit, incident = dossier.incident.impact, dossier.incident
    said = incident.assessment
    users = [f"{hit.users:,}"] if hit.users is not None else []
    share = hit.share if hit.share is not None else said.share if said is not None else None
    users += [f"{share:g} % of all"] if share is not None else []
    end = incident.resolved or dossier.made
    money = line(hit.money)
    if not money and said is not None and said.money is not None:
        money = f"{dossier.procedures.currency}{said.money:,.0f} an hour, as it was assessed"
    rows: list[Row] = [
        ("Services", ", ".join(map(line, hit.services)) or Blank("which services")),
        ("Users", ", ".join(users) or Blank("how many users, or what share")),
        ("Downtime", span(seconds(incident.started, end))),
        ("Revenue", money or Blank("what it cost, or: none")),
        ("Data lost", _yes_no(hit.data_loss, "was data lost?")),
        ("Data exposed", _yes_no(hit.exposed, "was data exposed?")),
        ("Reports by people", f"{incident.reports:,}"),
    ]
    rows += [("Features", ", ".join(map(line, hit.features)))] if hit.features else []
    rows += [("Regions", ", ".join(map(line, hit.regions)))] if hit.regions else []
    rows += [("In words", whole(hit.text))] if hit.text else []
    return tuple(rows)


def _yes_no(value: bool | None, asked: str) -> Text:
    return Blank(asked) if value is None else "YES" if value else "no"
