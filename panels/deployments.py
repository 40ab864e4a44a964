"""Deployments: what went out when, by whom, with what outcome; and what other commands say."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual.content import Content

from panels import blocks, deployment_sheets, rows
from panels.command_facts import (
    Deployed,
    checks,
    deployed,
    left_out,
    listing,
    name,
    signed,
    standing,
    trouble,
)
from panels.databases import headed, worst_of
from panels.deployment_rows import Columns, check
from panels.missing import missing
from warroom.console.look import is_well
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.severity import OK
from warroom.wire import SourceView

SAID = 2
"""Lines that are said of one source under its row, at the most."""


class DeploymentsPanel(TablePanel):
    """A row for each deployment, the newest first, under one for each check."""

    kinds = ("command",)
    heading = "Deployments"
    sheets = deployment_sheets.NAMES

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def rows(view: PanelView) -> tuple[str, ...]:
        heads = (*_troubled(view), *_ordered(view))
        return (*(source.name for source in heads), *(each.key for each in deployed(view)))

    @classmethod
    def pages(cls, view: PanelView) -> tuple[str, ...]:
        return deployment_sheets.pages(view)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return deployment_sheets.sheet(view, name)

    @staticmethod
    def top(view: PanelView, name: str, width: int) -> list[Content]:
        lines = _heads(view, width)
        return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return deployment_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``1.43.0 failed``, or the newest; how many checks are well; and the worst level."""
    parts: list[tuple[str, str]] = []
    found = deployed(view)
    bad = standing(found)
    if len(bad) == 1:
        parts.append((f"{_short(view, bad[0])} failed", signed(view, bad[0])[1]))
    elif bad:
        parts.append((f"{len(bad)} failed", signed(view, bad[0])[1]))
    elif found:
        parts.append((f"newest {_short(view, found[0])}", ".dim"))
    others = checks(view)
    if others:
        well = sum(is_well(source) for source in others)
        parts.append((f"{well} of {len(others)} well", ".dim" if well == len(others) else ""))
    between = (f" {view.look.dot} ", ".dim")
    spaced = [piece for part in (*parts, *worst_of(view)) for piece in (between, part)][1:]
    return Content.assemble(*spaced)


def _short(view: PanelView, found: Deployed) -> str:
    words = name(view, found.item).split()
    return words[0][:16] if words else view.look.dash


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """What cannot be seen, the checks, then as many deployments as there is room for."""
    if not view.sources:
        lines = [Content.assemble((words, ".dim")) for words in _empty(view)]
    else:
        found = deployed(view)
        kept = min(len(found), max(height // 3, 1))
        heads = _heads(view, width)[: max(height - kept, 1)]
        others = _checks(view, width, height - kept - len(heads))
        lines = [*heads, *others]
        lines += _deployments(view, found, width, height - len(lines))
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines[:height]]


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No command is configured.",
        "[sources.releases]",
        'kind = "command"',
        'argv = ["git", "log", "-20", "--format=%H %s"]',
        r"pattern = '^(?P<key>\S+) (?P<title>.*)$'",
        'lists = "deployments"',
    )


def _troubled(view: PanelView) -> list[SourceView]:
    """The sources of deployments of which there is more to say than their rows do."""
    return [source for source in listing(view) if trouble(view, source)]


def _heads(view: PanelView, width: int) -> list[Content]:
    own = replace(view, sources=listing(view))
    lines: list[Content] = []
    for source in _troubled(view):
        words, calm = trouble(view, source), source.level == OK
        lines.append(Content.assemble(*headed(own, source)))
        lines += blocks.hung(view, words, width, SAID, quiet=calm)
    return lines


def _ordered(view: PanelView) -> list[SourceView]:
    """The checks, the worst first; else in the configuration's order."""
    return sorted(checks(view), key=lambda source: -blocks.rank(view, source))


def _checks(view: PanelView, width: int, room: int) -> list[Content]:
    """A row for each check, and why for those that are not well while there is room."""
    order = _ordered(view)
    if not order or room <= 0:
        return []
    own = replace(view, sources=tuple(order))
    if len(order) > room:
        return blocks.crowded(own, lambda source: check(own, source), room)
    spare, lines = room - len(order), []
    for source in order:
        lines.append(check(own, source))
        words = trouble(view, source)
        if words and spare > 0:
            said = blocks.hung(view, words, width, min(SAID, spare), quiet=is_well(source))
            spare -= len(said)
            lines += said
    return lines


def _deployments(
    view: PanelView, found: Sequence[Deployed], width: int, room: int
) -> list[Content]:
    if not found or room <= 0:
        return []
    columns = Columns.of(view, found, width)
    if len(found) <= room:
        head = [columns.heading()] if len(found) < room else []
        return [*head, *(columns.row(view, each) for each in found)]
    at = next((n for n, each in enumerate(found) if each.key == view.cursor), 0)
    shown = rows.window(found, at, max(room - 1, 1))
    more = len(found) - len(shown) + sum(map(left_out, listing(view)))
    told = Content.assemble((f"  and {more} more", ".dim"))
    return [*(columns.row(view, each) for each in shown), *([told] if room > 1 else [])]
