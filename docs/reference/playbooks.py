"""``docs/playbooks.md`` with its list of the built-in playbooks.

What each looks for and what its steps can run is read from the library itself.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from warroom.playbooks.library import built_in

PAGE = Path(__file__).parents[1] / "playbooks.md"
HEADING = "## The built-in ones\n"
HEAD = """
This list is made by `make reference` from the library. What one still needs in your room,
`warroom playbook show NAME` says. A symptom that nothing in the room tells is passed over.

| playbook | is seen by | can run | can check |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page, with the list as it would be made now."""
    written = PAGE.read_text().partition(HEADING)[0]
    rows = "".join(_row(name, table) for name, table in built_in().items())
    return f"{written}{HEADING}{HEAD}{rows}"


def _row(name: str, table: Mapping[str, Any]) -> str:
    cells = (
        f"`{name}`: {table['title']}",
        "; ".join(dict.fromkeys(_seen(symptom) for symptom in table["symptoms"])),
        ", ".join(f"`{word}`" for word in _named(table, "mitigations", "action")),
        ", ".join(f"`{word}`" for word in _named(table, "look", "check")),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _seen(symptom: Mapping[str, Any]) -> str:
    """Where it is looked for: ``redis `*.*.depth` ``."""
    source = symptom.get("source", "*")
    sources = [source] if isinstance(source, str) else source
    what = [symptom["signal"]] if "signal" in symptom else [one for one in sources if one != "*"]
    change = [f"a {symptom['change']}"] if "change" in symptom else []
    words = [*symptom.get("kinds", ()), *(f"`{one}`" for one in what), *change]
    return " ".join(words) or "any source"


def _named(table: Mapping[str, Any], part: str, key: str) -> Iterator[str]:
    steps = (step for step in table.get(part, ()) if isinstance(step, dict))
    yield from dict.fromkeys(step[key] for step in steps if step.get(key))
