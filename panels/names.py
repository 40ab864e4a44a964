"""Names and certificates: do resolvers agree, how long is a certificate good for."""

from textual.content import Content

from panels import blocks, name_sheets, name_words
from panels.databases import headed, worst_of
from panels.missing import missing
from warroom.console.look import is_well
from warroom.console.panel import PanelView
from warroom.console.sheet import Sheet
from warroom.console.table import TablePanel
from warroom.wire import SourceView

BESIDE = 28
"""Cells that must be free behind a title before more stands there; else it hangs under it."""
HEAD, WHY, MORE = range(3)
"""What a line is; the higher, the sooner it is left out."""


class NamesPanel(TablePanel):
    """One row for each ``dns`` and ``tls`` source, and under it why it is not well."""

    kinds = ("dns", "tls")
    heading = "Names"
    sheets = name_sheets.NAMES

    @staticmethod
    def title(view: PanelView) -> Content:
        return title(view)

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        return body(view, width, height)

    @staticmethod
    def sheet(view: PanelView, name: str) -> Sheet:
        return name_sheets.sheet(view, name)

    @staticmethod
    def details(view: PanelView, key: str, width: int) -> list[Content]:
        return name_sheets.details(view, key, width)


def title(view: PanelView) -> Content:
    """``3 of 4 well``, and the worst level where there is one."""
    if not view.sources:
        return Content("")
    well = sum(map(is_well, view.sources))
    parts = [(f"{well} of {len(view.sources)} well", ".dim"), *worst_of(view)]
    between = (f" {view.look.dot} ", ".dim")
    return Content.assemble(*[piece for part in parts for piece in (between, part)][1:])


def body(view: PanelView, width: int, height: int) -> list[Content]:
    """The rows; where there is not room for all, the worst come first and the others are
    counted."""
    if not view.sources:
        lines = [Content.assemble((words, ".dim")) for words in _empty(view)][:height]
    elif len(view.sources) > height:
        lines = blocks.crowded(view, lambda source: _row(view, source, width), height)
    else:
        found = [line for source in view.sources for line in _block(view, source, width)]
        lines = [line.content for line in blocks.fitted(found, height)]
    return [line.truncate(width, ellipsis=view.look.unicode) for line in lines]


def _block(view: PanelView, source: SourceView, width: int) -> list[blocks.Line]:
    rank = blocks.rank(view, source)
    found = [blocks.Line(HEAD, rank, _row(view, source, width))]
    if not _is_wide(view, source, width):
        words = Content.assemble(blocks.INDENT, *name_words.pieces(view, source))
        found.append(blocks.Line(MORE, rank, words))
    return found + [blocks.Line(WHY, rank, line) for line in blocks.reason(view, source, width)]


def _row(view: PanelView, source: SourceView, width: int) -> Content:
    head = headed(view, source)
    if _is_wide(view, source, width):
        head += name_words.pieces(view, source)
    return Content.assemble(*head)


def _is_wide(view: PanelView, source: SourceView, width: int) -> bool:
    return width - Content.assemble(*headed(view, source)).cell_length >= BESIDE


def _empty(view: PanelView) -> tuple[str, ...]:
    return missing(
        view,
        "No name and no certificate is watched.",
        "[sources.www]",
        'kind = "dns"',
        'name = "www.example.com"',
        "[sources.certificate]",
        'kind = "tls"',
        'address = "www.example.com:443"',
    )
