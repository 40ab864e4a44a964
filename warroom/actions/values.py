"""The values of parameters: checked, and put where they belong, never into a shell's hands."""

from collections.abc import Callable, Mapping, Sequence

from warroom.actions.hand import Live
from warroom.config.actions_facts import put
from warroom.config.actions_settings import PLACEHOLDER
from warroom.config.masker import SHORTEST
from warroom.config.problems import nearest
from warroom.errors import ActionError
from warroom.incident.acting.kinds import Parameter
from warroom.regex import Pattern
from warroom.text import safe


def checked(
    parameters: Sequence[Parameter],
    given: Mapping[str, str],
    live: Callable[[str], tuple[Live, ...] | None],
) -> dict[str, str]:
    """Every parameter's value, defaults in place of what is missing. Raises ``ActionError``."""
    names = [one.name for one in parameters]
    for name in given:
        if name not in names:
            hint = nearest(name, names, "parameters") or "it takes none"
            raise ActionError(f"there is no parameter {safe(name, 60)}", hint)
    return {one.name: _value(one, given.get(one.name, ""), live) for one in parameters}


def _value(one: Parameter, given: str, live: Callable[[str], tuple[Live, ...] | None]) -> str:
    if one.type == "row":
        return _row(one, given, live(one.source))
    value = given if given != "" else one.default
    if value is None:
        raise ActionError(f"{one.called} is missing", f"give {one.name}")
    if "\0" in value:
        raise ActionError(f"{one.called} holds a NUL, which nothing can be given")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ActionError(f"{one.called} is no text: half a character is in it")
    if one.type == "integer":
        return _integer(one, value)
    if one.type == "choice" and value not in one.choices:
        raise ActionError(
            f"{one.called}: {safe(value, 60)} is no choice", f"there are: {', '.join(one.choices)}"
        )
    if len(value) > one.longest:
        raise ActionError(f"{one.called} has more than {one.longest} characters")
    if one.secret and len(value) < SHORTEST:
        raise ActionError(f"{one.called}: a secret has {SHORTEST} characters or more")
    if one.pattern and not Pattern(one.pattern).matches(value):
        said = "it" if one.secret else safe(value, 60)
        raise ActionError(f"{one.called}: {said} does not match {one.pattern}")
    return value


def _integer(one: Parameter, value: str) -> str:
    text = value.strip()
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 19:
        raise ActionError(f"{one.called}: {safe(value, 40)} is no whole number")
    number = int(text)
    if one.minimum is not None and number < one.minimum:
        raise ActionError(f"{one.called} is {number}; the least is {one.minimum}")
    if one.maximum is not None and number > one.maximum:
        raise ActionError(f"{one.called} is {number}; the most is {one.maximum}")
    return str(number)


def _row(one: Parameter, given: str, rows: tuple[Live, ...] | None) -> str:
    if rows is None:
        words = f"{one.called}: what {one.source} shows is not known now"
        raise ActionError(words, "it cannot be seen; look at its panel")
    if given:
        if any(row.key == given for row in rows):
            return given
        raise ActionError(f"{one.called}: {safe(given, 80)} is not there any more")
    place = {"first": 0, "second": 1}.get(one.default or "")
    if place is None:
        raise ActionError(f"{one.called} is missing", f"choose one of what {one.source} shows")
    if len(rows) <= place:
        raise ActionError(f"{one.called}: {one.source} shows {len(rows)} of them only")
    return rows[place].key


def argument(text: str, values: Mapping[str, str]) -> str:
    """One element of an argument list. Raises ``ActionError`` where a value would be taken for an
    option: the element begins with a dash that is not written there."""
    made = put(text, values)
    match = PLACEHOLDER.match(text)
    if match is not None and match[1] and made.startswith("-"):
        raise ActionError(
            f"{match[1]}: {safe(made, 60)} begins with a dash",
            "the program would take it for an option",
        )
    return made
