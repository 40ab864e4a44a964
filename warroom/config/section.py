"""One section of the file, validated by its model."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from warroom.config.lines import Path as Place
from warroom.config.problems import Problems
from warroom.config.words import complaints

_M = TypeVar("_M", bound=BaseModel)


def section(model: type[_M], table: object, place: Place, problems: Problems) -> _M | None:
    """``table``, found at ``place``, as ``model``; None after adding what is wrong with it."""
    if table is None:
        required = [name for name, field in model.model_fields.items() if field.is_required()]
        wants = " and ".join(f"{name} = …" for name in required)
        problems.add(place, "is missing", f"write [{place[-1]}] with {wants}")
        return None
    if not isinstance(table, dict):
        problems.add(place, "must be a table")
        return None
    try:
        return model.model_validate(table, context={"folder": problems.folder})
    except ValidationError as error:
        for complaint in complaints(error, model, table):
            problems.add((*place, *complaint.path), complaint.message, complaint.hint)
        return None


def tables(
    table: dict[str, Any], name: str, problems: Problems
) -> list[tuple[int, dict[str, Any]]]:
    """The entries of the array of tables ``[[name]]``, with their indices."""
    found = table.get(name, [])
    if not isinstance(found, list):
        problems.add((name,), "must be a list of tables", f"write [[{name}]] above each")
        return []
    for index, entry in enumerate(found):
        if not isinstance(entry, dict):
            problems.add((name, index), "must be a table", f"write [[{name}]] above each")
    return [(index, entry) for index, entry in enumerate(found) if isinstance(entry, dict)]


def written_tables(value: object) -> list[dict[str, Any]]:
    """The tables of a list as it is written; whatever else stands there is passed over."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
