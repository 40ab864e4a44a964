"""Incidents from a shell: the real program on rooms without any source."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from tests.live.rooms import Room, room
from tests.live.shells import REFUSED, USAGE, declare, entries, kill_engine, noted, shell
from tests.terminal import Terminal
from tests.waiting import until
from warroom.incident.bounds import LONGEST
from warroom.wire import NEWEST

__all__ = ["room"]


def test_an_incident_from_a_shell_alone(room: Room) -> None:
    assert not room.engines()
    told = shell(
        room, "declare", "checkout", "is down", "--sev", "1", "--started", "-10m",
        "--role", "commander=me", "--role", "scribe=bob", "--name", "ana",
    )  # fmt: skip
    name, channel, *rest = told.stdout.splitlines()
    assert name.startswith("INC-")
    assert channel.startswith("#incident-")
    assert channel.endswith("-checkout-is-down")
    assert "at once: page on-call" in rest
    assert any(line.startswith("SEV1: ") for line in rest)
    assert f"{name} is declared" in told.stderr
    shell(room, "note", "rolled", "back", "--at", "-1m", "--name", "ana")
    whole = shell(room, "incident").stdout
    for words in ("checkout is down", "SEV1", "commander: ana", "scribe: bob", "10 min"):
        assert words in whole
    log = shell(room, "log").stdout
    assert ": rolled back" in log
    assert "ana" in log
    (line,) = shell(room, "incidents").stdout.splitlines()
    assert line.startswith(f"{name}  SEV1  OPEN for 10 min")
    refused = shell(room, "resolve", "--how", "rollback", code=REFUSED)
    assert refused.stdout.startswith("NOT MET  checklist recover")
    assert "OPEN" in shell(room, "incidents").stdout
    done = shell(room, "resolve", "--how", "rollback", "--override", "seen", "back to 3f2c")
    assert done.stdout.startswith("OVERRIDDEN  checklist recover")
    line, *due = shell(room, "incidents").stdout.splitlines()
    assert "resolved after 10 min" in line
    names = ("channel archived", "first timeline", "post-mortem", "review")
    assert all(name in one for name, one in zip(names, due, strict=True))
    shell(room, "done", name, "post-mortem")
    said = shell(room, "done", name, "review", "--drop", "", code=USAGE).stderr
    assert "why is it dropped" in said
    shell(room, "done", name, "review", "--drop", "x", "--open", code=USAGE)
    assert len(shell(room, "incidents").stdout.splitlines()) == 4
    shell(room, "done", name, "review", "--drop", "it was a drill")
    assert len(shell(room, "incidents").stdout.splitlines()) == 3
    refused = shell(room, "done", name, "revue", code=REFUSED)
    assert "did you mean review" in refused.stderr
    told = json.loads(shell(room, "incidents", "--json").stdout)[0]["due"]
    assert [one.get("state", "open") for one in told] == ["open", "open", "done", "dropped"]
    whole = shell(room, "incident", name.lower()).stdout
    for words in ("rollback", "back to 3f2c", "overridden   seen"):
        assert words in whole


def test_all_of_it_as_json(room: Room) -> None:
    declared = json.loads(shell(room, "declare", "--json", "api slow", "--sev", "SEV2").stdout)
    name = declared["incident"]["id"]
    assert declared["at_once"]
    assert declared["entry"]["body"]["kind"] == "declared"
    (entry,) = json.loads(shell(room, "note", "--json", "seen").stdout)["entries"]
    assert (entry["incident"], entry["body"]["text"]) == (name, "seen")
    assert json.loads(shell(room, "incident", "--json").stdout)["level"] == "SEV2"
    assert [one["id"] for one in json.loads(shell(room, "incidents", "--json").stdout)] == [name]
    assert entry in entries(room)
    refused = json.loads(shell(room, "resolve", "--json", code=REFUSED).stdout)
    assert refused["resolved"] is False
    assert any(not condition["met"] for condition in refused["conditions"])
    done = json.loads(shell(room, "resolve", "--json", "--override", "x", "fine").stdout)
    assert (done["resolved"], done["entry"]["body"]["override"]) == (True, "x")


def test_a_note_is_a_note_whatever_it_begins_with(room: Room) -> None:
    declare(room, "a", "--sev", "SEV3")
    for text in ("/sev SEV1 now", "//x", "12:05 before", "-", "TODO sweep"):
        shell(room, "note", "--", text, "…") if text == "-" else shell(room, "note", text)
    assert noted(room) == ["/sev SEV1 now", "//x", "12:05 before", "- …", "TODO sweep"]
    assert json.loads(shell(room, "incident", "--json").stdout)["level"] == "SEV3"


@pytest.mark.long
def test_which_incident_is_meant_is_never_guessed(room: Room) -> None:
    for command in (("note", "x"), ("resolve",), ("incident",), ("log",)):
        said = shell(room, *command, code=REFUSED).stderr
        assert 'type: warroom declare "what is broken"' in said
    assert "no incident yet" in shell(room, "incidents").stderr
    first, second = declare(room, "one"), declare(room, "two")
    for command in (("note", "x"), ("resolve",), ("incident",), ("log",)):
        said = shell(room, *command, code=REFUSED).stderr
        assert "2 incidents are open" in said
        assert first in said
        assert second in said
    shell(room, "note", "--incident", second.lower(), "of two")
    assert (noted(room, first), noted(room, second)) == ([], ["of two"])
    said = shell(room, "note", "--incident", f"{second}9", "x", code=REFUSED).stderr
    assert f"did you mean {second}?" in said
    shell(room, "resolve", second, "--override", "no")
    shell(room, "note", "there is only one")
    assert noted(room, first) == ["there is only one"]


def test_an_id_that_is_mistyped_is_not_taken_for_words(room: Room) -> None:
    name = declare(room, "one")
    said = shell(room, "resolve", f"{name[:-1]}7", "--override", "x", code=REFUSED).stderr
    assert "there is no incident" in said
    assert json.loads(shell(room, "incident", "--json").stdout).get("resolved") is None


def test_without_an_engine_all_can_be_read_and_writing_starts_one(room: Room) -> None:
    name = declare(room, "one", "--started", "-2h")
    shell(room, "note", "the last word")
    asked = [shell(room, command).stdout for command in ("log", "incident")]
    kill_engine(room)
    read = [shell(room, command).stdout for command in ("log", "incident")]
    assert read == asked
    assert name in shell(room, "incidents").stdout
    assert not room.engines()
    shell(room, "note", "and another")
    assert noted(room) == ["the last word", "and another"]
    assert len(room.engines()) == 1


def test_what_is_piped_is_bounded_and_safe_and_says_what_was_cut(room: Room) -> None:
    declare(room, "one")
    hostile = b"\x1b]0;owned\x07\x1b[2J\r\nline \xff\x00 two\r\n\xc2\x9b31m\xe2\x80\xae" * 20
    shell(room, "note", "-", given=hostile)
    (text,) = noted(room)
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert "\x9b" not in text
    assert "\u202e" not in text
    assert "\\xff" in text
    line = b"x" * 99 + b"\n"
    done = shell(room, "note", "-", "--json", given=line * 4_000)
    found = json.loads(done.stdout)
    assert found["cut"] is True
    assert "CUT" in done.stderr
    texts = [entry["body"]["text"] for entry in found["entries"]]
    assert all(len(text) <= LONGEST for text in texts)
    assert sum(text.count("x" * 99) for text in texts) == 256 * 1024 // 100
    assert texts[-1].splitlines()[-1].startswith("(cut here")
    assert texts[0].startswith(f"(part 1 of {len(texts)})\n")
    assert "nothing to note" in shell(room, "note", "-", given=b"\n \n", code=USAGE).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("declare",),
        ("declare", "x", "--started", "soon"),
        ("declare", "x", "--started", "2999-01-01T00:00:00Z"),
        ("declare", "x", "--role", "commander"),
        ("note",),
        ("note", "x", "--at", "25:00"),
        ("log", "--limit", "-1"),
    ],
)
def test_what_makes_no_sense_exits_64_and_starts_nothing(
    room: Room, arguments: tuple[str, ...]
) -> None:
    assert shell(room, *arguments, code=USAGE).stderr
    assert not room.engines()


def test_what_the_engine_refuses_exits_2(room: Room) -> None:
    said = shell(room, "declare", "x", "--sev", "SEV9", code=REFUSED).stderr
    assert "SEV9 is no level here" in said
    assert "SEV1" in said
    said = shell(room, "declare", "x", "--role", "comander=ana", code=REFUSED).stderr
    assert "did you mean commander?" in said
    assert "no incident yet" in shell(room, "incidents").stderr


def test_what_is_only_in_memory_is_said_to_be(room: Room) -> None:
    declare(room, "one")
    held = sqlite3.connect(room.paths.journal, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    try:
        done = shell(room, "note", "in a bad moment", code=1)
        assert "in the engine's memory only, NOT on disk" in done.stderr
        assert not done.stdout
    finally:
        held.rollback()
        held.close()
    until(lambda: noted(room) == ["in a bad moment"])


@pytest.mark.long
@pytest.mark.trap(17, "hostile notes in every command's output", "safe")
def test_hostile_words_come_out_of_every_command_safe(room: Room) -> None:
    evil = "a\x1b[31m[red]b\u202e\x9b2J"
    declare(room, f"t{evil}", "--role", f"scribe=x{evil}")
    shell(room, "note", f"n{evil}\n2026-01-01 00:00:00Z    9  note  root: forged")
    for command in (
        ["log"],
        ["incident"],
        ["incidents"],
        ["log", "--json"],
        ["incident", "--json"],
    ):
        out = shell(room, *command).stdout
        assert not any(char in out for char in ("\x1b", "\u202e", "\x9b"))
        assert not any(line.startswith("2026-01-01") for line in out.splitlines())
        assert "[red]b" in out or command == ["incidents"]


def test_where_only_ascii_can_be_drawn_it_is_all_ascii(room: Room) -> None:
    declare(room, "kasse fällt aus", "--sev", "SEV1")
    shell(room, "note", "größer")
    done = subprocess.run(
        [sys.executable, "-m", "warroom", "log", "--config", str(room.config)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=30,
        check=True,
    )
    assert done.stdout.isascii()
    assert b"gr\\xf6\\xdfer" in done.stdout


@pytest.mark.long
def test_a_long_timeline_is_read_whole_from_the_engine_and_from_the_file(room: Room) -> None:
    declare(room, "one")
    piece = (("x" * 15_800 + "\n") * 17)[: 256 * 1024].encode()
    for _ in range(13):
        shell(room, "note", "-", given=piece)
    asked = shell(room, "log", "--json").stdout
    numbers = [json.loads(line)["number"] for line in asked.splitlines()]
    assert len(numbers) > NEWEST
    assert numbers == list(range(1, len(numbers) + 1))
    assert [entry["number"] for entry in entries(room, "-n", "3")] == numbers[-3:]
    kill_engine(room)
    assert shell(room, "log", "--json").stdout == asked


def test_ids_channels_and_links_are_the_teams_own(room: Room) -> None:
    patterns = '[incident]\nid = "{slug}-{counter}"\nchannel = "#{id}"\n'
    room.write(more=patterns + 'links = { bridge = "https://meet.example/{id}" }')
    told = shell(room, "declare", "Kasse fällt aus").stdout.splitlines()
    assert told[:3] == [
        "kasse-fallt-aus-001",
        "#kasse-fallt-aus-001",
        "bridge: https://meet.example/kasse-fallt-aus-001",
    ]
    assert declare(room, "Kasse fällt aus") == "kasse-fallt-aus-002"


def test_who_writes_in_a_terminal_is_told_how_to_end(room: Room) -> None:
    declare(room, "one")
    command = [sys.executable, "-m", "warroom", "note", "-", "--config", str(room.config)]
    with Terminal(command) as terminal:
        terminal.wait_for("end with Ctrl-D")
        terminal.type("first\nsecond\n\x04")
        assert terminal.process.wait(20) == 0
    assert noted(room) == ["first\nsecond"]
