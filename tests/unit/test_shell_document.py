"""docs/shell.md: its tables are those of the code."""

import importlib
import re
from pathlib import Path

import click
import pytest

from warroom import cli, errors
from warroom.cli import group

DOCUMENT = (Path(__file__).parents[2] / "docs/shell.md").read_text()
SOURCES = [p.read_text() for p in (Path(cli.__file__).parents[1]).rglob("*.py")]


def table(heading):
    """The rows of the table that begins with this line, each as its cells."""
    _, _, rest = DOCUMENT.partition(f"{heading}\n")
    rows = re.match(r"(?:\|.*\n)+", rest)[0].splitlines()[1:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


CODES = {int(code): name.strip("`") for code, name, _ in table("| code | name | meaning |")}
COLUMNS = (1, 2, 3, 75)
COMMANDS = {
    name.strip("`"): dict(zip(COLUMNS, cells, strict=True))
    for name, *cells in table("| command | 1 | 2 | 3 | 75 |")
}


def commands():
    """Every command and subcommand by its words."""
    yield "warroom", group.command
    for name in group.COMMANDS:
        command = importlib.import_module(f"warroom.cli.{name}").command
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name, command
        for under, inner in getattr(command, "commands", {}).items():
            yield f"{name} {under}", inner


def test_every_exit_code_has_its_meaning():
    named = {name: code for name, code in vars(errors).items() if name.startswith("EXIT_")}
    assert {name: code for code, name in CODES.items() if name} == named
    assert len(set(named.values())) == len(named)
    assert cli.EXIT_INTERRUPTED == errors.EXIT_INTERRUPTED


def test_no_code_is_written_as_a_number_elsewhere():
    for text in SOURCES:
        assert not re.search(r"\b(?:sys\.exit|ctx\.exit)\(\d|\bexit_code = \d", text), text[:80]


def test_every_command_is_in_the_table():
    assert sorted(COMMANDS) == sorted(name for name, _ in commands())


@pytest.mark.parametrize(
    ("name", "command"), commands(), ids=lambda it: it if type(it) is str else ""
)
def test_the_codes_that_its_help_names_are_in_the_table(name, command):
    _, _, told = (command.callback.__doc__ or "").replace("\n", " ").partition("Exits ")
    sentence = told.split(". ")[0]
    for code in re.findall(r"(?:^|, |and )(\d+) (?:when|at|once|in|for)", sentence):
        assert int(code) in CODES
        assert int(code) not in COLUMNS or COMMANDS[name][int(code)], (name, code)


def test_what_is_typed_there_is_there():
    for words in re.findall(r"`warroom ([a-z]+)", DOCUMENT):
        assert words in group.COMMANDS, words
    for block in re.findall(r"```console\n(.*?)```", DOCUMENT, re.DOTALL):
        for line in block.splitlines():
            name, *options = line.removeprefix("$ warroom ").split()
            command = importlib.import_module(f"warroom.cli.{name}").command
            known = {o for p in command.params for o in p.opts}
            assert set(options) <= known


def test_the_variables_are_those_that_are_read():
    named = {n for cell, _ in table("| variable | |") for n in re.findall(r"`(\w+)`", cell)}
    for name in named - {""}:
        assert any(f'"{name}"' in text for text in SOURCES), name
