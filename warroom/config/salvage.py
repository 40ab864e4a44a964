"""What can be said of a section that is not valid: one mistake must not hide the next."""

import copy
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from warroom.config.lines import Path as Place
from warroom.config.problems import Problems
from warroom.config.words import Complaint, complaints

_M = TypeVar("_M", bound=BaseModel)
_ROUNDS = 20


def salvage(
    model: type[_M], table: dict[str, Any], place: Place, problems: Problems
) -> tuple[_M | None, frozenset[str]]:
    """``table`` without what is wrong in it, and the names of the entries that were left out.

    Adds what comes to light once the first mistakes are out of the way; not what concerns
    several options together, for the others may be among those left out. None when nothing
    is left to be judged: a required option is wrong.
    """
    rest = copy.deepcopy(table)
    lost: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(rest, context={"folder": problems.folder}), frozenset(lost)
        except ValidationError as error:
            for complaint in complaints(error, model, rest):
                emptied = _emptied(complaint, rest, table)
                if complaint.path and complaint.message != "is missing" and not emptied:
                    problems.add((*place, *complaint.path), complaint.message, complaint.hint)
                if not _left_out(complaint, rest, model, lost):
                    return None, frozenset()
    return None, frozenset()


def _emptied(complaint: Complaint, rest: dict[str, Any], table: dict[str, Any]) -> bool:
    """Whether it is about a table that is only empty because all in it was left out here."""
    key = complaint.path[0] if len(complaint.path) == 1 else None
    return isinstance(key, str) and rest.get(key) == {} and bool(table.get(key))


def _left_out(
    complaint: Complaint, rest: dict[str, Any], model: type[BaseModel], lost: set[str]
) -> bool:
    """Whether the place of ``complaint`` could be taken out of ``rest``."""
    numbers = [at for at, part in enumerate(complaint.path) if isinstance(part, int)]
    path = complaint.path[: numbers[0]] if numbers else complaint.path
    if complaint.message == "is missing":
        path = path[:-1]
    path = path[:2]  # half an entry would only give rise to new mistakes
    if not path:
        return False
    node: Any = rest
    for part in path[:-1]:
        node = node.get(part, {})
    gone = node.pop(path[-1], None)
    if len(path) == 1:
        lost.update(gone if isinstance(gone, dict) else ())
        field = model.model_fields.get(str(path[0]))
        if field is None:  # a key written wrongly may have named figures
            return not isinstance(gone, list)
        if typing.get_origin(field.annotation) is dict:
            return isinstance(gone, dict)
    elif len(path) == 2:
        lost.add(str(path[1]))
    return True
