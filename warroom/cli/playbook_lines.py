"""Playbooks as lines. Pure; all text is made safe here."""

from collections.abc import Collection, Iterator

from warroom.incident.procedures import Procedures
from warroom.playbooks.asked import symptom_words
from warroom.playbooks.playbook import PARTS, Need, Part, Playbook, Step
from warroom.playbooks.standing import Holds, Proposal, Shelf, SymptomSeen
from warroom.text import safe, short_duration

_WIDE = 400
_HEADS: dict[Part, str] = {
    "look": "look",
    "mitigate": "do, in this order, until it helps",
    "escalate": "tell",
    "checklist": "at the end",
    "prevent": "so that it does not come back",
}
_INDENT = " " * 4
_HOLDS: dict[Holds, str] = {
    "holds": "HOLDS",
    "counting": "counting",
    "no": "no",
    "unknown": "not known",
    "unwatched": "not watched",
}
_NEEDS: dict[Need, str] = {"all": "must", "any": "one of", "adds": "adds", "unless": "must not"}


def list_lines(shelf: Shelf, followed: Collection[str]) -> Iterator[str]:
    """All playbooks: those that fit first, the best first of all, each with its evidence."""
    fits = {one.playbook: one for one in shelf.proposals}
    order = [*fits, *(one.name for one in shelf.playbooks if one.name not in fits)]
    known = {one.name: one for one in shelf.playbooks}
    for name in order:
        if name in known:
            yield _list_line(known[name], name in fits, name in followed)
        if name in fits:
            yield from (f"{_INDENT}{safe(words, _WIDE)}" for words in fits[name].evidence)


def _list_line(playbook: Playbook, fits: bool, followed: bool) -> str:
    state = "FOLLOWED" if followed else "FITS" if fits else ""
    count = len(playbook.needs)
    needs = f"  needs {count} {'thing' if count == 1 else 'things'}" if count else ""
    return f"{safe(playbook.name, 40):<24} {state:<8} {safe(playbook.title, 80)}{needs}"


def proposal_line(proposal: Proposal) -> str:
    """A playbook that fits now, in a line."""
    name, evidence = safe(proposal.playbook, 40), "; ".join(proposal.evidence)
    return f"fits     {name}  {safe(proposal.title, 80)}: {safe(evidence, _WIDE)}"


def playbook_lines(playbook: Playbook, shelf: Shelf, procedures: Procedures) -> Iterator[str]:
    """The whole of one."""
    yield f"{safe(playbook.name, 40)}: {safe(playbook.title, 80)}"
    yield f"{_INDENT}{safe(playbook.origin, 200)}"
    if playbook.about:
        yield f"{_INDENT}{safe(playbook.about, 800)}"
    yield from _symptoms(playbook, shelf.seen.get(playbook.name, ()))
    for part in PARTS:
        steps = playbook.of(part)
        if steps:
            yield _HEADS[part]
        for number, step in enumerate(steps, 1):
            yield f"{number:>3} {safe(step.text, _WIDE)}"
            yield from (f"{_INDENT}  {line}" for line in _does(step, procedures))
    if playbook.vendors:
        yield "vendors' support"
        yield from (
            f"{_INDENT}{line}" for who in playbook.vendors for line in _ways(who, procedures)
        )
    if playbook.links:
        yield "read"
        for link in playbook.links:
            yield f"{_INDENT}{safe(link.name, 60)}  {safe(link.address, 2_000)}"
    if playbook.needs:
        yield "still needed"
        yield from (f"{_INDENT}{safe(words, _WIDE)}" for words in playbook.needs)


def _symptoms(playbook: Playbook, seen: tuple[SymptomSeen, ...]) -> Iterator[str]:
    if playbook.symptoms:
        yield "symptoms"
    for at, symptom in enumerate(playbook.symptoms):
        need, words = _NEEDS[symptom.need], symptom_words(symptom)
        yield f"{_INDENT}{need:<9} {safe(words, _WIDE)}"
        if at < len(seen):
            yield f"{_INDENT}{'':<9} {_HOLDS[seen[at].holds]}: {safe(seen[at].words, _WIDE)}"


def _does(step: Step, procedures: Procedures) -> Iterator[str]:
    """What stands beside a step: what it opens, whom it reaches, what it lacks."""
    if step.panel:
        yield f"panel {safe(step.panel, 200)}"
    if step.check:
        yield f"warroom playbook check {safe(step.check, 60)}"
    if step.probe:
        yield f"asks {safe(step.probe, 60)} now"
    if step.action:
        values = "".join(f" --set {name}={value}" for name, value in step.values.items())
        yield safe(f"warroom run {step.action}{values}", _WIDE)
    if step.after is not None:
        yield f"{short_duration(step.after)} after it began" if step.after else "at once"
    if step.when:
        yield f"when {safe(step.when, 200)}"
    for who in step.tell:
        yield from _ways(who, procedures)
    if step.watch is not None:
        yield f"watched for {short_duration(step.watch)}"
    if step.needs:
        yield f"needs {safe(step.needs, _WIDE)}"


def _ways(who: str, procedures: Procedures) -> Iterator[str]:
    """Each contact of that name or role, and how to reach them."""
    found = procedures.reach(who)
    if not found:
        yield f"{safe(who, 60)}: no contact is configured"
    for one in found:
        name = one.name if one.name.casefold() == who.casefold() else f"{who}: {one.name}"
        ways = ", ".join(f"{way} {address}" for way, address in one.ways)
        yield safe(f"{name}: {ways or 'no way to reach them is configured'}", _WIDE)
