"""``docs/configuration.md``, the reference of the whole file.

Nothing in it is said a second time: what a section is comes from its model's docstring, what an
option is from its description, the kinds from the models by their names.
"""

from collections.abc import Iterator, Mapping

from docs.reference.tables import SECRET, Definition, cell, named, nested, options, references
from warroom.config.actions_settings import ActionSettings
from warroom.config.checks_settings import CheckSettings
from warroom.config.keys import KEYS
from warroom.config.receivers_settings import ReceiverSettings
from warroom.config.schema import schema
from warroom.config.settings import Settings
from warroom.sources.registry import discover

HEAD = """\
# The configuration

Every section and every key of the file, with its type and its default. This page is made by
`make reference` from the code itself; `warroom config schema` tells the same to an editor, and
[config.toml.example](../config.toml.example) shows all of it in use. `warroom config check` names
everything that is wrong, with file, line, key and the nearest name there is.

The file is TOML. It is looked for as `--config FILE`, `$WARROOM_CONFIG`, `./warroom.toml`,
`$XDG_CONFIG_HOME/warroom/config.toml` and `/etc/warroom/config.toml`; the first one is used. Only
`version` and `[room]` are required; a section that is left out has what is built in.
"""
TYPES = """\
## What values look like

| type | what is written |
| --- | --- |
| duration | text with its unit: `"1500ms"`, `"5s"`, `"2min"`, `"4h"`, `"30d"` |
| span | a duration from the start, `"0min"` being the very start |
| hold time | a number of polls in a row, or a duration |
| day | `2026-03-01` |
| comparison | text: `"> 5"`, with `<`, `<=`, `>`, `>=`, `==` or `!=` |
| comparison with a duration | text: `"> 1h"` |
| list of … | `["a", "b"]`, or where tables are meant `[[section]]` above each |
| table of … by name | `{ name = … }`, or `[section.NAME]` above each |

Paths of files start at the folder of this file. A pattern (RE2) is a regular expression as RE2
reads it. An unknown key is a problem, not passed over.
"""
_KINDS: dict[str, type[Settings]] = {
    "receivers": ReceiverSettings,
    "actions": ActionSettings,
    "checks": CheckSettings,
}
"""The sections whose tables are told apart by their kind, each with what all kinds share."""
_MORE = {
    "sources": "Every kind has options and figures of its own: [sources.md](sources.md).",
    "receivers": "How messages are drafted, judged and sent: [messages.md](messages.md).",
    "actions": "How they are shown, confirmed and run: [actions.md](actions.md).",
}
_NAME = "A name has small letters, digits, `-` and `_`, a letter first."


def page() -> str:
    """The whole page."""
    whole = schema({name: kind for name, kind in discover().items() if _is_ours(kind)})
    known, sections = whole["$defs"], whole["properties"]
    parts = [HEAD, *_contents(sections), TYPES, SECRET, *options(known["SecretRef"], known)]
    for name, told in sections.items():
        parts += [f"## {name}\n", _sentence(told["description"]) + "\n"]
        parts += _section(name, told, known)
    return "\n".join(parts)


def _is_ours(kind: object) -> bool:
    return isinstance(kind, type) and kind.__module__.startswith("warroom.")


def _contents(sections: Mapping[str, Definition]) -> Iterator[str]:
    yield "| section | what it is |"
    yield "| --- | --- |"
    for name, told in sections.items():
        yield f"| [{name}](#{name}) | {cell(told.get('description', ''))} |"
    yield ""


def _section(name: str, told: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    if name in _MORE:
        yield _MORE[name] + "\n"
    if name == "keys":
        yield from _commands()
    elif name == "sources":
        kinds = told["additionalProperties"]["discriminator"]["mapping"]
        yield f"Kinds: {', '.join(f'[{kind}](sources.md#{kind})' for kind in kinds)}. {_NAME}\n"
    elif name in _KINDS:
        yield from _by_kind(name, told, known)
    elif name == "playbooks":
        yield _NAME + "\n"
        definition = known[named(told["additionalProperties"]["$ref"])]
        yield from _tables(f"[{name}.NAME]", definition, known)
    else:
        for reference, form in references(told, name):
            yield from _tables(form, known[reference], known)


def _tables(place: str, definition: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    """A table with what it is for, then those inside it."""
    inside = nested(definition["properties"], known, place.strip("[]"))
    for form, inner in ((place, definition), *inside):
        yield f"Under `{form}`: {_prose(inner.get('description', ''))}".rstrip() + "\n"
        yield from options(inner, known)


def _by_kind(name: str, told: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    """What all kinds share, then each kind with its own."""
    mapping = told["additionalProperties"]["discriminator"]["mapping"]
    shared = _KINDS[name].model_fields
    first = known[named(next(iter(mapping.values())))]
    common = {key: option for key, option in first["properties"].items() if key in shared}
    common["kind"] = {"description": shared["kind"].description, "enum": list(mapping)}
    yield f"In every `[{name}.NAME]`, whatever its kind. {_NAME}\n"
    yield from options({**first, "properties": common}, known)
    for form, inner in nested(common, known, f"{name}.NAME"):
        yield f"Under `{form}`: {_prose(inner.get('description', ''))}".rstrip() + "\n"
        yield from options(inner, known)
    for kind, reference in mapping.items():
        definition = known[named(reference)]
        own = {key: one for key, one in definition["properties"].items() if key not in shared}
        yield f"### {name} of kind {kind}\n"
        yield from _tables(f"[{name}.NAME]", {**definition, "properties": own}, known)


def _commands() -> Iterator[str]:
    yield "The commands; lists, panes and dialogs have ids, too: [keys.md](keys.md).\n"
    yield "| command | its key, if you give no other |"
    yield "| --- | --- |"
    yield from (f"| `{command}` | `{key}` |" for command, key in KEYS.items())
    yield ""


def _prose(docstring: str) -> str:
    """A docstring as a sentence of the page, without the place that it begins with."""
    text = " ".join(docstring.split()).replace("``", "`")
    place, _, rest = text.partition(": ")
    return _sentence(rest) if place.startswith("`[") and rest else text


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", ":")) or not whole else whole + "."
