"""Write ``docs/sources.md``, the reference of all source kinds: ``make reference``.

Nothing in it is said a second time: options come from the kinds' own models, figures from
what they declare for the sources of ``config.toml.example``, and their meanings from beside
them (``Source.meanings``).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any

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

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "config.toml.example"
OUT = ROOT / "docs/sources.md"
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
SECRET = """\
A **secret** does not stand in the file, only where it is to be found, by exactly one of these:
"""

Definition = Mapping[str, Any]


def reference() -> str:
    """The whole page."""
    kinds = {name: kind for name, kind in discover().items() if _is_ours(kind)}
    whole = schema(kinds)
    known = whole["$defs"]
    parts = [HEAD, SHARED, *_shared(whole), SECRET, *_options(known["SecretRef"], known)]
    mapping = whole["properties"]["sources"]["additionalProperties"]["discriminator"]["mapping"]
    for name, kind in kinds.items():
        parts += _kind(name, kind, known[_named(mapping[name])], known)
    return "\n".join(parts)


def _is_ours(kind: object) -> bool:
    """A stranger's kind that happens to be installed has its own documents."""
    return isinstance(kind, type) and kind.__module__.startswith("warroom.")


def _shared(whole: Definition) -> Iterator[str]:
    """The options that every kind has, from whichever comes first."""
    known = whole["$defs"]
    references = whole["properties"]["sources"]["additionalProperties"]["oneOf"]
    first = known[_named(references[0]["$ref"])]
    kept = {name: first["properties"][name] for name in SourceSettings.model_fields}
    kept["kind"] = {key: value for key, value in kept["kind"].items() if key != "const"}
    yield from _options({**first, "properties": kept}, known)


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
    yield from _options({**definition, "properties": own}, known)
    for place, inner in _nested(own, known, "sources.NAME"):
        yield f"Under `{place}`:\n"
        yield from _options(inner, known)
    rules = tuple(_rules(kind))
    if rules:
        yield f"### Rules of {name} that nobody writes down\n"
        yield "\n".join(rules) + "\n"
    yield f"### Figures of {name}\n"
    yield from _figures(kind)


# --- options ------------------------------------------------------------------------------


def _options(definition: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    required = definition.get("required", ())
    yield "| option | what it is | type | default |"
    yield "| --- | --- | --- | --- |"
    options = definition["properties"]
    for name in sorted(options, key=lambda name: name not in required):
        told = options[name]
        default = "required" if name in required else _default(told)
        what = _cell(told.get("description", ""))
        yield f"| `{name}` | {what} | {_cell(_type(told, known))} | {default} |"
    yield ""


def _default(told: Definition) -> str:
    value = told.get("default")
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"`[{', '.join(map(_written, value))}]`"
    return f"`{_written(value)}`"


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _type(told: Definition, known: Mapping[str, Definition]) -> str:
    """What may be written there, in words; a model's own word comes first."""
    word = str(told.get("title", ""))
    if word.islower():  # a type's own word; the one made from an option's name has a capital
        return word
    if "$ref" in told:
        return "secret" if _named(told["$ref"]) == "SecretRef" else "table"
    if "enum" in told:
        return ", ".join(f'`"{value}"`' for value in told["enum"])
    several = told.get("anyOf") or told.get("oneOf")
    if several:
        words = (_type(each, known) for each in several if each.get("type") != "null")
        return " or ".join(dict.fromkeys(words))
    if told.get("type") == "array":
        return f"list of {_several(_type(told.get('items', {}), known))}"
    if told.get("type") == "object":
        return f"table of {_several(_type(told.get('additionalProperties', {}), known))} by name"
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return plain.get(str(told.get("type")), "number")


def _several(word: str) -> str:
    plain = {"text": "texts", "table": "tables", "secret": "secrets"}
    return plain.get(word, word)


def _nested(
    options: Mapping[str, Definition], known: Mapping[str, Definition], place: str
) -> Iterator[tuple[str, Definition]]:
    """The tables inside, each with where it is written."""
    for name, told in options.items():
        for reference, form in _references(told, f"{place}.{name}"):
            inner = known[reference]
            if reference != "SecretRef":
                yield form, inner
                yield from _nested(inner["properties"], known, form.strip("[]"))


def _references(told: Definition, place: str) -> Iterator[tuple[str, str]]:
    """The definitions that an option refers to, and how their tables are headed."""
    for each in (told, *told.get("anyOf", ()), *told.get("oneOf", ())):
        if "$ref" in each:
            yield _named(each["$ref"]), f"[{place}]"
        for inner, form in (("items", f"[[{place}]]"), ("additionalProperties", f"[{place}.KEY]")):
            if isinstance(each.get(inner), Mapping):
                yield from ((name, form) for name, _ in _references(each[inner], place))


def _named(reference: str) -> str:
    return reference.rpartition("/")[2]


# --- rules and figures --------------------------------------------------------------------


def examples(kind: type[Source]) -> Iterator[SourceSettings]:
    """The sources of this kind in the example: as they stand, then with every option on."""
    text = EXAMPLE.read_text()
    for each in (text, re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)):
        config = validate(parse(EXAMPLE, each.encode(), mode=0o644), discover())
        yield from (s for s in config.sources.values() if s.kind == kind.kind)


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
        yield f"| `{name}` | {_cell(shown)} | {_cell(kind.meanings.get(name, ''))} |"
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


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


if __name__ == "__main__":
    OUT.write_text(reference())
