"""A stranger's package, installed for real: its source is watched, its panel is drawn, and
what is broken in it is named and harms nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal

PACKAGE = Path(__file__).parents[1] / "plugin/warroom-heartbeat"
BROKEN = """
from warroom.config.settings import SourceSettings
from warroom.console.panel import Panel
from warroom.measure.snapshot import GenericSeen, Table
from warroom.sources.base import Sample, Source

class Sour(Source):
    kind = "sour"
    Settings = SourceSettings
    async def sample(self):
        raise LookupError("it has turned")
    @classmethod
    def signals(cls, name, settings):
        return {}

class Counts(Source):
    kind = "counts"
    Settings = SourceSettings
    async def sample(self):
        return Sample(GenericSeen(tables=(Table("rows", ("n",), ((1203,),)),)))
    @classmethod
    def signals(cls, name, settings):
        return {}

class NoBody(Panel):
    heading = "No body"
    wanted = classmethod(lambda cls, state: state.sources)
    @staticmethod
    def body(view, width, height):
        raise ZeroDivisionError("nobody")

class NoInit(Panel):
    def __init__(self, **options):
        raise RuntimeError("unfinished")

class NoTitle(Panel):
    heading = "No title"
    wanted = classmethod(lambda cls, state: state.sources)
    @staticmethod
    def title(view):
        raise ZeroDivisionError("no name")
    @staticmethod
    def body(view, width, height):
        return []
"""
ENTRY_POINTS = """
[warroom.sources]
rotten = rotten:Rotten
sour = broken:Sour
counts = broken:Counts
[warroom.panels]
rotten = rotten:RottenPanel
no_body = broken:NoBody
no_title = broken:NoTitle
no_init = broken:NoInit
ends = ends:Panel
twice = broken:NoTitle
"""
BAD_PANELS = ("rotten", "no_body", "no_init", "ends", "twice", "no_title")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The heartbeat as pip installs it; and another package, with everything wrong in it."""
    target = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    here = ["--no-deps", "--no-index", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *here, str(PACKAGE)], check=True, timeout=120)
    broken = target / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (broken / "entry_points.txt").write_text(ENTRY_POINTS)
    (target / "broken.py").write_text(BROKEN)
    (target / "ends.py").write_text("raise SystemExit(3)\n")
    other = target / "other-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (other / "entry_points.txt").write_text("[warroom.panels]\ntwice = broken:NoTitle\n")
    (target / "rotten.py").write_text('raise ImportError("it fell off the tree")\n')
    return target


@pytest.fixture
def room(packages):
    with Room({}) as made:
        made.env["PYTHONPATH"] = str(packages)
        yield made


def job(room, text="status: ok\nrows: 1203\n"):
    """The file of a job that was done just now."""
    (room.folder / "backup").write_text(text)


def backup(room, **options):
    room.write({"backup": {"kind": "heartbeat", "path": "backup", "interval": "200ms", **options}})


def pages(room, *panels):
    named = ", ".join(f'"{panel}"' for panel in panels)
    with room.config.open("a") as file:
        file.write(f'\n[[pages]]\nname = "all"\npanels = [{named}]\n')


def test_the_configuration_is_checked_by_the_strangers_own_model(room):
    backup(room, late_after="26h", figures={"rows": "rows"})
    pages(room, "heartbeats")
    assert "good: 1 source" in room.run("config", "check").stdout
    backup(room, late_aftr="26h", interval="1")
    done = room.run("config", "check", check=False)
    assert done.returncode == 64
    lines = room.config.read_text().splitlines()
    at = {line.partition(" = ")[0]: number for number, line in enumerate(lines, 1)}
    said = done.stderr
    assert f"warroom.toml:{at['late_aftr']}: sources.backup.late_aftr: is not a known key" in said
    assert "did you mean late_after?" in said
    assert f"warroom.toml:{at['interval']}: sources.backup.interval: not a duration" in said
    backup(room, figures={"age": "s"})
    assert (
        "age is a figure every heartbeat source has"
        in room.run("config", "check", check=False).stderr
    )


def test_its_schema_is_part_of_the_whole(room):
    schema = json.loads(room.run("config", "schema").stdout)
    assert schema["$defs"]["HeartbeatSettings"]["properties"]["late_after"]["default"] == "25h"


