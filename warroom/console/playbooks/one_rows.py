"""All of one playbook, to be read before it is followed. Pure."""

from textual.content import Content

from warroom.console.incident.rows import Row, gap, heading, without_ends
from warroom.console.playbooks.facts import phone_first
from warroom.console.playbooks.list_rows import Listing, symptom_rows
from warroom.console.playbooks.words import PARTS
from warroom.incident.procedures import Procedures
from warroom.playbooks.playbook import PARTS as ORDER
from warroom.playbooks.playbook import Playbook, Step
from warroom.text import safe, short_duration


def one_rows(listing: Listing, playbook: Playbook, procedures: Procedures, width: int) -> list[Row]:
    """What it is about, how its symptoms stand, its steps, whom it names, what it needs."""
    look, shelf = listing.look, listing.books.shelf
    seen = shelf.seen.get(playbook.name, ()) if shelf is not None else ()
    held = sum(one.holds == "holds" for one in seen)
    rows = [Row(Content(look.plain(safe(playbook.about, 600)))), gap()]
    if playbook.symptoms:
        rows.append(heading("Symptoms", f"{held} of {len(playbook.symptoms)} hold"))
        shown = symptom_rows(playbook.symptoms, seen, look)
        rows += [_keyed(row, f"symptom {at}") for at, row in enumerate(shown)]
    for part in ORDER:
        steps = playbook.of(part)
        if steps:
            rows += [gap(), heading(PARTS[part])]
            rows += [_step(listing, step, at) for at, step in enumerate(steps, 1)]
    rows += [gap(), *_vendors(listing, playbook, procedures), gap(), *_links(listing, playbook)]
    rows += [gap(), *_needs(listing, playbook)]
    origin = look.plain(safe(playbook.origin, 120))
    rows += [gap(), Row(Content.assemble(("From ", ".dim"), (origin, ".dim")), "origin")]
    return without_ends(rows)


def _keyed(row: Row, key: str) -> Row:
    return Row(row.content, key, row.indent)


def _step(listing: Listing, step: Step, number: int) -> Row:
    look = listing.look
    told = [look.plain(safe(words, 200)) for words in _said(step)]
    said = f"  {f' {look.dot} '.join(told)}" if told else ""
    line = Content.assemble(
        (f"{number:>2}. ", ".dim"), look.plain(safe(step.text, 300)), (said, ".dim")
    )
    return Row(line, f"{step.part} {number}", 4)


def _said(step: Step) -> list[str]:
    """What it does, when and to whom, in words."""
    values = ", ".join(f"{name} {value}" for name, value in step.values.items())
    when = short_duration(step.after) + " after it began" if step.after else "at once"
    named = (
        ("panel", step.panel),
        ("check", step.check),
        ("asks", step.probe),
        ("action", f"{step.action} with {values}" if values else step.action),
        ("tell", ", ".join(step.tell)),
        ("watch for", short_duration(step.watch) if step.watch is not None else ""),
    )
    told = [f"{name} {what}" for name, what in named if what]
    return [*told, *([when] if step.after is not None else []), *([step.when] if step.when else [])]


def _vendors(listing: Listing, playbook: Playbook, procedures: Procedures) -> list[Row]:
    look = listing.look
    rows = [heading("Vendors")] if playbook.vendors else []
    for name in playbook.vendors:
        parts = [(look.plain(safe(name, 60)), "")]
        for contact in procedures.reach(name):
            for way, address in phone_first(contact):
                parts += [(f"   {way} ", ".dim"), (look.plain(safe(address, 200)), "")]
        rows.append(Row(Content.assemble(*parts), f"vendor {name}", 2))
    return rows


def _links(listing: Listing, playbook: Playbook) -> list[Row]:
    look = listing.look
    rows = [heading("Links", look.worded("{dialog.copy} copies"))] if playbook.links else []
    for at, link in enumerate(playbook.links):
        name, address = look.plain(safe(link.name, 60)), look.plain(safe(link.address, 300))
        rows.append(Row(Content.assemble((f"{name}  ", ".dim"), address), f"link {at}", 2))
    return rows


def _needs(listing: Listing, playbook: Playbook) -> list[Row]:
    look = listing.look
    rows = [heading("Still needs", "in the configuration")] if playbook.needs else []
    for at, words in enumerate(playbook.needs):
        shown = look.plain(safe(words, 300))
        rows.append(Row(Content.assemble(("! ", ".level-2"), shown), f"needs {at}", 2))
    return rows


def copied(playbook: Playbook, key: str) -> str:
    """What is copied of the row with that key: an address, or a step's text; all links where it
    is neither. Nothing of a row that another configuration has not any more."""
    kind, _, at = key.partition(" ")
    if kind == "link":
        found = dict(enumerate(link.address for link in playbook.links))
    elif kind == "needs":
        found = dict(enumerate(playbook.needs))
    elif kind in ORDER:
        steps = (step.text for step in playbook.steps if step.part == kind)
        found = dict(enumerate(steps, 1))
    else:
        return "\n".join(link.address for link in playbook.links)
    return found.get(int(at), "")
