"""The console's part of the file, read without validation."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from warroom.config.local import (
    CALLS,
    LocalConsole,
    LocalPage,
    LocalRoom,
    read_local,
    read_room,
)
from warroom.config.settings import ConsoleSettings, RoomSettings
from warroom.errors import ConfigError


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "c.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_what_a_console_needs(tmp_path: Path) -> None:
    config = read_local(
        written(
            tmp_path,
            """
[room]
name = "shop"
environment = "production"
group = "ops"
dir = "/var/lib/warroom/shop"
[console]
theme = "light"
clock = false
call = "osc9"
mouse = true
[keys]
quit = "f10"
[[pages]]
name = "one"
panels = ["health", "errors"]
""",
        )
    )
    assert config.room == LocalRoom("shop", "production", "ops", "/var/lib/warroom/shop")
    assert config.console == LocalConsole("light", False, "osc9", True)
    assert config.keys == {"quit": "f10"}
    assert config.pages == (LocalPage("one", ("health", "errors")),)


def test_the_defaults_are_those_of_the_settings(tmp_path: Path) -> None:
    config = read_local(written(tmp_path, '[room]\nname = "a"\n'))
    for local, model in (
        (config.room, RoomSettings.model_validate({"name": "a"})),
        (config.console, ConsoleSettings.model_validate({})),
    ):
        for name in local.__dataclass_fields__:
            assert getattr(local, name) == getattr(model, name), name
    assert get_args(ConsoleSettings.model_fields["call"].annotation) == CALLS
    assert config.pages == (LocalPage("overview", ("health",)),)


def test_a_value_of_the_wrong_type_is_its_default(tmp_path: Path) -> None:
    config = read_local(
        written(
            tmp_path,
            """
room = 5
console = { theme = "Pink!", clock = "yes", call = 3, mouse = 1 }
keys = { quit = 5, help = "h" }
pages = [ 7, { name = "x" }, { name = "y", panels = ["a", 1] } ]
""",
        )
    )
    assert config.room == LocalRoom()
    assert config.console == LocalConsole()
    assert config.keys == {"help": "h"}
    assert config.pages == (LocalPage("y", ("a",)),)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \n", 2, "is no TOML: Invalid value"),
        ('a = 1\nb = """\nx\n', 3, "is no TOML"),
        ("a = 1\na = 2\n", 2, "is no TOML: Cannot overwrite a value"),
        (b"a = 1\n\nb = '\xff'\n", 3, "is not UTF-8 text"),
        ("a = " + "[" * 20_000, 0, "is nested too deeply"),
        ("\na" + ".a" * 100_000 + " = 1", 2, "is nested too deeply"),
        ("\na = " + "9" * 5_000, 2, "has a number that is too long"),
        ("\nversion = 0x" + "f" * 5_000, 2, "has a whole number of more than 64 bits"),
    ],
)
def test_broken_text_names_its_line(
    tmp_path: Path, text: str | bytes, line: int, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_local(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), line)
    assert words in problem.message


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "none"):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_local(path)


def test_a_byte_order_mark_and_windows_newlines_are_fine(tmp_path: Path) -> None:
    path = written(tmp_path, b'\xef\xbb\xbf[room]\r\nname = "a"\r\n')
    assert read_local(path).room.name == "a"


def test_it_imports_nothing_heavy() -> None:
    """The console reads it before its first frame."""
    code = (
        "import sys, warroom.config.local, warroom.config.find\n"
        "print(*(m for m in ('pydantic', 'msgspec', 'click', 'asyncio') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ('[room]\nname = "a"\ndir = "/x"\n[sources.web\nkind = 1', "/x"),
        ('version = 1\n[room]  # ours\ndir = "/x"\n\n[[rules]]\nname = ', "/x"),
        ("version = \n", None),
    ],
)
def test_the_room_of_a_broken_file_is_still_known(
    tmp_path: Path, text: str, folder: str | None
) -> None:
    room = read_room(written(tmp_path, text))
    assert room is not None
    assert room.dir == folder


def test_a_room_that_is_broken_itself_is_not_guessed(tmp_path: Path) -> None:
    assert read_room(written(tmp_path, '[room]\ndir = "/x\n')) is None
    os.mkfifo(tmp_path / "pipe")
    assert read_room(tmp_path / "pipe") is None
