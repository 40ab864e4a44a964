"""A message's masked twin: the same structure, every string by its kind. Pure.

What is to be done with a type is found out once. What nothing in it was masked of is handed back
as it is.
"""

import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar, Union

import msgspec

from warroom.sharing.kinds import KEY, Kind
from warroom.sharing.mask import Mask
from warroom.zone import Zone

_Way = Callable[[Any], Any]
_T = TypeVar("_T")


class Twins:
    """Makes the twins of messages with one mask."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self._structs: dict[type, tuple[tuple[str, _Way], ...]] = {}

    def of(self, message: _T) -> _T:
        """The message as it may be seen. What it names anew is masked in all of it."""
        while True:
            before = self.mask.version
            twin = self._struct(message)
            if self.mask.version == before:
                return typing.cast(_T, twin)

    def _struct(self, value: Any) -> Any:
        ways = self._structs.get(type(value))
        if ways is None:
            ways = self._compiled(type(value))
        changed = {}
        for name, way in ways:
            before = getattr(value, name)
            after = way(before)
            if after is not before:
                changed[name] = after
        return msgspec.structs.replace(value, **changed) if changed else value

    def _compiled(self, kind: type) -> tuple[tuple[str, _Way], ...]:
        found = ((field.name, self._way(field.type)) for field in msgspec.structs.fields(kind))
        ways = tuple((name, way) for name, way in found if way is not None)
        self._structs[kind] = ways
        return ways

    def _way(self, kind: Any, said: Kind | None = None) -> _Way | None:
        """What is done with a value of that type; None where there is nothing to mask in it."""
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is Annotated:
            inner, *meta = arguments
            found = [m.extra[KEY] for m in meta if isinstance(m, msgspec.Meta) and m.extra]
            return self._way(inner, found[0] if found else said)
        if kind is str:
            return None if said == "ident" else self._string(said)
        if origin in (Union, types.UnionType):
            return self._either(arguments)
        if origin is tuple:
            return self._tuple(arguments)
        if origin is dict:
            return self._dict(arguments)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct
        if origin is Literal or kind in _PLAIN:
            return None
        raise TypeError(f"how {kind} is masked is not known")

    def _string(self, said: Kind | None) -> _Way:
        mask = self.mask

        def string(value: str) -> str:
            made = mask.string(said, value)
            return value if made == value else made

        return string

    def _either(self, kinds: tuple[Any, ...]) -> _Way | None:
        ways = {_runtime(kind): self._way(kind) for kind in kinds}
        structs = any(issubclass(kind, msgspec.Struct) for kind in ways)
        wanted = tuple(
            (kind, way)
            for kind, way in ways.items()
            if way is not None and not issubclass(kind, msgspec.Struct)
        )
        if not wanted:
            return self._struct_or_not if structs else None
        words = frozenset(
            word for kind in kinds if typing.get_origin(kind) is Literal
            for word in typing.get_args(kind)
        )  # fmt: skip

        def either(value: Any) -> Any:
            if isinstance(value, str) and value in words:
                return value
            for kind, way in wanted:
                if isinstance(value, kind):
                    return way(value)
            return self._struct_or_not(value)

        return either

    def _struct_or_not(self, value: Any) -> Any:
        return self._struct(value) if isinstance(value, msgspec.Struct) else value

    def _tuple(self, kinds: tuple[Any, ...]) -> _Way | None:
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            way = self._way(kinds[0])
            return None if way is None else lambda value: _each(value, [way] * len(value))
        ways = [self._way(kind) or _same for kind in kinds]
        if all(way is _same for way in ways):
            return None
        return lambda value: _each(value, ways)

    def _dict(self, kinds: tuple[Any, ...]) -> _Way | None:
        key, inner = (self._way(kind) for kind in kinds)
        if key is None and inner is None:
            return None
        key, inner = key or _same, inner or _same

        def pairs(value: dict[Any, Any]) -> dict[Any, Any]:
            made = {key(name): inner(one) for name, one in value.items()}
            same = len(made) == len(value) and all(
                a is c and b is d
                for (a, b), (c, d) in zip(value.items(), made.items(), strict=True)
            )
            return value if same else made

        return pairs


def _same(value: Any) -> Any:
    return value


def _each(value: tuple[Any, ...], ways: list[_Way]) -> tuple[Any, ...]:
    made = tuple([way(one) for way, one in zip(ways, value, strict=True)])
    return value if all(a is b for a, b in zip(made, value, strict=True)) else made


def _runtime(kind: Any) -> type:
    """The class that a value of that type is of."""
    while typing.get_origin(kind) is Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) is Literal:
        return str
    found = typing.get_origin(kind) or kind
    return found if isinstance(found, type) else object


_PLAIN = frozenset({int, float, bool, bytes, type(None), datetime, date, Zone})
"""In these there is nothing to mask."""
