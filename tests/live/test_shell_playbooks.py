"""``warroom playbooks`` and ``warroom playbook`` as they are typed, on a room with an engine: what
fits comes first with its evidence, and a check ends with a status that says what is known."""

import json
import signal
import subprocess
from typing import Any

import pytest

from tests.live.rooms import Room, room
from tests.live.shells import REFUSED, USAGE, declare, entries, shell
from tests.waiting import until

__all__ = ["room"]

BAD, UNKNOWN = 1, 3
MORE = """
[[rules]]
name = "busy"
signal = "web.load"
levels = { SEV2 = "> 10" }
raise_after = 1
clear_after = 1
[library]
built_in = ["outage", "mail"]
[playbooks.busy]
title = "Too busy"
mitigations = ["Wait", { text = "Scale", action = "scale", values = { workers = 4 } }]
[[playbooks.busy.symptoms]]
signal = "web.load"
level = "any"
for = 1
says = "{source} at {value}"
[actions.scale]
kind = "command"
title = "Scale"
argv = ["/bin/true", "{workers}"]
parameters = { workers = { type = "integer" } }
[checks.good]
kind = "command"
argv = ["/bin/sh", "-c", "echo one; echo two"]
[checks.bad]
kind = "command"
argv = ["/bin/sh", "-c", "echo 'no \\u001b[31m'; exit 7"]
[checks.late]
kind = "command"
argv = ["/bin/sleep", "30"]
deadline = "1s"
[checks.gone]
kind = "command"
argv = ["/nonexistent/program"]
[checks.lines]
kind = "logs"
file = "app.log"
"""


@pytest.fixture
def shop(room: Room) -> Room:
    room.write("web", more=MORE)
    (room.folder / "app.log").write_text("ERROR one 1\nfine\nERROR one 2\n")
    return room


def check(room: Room, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """One command, with its sub-command before the options."""
    return run(room, "check", *arguments, code=code)


def run(room: Room, name: str, *arguments: str, code: int) -> "subprocess.CompletedProcess[str]":
    done = room.run("playbook", name, *arguments)
    assert done.returncode == code, done
    return done


def listed(room: Room) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell(room, "playbooks", "--json").stdout)
    return found


@pytest.mark.long
def test_what_fits_comes_first_with_its_evidence_and_is_gone_when_it_does_not(shop: Room) -> None:
    alone = shell(shop, "playbooks")
    assert "no engine runs" in alone.stderr
    assert not shop.engines()
    with shop.engine() as engine:
        before = shell(shop, "playbooks")
        assert before.stderr == ""
        assert "FITS" not in before.stdout
        shop.tell("web", value=12.0)
        until(lambda: listed(shop)["proposals"], 10)
        lines = shell(shop, "playbooks").stdout.splitlines()
        assert lines[:2] == ["busy                     FITS     Too busy", "    web at 12 ms"]
        assert len(lines) == 4
        assert "fits     busy  Too busy: web at 12 ms" in shell(shop, "status").stdout
        whole = run(shop, "show", "busy", code=0).stdout
        assert "HOLDS: web at 12 ms" in whole
        assert "warroom run scale --set workers=4" in whole
        as_json = json.loads(run(shop, "show", "busy", "--json", code=0).stdout)
        assert as_json["seen"] == [{"holds": "holds", "words": "web at 12 ms"}]
        shop.tell("web", value=1.0)
        until(lambda: not listed(shop)["proposals"], 10)
        # What is to be pasted is of the file as it is now, whatever the engine knows of.
        shop.config.write_text(shop.config.read_text().replace("playbooks.busy", "playbooks.calm"))
        assert "[playbooks.calm]" in run(shop, "show", "calm", "--toml", code=0).stdout
        gone = run(shop, "show", "busy", "--toml", code=USAGE)
        assert "there is no playbook busy" in gone.stderr
        engine.send_signal(signal.SIGTERM)


def test_one_that_is_followed_says_so(shop: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = declare(shop, "busy")
    follow(shop, incident)
    found = listed(shop)
    assert (found["live"], found["followed"]) == (True, ["busy"])
    line = next(one for one in shell(shop, "playbooks").stdout.splitlines() if "busy" in one)
    assert line.split()[:2] == ["busy", "FOLLOWED"]


def follow(room: Room, incident: str) -> None:
    from warroom.cli.asking import Engine, once, with_engine
    from warroom.incident.following import Followed
    from warroom.wire import Answer, Post

    async def work(engine: Engine) -> Answer:
        body = Followed(playbook="busy")
        return await engine.done(Post(ref=0, once=once(), incident=incident, body=body))

    assert with_engine(room.paths, "", work).ok


def test_each_end_of_a_check_has_its_status_and_only_its_output_is_on_stdout(shop: Room) -> None:
    good = check(shop, "good")
    assert good.stdout == "one\ntwo\n"
    assert "good" in good.stderr
    bad = check(shop, "bad", code=BAD)
    assert bad.stdout.startswith("no ")
    assert "\x1b" not in bad.stdout
    assert "exit 7" in bad.stderr
    assert "did not end within" in check(shop, "late", code=UNKNOWN).stderr
    gone = check(shop, "gone", code=UNKNOWN)
    assert "could not be run" in gone.stderr
    assert "ERROR one" in check(shop, "lines").stdout
    near = check(shop, "goood", code=USAGE)
    assert "there is no check goood\ndid you mean good?" in near.stderr
    refused = check(shop, "good", "--incident", "INC-1", code=REFUSED)
    assert "there is no incident INC-1" in refused.stderr
    assert near.stdout == refused.stdout == ""


def test_what_it_found_is_an_entry_of_the_incident_that_is_open_unless_none(shop: Room) -> None:
    def noted() -> list[Any]:
        bodies: list[Any] = [entry["body"] for entry in entries(shop)]
        return [(b["check"], b["ok"]) for b in bodies if b["kind"] == "checked"]

    incident = declare(shop, "busy")
    check(shop, "good", "--incident", "none")
    assert noted() == []
    check(shop, "good")
    done = check(shop, "bad", "--incident", incident.lower(), "--json", code=BAD)
    found = json.loads(done.stdout)
    assert (found["status"], found["result"]["ok"]) == (BAD, False)
    assert found["entry"]["incident"] == incident
    assert noted() == [("good", True), ("bad", False)]