def check(room):
    """What ``warroom check --json`` says of the only source, and its exit code."""
    done = room.run("check", "--json", check=False)
    (source,) = json.loads(done.stdout)["sources"]
    return done.returncode, source


def test_check_tells_good_bad_and_unseeable_apart(room):
    backup(room, figures={"rows": "rows"})
    job(room)
    code, source = check(room)
    assert (code, source["state"], source["error"]) == (0, "UP", None)
    assert {s["name"]: s["value"] for s in source["signals"]}["backup.rows"] == 1203.0
    job(room, "status: disk full")
    code, source = check(room)
    assert (code, source["state"], source["level"]) == (2, "DOWN", "SEV1")
    assert source["error"] == "the job says: disk full"
    backup(room, path="not mounted/backup")
    code, source = check(room)
    assert (code, source["state"]) == (3, "CAN'T SEE")
    assert "not even its folder is there" in source["error"]


def test_its_panel_is_drawn_and_follows_the_job(room):
    backup(room)
    job(room)
    pages(room, "heartbeats", "generic")
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("Heartbeats", "1 of 1 in time", "UP", "done a moment ago")
        terminal.wait_for("What the job said", "rows    1203")
        job(room, "status: disk full")
        terminal.wait_for("SEV1 DOWN", "the job says: disk full", "0 of 1 in time")
        os.remove(room.folder / "backup")
        terminal.wait_for("not done", "there is no file")
        job(room)
        terminal.wait_for("1 of 1 in time")


@pytest.mark.long
def test_everything_that_is_broken_is_named_and_all_else_goes_on(room):
    with Ferry() as ferry:
        url = f"{ferry.url('quay')}/status.txt"
        room.write(
            {
                "apple": {"kind": "rotten", "tree": "old", "interval": "200ms"},
                "milk": {"kind": "sour", "interval": "200ms"},
                "jars": {"kind": "counts", "interval": "200ms"},
                "quay": {"kind": "http", "url": url, "interval": "200ms", "timeout": "5s"},
            }
        )
        pages(room, "health", "generic", *BAD_PANELS)
        with Terminal(WARROOM, env=room.env, columns=200, rows=60) as terminal:
            terminal.wait_for("1 of 1 up")
            terminal.wait_for(
                "the source kind rotten cannot be used: ImportError: it fell off the tree",
                "rotten is installed but broken: ImportError: it fell off the tree",
                "LookupError: it has turned",
                "the source gave what cannot be shown: Expected `str`",
                "The panel 'rotten' does not load: ImportError: it fell off the tree",
                "The panel 'no_init' cannot be made: RuntimeError: unfinished",
                "The panel 'ends' does not load: SystemExit: 3",
                "This panel failed: ZeroDivisionError: nobody",
                "Several packages bring the panel 'twice': broken, other",
                "No title ── failed: ZeroDivisionError: no name",
            )
            ferry.break_("quay")
            terminal.wait_for("SEV1 DOWN", "500")
            ferry.mend("quay")
            terminal.wait_for("1 of 1 up")
        done = room.run("check", "--json", check=False)
        said = {source["name"]: source for source in json.loads(done.stdout)["sources"]}
        assert done.returncode == 3
        assert said["quay"]["state"] == "UP"
        assert "it fell off the tree" in said["apple"]["error"]
        assert "it has turned" in said["milk"]["error"]
    strict = room.run("config", "check", check=False)
    assert strict.returncode == 64
    assert "sources.apple.kind: the source kind rotten is installed but broken" in strict.stderr


def test_a_plugin_that_is_repaired_is_taken_up_by_a_reload(room, packages):
    rotten = packages / "rotten.py"
    before = rotten.read_text()
    room.write({"apple": {"kind": "rotten", "interval": "200ms"}})
    pages(room, "generic")
    try:
        with Terminal(WARROOM, env=room.env) as terminal:
            terminal.wait_for("CAN'T SEE", "it fell off the tree")
            rotten.write_text('raise ImportError("worms")\n')
            room.run("reload")
            terminal.wait_for("CAN'T SEE", "broken: ImportError: worms")
            rotten.write_text(BROKEN.replace("Sour(", "Rotten(").replace('"sour"', '"rotten"'))
            room.run("reload")
            terminal.wait_for("it has turned")
            terminal.wait_gone("worms")
    finally:
        rotten.write_text(before)
