"""``warroom demo`` as a newcomer types it: red within two polls, green again, and gone."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.processes import alive, words
from tests.rooms import WARROOM
from tests.terminal import Terminal, until

pytestmark = pytest.mark.xdist_group("demo")  # one such demo at a time


@pytest.fixture(autouse=True)
def temporary(monkeypatch):
    """A temp folder of our own: `warroom demo fault` means the newest demo it finds."""
    path = Path(tempfile.mkdtemp(prefix="wr-"))
    path.chmod(0o711)  # as /tmp, it can be passed through by the servers' account
    monkeypatch.setenv("TMPDIR", str(path))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def demo():
    with Terminal([*WARROOM, "demo"], columns=120, rows=40) as terminal:
        terminal.wait_for("6 of 6 up", "all is well", seconds=40)
        yield terminal


def command(*arguments):
    return subprocess.run(
        [*WARROOM, *arguments], capture_output=True, text=True, check=True, timeout=30
    ).stdout


def configuration(terminal):
    """The demo's configuration, from the engine's own command line."""
    lines = [words(p) for p in terminal.family()]
    line = next(line for line in lines if "engine" in line)
    return line[line.index("--config") + 1]


def polls(config):
    status = json.loads(command("status", "--json", "--config", config))
    return {source["name"]: source["polls"] for source in status["sources"]}


@pytest.mark.long
def test_the_outage_turns_the_panel_red_within_two_polls_and_back(demo):
    # The health body names the environment, and so proves it.
    demo.wait_for("DEMO  shop")
    demo.wait_gone("configured")
    config = configuration(demo)
    demo.type("F")
    demo.wait_for("Faults of the demo", "outage")
    before = polls(config)
    demo.type("\r")
    demo.wait_for("PostgreSQL was shut down", "SEV1 DOWN")
    demo.wait_for("1 of 6 up", "web is down")  # the webhook refuses, and rightly
    after = polls(config)
    assert all(after[name] - before[name] <= 3 for name in after)
    assert "on   outage" in command("demo", "fault")
    assert "PostgreSQL" in command("demo", "fault", "outage", "off")
    before = polls(config)
    demo.wait_for("6 of 6 up")
    after = polls(config)
    assert all(after[name] - before[name] <= 3 for name in after)
    demo.wait_for("all is well", seconds=40)  # the error rate looks back 20 s


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGHUP,
        *(
            pytest.param(number, marks=pytest.mark.long)
            for number in (signal.SIGKILL, signal.SIGTERM)
        ),
    ],
)
def test_however_the_console_ends_nothing_of_the_demo_is_left(demo, number):
    family = demo.family()
    folder = Path(configuration(demo)).parents[1]
    assert len(family) >= 8
    assert folder.is_dir()
    os.kill(demo.process.pid, number)
    demo.process.wait(10)
    until(lambda: not any(alive(process) for process in family), 15)
    until(lambda: not folder.exists())


def test_headless_prints_its_configuration_and_serves_until_stopped():
    # Faults in an order in which one takes away what the next needs, and one that reloads.
    faults = ["outage", "error-rate", "certificate"]
    wish = [*WARROOM, "demo", "--headless", *(f"--fault={name}" for name in faults)]
    process = subprocess.Popen(wish, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            config = Path(process.stdout.readline().strip())
            assert config.is_file()
            listed = [line.split() for line in command("demo", "fault").splitlines()]
            assert [words[1] for words in listed if words[0] == "on"] == faults
            for name in faults:
                command("demo", "fault", name, "off")
            until(lambda: checked(config).returncode == 0, 10, lambda: checked(config).stdout)
        finally:
            asked = time.monotonic()
            process.terminate()
        assert process.wait(15) == 0
        assert time.monotonic() - asked < 2.5
    assert not config.exists()


def checked(config):
    return subprocess.run(
        [*WARROOM, "check", "--config", str(config)], capture_output=True, text=True
    )


def test_an_unknown_fault_is_refused_with_the_nearest():
    done = subprocess.run(
        [*WARROOM, "demo", "--fault", "outge", "--headless"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "outage" in done.stderr
    assert "Traceback" not in done.stderr
