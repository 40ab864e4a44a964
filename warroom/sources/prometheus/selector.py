"""Series by name and labels: ``shop_http_requests_total{status=~"5..",path!="/health"}``.

The instant vector selector of PromQL (Prometheus' manual, "Querying basics"), without a
range, an offset or a matcher of ``__name__``; names are those of before UTF-8 names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from warroom.regex import Pattern
from warroom.sources.prometheus.strings import NotAStringError, read_string, write_string

_BLANK = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_OPERATOR = re.compile(r"=~|!~|!=|=")


@dataclass(frozen=True)
class Matcher:
    """One condition on a label; a label that is not there has the value ``""``."""

    label: str
    op: str
    value: str
    pattern: Pattern | None = field(default=None, compare=False, repr=False)

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a series with ``labels`` fulfils it."""
        found = labels.get(self.label, "")
        if self.pattern is not None:
            return self.pattern.matches(found) == (self.op == "=~")
        return (found == self.value) == (self.op == "=")

    def __str__(self) -> str:
        return f"{self.label}{self.op}{write_string(self.value)}"


@dataclass(frozen=True)
class Selector:
    """Which series of one name are meant."""

    name: str
    matchers: tuple[Matcher, ...] = ()

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether a series of that name with ``labels`` is meant."""
        return all(matcher.holds(labels) for matcher in self.matchers)

    def __str__(self) -> str:
        inner = ",".join(str(matcher) for matcher in self.matchers)
        return f"{self.name}{{{inner}}}" if inner else self.name


class SelectorError(ValueError):
    """Not a selector; says at which character, counted from 1."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(f"at character {at + 1}: {message}")


def parse_selector(text: str) -> Selector:
    """Read a selector. Raises SelectorError."""
    at = _skip(text, 0)
    match = _NAME.match(text, at)
    if match is None:
        raise SelectorError(at, "the name of a series is needed, such as http_requests_total")
    at = _skip(text, match.end())
    matchers: list[Matcher] = []
    if text[at : at + 1] == "{":
        at = _skip(text, at + 1)
        while text[at : at + 1] != "}":
            matcher, at = _matcher(text, at)
            matchers.append(matcher)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
            elif text[at : at + 1] != "}":
                raise SelectorError(at, "a comma or } is needed")
        at = _skip(text, at + 1)
    if at < len(text):
        raise SelectorError(at, _what_follows(text[at]))
    return Selector(match[0], tuple(matchers))


def _matcher(text: str, at: int) -> tuple[Matcher, int]:
    name = LABEL.match(text, at)
    if name is None:
        raise SelectorError(
            at, "the name of a label is needed" if at < len(text) else "} is missing"
        )
    if name[0] == "__name__":
        raise SelectorError(at, "the name stands before the {")
    at = _skip(text, name.end())
    operator = _OPERATOR.match(text, at)
    if operator is None:
        raise SelectorError(at, "one of = != =~ !~ is needed")
    at = begun = _skip(text, operator.end())
    try:
        value, at = read_string(text, at)
    except NotAStringError as error:
        raise SelectorError(error.at, str(error)) from None
    pattern = None
    if operator[0].endswith("~"):
        try:
            pattern = Pattern(value)
        except ValueError as error:
            raise SelectorError(begun, str(error)) from None
    return Matcher(name[0], operator[0], value, pattern), _skip(text, at)


def _what_follows(char: str) -> str:
    if char == "[":
        return "no range here; window says how far it looks back"
    if char == "(":
        return "a selector is needed, no function; query = … is for a Prometheus server"
    return "nothing may follow the selector"


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _read(value: object) -> Selector:
    if isinstance(value, Selector):
        return value
    if not isinstance(value, str):
        raise ValueError("a selector is text, such as 'http_requests_total{status=\"500\"}'")
    return parse_selector(value)


SelectorField = Annotated[
    Selector,
    BeforeValidator(_read),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string"}),
]
"""A selector, written as text."""
