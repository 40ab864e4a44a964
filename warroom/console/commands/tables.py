"""What a person does with the rows of an expanded table."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.sources import may_not
from warroom.console.table import TablePanel
from warroom.console.table.row import copy, inspect, rows_of, table_of, whole

if TYPE_CHECKING:
    from warroom.console.app import Console


def _no_table(console: "Console") -> str:
    if table_of(console) is not None:
        return ""
    panel = console.selected_panel
    if isinstance(panel, TablePanel):
        return "Expand the panel first: its rows are there"
    return "There is no table here: expand a panel that has one"


def _no_rows(console: "Console") -> str:
    return "" if rows_of(console) is not None else _no_table(console)


def _no_row(console: "Console") -> str:
    table = rows_of(console)
    return _no_rows(console) or ("" if table is not None and table.row else "There is no row")


def filter_rows(console: "Console") -> None:
    """Have a filter typed."""
    from warroom.console.table.filter_bar import FilterBar

    table = rows_of(console)
    if table is not None:
        console.screen.query_one(FilterBar).open(table.passes, table.filter, table.filtered)


def go_to_match(console: "Console", by: int) -> None:
    """To the next row in which the last pattern is."""
    table = rows_of(console)
    if table is not None and not table.go_to_match(by):
        console.say("No row has it")


def _no_pattern(console: "Console") -> str:
    table = rows_of(console)
    if table is not None and not table.sought.text:
        return "Nothing is looked for yet: filter first"
    return _no_rows(console)


def _not_askable(console: "Console") -> str:
    table = table_of(console)
    if table is not None and not table.askable:
        return "There is nothing more to be asked of this row"
    if table is not None and table.waiting:
        return f"{table.waiting} has been asked and has not answered yet"
    return _no_table(console) or _no_row(console) or may_not(console)


def _does(do: Callable[[TablePanel], None]) -> Callable[["Console"], None]:
    """A command that concerns the table alone."""

    def run(console: "Console") -> None:
        table = table_of(console)
        if table is not None:
            do(table)

    return run


TABLES: tuple[Command, ...] = (
    Command(
        id="filter",
        key=KEYS["filter"],
        title="Filter rows",
        help="Show the rows that match a regular expression; ! in front: those that do not",
        run=filter_rows,
        group="Table",
        footer="filter",
        refused=_no_rows,
    ),
    Command(
        id="sort",
        key=KEYS["sort"],
        title="Sort by the next column",
        help="Sort by the next column; after the last, the panel's own order",
        run=_does(TablePanel.sort_next),
        group="Table",
        footer="sort",
        refused=_no_table,
    ),
    Command(
        id="reverse",
        key=KEYS["reverse"],
        title="Reverse the order",
        help="The other way round",
        run=_does(TablePanel.sort_reversed),
        group="Table",
        refused=_no_table,
    ),
    Command(
        id="freeze",
        key=KEYS["freeze"],
        title="Freeze the table",
        help="Hold what is shown while the watch goes on; again to go on",
        run=_does(TablePanel.freeze),
        group="Table",
        footer="freeze",
        refused=_no_table,
    ),
    Command(
        id="copy",
        key=KEYS["copy"],
        title="Copy the row",
        help="Hand the row to the terminal's clipboard (OSC 52)",
        run=copy,
        group="Table",
        footer="copy",
        refused=_no_row,
    ),
    Command(
        id="inspect",
        writes=True,
        key=KEYS["inspect"],
        title="Ask more about the row",
        help="Ask the system for more of the row: a plan, a payload, an event",
        run=inspect,
        group="Table",
        footer="ask more",
        refused=_not_askable,
    ),
    Command(
        id="whole",
        key=KEYS["whole"],
        title="All of the row",
        help="All that is known of the row, on the whole screen",
        run=whole,
        group="Table",
        footer="all of it",
        refused=_no_row,
    ),
    Command(
        id="next_match",
        key=KEYS["next_match"],
        title="Next match",
        help="The next row that matches the last filter",
        run=lambda console: go_to_match(console, 1),
        group="Table",
        refused=_no_pattern,
    ),
    Command(
        id="previous_match",
        key=KEYS["previous_match"],
        title="Previous match",
        help="The row before that matches",
        run=lambda console: go_to_match(console, -1),
        group="Table",
        refused=_no_pattern,
    ),
)
