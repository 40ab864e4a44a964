"""What is done with the row under the cursor: copied, asked about, shown whole."""

from typing import TYPE_CHECKING

from textual.content import Content

from warroom.console.table.panel import TablePanel
from warroom.errors import WarroomError
from warroom.text import safe
from warroom.wire import Inspect

if TYPE_CHECKING:
    from warroom.console.app import Console

MOST_COPIED = 64 * 1024
"""Bytes that are handed to the terminal at most; many take no more (xterm, tmux)."""


def table_of(console: "Console") -> TablePanel | None:
    """The expanded table that has the keys."""
    panel = console.selected_panel
    return panel if isinstance(panel, TablePanel) and panel.expanded else None


def copy(console: "Console") -> None:
    """The row to the terminal's clipboard (OSC 52)."""
    table = table_of(console)
    row = table.row if table is not None else None
    if row is None:
        return
    text = "\t".join(cell.text for cell in row.cells)
    if row.more:
        text += f"\n{row.more}"
    copy_text(console, text)


def copy_text(console: "Console", text: str) -> None:
    """Hand it to the terminal, every line made safe: it may be pasted into a shell."""
    lines = "\n".join("\t".join(map(safe, line.split("\t"))) for line in text.split("\n"))
    whole = lines.encode()
    cut = whole[:MOST_COPIED].decode(errors="ignore")
    console.copy_to_clipboard(cut)
    said = f"Handed {len(cut):,} characters to the terminal's clipboard, if it takes them (OSC 52)"
    if len(whole) > MOST_COPIED:
        console.say(f"{said}; it is cut: there are {len(lines):,}", bad=True)
    else:
        console.say(said)


def inspect(console: "Console") -> None:
    """Ask the engine for more of the row."""
    table = table_of(console)
    if table is None or not table.askable:
        return
    source, key = table.cursor.partition(".")[0], table.askable
    console.say(f"{source} is asked …")
    console.run_worker(_inspect(console, source, key), group="inspect", exit_on_error=False)


async def _inspect(console: "Console", source: str, key: str) -> None:
    if console.link is None:
        return
    try:
        answer = await console.link.request(Inspect(ref=0, source=source, key=key))
    except WarroomError as error:
        console.say(error.explain(), bad=True)
        return
    console.clear_notifications()
    if answer.ok:
        show_text(console, f"{source}: {key}", answer.text)
    else:
        console.say(answer.message, bad=True)


def show_text(console: "Console", title: str, text: str) -> None:
    """Lines on the whole screen."""
    from warroom.console.screens.text import TextScreen

    lines = [Content(console.look.plain(safe(line))) for line in text.split("\n")]
    console.push_screen(TextScreen(title, lines, text))


def whole(console: "Console") -> None:
    """All that is known of the row."""
    from warroom.console.screens.text import TextScreen

    table = table_of(console)
    row = table.row if table is not None else None
    if table is None or row is None:
        return
    lines = table.details(table.view(), row.key, max(console.size.width - 6, 20))
    text = "\n".join(line.plain for line in lines)
    console.push_screen(TextScreen(row.key, lines, text))
