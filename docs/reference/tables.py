"""What a JSON Schema says of tables and their options, as tables of a page."""

from collections.abc import Iterator, Mapping
from typing import Any

Definition = Mapping[str, Any]
SECRET = """\
A **secret** does not stand in the file, only where it is to be found, by exactly one of these:
"""


def options(definition: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    """The rows of a table's options, those that are required first."""
    required = definition.get("required", ())
    yield "| option | what it is | type | default |"
    yield "| --- | --- | --- | --- |"
    own = definition["properties"]
    for name in sorted(own, key=lambda name: name not in required):
        told = own[name]
        default = "required" if name in required else cell(_default(told))
        what = cell(told.get("description", ""))
        yield f"| `{name}` | {what} | {cell(_type(told, known))} | {default} |"
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
        return "secret" if named(told["$ref"]) == "SecretRef" else "table"
    if "enum" in told or "const" in told:
        chosen = told.get("enum", [told.get("const")])
        return ", ".join(f'`"{value}"`' for value in chosen if value != "")
    several = told.get("anyOf") or told.get("oneOf")
    if several:
        words = (_type(each, known) for each in several if each.get("type") != "null")
        return " or ".join(dict.fromkeys(filter(None, words)))
    if told.get("type") == "array":
        return f"list of {_several(_type(told.get('items', {}), known))}"
    if told.get("type") == "object":
        by_pattern = told.get("patternProperties", {})
        each = told.get("additionalProperties", next(iter(by_pattern.values()), None))
        if not isinstance(each, Mapping):
            return "table"  # of whatever is written
        return f"table of {_several(_type(each, known))} by name"
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return plain.get(str(told.get("type")), "number") + _bounds(told)


def _bounds(told: Definition) -> str:
    """`` from 1 to 60``, of a number."""
    ends = (("from", told.get("minimum")), ("to", told.get("maximum")))
    return "".join(f" {word} {end:g}" for word, end in ends if end is not None)


def _several(word: str) -> str:
    """Of a word, more than one; what is quoted stays as it is."""
    plain = ("text", "table", "secret", "comparison", "duration", "assertion", "whole number")
    for one in plain:
        if word == one or word.startswith(f"{one} from"):
            return f"{one}s{word.removeprefix(one)}"
    return word


def nested(
    told_of: Mapping[str, Definition], known: Mapping[str, Definition], place: str
) -> Iterator[tuple[str, Definition]]:
    """The tables inside, each with where it is written."""
    for name, told in told_of.items():
        for reference, form in references(told, f"{place}.{name}"):
            inner = known[reference]
            if reference != "SecretRef":
                yield form, inner
                yield from nested(inner["properties"], known, form.strip("[]"))


def references(told: Definition, place: str) -> Iterator[tuple[str, str]]:
    """The definitions that an option refers to, and how their tables are headed."""
    for each in (told, *told.get("anyOf", ()), *told.get("oneOf", ())):
        if "$ref" in each:
            yield named(each["$ref"]), f"[{place}]"
        for inner, form in (("items", f"[[{place}]]"), ("additionalProperties", f"[{place}.KEY]")):
            if isinstance(each.get(inner), Mapping):
                yield from ((name, form) for name, _ in references(each[inner], place))


def named(reference: str) -> str:
    """The definition that a reference is to."""
    return reference.rpartition("/")[2]


def cell(text: str) -> str:
    """Text as it stands in a cell of a table."""
    return text.replace("|", r"\|").replace("\n", " ")
