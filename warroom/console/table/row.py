"""What is done with the row under the cursor: copied, asked about, shown whole."""

from typing import TYPE_CHECKING

from textual.content import Content

from warroom.console.incident.log_panel import LogPanel
from warroom.console.table.clipboard import copy_text
from warroom.console.table.panel import TablePanel
from warroom.errors import WarroomError
from warroom.text import whole_line
from warroom.wire import Inspect

if TYPE_CHECKING:
    from warroom.console.app import Console

MOST_SHOWN = 256 * 1024
"""Characters of one text that are drawn at most: to fold more would hold the screen up."""


def table_of(console: "Console") -> TablePanel | None:
    """The expanded table that has the keys."""
    panel = console.selected_panel
    return panel if isinstance(panel, TablePanel) and panel.expanded else None


def rows_of(console: "Console") -> TablePanel | LogPanel | None:
    """What has rows to be looked through: the expanded table, or the timeline with the keys."""
    panel = console.selected_panel
    return panel if isinstance(panel, LogPanel) else table_of(console)


def copy(console: "Console") -> None:
    """The row to the terminal's clipboard (OSC 52)."""
    table = rows_of(console)
    row = table.row if table is not None else None
    if row is None:
        return
    # A tab within a cell is made visible: those that are left stand between cells.
    text = "\t".join(whole_line(cell.text) for cell in row.cells)
    if row.more:
        text += f"\n{row.more}"
    copy_text(console, text)


def inspect(console: "Console") -> None:
    """Ask the engine for more of the row."""
    table = table_of(console)
    if table is not None and table.askable:
        console.run_worker(_inspect(console, table), group="inspect", exit_on_error=False)


async def _inspect(console: "Console", table: TablePanel) -> None:
    source, key = table.cursor.partition(".")[0], table.askable
    if console.link is None:
        return
    table.wait_for(source)
    try:
        answer = await console.link.request(Inspect(ref=0, source=source, key=key))
    except WarroomError as error:
        console.say(error.explain(), bad=True)
        return
    finally:
        table.wait_for("")
    if not answer.ok:
        console.say(answer.message, bad=True)
    elif table_of(console) is table and not console.screen.query("FilterBar.-open"):
        show_text(console, f"{source}: {key}", answer.text)
    else:
        # Not over what somebody types or reads by now.
        console.say(f"{source} has answered; ask again from the row to see it")


def show_text(console: "Console", title: str, text: str) -> None:
    """Lines on the whole screen."""
    from warroom.console.screens.text import TextScreen

    lines = text[:MOST_SHOWN].split("\n")
    if len(text) > MOST_SHOWN:
        lines.append(f"(cut: {len(text) - MOST_SHOWN:,} more characters are not shown)")
    contents = [Content(console.look.plain(whole_line(line))) for line in lines]
    console.push_screen(TextScreen(title, contents, text))


def whole(console: "Console") -> None:
    """All that is known of the row."""
    from warroom.console.screens.text import TextScreen

    table = rows_of(console)
    row = table.row if table is not None else None
    if table is None or row is None:
        return
    lines = table.all_of_row
    text = "\n".join(line.plain for line in lines)
    console.push_screen(TextScreen(row.key, lines, text))
