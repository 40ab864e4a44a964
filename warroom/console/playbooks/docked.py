"""A playbook that is followed, put into the room and given its place."""

from typing import TYPE_CHECKING

from textual.containers import Container
from textual.widget import Widget

from warroom.console.playbooks.docking import BESIDE, Focus, shares
from warroom.incident.following import Followed

if TYPE_CHECKING:
    from warroom.console.app import Console
    from warroom.console.screens.room import RoomScreen

ID = "playbook"


def dock(screen: "RoomScreen") -> bool:
    """Show it, or hide it; whether that changed anything."""
    pane, wanted = pane_of(screen), _wanted(screen.console_app)
    if pane is None:
        if not wanted:
            return False
        from warroom.console.playbooks.pane import PlaybookPane  # not before one is followed

        pane = PlaybookPane(look=screen.console_app.look, id=ID)
        pane.set_reactive(PlaybookPane.state, screen.console_app.room)
        screen.query_one("#middle", Container).mount(pane, after="#panels")
        _focus_if_begun_here(screen, pane)
    elif pane.display == wanted:
        return False
    elif wanted:
        pane.display = True
        _focus_if_begun_here(screen, pane)
    else:
        if pane.has_focus:
            screen.set_focus(None)
        pane.display = False
    return True


def _focus_if_begun_here(screen: "RoomScreen", pane: Widget) -> None:
    """What is typed next is meant for it; where others begin one, nobody's keys go elsewhere."""
    incident, sent = screen.console_app.incident, screen.console_app.books.sent
    bodies = [one.body for one in sent if incident is not None and one.incident == incident.id]
    if any(isinstance(body, Followed) and body.state == "begun" for body in bodies):
        screen.set_focus(pane)


def _wanted(console: "Console") -> bool:
    incident, books = console.incident, console.books
    if incident is None or not (incident.playbooks or books.sent):
        return False
    from warroom.console.playbooks.walk import walks

    return bool(walks(incident, books.sent))


def pane_of(screen: "RoomScreen") -> Widget | None:
    """The pane, shown or not."""
    return next(iter(screen.query(f"#{ID}")), None)


def share(screen: "RoomScreen", log: Widget | None) -> tuple[int, int] | None:
    """Give the pane and the timeline their place; the columns that panels and timeline have then,
    and the lines the timeline takes below the panels (-1 where it stands beside them). None where
    no playbook is followed."""
    pane = pane_of(screen)
    shown = log is not None and log.display
    if pane is None or not pane.display:
        if pane is not None and log is not None:
            log.styles.height = log.styles.min_height = None
        return None
    height = screen.query_one("#middle").size.height or max(screen.size.height - 4, 1)
    found = shares(screen.size.width, height, _focus(screen, pane, log), log=shown)
    right = bool(found.columns)
    pane.styles.dock = "right" if right else "none"
    pane.styles.width = found.columns if right else "100%"
    pane.styles.height = "100%" if right else found.playbook
    left = screen.size.width - found.columns
    beside = right and left >= BESIDE
    if log is not None:
        log.styles.height = None if beside else found.log
        log.styles.min_height = None if beside else 0
    return left, -1 if beside and shown else found.log + (0 if right else found.playbook)


def _focus(screen: "RoomScreen", pane: Widget, log: Widget | None) -> Focus:
    if log is not None and screen.focused is log:
        return "log"
    return "playbook" if screen.focused is pane else ""
