"""A document as one HTML page: its style within it, no script, nothing fetched from anywhere.

The page forbids itself everything but its own style (Content-Security-Policy), so that even a
mistake of ours could load nothing.
"""

from collections.abc import Iterator
from html import escape
from importlib.resources import files

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
from warroom.report.svg import svg

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html(document: Document) -> str:
    """The whole page."""
    style = (files("warroom.report") / "page.css").read_text("utf-8")
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>{escape(document.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n",
            *_head(document),
            *(part for block in document.blocks for part in _block(block)),
            *_foot(document),
            "</body>\n</html>\n",
        )
    )


def _head(document: Document) -> Iterator[str]:
    yield f"<header>\n<h1>{escape(document.title)}</h1>\n"
    yield f'<p class="subtitle">{escape(document.subtitle)}</p>\n'
    count = document.blanks
    if count:
        words = "1 place waits" if count == 1 else f"{count} places wait"
        yield f'<p class="waits">{words} for a person: <b class="blank">TO WRITE</b></p>\n'
    yield "</header>\n<main>\n"


def _foot(document: Document) -> Iterator[str]:
    yield "</main>\n<footer>\n"
    yield from (f"<p>{escape(line)}</p>\n" for line in document.about)
    yield "</footer>\n"


def _text(text: Text) -> str:
    """Lines stay lines."""
    if isinstance(text, Blank):
        return f'<span class="blank">TO WRITE: {escape(text.text)}</span>'
    return "<br>".join(escape(line) for line in text.split("\n"))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text, depth=depth):
            yield f"<h{depth}>{escape(text)}</h{depth}>\n"
        case Notice(text=text):
            yield f'<p class="warning">{escape(text)}</p>\n'
        case Words(text=text):
            yield f"<p>{_text(text)}</p>\n"
        case Facts(rows=rows):
            yield '<dl class="facts">\n'
            yield from (f"<dt>{escape(n)}</dt><dd>{_text(v)}</dd>\n" for n, v in rows)
            yield "</dl>\n"
        case Items(items=items):
            yield "<ul>\n"
            yield from (f"<li>{_text(item)}</li>\n" for item in items)
            yield "</ul>\n"
        case Table():
            yield from _table(block)
        case Chart():
            yield from _chart(block)


def _table(table: Table) -> Iterator[str]:
    def of(at: int) -> str:
        return ' class="figure"' if at in table.figures else ""

    heads = "".join(f"<th{of(at)}>{escape(name)}</th>" for at, name in enumerate(table.head))
    yield f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n'
    for row in table.rows:
        cells = "".join(f"<td{of(at)}>{_text(cell)}</td>" for at, cell in enumerate(row))
        yield f"<tr>{cells}</tr>\n"
    yield "</tbody>\n</table></div>\n"


def _chart(chart: Chart) -> Iterator[str]:
    picture = svg(chart)
    if picture:
        yield f"<figure>\n<figcaption>{escape(chart.title)}</figcaption>\n{picture}\n</figure>\n"
