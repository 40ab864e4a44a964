"""Values for a statement: bound as the types the server itself wants, never written into it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NamedTuple

from warroom.actions.postgres_line import Line, Statement
from warroom.config.actions_settings import PLACEHOLDER
from warroom.errors import ActionError
from warroom.text import safe

DIGITS = 131_072
"""Before the point of a ``numeric`` at the most (PostgreSQL, "Numeric Types"); asyncpg would
write out the noughts of any exponent."""
BOOLEANS = {
    **dict.fromkeys(("1", "t", "true", "on", "yes", "y"), True),
    **dict.fromkeys(("0", "f", "false", "off", "no", "n"), False),
}
"""As the server reads them, written out (PostgreSQL, "Boolean Type")."""


class Bound(NamedTuple):
    """A statement with ``$1`` in place of the first name, and the names in their order."""

    text: str
    names: tuple[str, ...]


def bound(text: str) -> Bound:
    """``{name}`` becomes a parameter of the statement: no value is ever written into it."""
    names: list[str] = []

    def put(match: Any) -> str:
        if not match[1]:
            return str(match[0][0])
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return Bound(PLACEHOLDER.sub(put, text), tuple(names))


async def prepared(
    line: Line, statement: Bound, values: Mapping[str, Any]
) -> tuple[Statement, list[Any]]:
    """The statement and its arguments. Prepared, it is one statement and no more; without a
    name, nothing of it stays in a session that a pooler lends. Raises ``ActionError``."""
    made = await line.prepare(statement.text, name="")
    kinds = [parameter.name for parameter in made.get_parameters()]
    named = zip(statement.names, kinds, strict=True)
    return made, [_typed(values[name], kind, name) for name, kind in named]


def _typed(value: Any, kind: str, name: str) -> Any:
    if not isinstance(value, str):
        return value
    if kind in ("text", "varchar", "bpchar", "name", "unknown"):
        return value
    try:
        found = _read(value.strip(), kind)
    except (ValueError, KeyError, InvalidOperation):
        raise ActionError(f"{name}: {safe(value, 40)} is no {kind}") from None
    if found is None:
        raise ActionError(
            f"{name}: the statement wants it as {kind}", f"write {{{name}}}::text::{kind} there"
        )
    return found


def _read(value: str, kind: str) -> Any:
    """None for a kind that is not known here. Raises ValueError, KeyError, InvalidOperation."""
    if kind == "bool":
        return BOOLEANS[value.lower()]
    if kind not in ("int2", "int4", "int8", "oid", "float4", "float8", "numeric"):
        return None
    if "_" in value:
        raise ValueError("an underscore")
    if kind.startswith("float"):
        return _finite(float(value))
    if kind == "numeric":
        return _finite(Decimal(value))
    return int(value)


def _finite(value: Any) -> Any:
    if not isfinite(value) if isinstance(value, float) else not _fits(value):
        raise ValueError("not finite")
    return value


def _fits(value: Decimal) -> bool:
    return value.is_finite() and abs(value.adjusted()) < DIGITS


__all__ = ["Bound", "bound", "prepared"]
