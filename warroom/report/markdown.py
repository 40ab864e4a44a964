"""A document as Markdown (CommonMark, with GitHub's tables). No text of outside makes structure:
every character that could is escaped, so that it reads as it was written."""

import re
from collections.abc import Iterator

from warroom.report.document import (
    Blank,
    Block,
    Chart,
    Document,
    Facts,
    Heading,
    Items,
    Notice,
    Table,
    Text,
    Words,
)
from warroom.report.words import figure, moment

_SPECIAL = re.compile(
    r"([\\`*_{}\[\]#|~^$<>&@])|:(?=//|[A-Za-z_+-])|(?<!:)/(?=/)|(?<=[wW])\.|(?<=\w)\.(?=[^\W\d])"
)
"""What means something in some Markdown wherever it stands: emphasis, code, links, HTML, tables,
mentions, references, mathematics, ``:emoji:``, and addresses that become links by themselves: with
``http://`` or ``//`` before them, ``www.``, and for some readers bare names of hosts."""
_CALLED = re.compile(r"\\(?:@(?=\w)|#(?=\d))")
"""What GitHub takes for a person to tell of it, or for an issue, escaped or not: it looks when the
backslashes are gone already. An empty comment parts them."""
_START = re.compile(r"^(?:[-+=]|(\d+)(?=[.)]))")
"""What makes a list, a rule or a heading where a line begins with it."""


def markdown(document: Document) -> str:
    """The whole document."""
    parts = [f"# {escaped(document.title)}", f"**{escaped(document.subtitle)}**"]
    if document.blanks:
        count = document.blanks
        places = "place waits" if count == 1 else "places wait"
        parts.append(f"> {count} {places} for a person: look for **TO WRITE**.")
    for block in document.blocks:
        parts.extend(_block(block))
    parts.append("---")
    parts.extend(f"{escaped(line)}" for line in document.about)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that is nothing but text, on one line."""
    line = _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))
    line = _CALLED.sub(lambda found: f"{found[0]}<!-- -->", line)
    return _START.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", line)


def _text(text: Text, between: str = "<br>") -> str:
    """Lines stay lines."""
    if isinstance(text, Blank):
        return f"**TO WRITE:** {escaped(text.text)}"
    return between.join(escaped(line) for line in text.split("\n"))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text, depth=depth):
            yield f"{'#' * depth} {escaped(text)}"
        case Notice(text=text):
            yield f"> **WARNING:** {escaped(text)}"
        case Words(text=text):
            yield _text(text, "  \n")
        case Facts(rows=rows):
            yield "\n".join(f"- **{escaped(name)}:** {_text(value)}" for name, value in rows)
        case Items(items=items):
            yield "\n".join(f"- {_text(item)}" for item in items)
        case Table():
            yield "\n".join(_table(block))
        case Chart():
            yield _chart(block)


def _table(table: Table) -> Iterator[str]:
    yield _row(escaped(name) for name in table.head)
    yield _row("---" for _ in table.head)
    for row in table.rows:
        yield _row(_text(cell) for cell in row)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _chart(chart: Chart) -> str:
    """What a picture would show, in a line: Markdown has none of its own."""
    values = [value for _, value in chart.points if value is not None]
    if not values or not chart.points:
        return f"{escaped(chart.title)}: nothing was seen"
    first, last = chart.points[0][0], chart.points[-1][0]
    low, high = figure(min(values), chart.unit), figure(max(values), chart.unit)
    words = f"{chart.title}, {moment(first)} to {moment(last)}: from {low} to {high}"
    return f"*{escaped(words)}*"
