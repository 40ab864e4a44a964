"""The actions in a list: by heading, each with its key, its danger and how it stands. Pure."""

from collections.abc import Mapping, Sequence

import msgspec
from rich.cells import cell_len
from textual.content import Content

from warroom.config.keys import key_words
from warroom.console.acting.words import DANGER_STYLES
from warroom.console.incident.rows import Row, gap, heading, without_ends
from warroom.console.look import Look, fit
from warroom.console.state import Acts
from warroom.incident.acting.kinds import ActionView
from warroom.text import safe

BEFORE, DANGER = 5, 9
"""Cells of the pointer's and the key's, and of the danger's."""
SAID, MOVES = 20, 30
"""Cells that are kept for how one stands, where one does; and those from which what an action
should move stands behind it: with fewer it tells nothing."""


class Menu(msgspec.Struct, frozen=True):
    """What the list is drawn from. ``fitting`` are the actions that take the row in hand, which
    is called ``hand``; ``keys`` are the keys of all, by name."""

    acts: Acts
    look: Look
    keys: Mapping[str, str]
    fitting: tuple[str, ...] = ()
    hand: str = ""
    why_not: str = ""

    def titles(self, width: int) -> int:
        """Cells of the titles: the longest has its room, as far as there is room."""
        actions = self.acts.actions
        longest = max(
            (cell_len(self.look.plain(safe(one.title, 60))) for one in actions), default=0
        )
        stands = any(_said(self.acts, one, self.look)[0] for one in actions)
        return min(longest + 1, max(width - BEFORE - DANGER - (SAID if stands else 0), 1))


def menu_rows(menu: Menu, width: int) -> list[Row]:
    """Those for the row in hand first, then all by their headings."""
    look, cells = menu.look, menu.titles(width)
    rows: list[Row] = []
    if menu.why_not:
        words = look.plain(safe(menu.why_not, 300))
        rows += [Row(Content.assemble(("! ", ".level-1"), (words, ".level-1")), indent=2), gap()]
    known = {one.name: one for one in menu.acts.actions}
    here = [known[name] for name in menu.fitting if name in known]
    if here:
        rows.append(heading("This row", look.plain(safe(menu.hand, 120))))
        rows += [_row(menu, one, (cells, width), "row:") for one in here]
        rows.append(gap())
    for group in dict.fromkeys(one.group for one in menu.acts.actions):
        these = [one for one in menu.acts.actions if one.group == group]
        rows.append(heading(look.plain(safe(group or "Actions", 40))))
        rows += [_row(menu, one, (cells, width)) for one in these]
        rows.append(gap())
    if not menu.acts.actions:
        words = "No action is configured: write [actions.NAME], see config.toml.example"
        rows.append(Row(Content.assemble((words, ".dim"))))
    return without_ends(rows)


def _row(menu: Menu, one: ActionView, room: tuple[int, int], prefix: str = "") -> Row:
    look, (cells, width) = menu.look, room
    key = key_words(menu.keys.get(one.name, "")) if menu.keys.get(one.name) else " "
    title = fit(look.plain(safe(one.title, 60)), cells - 1, end=look.end) + " "
    danger = fit(one.danger, DANGER)
    stands, style = _said(menu.acts, one, look)
    moves = _moves(one, look) if width - BEFORE - cells - DANGER >= MOVES else ""
    line = Content.assemble(
        (f" {key} ", ".badge" if key.strip() else ".dim"),
        " ",
        (title, ".strong" if not stands else ""),
        (danger, DANGER_STYLES[one.danger]),
        (stands or moves, style or ".dim"),
    )
    return Row(line.truncate(width, ellipsis=look.unicode), prefix + one.name)


def _said(acts: Acts, one: ActionView, look: Look) -> tuple[str, str]:
    """What there is to say of it now: that it runs, that it is on."""
    running = next((r for r in acts.runs if r.action == one.name and r.outcome is None), None)
    if running is not None:
        return f"running, by {look.plain(safe(running.by, 30))}", ".accent"
    on = next((on for on in acts.on if one.turns_on and on.name == one.turns_on), None)
    if on is not None:
        detail = f" {on.detail}" if on.detail else ""
        return look.plain(safe(f"ON{detail}, since {on.since:%H:%M}Z", 60)), ".level-2"
    return "", ""


def _moves(one: ActionView, look: Look) -> str:
    return look.plain(safe("; ".join(one.expects) or one.help, 120))


def given_keys(actions: Sequence[ActionView]) -> dict[str, str]:
    """The key of each: its own, or the first letter or digit that is free."""
    keys = {one.name: one.key for one in actions if one.key}
    free = [key for key in "1234567890bcefghilmnopqrstuvwxyz" if key not in keys.values()]
    for one in actions:
        if one.name not in keys and free:
            letters = [c for c in one.name if c in free]
            keys[one.name] = letters[0] if letters else free[0]
            free.remove(keys[one.name])
    return keys
