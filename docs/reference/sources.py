"""``docs/sources.md``, the reference of all source kinds.

Nothing in it is said a second time: options come from the kinds' own models, figures from
what they declare for the sources of ``config.toml.example``, and their meanings from beside
them (``Source.meanings``).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import getdoc
from pathlib import Path

from docs.reference.tables import SECRET, Definition, cell, named, nested, options
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.schema import schema
from warroom.config.settings import SourceSettings
from warroom.config.types import written_duration
from warroom.measure.rule import Hold, Rule
from warroom.severity import SEV
from warroom.sources.base import Source
from warroom.sources.meanings import PART, explaining, pattern
from warroom.sources.registry import discover

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.toml.example"
HEAD = """\
# The source kinds

Every kind that warroom brings, with its options and its figures. This page is made by
`make reference` from the code itself; `warroom config schema` tells the same to an editor, and
[config.toml.example](../config.toml.example) shows all of it in use. How to write a kind of
your own: [plugins.md](plugins.md).

A rule names a figure as `NAME.FIGURE`, where `NAME` is the source's: `[sources.NAME]`. A figure
that is not known is never 0: a rule neither takes nor lets go a level for it.
"""
SHARED = """\
## What all kinds share

In every `[sources.NAME]`. A duration is text with its unit: `"1500ms"`, `"5s"`, `"2min"`,
`"4h"`, `"30d"`; a hold time is a duration, or a number of polls.
"""


def page() -> str:
    """The whole page."""
    kinds = {name: kind for name, kind in discover().items() if _is_ours(kind)}
    whole = schema(kinds)
    known = whole["$defs"]
    parts = [HEAD, SHARED, *_shared(whole), SECRET, *options(known["SecretRef"], known)]
    mapping = whole["properties"]["sources"]["additionalProperties"]["discriminator"]["mapping"]
    for name, kind in kinds.items():
        parts += _kind(name, kind, known[named(mapping[name])], known)
    return "\n".join(parts)


def _is_ours(kind: object) -> bool:
    """A stranger's kind that happens to be installed has its own documents."""
    return isinstance(kind, type) and kind.__module__.startswith("warroom.")


def _shared(whole: Definition) -> Iterator[str]:
    """The options that every kind has, from whichever comes first."""
    known = whole["$defs"]
    references = whole["properties"]["sources"]["additionalProperties"]["oneOf"]
    first = known[named(references[0]["$ref"])]
    kept = {name: first["properties"][name] for name in SourceSettings.model_fields}
    kept["kind"] = {key: value for key, value in kept["kind"].items() if key != "const"}
    yield from options({**first, "properties": kept}, known)


def _kind(
    name: str, kind: type[Source], definition: Definition, known: Mapping[str, Definition]
) -> Iterator[str]:
    yield f"## {name}\n"
    yield (getdoc(sys.modules[kind.__module__]) or "") + "\n"
    own = {
        option: told
        for option, told in definition["properties"].items()
        if option not in SourceSettings.model_fields
    }
    yield f"### Options of {name}\n"
    yield from options({**definition, "properties": own}, known)
    for place, inner in nested(own, known, "sources.NAME"):
        yield f"Under `{place}`:\n"
        yield from options(inner, known)
    rules = tuple(_rules(kind))
    if rules:
        yield f"### Rules of {name} that nobody writes down\n"
        yield "\n".join(rules) + "\n"
    yield f"### Figures of {name}\n"
    yield from _figures(kind)


# --- rules and figures --------------------------------------------------------------------


def examples(kind: type[Source]) -> Iterator[SourceSettings]:
    """The sources of this kind in the example: as they stand, then with every option on."""
    for each in _all_examples():
        yield from (settings for settings in each.values() if settings.kind == kind.kind)


@cache
def _all_examples() -> tuple[Mapping[str, SourceSettings], ...]:
    text = EXAMPLE.read_text()
    both = (text, re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE))
    files = (parse(EXAMPLE, each.encode(), mode=0o644) for each in both)
    return tuple(validate(file, discover()).sources for file in files)


def declared(kind: type[Source]) -> dict[str, str]:
    """Every figure of the examples, without the source's name, with its unit."""
    found: dict[str, str] = {}
    for settings in examples(kind):
        own = kind.signals("NAME", settings)
        found |= {name.removeprefix("NAME."): unit for name, unit in own.items()}
    return found


def _figures(kind: type[Source]) -> Iterator[str]:
    units: dict[str, str] = {}
    for figure, unit in declared(kind).items():
        units.setdefault(explaining(kind, figure) or figure, unit)
    yield "| figure | unit | meaning |"
    yield "| --- | --- | --- |"
    for name, unit in units.items():
        shown = "its own" if PART.fullmatch(name) else unit
        yield f"| `{name}` | {cell(shown)} | {cell(kind.meanings.get(name, ''))} |"
    yield ""


def _rules(kind: type[Source]) -> Iterator[str]:
    """Those of the examples, each once and as it is by default, by the scale SEV1 to SEV4."""
    told: dict[str, str] = {}
    for settings in examples(kind):
        for rule in kind.rules("NAME", settings.model_copy(update={"title": ""}), SEV):
            figure = rule.signal.removeprefix("NAME.")
            name = explaining(kind, figure) or figure
            unit = kind.signals("NAME", settings).get(rule.signal, "")
            told.setdefault(name, _rule(rule, name, figure, unit))
    yield from told.values()


def _rule(rule: Rule, name: str, figure: str, unit: str) -> str:
    words, matched = rule.name, pattern(name).fullmatch(figure)
    for part, value in zip(PART.findall(name), matched.groups() if matched else (), strict=True):
        words = words.replace(value, part)
    levels = ", ".join(
        f"{at.op} {at.limit:g} {unit}".rstrip() + f" is {level}" for level, at in rule.levels
    )
    held = _held(rule.raise_after)
    return f"* `{words}`: `{name}` {levels}{held and f', after {held}'}"


def _held(hold: Hold) -> str:
    if hold.seconds:
        return written_duration(hold.seconds)
    return f"{hold.polls} polls" if hold.polls > 1 else ""
