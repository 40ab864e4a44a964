"""The console under a person's keys, without an engine: every command, every refusal."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from panels.health import HealthPanel
from tests.ui import boards, databases, incidents, tables
from tests.ui.consoles import ScriptedLink, console
from warroom.config.local import LocalPage
from warroom.console.commands import COMMANDS
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, LinkLost
from warroom.console.panel import Panel
from warroom.console.screens.acknowledge import AcknowledgeScreen, parse_span
from warroom.console.screens.expanded import ExpandedScreen
from warroom.console.screens.help import HelpScreen, help_rows
from warroom.console.screens.room import RoomScreen, columns_for
from warroom.measure.snapshot import CUT_OFF
from warroom.severity import SEV, UNSEEN
from warroom.wire import Acknowledge, Board, Changed, Probe, Reload


def screen_text(app):
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def notices(app):
    return " ".join(notice.message for notice in app._notifications)


async def started(pilot):
    await pilot.pause()
    await pilot.pause()
    return pilot.app


async def test_the_first_frame_needs_no_engine():
    async with console().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "PRODUCTION" in shown
        assert "1 Health" in shown
        assert "Waiting for the engine" in shown
        await pilot.press("c")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "no source" not in shown
        assert shown.count("waiting for the engine") == 2  # in the header, and of the panel


async def test_the_header_names_the_worst_level_and_its_cause():
    async with console(boards.outage()).run_test(size=(120, 40)) as pilot:
        top = screen_text(await started(pilot)).splitlines()[0]
        assert "✖ SEV1  api is down: 503, expected 2xx +1 more since 14:06:30Z" in top
        assert "PRODUCTION  shop configured" in top
        assert "14:07:10Z" in top
        assert "● engine" in top


@pytest.mark.trap(
    10,
    "an environment before and after a connection has proven it",
    "called configured, then proven",
)
async def test_an_environment_is_configured_proven_or_shouted():
    board = boards.good()
    for proof, seen, words in (
        ("proven", "production", "PRODUCTION  shop "),
        ("mismatch", "staging", "PRODUCTION ≠ STAGING"),
    ):
        room = boards.room(proof=proof, environment_seen=seen)
        changed = type(board)(room=room, sources=board.sources)
        async with console(changed).run_test(size=(120, 40)) as pilot:
            top = screen_text(await started(pilot)).splitlines()[0]
            assert words in top
            assert "configured" not in top


async def test_z_expands_with_the_cursor_kept_and_escape_comes_back():
    async with console(boards.outage()).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "z")
        assert isinstance(app.screen, ExpandedScreen)
        assert app.screen.query_one(Panel).cursor == "api"
        assert "GET http://api.example:8080/health" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)


async def test_the_cursor_follows_the_worst_row_until_a_person_moves_it():
    async with console(boards.good()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        panel = app.screen.query_one(HealthPanel)
        assert panel.cursor == "web"
        app.post_message(EngineSaid((Changed(sources=(boards.down("api"),)),)))
        await pilot.pause()
        assert panel.cursor == "api"
        await pilot.press("1", "down")
        assert panel.cursor == "checkout"
        app.post_message(EngineSaid((Changed(sources=(boards.down("worker"),)),)))
        await pilot.pause()
        assert panel.cursor == "checkout"


async def test_k_asks_for_a_reason_and_tells_the_engine():
    link = ScriptedLink(boards.welcome(), boards.outage())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K")
        assert isinstance(app.screen, AcknowledgeScreen)
        await pilot.press("enter")
        assert link.asked == []
        assert "A reason is needed" in screen_text(app)
        await pilot.press(*"known", "enter")
        await pilot.pause()
        assert link.asked == [
            Acknowledge(ref=0, source="api", level="SEV1", reason="known", seconds=1800.0)
        ]


async def test_what_is_typed_into_a_dialog_runs_no_command():
    link = ScriptedLink(boards.welcome(), boards.outage())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K", *"zRqkt1?")
        assert isinstance(app.screen, AcknowledgeScreen)
        assert app.screen.query_one("#reason").value == "zRqkt1?"
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)
        assert link.asked == []


async def test_a_refused_command_says_why():
    async with console(boards.good()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K")
        assert "web is OK: there is nothing to acknowledge" in notices(app)
        await pilot.press("w")
        assert "All is well: no page is worse than another" in notices(app)
        await pilot.press("z", "right_square_bracket")
        assert "one page only" in notices(app)


async def test_a_watching_console_may_not_write():
    link = ScriptedLink(boards.welcome("watch"), boards.outage())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K")
        assert "may only watch" in notices(app)
        assert "● watching" in screen_text(app)
        await pilot.press("R")
        assert link.asked == []


async def test_r_asks_now_and_capital_r_reloads():
    link = ScriptedLink(boards.welcome(), boards.good())
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("1", "r", "R")
        await pilot.pause()
        assert link.asked == [Probe(ref=0, source="web"), Reload(ref=0)]


async def test_without_an_engine_nothing_can_be_asked_and_every_row_says_cant_see():
    async with console(boards.good()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        app.post_message(LinkLost("it was killed"))
        await pilot.pause()
        shown = screen_text(app)
        assert shown.count("? CAN'T SEE") >= 4
        assert "The engine is gone (it was killed); starting it again" in shown
        assert "NO ENGINE" in shown
        await pilot.press("1", "r")
        assert "The engine is not there" in notices(app)
        app.post_message(EngineSaid((boards.welcome(), boards.good())))
        await pilot.pause()
        assert "CAN'T SEE" not in screen_text(app)


async def test_the_clock_goes_on_behind_a_dialog():
    async with console(boards.outage()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K")
        assert isinstance(app.screen, AcknowledgeScreen)
        app.clock.time += timedelta(seconds=26)
        app._tick()
        await pilot.press("escape")
        assert "14:07:36Z" in screen_text(app)


async def test_what_is_acknowledged_is_what_was_read():
    minor = boards.down("api", level="SEV3", cause="memory 42 %")
    link = ScriptedLink(boards.welcome(), Board(room=boards.room("SEV3", "api"), sources=(minor,)))
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "K")
        assert "SEV3: memory 42 %" in screen_text(app)
        app.post_message(EngineSaid((Changed(sources=(boards.down("api"),)),)))
        await pilot.pause()
        assert "SEV1: api is down: 503" in screen_text(app)
        await pilot.press(*"known", "enter")
        await pilot.pause()
        assert link.asked[0].level == "SEV1"


async def test_the_loss_of_the_engine_is_said_every_time():
    async with console(boards.good()).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        for _ in range(3):
            app.post_message(LinkLost("it was killed"))
            await pilot.pause()
            await pilot.pause()
            assert "The engine is gone (it was killed)" in screen_text(app)
            app.post_message(EngineSaid((boards.welcome(), boards.good())))
            await pilot.pause()
            await pilot.pause()
            assert "The engine is gone" not in screen_text(app)


async def test_nobody_asks_by_accident_what_is_asked_on_request_only():
    mail = boards.up("mail", on_request=True, snapshot=None, state="CAN'T SEE", age=None)
    minor = boards.down("web", level="SEV3")
    link = ScriptedLink(
        boards.welcome(), Board(room=boards.room("SEV3", "web"), sources=(mail, minor))
    )
    async with console(link=link).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        assert app.selected_source.name == "web"
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("1", "up", "r")
        await pilot.pause()
        assert [request.source for request in link.asked] == ["web", "mail"]
    alone = ScriptedLink(boards.welcome(), Board(room=boards.room(), sources=(mail,)))
    async with console(link=alone).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("r")
        assert alone.asked == []
        assert "asked on request only: move the cursor onto it" in notices(app)


async def test_a_worsening_rings_once_and_an_acknowledged_one_does_not(monkeypatch):
    rings = []
    app = console(boards.good())
    monkeypatch.setattr(app, "bell", lambda: rings.append(1))
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        for _ in range(3):
            app.post_message(EngineSaid((Changed(sources=(boards.down("api"),)),)))
            await pilot.pause()
        assert rings == [1]


@pytest.mark.parametrize("size", [(59, 15), (60, 14), (10, 3), (1, 1)])
async def test_too_small_a_terminal_gets_one_clear_line(size):
    async with console(boards.outage()).run_test(size=size) as pilot:
        app = await started(pilot)
        shown = screen_text(app).splitlines()
        if size[0] >= 50:
            assert shown[0].startswith(f"SEV1 api: {size[0]}x{size[1]} is too small, 60x15 needed")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "1 Health" in screen_text(app)


@pytest.mark.trap(22, "60x15", "the panel is shown")
async def test_the_smallest_size_shows_the_panel():
    async with console(boards.outage()).run_test(size=(60, 15)) as pilot:
        shown = screen_text(await started(pilot))
        assert "SEV1 DOWN" in shown
        assert "CAN'T SEE" in shown


async def test_help_lists_every_command_with_its_own_key():
    app = console(boards.good(), keys={"expand": "f5"})
    async with app.run_test(size=(120, 60)) as pilot:
        await started(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        lines = [row.content.plain for row in help_rows(app.commands, app.keys, Look(), SEV)]
        for command in COMMANDS:
            assert any(command.help in line for line in lines)
        assert any("F5" in line and "The focused panel" in line for line in lines)
        await pilot.press("escape")
        assert isinstance(app.screen, RoomScreen)


async def test_a_remapped_key_works_and_the_old_one_does_not():
    app = console(boards.good(), keys={"expand": "f5"})
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("1", "z")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press("f5")
        assert isinstance(app.screen, ExpandedScreen)


async def test_pages_turn_and_digits_number_the_panels_of_the_page_shown():
    pages = (LocalPage("overview", ("health", "nonsense")), LocalPage("more", ("health",)))
    async with console(boards.good(), pages=pages).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        shown = screen_text(app)
        assert "1 Health" in shown
        assert "2 Panel missing" in shown
        assert "There is no panel 'nonsense'; installed are:" in shown
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "Panel missing" not in screen_text(app)
        await pilot.press("1")
        assert isinstance(app.focused, HealthPanel)
        assert "2/3 more" in screen_text(app)


async def test_a_page_of_fewer_panels_takes_the_keys_and_not_the_line_where_one_writes():
    pages = (LocalPage("overview", ("health", "errors", "onset")), LocalPage("more", ("health",)))
    async with console(boards.good(), pages=pages).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        for keys in (("3", "]"), ("]", "3", "]", "]", "]")):
            await pilot.press(*keys)
            await pilot.pause()
            await app.workers.wait_for_complete()
            assert "/3 " in screen_text(app)
            assert isinstance(app.focused, Panel), keys
            await pilot.press("x")
            assert not app.desk.kept.text
            await pilot.press("[", "1")


ROOM = (LocalPage("overview", ("health:web", "errors")), LocalPage("more", ("health", "onset")))


async def test_every_panel_has_a_line_on_the_page_that_every_room_has():
    pages = (*ROOM, LocalPage("last", ("nonsense",)))
    async with console(boards.outage(), pages=pages).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("2", "c")
        await pilot.pause()
        shown = [line.strip("│ ") for line in screen_text(app).splitlines()]
        assert "4/4" in shown[-1]
        names = [line for line in shown if line.startswith(("▸", "✖", "✔", "?", "–"))]
        assert [line.lstrip("▸ ").split()[0] for line in names] == [*"✔–✖✖?"]
        assert names[2].startswith("▸ ✖ SEV1 DOWN Health")
        assert "There is no panel 'nonsense'" in names[-1]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.focused, HealthPanel)
        assert (app.pages.now, app.focused.number) == (1, 1)
        await pilot.press("c", "c")
        await pilot.pause()
        assert app.pages.now == 1


async def test_what_has_no_line_on_the_page_of_all_panels_is_counted_with_its_worst():
    wanted = ("errors", "queues", "redis", "connections", "slow_queries", "vendors", "names")
    more = ("generic", "tracker", "deployments", "signals:web", "health:api")
    pages = (LocalPage("a", wanted), LocalPage("b", more))
    async with console(boards.outage(), pages=pages).run_test(size=(60, 16)) as pilot:
        app = await started(pilot)
        await pilot.press("c")
        await pilot.pause()
        last_two = [line.strip("│ ") for line in screen_text(app).splitlines()[-5:-3]]
        assert last_two[0].startswith("▸ ✖ SEV1 DOWN Health: api")  # the worst has the cursor
        assert last_two[1].split() == ["–", "and", "2", "more"]
        await pilot.press("home")
        await pilot.pause()
        *_, others, _, _, keys = screen_text(app).splitlines()
        assert others.strip("│ ") == "✖ SEV1 DOWN and 2 more"
        assert " 3/3" in keys


async def test_the_worst_is_one_key_away_from_any_page_and_from_an_expanded_panel():
    pages = (LocalPage("one", ("onset", "errors")), LocalPage("two", ("errors", "health")))
    async with console(boards.outage(), pages=pages).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        for keys in (("w",), ("left_square_bracket", "1", "z", "w")):
            await pilot.press(*keys)
            await pilot.pause()
            assert isinstance(app.screen, RoomScreen)
            assert isinstance(app.focused, HealthPanel)
            assert app.pages.now == 1
            assert app.selected_source.name == app.room.room.worst_source


async def test_a_worst_source_that_no_page_shows_is_named():
    pages = (LocalPage("one", ("errors",)),)
    async with console(boards.outage(), pages=pages).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        await pilot.press("w")
        assert "No page shows api" in notices(app)


async def test_what_is_said_of_a_room_that_is_cut_off_is_said_once():
    board = boards.good()
    room = replace(board.room, cut_off="none of 2 canaries answers (a; b)")
    dark = {"state": "CAN'T SEE", "level": UNSEEN, "cause": CUT_OFF.reason, "failure": CUT_OFF}
    sources = tuple(replace(source, **dark) for source in board.sources)
    board = replace(board, room=room, sources=(*sources, replace(databases.database(), **dark)))
    pages = (LocalPage("one", ("health", "slow_queries")),)
    async with console(board, pages=pages).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        for _ in range(2):
            shown = screen_text(app)
            assert shown.count("Cut off: none of 2 canaries answers (a; b)") == 1
            # Beside it only in the details of the source at hand, which tell why that is dark.
            assert shown.count("room is cut off") == shown.count("why          this room is")
            await pilot.press("c")
            await pilot.pause()


async def test_no_panel_is_blank():
    class Mute(HealthPanel):
        @staticmethod
        def body(view, width, height):
            return []

    for cut_off, words in (("", "There is nothing to show."), ("x", "Nothing can be seen from")):
        board = replace(boards.good(), room=replace(boards.good().room, cut_off=cut_off))
        app = tables.console(board, panel=Mute)
        async with app.run_test(size=(80, 24)) as pilot:
            assert words in screen_text(await started(pilot))


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_help_is_in_the_footer_at_every_width(width):
    async with console(boards.good(), pages=ROOM).run_test(size=(width, 24)) as pilot:
        app = await started(pilot)
        last = screen_text(app).splitlines()[-1]
        assert "? help" in last
        assert ("1/3 overview" if width >= 100 else "1/3") in last


async def test_hostile_names_and_causes_are_drawn_as_text():
    words = "[b]x[/b] [@click=app.quit]y[/] \x1b[2J\u202e\x9b"
    source = boards.down("api", title=words[:40], cause=words)
    board = type(boards.good())(
        room=boards.room("SEV1", "api", words, problems=(words,), environment=words[:24]),
        sources=(source,),
    )
    async with console(board).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.press("1", "z")
        app.say(words)
        await pilot.press("K")
        await pilot.pause()
        shown = screen_text(app)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\x9b" not in shown
        assert "[@click=app.quit]" in shown
        assert app.is_running


def test_spans_of_acknowledgement_are_read_as_people_write_them():
    assert parse_span("30min") == 1800
    assert parse_span(" 2 h") == 7200
    assert parse_span("45") == 2700
    for wrong in ("", "soon", "0min", "30s", "48h", "min", "-5m"):
        assert parse_span(wrong) is None


@pytest.mark.parametrize(
    ("width", "height", "panels", "columns"),
    [
        (80, 24, 1, 1),
        (80, 24, 2, 1),
        (80, 24, 4, 2),
        (120, 40, 2, 2),
        (120, 40, 5, 2),
        (200, 60, 5, 2),
        (230, 60, 5, 3),
    ],
)
def test_panels_stand_side_by_side_where_there_is_room(width, height, panels, columns):
    assert columns_for(width, height, panels) == columns


async def test_however_many_widgets_fail_one_report_is_kept():
    reported = []
    app = console(report=lambda error: reported.append(error) or f"kept: {error}")
    first, second = RuntimeError("first"), RuntimeError("second")
    with pytest.raises(RuntimeError, match="first"):
        async with app.run_test():
            app._handle_exception(first)
            app._handle_exception(second)
    assert reported == [first]
    assert app.last_words.startswith("kept: first\n")


async def test_the_footer_tells_first_what_this_state_needs_and_not_what_is_refused():
    def last(app):
        return screen_text(app).splitlines()[-1]

    async with console(boards.good(), pages=ROOM).run_test(size=(60, 15)) as pilot:
        app = await started(pilot)
        told = " a act   d declare   p playbooks   K ack   ? help   [ ] 1/3"
        assert last(app).rstrip() == told
        await pilot.press("z")
        await pilot.pause()
        assert last(app).startswith(" z back ")
        await pilot.press("z", "c")
        await pilot.pause()
        assert "expand" not in last(app)
        assert last(app).startswith(" c back ")
        await pilot.press("c")
        await pilot.pause()
        assert " back " not in last(app)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((60, 15), "a act   u message   p playbooks   K ack   ? help"),
        ((80, 24), "a act   u message   p playbooks   I incident   z expand   ? help"),
        ((120, 40), "z expand   D resolve   K acknowledge"),
    ],
)
async def test_while_an_incident_is_open_the_footer_tells_what_is_done_about_it(size, told):
    async with console(boards.good(), pages=ROOM).run_test(size=size) as pilot:
        app = await started(pilot)
        app.post_message(EngineSaid((incidents.timeline(),)))
        await pilot.pause()
        await pilot.pause()
        last = screen_text(app).splitlines()[-1]
        assert told in last
        assert "declare" not in last
