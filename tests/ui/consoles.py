"""A console without an engine: its link says what the test hands it."""

from pathlib import Path

from tests.ui.boards import NOON, welcome
from warroom.config.local import LocalConfig, LocalConsole, LocalPage, LocalRoom
from warroom.console.app import Console
from warroom.console.look import Look
from warroom.console.messages import EngineSaid
from warroom.console.panels import PanelTypes
from warroom.wire import Answer


class StillClock:
    """A clock that moves when told."""

    def __init__(self):
        self.time = NOON
        self.seconds = 1000.0

    def now(self):
        return self.time

    def monotonic(self):
        return self.seconds


class ScriptedLink:
    """Says its boards as soon as it is run, and keeps what is asked of it."""

    def __init__(self, *messages):
        self.messages = messages
        self.asked = []

    async def run(self, target):
        if self.messages:
            target.post_message(EngineSaid(self.messages))

    async def request(self, request):
        self.asked.append(request)
        return Answer(ref=request.ref, ok=True, message="done")


def console(
    board=None,
    *,
    look=None,
    keys=None,
    pages=None,
    theme="dark",
    granted="act",
    link=None,
    report=repr,
    panels=PanelTypes,
    zone="UTC",
    **more,
):
    local = LocalConfig(
        path=Path("/nowhere/warroom.toml"),
        room=LocalRoom(name="shop", environment="production"),
        console=LocalConsole(theme=theme, zone=zone),
        keys=keys or {},
        pages=pages or (LocalPage("overview", ("health",)),),
    )
    messages = (welcome(granted), board) if board else ()
    return Console(
        local,
        lambda: link or ScriptedLink(*messages),
        panels,
        StillClock(),
        look=look or Look(),
        report=report,
        **more,
    )
