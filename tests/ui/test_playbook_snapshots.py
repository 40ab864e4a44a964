"""Pictures of playbooks, each looked at before it was accepted."""

from msgspec.structs import replace

from tests.ui import following, timelines
from tests.ui.consoles import console
from tests.ui.following import LOGS, PAGES, SECOND, half_way, proposal, walked
from warroom.console.look import Look
from warroom.wire import Acting


def room(*playbooks, look=None, theme="dark", proposals=(), told=True):
    """A room whose incident has a timeline of some length."""
    one = timelines.timeline()
    known = following.incident(*playbooks)
    incident = replace(
        one.incidents[0], playbooks=playbooks, checked=known.checked, runs=known.runs
    )
    told = (replace(one, incidents=(incident,)),) if told else (Acting(actions=(), whole=True),)
    link = following.PlaybookLink(*told, proposals=proposals)
    return console(link=link, pages=PAGES, look=look, theme=theme)


def after(*keys):
    """These keys, each once the one before has done its work."""

    async def run(pilot):
        await pilot.pause()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            await pilot.pause()

    return run


BOTH = (proposal(), SECOND)


def test_a_proposal_120x40(snap_compare):
    app = room(proposals=BOTH, told=False)
    assert snap_compare(app, run_before=after(), terminal_size=(120, 40))


def test_a_proposal_80x24(snap_compare):
    assert snap_compare(room(proposals=BOTH), run_before=after(), terminal_size=(80, 24))


def test_the_list_120x40(snap_compare):
    app = room(walked("certificate", "Certificate expires"), proposals=BOTH)
    assert snap_compare(app, run_before=after("p"), terminal_size=(120, 40))


def test_one_playbook_80x24(snap_compare):
    app = room(proposals=BOTH)
    assert snap_compare(app, run_before=after("p", "enter"), terminal_size=(80, 24))


def test_following_120x40(snap_compare):
    app = room(half_way(), proposals=(SECOND,))
    assert snap_compare(app, run_before=after("p", "p", "down"), terminal_size=(120, 40))


def test_following_80x24(snap_compare):
    app = room(half_way())
    assert snap_compare(app, run_before=after("p", "p", "up"), terminal_size=(80, 24))


def test_following_in_ascii_60x15(snap_compare):
    app = room(half_way(), look=Look(unicode=False))
    assert snap_compare(app, run_before=after("p", "p", "down"), terminal_size=(60, 15))


def test_following_in_the_light_theme_200x50(snap_compare):
    assert LOGS in half_way().steps
    app = room(half_way(), theme="light")
    assert snap_compare(app, run_before=after("p", "p"), terminal_size=(200, 50))
