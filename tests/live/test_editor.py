"""A message in the person's own editor, in a real terminal that is handed over and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import WARROOM, Room
from tests.terminal import Terminal
from tests.waiting import until


@pytest.fixture
def room() -> Iterator[Room]:
    with Room({}) as made:
        made.run("declare", "checkout is down", "--sev", "1")
        yield made


def editor(folder: Path, script: str) -> str:
    """A program that does this with the file it is given, as it stands in $EDITOR."""
    path = folder / "editor.sh"
    path.write_text(f'#!/bin/sh\nfile="$2"\n{script}\n')
    path.chmod(0o700)
    return f"{path} --wait"


def opened(room: Room, command: str) -> Terminal:
    env = {**room.env, "EDITOR": command, "VISUAL": ""}
    terminal = Terminal(WARROOM, env=env, columns=100, rows=30)
    terminal.wait_for("checkout is down")
    terminal.type("u")
    terminal.wait_for("[impact?]")
    return terminal


def test_what_was_written_there_stands_in_the_message(room: Room) -> None:
    folder = room.folder
    script = f"""stat -c %a "$file" >{folder}/mode; echo "$file" >{folder}/where
sed -i 's/.impact?./written by hand/' "$file"; printf 'evil \\033[2J\\n' >>"$file" """
    with opened(room, editor(folder, script)) as terminal:
        terminal.type("E")
        terminal.wait_for("Impact: written by hand", "evil ␛[2J")
        assert (folder / "mode").read_text().strip() == "600"
        where = Path((folder / "where").read_text().strip())
        until(lambda: not where.parent.exists())
        terminal.type("\x1b")
        terminal.wait_for("i writes a note", "checkout is down")


@pytest.mark.parametrize(
    ("script", "words"),
    [("exit 3", "ended with 3: the text is as it was"), ("rm $file", "cannot be read back")],
)
def test_one_that_fails_changes_nothing(room: Room, script: str, words: str) -> None:
    with opened(room, editor(room.folder, script)) as terminal:
        terminal.type("E")
        terminal.wait_for(words, "[impact?]")


@pytest.mark.parametrize(
    ("command", "words"), [("/no/such/editor", "cannot be started"), ("'", "No closing quotation")]
)
def test_one_that_is_not_there_is_named(room: Room, command: str, words: str) -> None:
    with opened(room, command) as terminal:
        terminal.type("E")
        terminal.wait_for(words, "[impact?]")


def test_what_was_begun_outlives_a_killed_console(room: Room) -> None:
    with opened(room, "true") as terminal:
        terminal.type("e")
        terminal.type("half a word ")
        terminal.wait_for("half a word SEV1")
        kept = room.folder / "state"
        until(lambda: any(b"half a word " in p.read_bytes() for p in kept.rglob("drafts/*.json")))
        terminal.process.kill()
        terminal.process.wait()
    with Terminal(WARROOM, env=room.env, columns=100, rows=30) as again:
        again.wait_for("checkout is down")
        again.type("u")
        again.wait_for("half a word SEV1", "This was begun and not sent")
