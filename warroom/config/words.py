"""What pydantic found, in plain words for the person who wrote the file.

Messages never repeat a value, except where a validator of ours quotes what it could not
read; even then a password in an address and anything under a secret's name is masked.
"""

import contextlib
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from warroom.config.clear import SECRET_NAME, URL_PASSWORD
from warroom.config.lines import Path
from warroom.config.problems import did_you_mean, nearest
from warroom.config.types import parse_duration, written_duration

_NOUNS = {
    "string_type": "text, in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "tuple_type": "a list, in [ ]",
    "list_type": "a list, in [ ]",
    "set_type": "a list, in [ ]",
    "frozen_set_type": "a list, in [ ]",
    "dict_type": "a table",
    "mapping_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_BOUNDS = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
}
_SIZES = {
    "string_too_short": ("min_length", "at least {}", "character"),
    "string_too_long": ("max_length", "at most {}", "character"),
    "too_short": ("min_length", "at least {}", "entry"),
    "too_long": ("max_length", "at most {}", "entry"),
}
_PLURALS = {"character": "characters", "entry": "entries"}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)+)'|\"((?:[^\"\\]|\\.)+)\"")
"""A value as Python writes it: in double quotes where it has an apostrophe. An empty one is no
choice."""


@dataclass(frozen=True)
class Complaint:
    """One thing wrong, at a path from where the model stands."""

    path: Path
    message: str
    hint: str = ""


def complaints(
    error: ValidationError, model: type[BaseModel], table: Mapping[str, Any]
) -> list[Complaint]:
    """Everything ``model`` found wrong with ``table``.

    Where a value may be one of several types, pydantic complains once for each: those of
    one place become one complaint.
    """
    places: dict[Path, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        places.setdefault(_path(detail, table), []).append(detail)
    found = []
    for path, details in places.items():
        deeper = any(len(other) > len(path) and other[: len(path)] == path for other in places)
        message = _message(path, details, deeper, _at(table, path))
        if message:
            found.append(Complaint(path, message, _hint(path, details, model)))
    return found


def _path(detail: ErrorDetails, table: object) -> Path:
    """Where the value stands in the file: pydantic's location without the names of types."""
    path: list[str | int] = []
    node: Any = table
    for at, part in enumerate(detail["loc"]):
        if _holds(node, part):
            node = node[part]
            path.append(part)
        elif detail["type"] == "missing" and at == len(detail["loc"]) - 1:
            path.append(part)
    return tuple(path)


def _holds(node: object, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _at(table: object, path: Path) -> object:
    node: Any = table
    for part in path:
        node = node[part] if _holds(node, part) else None
    return node


def _message(path: Path, details: list[ErrorDetails], deeper: bool, written: object) -> str:
    nouns = [_NOUNS[d["type"]] for d in details if d["type"] in _NOUNS]
    told = [_words(d, written) for d in details if d["type"] not in _NOUNS]
    others = [_masked(path, words, written) for words in told if words]
    if others:
        return "; or ".join(dict.fromkeys(others))
    # A table that was tried as text as well: what is wrong inside it is the news.
    return "" if deeper else "must be " + ", or ".join(dict.fromkeys(nouns))


def _like(written: object, bound: float) -> str:
    """``bound`` as the file writes such a value: a duration is held in seconds."""
    with contextlib.suppress(ValueError):
        parse_duration(written)
        return written_duration(bound)
    return f"{bound:g}"


def _words(detail: ErrorDetails, written: object) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return words.format(_like(written, context[key]))
    if kind in _SIZES:
        key, words, noun = _SIZES[kind]
        count = context[key]
        return "must have " + words.format(f"{count} {noun if count == 1 else _PLURALS[noun]}")
    if kind in _PLAIN:
        return _PLAIN[kind](context)
    text = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.sub(r"^Input should be", "must be", text)


def _one_of(context: Mapping[str, Any]) -> str:
    """Empty where the only one is the empty text: what else it may be is said beside it."""
    names = _names(context)
    if len(names) == 1:
        return f'must be "{names[0]}"'
    return f"must be one of {', '.join(names)}" if names else ""


def _names(context: Mapping[str, Any]) -> list[str]:
    return [plain or quoted for plain, quoted in _QUOTED.findall(str(context["expected"]))]


_PLAIN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a known key",
    "string_pattern_mismatch": lambda _: "has a character that cannot stand there",
    "literal_error": _one_of,
    "enum": _one_of,
}


def _masked(path: Path, message: str, value: object) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if isinstance(value, str) and value and SECRET_NAME.search(name):
        message = message.replace(repr(value), "***").replace(value, "***")
    return URL_PASSWORD.sub(r"\1***@", message)


def _hint(path: Path, details: list[ErrorDetails], model: type[BaseModel]) -> str:
    for detail in details:
        if detail["type"] == "extra_forbidden":
            return nearest(str(path[-1]), _known(model, detail["loc"][:-1]), "known keys")
        if detail["type"] in ("literal_error", "enum") and isinstance(detail["input"], str):
            return did_you_mean(detail["input"], _names(detail["ctx"]))
    return ""


def _known(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys which the model at ``location`` (as pydantic counts it) has."""
    here: list[Any] = [model]
    for part in location:
        below = [inner for at in here for inner in _below(at, part)]
        # No step down: the part is the name of one of the types that were tried.
        named = [at for at in here if getattr(at, "__name__", "") == part]
        here = [leaf for at in below or named or here for leaf in _leaves(at)]
    return [
        field.alias or name
        for at in here
        if isinstance(at, type) and issubclass(at, BaseModel)
        for name, field in at.model_fields.items()
    ]


def _below(at: Any, part: str | int) -> list[Any]:
    if isinstance(at, type) and issubclass(at, BaseModel):
        return [
            field.annotation
            for name, field in at.model_fields.items()
            if part in (name, field.alias)
        ]
    origin, inner = typing.get_origin(at), typing.get_args(at)
    if origin is dict and isinstance(part, str):
        return [inner[1]]
    if origin in (tuple, list) and isinstance(part, int):
        return [inner[0]]
    return []


def _leaves(annotation: Any) -> list[Any]:
    """The alternatives of a union, without ``Annotated``."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _leaves(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [leaf for inner in typing.get_args(annotation) for leaf in _leaves(inner)]
    return [annotation]
