"""Jobs and their heartbeats: which were done in time, and why not."""

from textual.content import Content

from panels import blocks
from warroom.console.look import is_well
from warroom.console.panel import Panel, PanelView
from warroom.text import stepped_age
from warroom.wire import SourceView


class HeartbeatPanel(Panel):
    """A line for each job, and under it why it is not well."""

    kinds = ("heartbeat",)
    heading = "Heartbeats"

    @staticmethod
    def title(view: PanelView) -> Content:
        well = sum(is_well(source) for source in view.sources)
        return Content.assemble((f"{well} of {len(view.sources)} in time", ".dim"))

    @staticmethod
    def body(view: PanelView, width: int, height: int) -> list[Content]:
        if not view.sources:
            return [Content.assemble(("No heartbeat is watched.", ".dim"))]
        if len(view.sources) > height:
            return blocks.crowded(view, lambda s: _head(view, s, width)[0], height)
        found = [
            blocks.Line(what, blocks.rank(view, source), line)
            for source in view.sources
            for what, lines in enumerate((_head(view, source, width), _why(view, source, width)))
            for line in lines
        ]
        return [line.content for line in blocks.fitted(found, height)]


def _head(view: PanelView, source: SourceView, width: int) -> list[Content]:
    return blocks.beside(view, source, words(source), width)


def _why(view: PanelView, source: SourceView, width: int) -> list[Content]:
    return blocks.reason(view, source, width)


def words(source: SourceView) -> str:
    """When the job was done; in steps, so that it seldom moves. What is not seen now is said to
    be of then."""
    if source.snapshot is None:
        return ""
    age = source.snapshot.value(f"{source.name}.age")
    done = "not done" if age is None else f"done {stepped_age(age)} ago"
    return f"{done} when last seen" if source.failure is not None else done
