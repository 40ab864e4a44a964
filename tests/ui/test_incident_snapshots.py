"""Pictures of the incident's dialogs, each looked at before it was accepted."""

from tests.ui import incidents
from tests.ui.consoles import console
from warroom.console.look import Look
from warroom.wire import Answer

ASCII = Look(unicode=False)


def room(*parts):
    told = Answer(ref=0, ok=True, conditions=incidents.UNMET)
    return incidents.link(*parts, answer=lambda request: told)


def told():
    return incidents.timeline(lists=incidents.lists())


def test_declaring_80x24(snap_compare):
    keys = ["d", *"Checkout fails for all", *["tab"] * 4, "o", "tab", *"80"]
    assert snap_compare(console(link=room()), press=keys, terminal_size=(80, 24))


def test_declaring_in_ascii_60x15(snap_compare):
    app = console(link=room(), look=ASCII, theme="contrast")
    assert snap_compare(app, press=["d", "tab"], terminal_size=(60, 15))


def test_the_incident_120x40(snap_compare):
    assert snap_compare(console(link=room(told())), press=["I"], terminal_size=(120, 40))


def test_the_incident_80x24_in_the_light_theme(snap_compare):
    app = console(link=room(told()), theme="light")
    assert snap_compare(app, press=["I"], terminal_size=(80, 24))


def test_contacts_80x24(snap_compare):
    assert snap_compare(console(link=room(told())), press=["@"], terminal_size=(80, 24))


def test_checklists_80x24(snap_compare):
    assert snap_compare(console(link=room(told())), press=["v"], terminal_size=(80, 24))


def test_the_gate_in_ascii_60x15(snap_compare):
    app = console(link=room(told()), look=ASCII)
    assert snap_compare(app, press=["D", *"rolled back"], terminal_size=(60, 15))
