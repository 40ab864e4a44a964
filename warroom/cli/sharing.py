"""``--share``: what a command prints is masked, for others are to see it.

What an engine answers it masks itself. What is read of files is masked here, by the names that the
configuration and the journal know.
"""

from msgspec.structs import replace

from warroom.attach.room import RoomPaths
from warroom.cli.printing import tell
from warroom.config.load import load
from warroom.config.masker import Masker
from warroom.engine.lens import Lens
from warroom.errors import ConfigError
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.report.dossier import Dossier
from warroom.report.evidence import Sight
from warroom.sources.registry import discover
from warroom.wire import Answer


def lens_of(paths: RoomPaths) -> Lens:
    """What the room's file lets be seen; without the file nothing, which is said."""
    lens = Lens(Masker())
    try:
        lens.configure(load(paths.config, discover(), keep_broken=True))
    except ConfigError as error:
        tell(f"warroom: {lens.text(error.explain())}\nnothing is on the list of what may be seen")
    return lens


def seen_through(
    lens: Lens | None, incident: Incident, entries: tuple[Entry, ...]
) -> tuple[Incident, tuple[Entry, ...]]:
    """An incident and its entries as they may be seen; as they are without a lens."""
    if lens is None:
        return incident, entries
    seen = lens.of(Answer(ref=0, ok=True, incident=incident, entries=entries))
    assert seen.incident is not None
    return seen.incident, seen.entries


def masked_dossier(paths: RoomPaths, dossier: Dossier) -> Dossier:
    """All that documents are made from as it may be seen; that it is masked is told in them."""
    lens = lens_of(paths)
    lens.of(dossier)  # who is named in the evidence is known by the first line
    for one in dossier.evidence.sights:
        lens.person(one.facts.get("user", ""))
    seen = lens.of(dossier)
    pairs = zip(seen.evidence.sights, dossier.evidence.sights, strict=True)
    sights = tuple(_sight(lens, twin, before) for twin, before in pairs)
    return replace(seen, masked=True, evidence=replace(seen.evidence, sights=sights))


def _sight(lens: Lens, twin: Sight, before: Sight) -> Sight:
    """Of a query the names of tables stay."""
    if before.kind != "query":
        return twin
    user = {"user": lens.person(before.facts["user"])} if before.facts.get("user") else {}
    text = lens.statement(before.text)
    return replace(twin, text=text, key=text, facts={**twin.facts, **user})
