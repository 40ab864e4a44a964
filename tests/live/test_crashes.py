"""A failure of ours, end to end: one private file, where it is, and no secret anywhere."""

import stat
import subprocess
import sys

import pytest

from tests.rooms import Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal
from tests.waiting import until

CANARY = "canary-4711"
DSN = f"postgres://ana:{CANARY}@db/shop"
FAILS = f"""
import sys
from warroom.cli import main
words = "cannot reach {DSN}: the secret {CANARY} was refused"
class BoomError(Exception):
    pass
def boom(*_, **__):
    raise BoomError(words)
"""
PARTS = {
    "a worker of the console": "from warroom.console.link import EngineLink as It; It.run = boom\n",
    "a widget": (
        "from warroom.console.header import LinkMark, Worst\nLinkMark.draw = Worst.draw = boom\n"
    ),
    "the console's start": "from warroom.console.app import Console as It; It.on_mount = boom\n",
}


@pytest.fixture
def room():
    with Ferry() as ferry:
        source = {"kind": "http", "url": f"{ferry.url('quay')}/status.txt"}
        headers = {"headers": {"X-Api-Key": CANARY}}
        with Room({"quay": source | headers}) as made:
            yield made


def the_file(room):
    (report,) = room.folder.rglob("crash-*.txt")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text()
    assert text.startswith("warroom 0")
    assert "BoomError: cannot reach postgres://ana:***@" in text
    return report


def nowhere(room):
    """The canary stands in the configuration, and in no other file of the room."""
    for path in room.folder.rglob("*"):
        if path.is_file() and path != room.config:
            assert CANARY.encode() not in path.read_bytes(), path


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_of_the_console(room, part):
    script = f"{FAILS}{PARTS[part]}sys.exit(main([]))"
    with Terminal([sys.executable, "-c", script], env=room.env, columns=160) as terminal:
        assert terminal.wait_exit(20) != 0
        until(lambda: b"the report is in" in terminal.raw, 3, lambda: terminal.text)
        assert str(the_file(room)) in terminal.text.replace("\n", "")
        assert terminal.modes == terminal.modes_before
        assert CANARY.encode() not in terminal.raw
    nowhere(room)


@pytest.mark.long
@pytest.mark.parametrize("spawned", [False, True])
def test_of_the_engine(room, spawned):
    script = (
        f"{FAILS}from warroom.engine.engine import Engine\nEngine.check = boom\n"
        f"sys.exit(main({['engine', '--spawned'][: 1 + spawned]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=room.env,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    report = the_file(room)
    (log,) = room.folder.rglob("engine.log")
    assert f"the report is in {report}" in (log.read_text() if spawned else done.stderr)
    assert CANARY not in done.stderr
    nowhere(room)


@pytest.mark.long
def test_of_a_command(room):
    script = (
        f"{FAILS}import warroom.cli.status as it\nit.find_running = boom\n"
        "sys.exit(main(['status']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=room.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr == (
        f"warroom: failed unexpectedly (BoomError); the report is in {the_file(room)}\n"
    )
    nowhere(room)


PLUGIN = f"""
from warroom.config.settings import SourceSettings
from warroom.console.panel import Panel
from warroom.sources.base import Source

class Leaky(Source):
    kind = "leaky"
    Settings = SourceSettings
    async def sample(self):
        raise LookupError("cannot reach {DSN}")
    @classmethod
    def signals(cls, name, settings):
        return {{}}

class LeakyPanel(Panel):
    heading = "Leaky"
    wanted = classmethod(lambda cls, state: state.sources)
    @staticmethod
    def body(view, width, height):
        raise LookupError("cannot reach {DSN}")
"""


@pytest.mark.long
def test_of_a_strangers_source_and_panel(room, tmp_path):
    (tmp_path / "leaky.py").write_text(PLUGIN)
    info = tmp_path / "leaky-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[warroom.sources]\nleaky = leaky:Leaky\n[warroom.panels]\nleaky = leaky:LeakyPanel\n"
    )
    room.env["PYTHONPATH"] = str(tmp_path)
    room.write({"it": {"kind": "leaky", "interval": "200ms"}})
    with room.config.open("a") as file:
        file.write('[[pages]]\nname = "all"\npanels = ["leaky", "health"]\n')
    assert "leaky 1 (source leaky, panel leaky)" in room.run("--version").stdout
    with Terminal(
        [sys.executable, "-m", "warroom"], env=room.env, columns=120, rows=40
    ) as terminal:
        terminal.wait_for("failed: LookupError", "CAN'T SEE")
        assert CANARY.encode() not in terminal.raw
        terminal.type("q")
        assert terminal.wait_exit(10) == 0
    assert CANARY not in room.run("check", "--json", check=False).stdout
    nowhere(room)
