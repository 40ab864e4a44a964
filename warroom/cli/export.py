"""``warroom export``: an incident as a document."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from warroom import __version__
from warroom.attach.room import RoomPaths
from warroom.cli import offering
from warroom.cli.options import config_option, share_option
from warroom.cli.printing import in_ascii, out, tell
from warroom.cli.reading import history
from warroom.cli.room import find_running
from warroom.cli.sharing import masked_dossier
from warroom.cli.team import team_of
from warroom.clock import SystemClock
from warroom.comms.since import as_it_reads
from warroom.report.corrected import corrected
from warroom.report.dossier import Dossier
from warroom.report.evidence import FOLDER, SEEN, SIGNALS, file_name
from warroom.report.html import html
from warroom.report.log import incident_log
from warroom.report.markdown import markdown
from warroom.report.postmortem import post_mortem
from warroom.report.reading import open_evidence, read_evidence
from warroom.report.records import as_csv, as_json
from warroom.report.words import line
from warroom.report.writing import bundle, write

FORMATS = ("md", "html", "json", "csv")


@click.command("export", help="Write an incident's documents.")
@config_option
@click.argument("name", metavar="[ID]", default="", shell_complete=offering.incidents)
@click.option("--format", "form", type=click.Choice(FORMATS), default="md", help="md if not said.")
@click.option("--log", "short", is_flag=True, help="The short incident log, as md or html.")
@click.option("--bundle", "packed", is_flag=True, help="All formats and the evidence, in one file.")
@share_option
@click.option("--output", metavar="FILE", default="", help='"-" is standard output.')
@click.option("--force", is_flag=True, help="Write over what is there.")
def command(
    config: str | None,
    name: str,
    form: str,
    short: bool,
    packed: bool,
    share: bool,
    output: str,
    force: bool,
) -> None:
    """Write the post-mortem of the incident that is open, or else of the newest, as far as it is
    known: its blanks are marked TO WRITE. Needs no engine.

    The file is named after the incident, its owner's alone; its name is printed.
    """
    if short and form not in ("md", "html"):
        raise click.UsageError("the incident log is written as md or html")
    paths = find_running(config)
    dossier = gather(paths, name)
    if share:
        dossier = masked_dossier(paths, dossier)
    suffix = "-masked" if share else ""
    if packed:
        content, end = _bundle(dossier, paths), f"bundle{suffix}.tar.gz"
    else:
        content = _written(dossier, form, short=short).encode("utf-8")
        what = "log" if short else "timeline" if form == "csv" else "post-mortem"
        end = f"{what}{suffix}.{form}"
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(output or f"{file_name(dossier.incident.id)}-{end}")
    write(path, content, force=force)
    out(str(path))
    tell(f"{len(content):,} bytes")


def gather(paths: RoomPaths, name: str) -> Dossier:
    """All that is known of an incident. Raises ``NotDoneError`` where there is none."""
    whole, entries = history(paths, name)
    # What was taken back, or reads otherwise by now, stands so in every document.
    incident = as_it_reads(entries, whole)
    team = team_of(paths)
    folder = paths.journal.parent / FOLDER / file_name(incident.id)
    return Dossier(
        room=team.room,
        environment=team.environment,
        incident=corrected(incident, entries),
        entries=entries,
        procedures=team.procedures,
        scale=team.scale,
        head=max(entries, key=lambda entry: entry.seq).hash,
        made=SystemClock().now(),
        version=__version__,
        evidence=read_evidence(folder, incident.evidence),
        journalled=incident.evidence,
        zone=team.zone,
    )


def _written(dossier: Dossier, form: str, *, short: bool = False) -> str:
    document = incident_log if short else post_mortem
    forms: dict[str, Callable[[Dossier], str]] = {
        "md": lambda found: markdown(document(found)),
        "html": lambda found: html(document(found)),
        "json": as_json,
        "csv": as_csv,
    }
    return forms[form](dossier)


def _bundle(dossier: Dossier, paths: RoomPaths) -> bytes:
    """Everything about it in one file, with a MANIFEST of its hashes."""
    files = {f"post-mortem.{form}": _written(dossier, form).encode() for form in FORMATS}
    files["log.md"] = _written(dossier, "md", short=True).encode()
    files["entries.jsonl"] = _lines(dossier.entries)
    if dossier.masked:
        files[f"evidence/{SIGNALS}"] = _lines(dossier.evidence.samples)
        files[f"evidence/{SEEN}"] = _lines(dossier.evidence.sights)
    else:
        files |= _evidence(dossier, paths)
    files["HEAD"] = f"{line(dossier.head)}\n".encode()
    when = max(entry.written for entry in dossier.entries).timestamp()
    return bundle(file_name(dossier.incident.id), files, when)


def _lines(found: Iterable[object]) -> bytes:
    return "".join(f"{in_ascii(one)}\n" for one in found).encode()


def _evidence(dossier: Dossier, paths: RoomPaths) -> dict[str, bytes]:
    """The files beside the incident, as they lie there."""
    files: dict[str, bytes] = {}
    folder = paths.journal.parent / FOLDER / file_name(dossier.incident.id)
    told = [file_name(one.name) for one in dossier.journalled]
    for name in dict.fromkeys((*told, SIGNALS, SEEN)):
        path = folder / name
        try:
            with open_evidence(path) as file:
                files[f"evidence/{name}"] = file.read()
        except FileNotFoundError as error:
            if name in told:  # else there is none yet
                tell(f"warroom: {path} is not in the bundle: {error.strerror}")
        except OSError as error:
            tell(f"warroom: {path} is not in the bundle: {error.strerror}")
    return files
