"""The whole console among texts that want to be obeyed: every command, its screen or dialog, the
header, footer, strips and notices, as they would be written to a terminal."""

import unicodedata

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from wcwidth import wcwidth

from tests import hostile
from tests.ui import acting, boards, following, incidents, timelines
from tests.ui.consoles import console
from tests.ui.test_console import started
from tests.ui.walking import mixed, rewritten
from warroom.config.local import LocalPage
from warroom.incident.acting.kinds import ActionView
from warroom.text import safe
from warroom.wire import Acting, Answer, GetPlaybooks, Inspect, PlanAction, RunAction

PAGES = (
    LocalPage("overview", ("health", "errors", "onset", "timeline")),
    LocalPage("more", ("signals", "resources", "generic", "connections", "vendors")),
)
LEAVES = {"quit", "stop", "restart"}
"""Commands that end what is looked at."""
SIZES = ((60, 15), (80, 24), (120, 40))


class HostileLink(incidents.AnsweringLink):
    """An engine of which every word is somebody else's; its names of things are not."""

    def __init__(self, words):
        self.words = words
        timeline = timelines.timeline()
        runs = (acting.run(), acting.ended(run="ended-1", verdict="WORSE", verdict_text="x"))
        told = Acting(
            actions=tuple(self._titled(one) for one in acting.ACTIONS),
            runs=rewritten(runs, words), on=rewritten((acting.on(),), words), whole=True,
        )  # fmt: skip
        board = timelines.board(boards.outage())
        super().__init__(
            boards.welcome(),
            replace(
                board,
                sources=rewritten(board.sources, words),
                room=rewritten(board.room, words),
                procedures=rewritten(board.procedures, words),
                proposals=rewritten((following.proposal(),), words),
            ),
            replace(
                timeline,
                incidents=rewritten(timeline.incidents, words),
                entries=rewritten(timeline.entries, words),
            ),
            told,
            answer=self._say,
        )

    def _titled(self, action: ActionView):
        """With its key and name, by which it is chosen."""
        return replace(rewritten(action, self.words), name=action.name, key=action.key)

    def _say(self, request):
        said = Answer(ref=0, ok=True, message=self.words("done"), text="\n".join(hostile.ESCAPES))
        if isinstance(request, PlanAction):
            return replace(said, plan=rewritten(acting.plan(request.action), self.words))
        if isinstance(request, GetPlaybooks):
            return replace(said, shelf=rewritten(following.shelf(), self.words))
        refused = isinstance(request, RunAction | Inspect)
        return replace(said, ok=not refused)


def harmless(app, when):
    """What would be written for this screen: visible, of the width of the terminal, no action."""
    width = app.size.width
    for strip in app.screen._compositor.render_strips():
        plain = "".join(segment.text for segment in strip)
        bad = [c for c in plain if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")]
        assert not bad, (when, plain, bad)
        assert safe(plain, 1_000) == plain, when
        assert cell_len(plain) == sum(map(wcwidth, plain)) == width, (when, plain)
        for segment in strip:
            meta = segment.style.meta if segment.style else {}
            assert not any("quit" in str(value) or "bell" in str(value) for value in meta.values())
            assert not (segment.style and segment.style.link), (when, plain)
    assert all(c.isprintable() for c in app.title + app.sub_title), when


async def walk(words, size):
    """Every command of the room, one after the other, each looked at and left."""
    app = console(link=HostileLink(words), pages=PAGES)
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        harmless(app, "the room")
        for command in [one for one in app.commands if one.id not in LEAVES]:
            app.action_command(command.id)
            await pilot.pause()
            harmless(app, command.id)
            await pilot.press("enter")
            await pilot.pause()
            harmless(app, f"{command.id}, Enter")
            for _ in range(6):
                if app.watching is not None and app.focused_panel is not None:
                    break
                await pilot.press("escape")
            await pilot.pause()
        assert app.is_running
        assert app.return_code is None or app.return_code == 0


@pytest.mark.long
@pytest.mark.trap(
    17,
    "every command of the console with every word of the engine such a string: screens, dialogs,"
    " header, footer, strips, notices and titles, at three sizes",
    "every cell visible and in its place, nothing acts, the console goes on",
)
@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_and_dialog_shows_it_in_its_place(size, repetitions, measured):
    count = 0
    for seed in range(max(1, repetitions // 100)):
        words = mixed(seed * 10 + size[0])
        await walk(words, size)
        count += len(words.given)
    measured(f"{count} strings at {size[0]}x{size[1]}")
