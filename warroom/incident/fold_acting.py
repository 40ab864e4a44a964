"""What was done about it, folded into its incident. Pure."""

from msgspec.structs import replace

from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident, RunSeen


def started(incident: Incident, entry: Entry, body: ActionStarted) -> Incident:
    seen = RunSeen(
        run=body.run,
        action=body.action,
        title=body.title,
        entry=entry.number,
        at=entry.happened,
        by=entry.actor.person,
        reach=body.reach,
    )
    return replace(incident, runs=(*incident.runs, seen))


def finished(incident: Incident, entry: Entry, body: ActionFinished) -> Incident:
    return _changed(incident, body.run, outcome=body.outcome, text=body.text)


def judged(incident: Incident, entry: Entry, body: ActionVerdict) -> Incident:
    return _changed(incident, body.run, verdict=body.verdict, verdict_text=body.text)


def _changed(incident: Incident, run: str, **known: object) -> Incident:
    return replace(
        incident,
        runs=tuple(replace(r, **known) if r.run == run else r for r in incident.runs),
    )
