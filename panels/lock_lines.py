"""Who waits for whom, as lines: the one to blame first, under it those it holds up. Pure."""

from collections.abc import Iterator

from textual.content import Content

from panels.databases import doing, lasting, one_line, quiet, style_for, who, who_and_user
from panels.lock_tree import Node, tree
from warroom.console.panel import PanelView
from warroom.measure.postgres import PostgresSeen, Session
from warroom.text import short_duration
from warroom.wire import SourceView

DEEPEST = 8
"""Steps to the right at the most."""


def lines(view: PanelView, source: SourceView, seen: PostgresSeen) -> Iterator[tuple[int, Content]]:
    """Each session of the tree, with how deep it stands in it."""
    longest = max((s.waiting for s in seen.sessions if s.waiting is not None), default=None)
    worst = style_for(view, source, "lock_wait", longest) or ".strong"
    for node in tree(seen.sessions):
        yield node.depth, _line(view, source, node, worst)


def _line(view: PanelView, source: SourceView, node: Node, worst: str) -> Content:
    look, session = view.look, node.session
    plain = quiet(view, source)
    step = "  " * min(node.depth, DEEPEST) + (f"{look.hook} " if node.depth else "")
    parts: list[tuple[str, str]] = [(step, ".dim"), (_called(node), plain or ".strong")]
    behind = (f"  holds up {node.behind}", plain or (worst if node.depth == 0 else ""))
    if session is None:
        what = "" if node.pid == 0 else ", which is not shown,"
        return Content.assemble(*parts, (what, plain), behind)
    whose = who_and_user(session) if node.depth == 0 else who(session)
    parts.append((f" {look.plain(whose)}", plain))
    waits = style_for(view, source, "lock_wait", session.waiting)
    parts.append((f"  {look.plain(_does(session))}", waits or plain))
    if node.behind:
        parts.append(behind)
    if len(node.others) > 1:
        parts.append((f"  behind {len(node.others)}", plain))
    parts.append((f"  {look.plain(one_line(session.query))}", ".dim"))
    return Content.assemble(*parts)


def _called(node: Node) -> str:
    return f"pid {node.called}" if node.depth == 0 and node.pid else node.called


def _does(session: Session) -> str:
    long = lasting(session)
    if session.waiting is not None or long is None:
        return doing(session)
    return f"{doing(session)} {short_duration(long)}"
