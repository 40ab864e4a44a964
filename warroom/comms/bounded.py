"""The sandbox in which templates are rendered, and what keeps one from going on and on.

Jinja's own bounds neither loops that stand in each other nor text that is doubled. Here every turn
of a loop, every call and every filter is a step; steps, time, and the size of every value that a
step makes are bounded. A template that is far from writing a message is stopped, not waited for.
"""

import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

STEPS = 20_000
"""Turns and calls of one template, and the pieces it gives."""
PATIENCE = 2.0
"""Seconds of one template."""
LARGEST_VALUE = 100_000
"""Characters and items in one value."""
MOST_WORK = 50_000_000
"""Characters that a single filter or method may come to: its arguments' sizes multiplied."""
MOST_BITS = 4_096
_WIDTH = re.compile(r"\d{5}|\*")


class Bounded(ImmutableSandboxedEnvironment):
    """For one rendering: it counts."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_sized,
        )
        self._steps, self._until = 0, time.monotonic() + PATIENCE
        for name, made in list(self.filters.items()):
            self.filters[name] = self._counted(made)
        self.filters["format"] = self._counted(_formatted)
        self.filters |= {"each of": self._each, "joined": _joined, "sized": _sized}
        # What a template could make endless work with; a message needs none of it.
        for name in ("range", "lipsum", "cycler", "joiner", "namespace"):
            self.globals.pop(name, None)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """With every loop counted, and all that is put together measured."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _filter(loop.iter, "each of", loop.lineno)
        for block in tree.find_all(nodes.AssignBlock):
            block.filter = _filter(block.filter, "sized", block.lineno)
        _replace_concats(tree)
        return tree.set_environment(self)  # type: ignore[return-value]

    def step(self) -> None:
        """One more. Raises ``SecurityError`` once it is too many, or too late."""
        self._steps += 1
        if self._steps > STEPS or time.monotonic() > self._until:
            raise SecurityError("it goes on and on: a message needs no such loop")

    def _each(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.step()
            yield value

    def _counted(self, made: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(made)
        def counted(*args: Any, **named: Any) -> Any:
            self.step()
            _may_work(*args, *named.values())
            return _sized(made(*args, **named))

        return counted

    def call(__self, __context: Any, __obj: Any, *args: Any, **named: Any) -> Any:  # noqa: N805
        """Of a macro, or a method of a value."""
        __self.step()
        if isinstance(__obj, Undefined):
            return super().call(__context, __obj, *args, **named)
        _may_work(getattr(__obj, "__self__", None), *args, *named.values())
        return _sized(super().call(__context, __obj, *args, **named))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """``format`` of a text, which could be told to fill up to any width."""
        made = super().wrap_str_format(value)
        if made is not None:
            _may_format(getattr(value, "__self__", None))
        return made

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Products are of numbers, and nothing grows beyond measure."""
        if operator == "%":
            _may_format(left)
        elif operator == "+":
            if _size(left) + _size(right) > LARGEST_VALUE:
                raise SecurityError("it makes too long a text")
        elif not _are_small(operator, left, right):
            raise SecurityError(f"{operator} is for small numbers")
        return super().call_binop(context, operator, left, right)


def _filter(node: Any, name: str, line: int) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


def _replace_concats(node: nodes.Node) -> None:
    """``a ~ b`` by a filter that measures what it makes."""
    for field, value in node.iter_fields():
        many = value if isinstance(value, list) else [value]
        for at, child in enumerate(many):
            if not isinstance(child, nodes.Node):
                continue
            _replace_concats(child)
            if isinstance(child, nodes.Concat):
                parts = nodes.List(child.nodes, lineno=child.lineno)
                many[at] = _filter(parts, "joined", child.lineno)
        if not isinstance(value, list):
            setattr(node, field, many[0])


def _formatted(pattern: Any, *args: Any, **named: Any) -> str:
    """Jinja's filter ``format``."""
    _may_format(pattern)
    return str(pattern) % (named or args)


def _joined(parts: list[Any]) -> str:
    if sum(map(_size, parts)) > LARGEST_VALUE:
        raise SecurityError("it makes too long a text")
    return "".join(map(str, parts))


def _sized(value: Any) -> Any:
    """The value, if it is not too large to be worked with."""
    _size(value)
    return value


def _size(value: Any) -> int:
    """How many characters and items it is, with all that is in it. A list that holds a list twice
    is written out twice: so it counts. Raises ``SecurityError``."""
    size, todo = 0, [value]
    while todo:
        one = todo.pop()
        size += len(one) if isinstance(one, str) else 1
        if isinstance(one, list | tuple | set | frozenset):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend((*one.keys(), *one.values()))
        if size > LARGEST_VALUE or len(todo) > LARGEST_VALUE:
            raise SecurityError("it makes too long a text")
    return size


def _may_work(*args: Any) -> None:
    work = 1
    for value in args:
        number = isinstance(value, int) and not isinstance(value, bool)
        work *= max(abs(value) if number else _size(value), 1)
        if work > MOST_WORK:
            raise SecurityError("it makes too long a text")


def _may_format(pattern: Any) -> None:
    if isinstance(pattern, str) and _WIDTH.search(pattern):
        raise SecurityError("it makes too wide a text")


def _are_small(operator: str, left: Any, right: Any) -> bool:
    """Whether both are numbers, and what comes of them is no number of thousands of digits."""
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return False
    bits = left.bit_length() if isinstance(left, int) else 1
    return bits * abs(right) <= MOST_BITS if operator == "**" else bits <= MOST_BITS
