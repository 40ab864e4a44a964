"""What a panel says that has nothing to draw. Pure."""

from warroom.console.panel import PanelView


def missing(view: PanelView, what: str, *lines: str) -> tuple[str, ...]:
    """That there is none, and what to write, in lines as they stand in the file."""
    if view.state.room is None:
        return ("Waiting for the engine.",)
    return (what, "Add one to the file, then: warroom reload", "", *lines)
