"""What is said of a name or a certificate on one line. Pure."""

from collections.abc import Iterator

from panels import rows
from panels.databases import quiet, style_for
from warroom.console.panel import PanelView
from warroom.measure.names import DnsSeen, Resolved, TlsSeen
from warroom.text import safe, short_duration
from warroom.wire import SourceView

Piece = tuple[str, str]
"""Words and their style."""
ANSWERS = 3
"""Answers on one line at the most."""
DAY = 86_400


def seen(view: PanelView) -> Iterator[tuple[SourceView, DnsSeen | TlsSeen]]:
    """The sources that have been seen, with what was seen last."""
    for source in view.sources:
        found = seen_of(source)
        if found is not None:
            yield source, found


def seen_of(source: SourceView) -> DnsSeen | TlsSeen | None:
    """What was seen last of it."""
    found = source.snapshot.seen if source.snapshot is not None else None
    return found if isinstance(found, (DnsSeen, TlsSeen)) else None


def value(source: SourceView, figure: str) -> float | None:
    """One of its figures; the last one while nothing can be seen."""
    signal = source.signal(figure)
    return rows.last_value(source, signal) if signal is not None else None


def pieces(view: PanelView, source: SourceView) -> list[Piece]:
    """``agree: 203.0.113.7``, or ``43 days, Let's Encrypt R11, verified``."""
    found = seen_of(source)
    if found is None:
        return [("not seen yet", ".dim")]
    told = _name(view, source, found) if isinstance(found, DnsSeen) else _tls(view, source, found)
    if rows.is_dark(source):
        told.insert(0, ("was: ", ""))
    dim = quiet(view, source)
    return [(view.look.plain(words), dim or style) for words, style in told]


def listed(answers: tuple[str, ...], left_out: int, most: int = ANSWERS) -> str:
    """The first of them, and how many there are besides, those that were left out among them."""
    more = max(len(answers) - most, 0) + left_out
    shown = ", ".join(safe(answer, 100) for answer in answers[:most])
    return f"{shown} and {more} more" if more > 0 else shown


def said(one: Resolved) -> str:
    """A resolver's answers, or why there are none."""
    return listed(one.answers, one.more) if one.answers else safe(one.trouble, 120) or "no answer"


def span(days: float) -> str:
    """``43 days``; ``5 h 20`` of less than one."""
    if days >= 1:
        return "1 day" if days < 2 else f"{int(days)} days"
    return short_duration(days * DAY)


def life(days: float) -> str:
    """How long a certificate is good for, or has not been."""
    return f"EXPIRED {span(-days)} ago" if days <= 0 else span(days)


def _name(view: PanelView, source: SourceView, found: DnsSeen) -> list[Piece]:
    replied = [one for one in found.resolved if one.replied]
    texts = dict.fromkeys(said(one) for one in replied)
    if found.agree:
        together = tuple(sorted({answer for one in replied for answer in one.answers}))
        left_out = max(one.more for one in replied)
        return [("agree: ", ".dim"), (listed(together, left_out) or "; ".join(texts), "")]
    by = "; ".join(_by(replied, text) for text in texts)
    if found.agree is False:
        return [("DIFFER: ", style_for(view, source, "agree", 0.0) or ".strong"), (by, "")]
    return [(by if len(found.resolved) > 1 else "; ".join(texts), "")]


def _by(replied: list[Resolved], text: str) -> str:
    """``203.0.113.7 by system, 1.1.1.1``: what is said, and who says so."""
    whom = ", ".join(safe(one.resolver, 60) for one in replied if said(one) == text)
    return f"{text} by {whom}"


def _tls(view: PanelView, source: SourceView, found: TlsSeen) -> list[Piece]:
    days = value(source, "days")
    told: list[Piece] = []
    if days is not None:
        style = style_for(view, source, "days", days)
        told.append((life(days), style or ("" if days > 0 else ".strong")))
    if found.issuer:
        told.append((safe(found.issuer, 60), ""))
    told.append(("NOT verified", ".strong") if found.verdict else ("verified", ".dim"))
    between: Piece = (", ", ".dim")
    return [piece for part in told for piece in (between, part)][1:]
