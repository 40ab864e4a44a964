"""Comparisons as people write them: ``> 5``, ``checks.memory < 90``, ``status == ok``."""

import math
import operator
import re
from collections.abc import Callable
from typing import Any

import msgspec

from warroom.sharing.kinds import Ident

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_WORDS = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "==": "is", "!=": "is not"}
_LONGEST = 4_096
"""Characters of a text found; short enough to show is made of it once secrets are out."""
_THRESHOLD = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*\Z")
_ASSERTION = re.compile(r"\s*([^\s<>=!]+)\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*\Z", re.DOTALL)


class Threshold(msgspec.Struct, frozen=True):
    """A comparison with a number: what a level of a rule is made of."""

    op: Ident
    limit: float

    @classmethod
    def parse(cls, text: str) -> "Threshold":
        """Read ``> 5`` and the like; raises ValueError that says what would be right."""
        match = _THRESHOLD.match(text)
        if match is None:
            raise ValueError(f'{text!r} is no comparison; write it as "> 5" or "<= 0.1"')
        return cls(match[1], float(match[2]))

    def holds(self, value: float) -> bool:
        return not math.isnan(value) and _OPERATORS[self.op](value, self.limit)

    def words(self, written: Callable[[float], str] = "{:g}".format) -> str:
        """``over 5``; the limit as ``written`` writes it."""
        return f"{_WORDS[self.op]} {written(self.limit)}"


class Assertion(msgspec.Struct, frozen=True):
    """A comparison with a value found by path in a JSON body.

    A path is names joined by dots; a number picks from a list: ``nodes.0.state``.
    """

    path: str
    op: str
    wanted: bool | float | str | None

    @classmethod
    def parse(cls, text: str) -> "Assertion":
        """Read ``checks.memory < 90``; numbers, true, false, null and (quoted) words compare."""
        match = _ASSERTION.match(text)
        if match is None:
            raise ValueError(f'{text!r} is no assertion; write it as "checks.memory < 90"')
        wanted = _literal(match[3])
        if match[2] not in ("==", "!=") and not _is_number(wanted):
            raise ValueError(f"{text!r} orders by something that is no number")
        return cls(match[1], match[2], wanted)

    def broken(self, body: object) -> str:
        """Why it does not hold, in words; empty when it holds."""
        found = lookup(body, self.path)
        if found is MISSING:
            return f"{self.path} is missing in the answer"
        if self.op not in ("==", "!=") and not _is_number(found):
            return f"{self.path} is {_show(found)}, not a number"
        same_kind = isinstance(found, bool) == isinstance(self.wanted, bool)
        if same_kind and _OPERATORS[self.op](found, self.wanted):
            return ""
        if not same_kind and self.op == "!=":
            return ""
        return f"{self.path} is {_show(found)}, not {_expected(self.op, self.wanted)}"


MISSING = object()


def lookup(body: object, path: str) -> object:
    """What stands at ``path`` in decoded JSON, or ``MISSING``."""
    at = body
    for part in path.split("."):
        if isinstance(at, dict) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return MISSING
    return at


def _literal(text: str) -> bool | float | str | None:
    if text in ("true", "false"):
        return text == "true"
    if text == "null":
        return None
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    try:
        return float(text)
    except ValueError:
        return text


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _show(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return f"{value:g}" if isinstance(value, float) else str(value)[:_LONGEST]


def _expected(op: str, wanted: bool | float | str | None) -> str:
    return _show(wanted) if op == "==" else f"{_WORDS[op]} {_show(wanted)}"
