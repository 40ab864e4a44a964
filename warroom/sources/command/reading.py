"""What a command's output says, as it was configured to be read. Pure, and not for the loop:
an output may have megabytes."""

import math
import re
from dataclasses import dataclass, replace

import msgspec

from warroom.connect.process import Finished
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.command import Item
from warroom.measure.comparison import MISSING, lookup
from warroom.regex import Pattern
from warroom.sources.command.items import Told, items_of
from warroom.sources.command.settings import FIELDS, CommandSettings
from warroom.text import short_figure

MOST_ITEMS = 100
"""Items that are handed on; every change of one sends them all to every console."""
MOST_LINES = 200
"""Lines of an output that are handed on, the last ones."""
_CHARACTERS = 50_000
"""Of those lines together, but for one line that is longer."""
_VALUES = 300_000
"""Values in one JSON output: that many empty lists take 40 ms to build (measured)."""
_LINES = 300_000
"""Lines of one output: four million take 15 s to match, and 250 ms of the loop to split
(measured)."""
_NUMBER = re.compile(r"[-+]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][-+]?\d{1,3})?\Z")


@dataclass(frozen=True)
class Reading:
    """``count`` is of items, or of lines where no items are read, None of an output that was cut;
    ``hidden`` how many of those that were read are not handed on."""

    items: tuple[Item, ...] = ()
    count: int | None = 0
    hidden: int = 0
    number: float | None = None
    output: str = ""
    notes: tuple[str, ...] = ()


def read(done: Finished, settings: CommandSettings) -> Reading:
    """Raises ProbeError("answer") for an output that is not what it should be."""
    # Of a log that ends with the newest deployment the newest would be missing.
    if done.cut and (settings.shows != "lines" or settings.lists is not None):
        words = f"it printed more than {_most(settings)}, and was ended"
        raise ProbeError("answer", words, "max_bytes allows more")
    if settings.shows == "exit":
        return _kept(_lines(done.stdout) + _lines(done.stderr))
    if settings.shows == "number":
        return _number(done)
    if settings.shows == "json":
        return _listed(_objects(done.stdout, settings), settings)
    return _of_lines(done, settings)


def _most(settings: CommandSettings) -> str:
    return short_figure(float(settings.max_bytes), "B")


def _of_lines(done: Finished, settings: CommandSettings) -> Reading:
    # The last line of one that was ended is not whole, and neither is a secret in it.
    lines = _lines(done.stdout.rpartition(b"\n")[0] if done.cut else done.stdout)
    notes = []
    if settings.pattern:
        matches = _matches(lines, settings.pattern)
        found = _listed(matches, settings)
        if passed_over := len(lines) - len(matches):
            notes.append(f"{passed_over} of {len(lines)} lines are not as pattern says")
    else:
        found = _kept(lines)
    if not done.cut:
        return replace(found, notes=(*found.notes, *notes))
    most = _most(settings)
    notes.append(f"it printed more than {most}, and was ended; what came before is shown")
    return replace(found, count=None, notes=(*found.notes, *notes))


def _listed(found: list[Told], settings: CommandSettings) -> Reading:
    items = items_of(found, settings)
    if found and not items:
        raise ProbeError("answer", f"none of its {len(found)} items has a title or a key")
    notes = []
    if left_out := len(found) - len(items):
        notes.append(f"{left_out} of {len(found)} items have no title, or another one's key")
    timeless = sum(item.at is None for item in items) if "at" in settings.told else 0
    if timeless:
        notes.append(f"{timeless} of {len(items)} items have no time with a zone")
    hidden = max(len(items) - MOST_ITEMS, 0)
    return Reading(items[:MOST_ITEMS], len(items), hidden, notes=tuple(notes))


def _kept(lines: list[str]) -> Reading:
    kept: list[str] = []
    room = _CHARACTERS
    for line in reversed(lines[-MOST_LINES:]):
        if kept and len(line) > room:
            break
        kept.append(line)
        room -= len(line)
    output = "\n".join(reversed(kept))
    return Reading(count=len(lines), hidden=len(lines) - len(kept), output=output)


def _number(done: Finished) -> Reading:
    text = done.stdout.decode(errors="replace").strip()
    if not _NUMBER.match(text) or not math.isfinite(float(text)):
        said = f"printed {outside(text)}, not a number" if text else "printed nothing, not a number"
        raise ProbeError("answer", f"it {said}")
    return Reading(number=float(text), output=text)


def _lines(output: bytes) -> list[str]:
    """Those that are not blank."""
    _not_too_many(output)
    text = output.decode(errors="replace")
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def _not_too_many(output: bytes) -> None:
    if output.count(b"\n") > _LINES:
        raise ProbeError("answer", f"it printed more than {_LINES:,} lines")


def _matches(lines: list[str], pattern: str) -> list[Told]:
    """The lines' parts; one that does not match is a heading or a remark. Raises ProbeError when
    none matches: then the output is another one than was meant."""
    compiled = Pattern(pattern, captures=True)
    found: list[Told] = [parts for line in lines if (parts := compiled.parts(line)) is not None]
    if lines and not found:
        said = f"the first is {outside(lines[0])}"
        raise ProbeError("answer", f"none of its {len(lines)} lines is as pattern says: {said}")
    return found


def _objects(output: bytes, settings: CommandSettings) -> list[Told]:
    """The objects of the list, or the one object there is; fields by their paths."""
    root = _decoded(output)
    found = lookup(root, settings.list_at) if settings.list_at else root
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        what = "is missing in" if found is MISSING else "is no list in"
        where = f"{settings.list_at} {what} its JSON" if settings.list_at else "its JSON is no list"
        raise ProbeError("answer", where)
    paths = {name: path for name in FIELDS if (path := getattr(settings.fields, name))}
    return [{name: lookup(each, path) for name, path in paths.items()} for each in found]


def _decoded(output: bytes) -> object:
    """JSON, or one JSON value a line."""
    if not output.strip():
        raise ProbeError("answer", "it printed nothing, and JSON is needed")
    if sum(map(output.count, (b",", b"[", b"{"))) > _VALUES:
        raise ProbeError("answer", f"it printed JSON of more than {_VALUES:,} values")
    try:
        try:
            return msgspec.json.decode(output)
        except msgspec.DecodeError:
            _not_too_many(output)
            lines = [line for line in output.split(b"\n") if line.strip()]
            if len(lines) < 2:
                raise
            return [msgspec.json.decode(line) for line in lines]
    except RecursionError:
        raise ProbeError("answer", "it printed JSON that is nested too deeply") from None
    except (msgspec.DecodeError, ValueError) as error:
        reason = outside(str(error).removeprefix("JSON is malformed: "))
        raise ProbeError("answer", f"it did not print JSON: {reason}") from None
