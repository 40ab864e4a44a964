r"""Regular expressions of a selector, on Python's engine, which is not Prometheus' RE2.

Both are anchored, and ``.`` matches a line feed (Prometheus 3). What the two read
differently is refused. RE2 needs linear time; Python's engine goes back and tries again, and
holds the interpreter meanwhile, so that one label value of a hostile page could stop the
engine. Therefore a repetition inside a repetition is refused, and a value is only compared
if the number of ways to try, its length to the power of the repetitions, is bounded.
"""

import re
import warnings
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

WAYS = 16_000_000
"""Ways to try for one comparison: about 20 ms of one core (measured on
``[a-z]*[a-z]*x``)."""
_FEW = 10
_POSIX = re.compile(r"\[\[:\w+:\]|\\[pPzCQEK]")
_FOREIGN = {
    ops.ASSERT: "a look-ahead or look-behind",
    ops.ASSERT_NOT: "a look-ahead or look-behind",
    ops.GROUPREF: "a reference to a group",
    ops.GROUPREF_EXISTS: "a condition",
    ops.ATOMIC_GROUP: "an atomic group",
    ops.POSSESSIVE_REPEAT: "a possessive repetition",
}


class Pattern:
    """An anchored regular expression, proved to be bounded. Raises ValueError in words."""

    def __init__(self, text: str) -> None:
        if odd := _POSIX.search(text):
            raise ValueError(f"{odd[0]} is not supported here")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tree = parser.parse(text, re.DOTALL | re.ASCII)
                self._compiled = re.compile(text, re.DOTALL | re.ASCII)
        except (re.error, Warning, OverflowError, RecursionError) as error:
            raise ValueError(f"not a regular expression: {error}") from None
        self._power = _repetitions(tree, last=True)
        self._text = text

    def matches(self, value: str) -> bool:
        """Whether it matches the whole of ``value``. Raises ValueError for one too long."""
        if self._power > 1 and len(value) ** self._power > WAYS:
            raise ValueError(
                f"a value of {len(value)} characters is too long to be compared with {self._text}"
            )
        return self._compiled.fullmatch(value) is not None


def _repetitions(tree: Any, *, last: bool = False) -> int:
    """How many repetitions may try one after the other; one at the very end takes the rest
    at once and does not count."""
    total = 0
    items = list(tree)
    for index, (op, argument) in enumerate(items):
        at_end = last and index == len(items) - 1
        if op in _FOREIGN:
            raise ValueError(f"{_FOREIGN[op]} is not known to Prometheus (RE2)")
        if op is ops.BRANCH:
            total += max(_repetitions(way, last=at_end) for way in argument[1])
        elif op is ops.SUBPATTERN:
            total += _repetitions(argument[3], last=at_end)
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            total += _repeated(argument, at_end)
    return total


def _repeated(argument: Any, at_end: bool) -> int:
    _, most, inner = argument
    within = _repetitions(inner)
    if most <= _FEW:
        return int(most) * within
    if within or _ambiguous(inner):
        raise ValueError("a repetition inside a repetition may never end; write it flat")
    return 0 if at_end and inner[0][0] is ops.ANY else 1


def _ambiguous(inner: Any) -> bool:
    """Whether one turn of a repetition may take more than one length: ``(a|ab)*``."""
    low, high = inner.getwidth()
    return bool(low != high)
