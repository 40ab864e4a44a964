"""``[keys]`` and ``[[pages]]``: commands, keys and panels there are, and each once."""

from pathlib import Path

import pytest

from tests.unit.config_kinds import KINDS
from warroom.config.document import parse
from warroom.config.keys import KEYS, RESERVED, key_named, keys_named
from warroom.config.load import validate
from warroom.config.local import panel_and_sources
from warroom.config.names import Names, installed
from warroom.console.commands import COMMANDS
from warroom.errors import ConfigError

NAMES = Names(KEYS, ("health", "queues"))
HEAD = 'version = 1\n[room]\nname = "shop"\n'


def told(text: str, names: Names | None = NAMES) -> list[str]:
    try:
        validate(parse(Path("/c.toml"), (HEAD + text).encode()), KINDS, names)
    except ConfigError as error:
        return [str(problem).removeprefix("/c.toml:") for problem in error.problems]
    return []


def test_the_table_is_what_the_console_has() -> None:
    assert {command.id: command.key for command in COMMANDS} == KEYS
    assert all(keys_named(key) == (key,) for key in KEYS.values())
    assert not RESERVED.intersection(KEYS.values())


def test_what_is_installed_is_known_without_being_told() -> None:
    assert "health" in installed().panels
    assert told('[[pages]]\nname = "a"\npanels = ["health"]', None) == []
    assert len(told('[[pages]]\nname = "a"\npanels = ["helth"]\n[keys]\nqiut = "x"', None)) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('qiut = "x"', "5: keys.qiut: is no command (did you mean quit?)"),
        ('help = "notakey"', "5: keys.help: is not a key (write a character, or a name such as"),
        ('expand = ""', "5: keys.expand: is not a key"),
        ('expand = "x,"', "5: keys.expand: is not a key"),
        ('expand = "ctrl+X"', "5: keys.expand: is not a key"),
        ('expand = "\\u0007"', "5: keys.expand: is not a key"),
        ('expand = "r"', "5: keys.expand: r is the key of probe already"),
        ('expand = "?"', "5: keys.expand: question_mark is the key of help already"),
        ('expand = "["', "5: keys.expand: left_square_bracket is the key of previous_page"),
        ('expand = "3"', "5: keys.expand: 3 has a meaning of its own already"),
        ('expand = "x, ctrl+i"', "5: keys.expand: tab has a meaning of its own already"),
        ('probe = "x"\nexpand = "x"', "6: keys.expand: x is the key of probe already"),
    ],
)
def test_a_key_that_would_do_nothing_or_two_things(line: str, words: str) -> None:
    (problem,) = told(f"[keys]\n{line}\n")
    assert problem.startswith(words)


@pytest.mark.parametrize(
    "line",
    [
        'quit = "f10"',
        'quit = "q"',
        'quit = "f10,Q"',
        'quit = "ctrl+x"',
        'quit = "%"',
        'quit = "ü"',
        'quit = "comma"',
        'quit = "shift+f5"',
        'quit = "ctrl+shift+up"',
        'expand = "r"\nprobe = "z"',
        'expand = "r"\nprobe = "x"',
    ],
)
def test_keys_that_are_free(line: str) -> None:
    assert told(f"[keys]\n{line}\n") == []


@pytest.mark.parametrize(
    "character", [chr(code) for code in range(0x21, 0x7F) if chr(code) != ","] + ["ü", "§"]
)
def test_every_character_has_textuals_name(character: str) -> None:
    from textual.keys import _character_to_key

    assert key_named(character) == _character_to_key(character)
    assert key_named(key_named(character)) in ("", key_named(character))


def test_panels_that_are_not_there_or_there_twice() -> None:
    page = '[[pages]]\nname = "a"\npanels = ["helth",\n"health",\n"health", 3]\n'
    assert told(page) == [
        "6: pages[0].panels[0]: there is no panel helth (did you mean health?)",
        "8: pages[0].panels[3]: must be text, in quotes",
        "8: pages[0].panels[2]: the panel health is on this page already",
    ]
    two = '[[pages]]\nname = "{}"\npanels = ["health"]\n'
    assert told(two.format("a") + two.format("b")) == []


SOURCE = '[sources.shop]\nkind = "gauge"\nurl = "x"\n'


def test_a_panel_may_be_restricted_to_sources_that_are_there() -> None:
    page = '[[pages]]\nname = "a"\npanels = [{}]\n' + SOURCE
    assert told(page.format('"health:shop", "health", "queues: shop , shop"')) == []
    assert told(page.format('"health:shp"')) == [
        "6: pages[0].panels[0]: there is no source shp (did you mean shop?)"
    ]
    assert told(page.format('"helth:shop,db"')) == [
        "6: pages[0].panels[0]: there is no panel helth (did you mean health?)",
        "6: pages[0].panels[0]: there is no source db (sources: shop)",
    ]
    assert told(page.format('"health:"')) == [
        "6: pages[0].panels[0]: names no source (write NAME:SOURCE, or the panel's name alone)"
    ]
    assert told(page.format('"health:shop",\n"health: shop"')) == [
        "7: pages[0].panels[1]: the panel health: shop is on this page already"
    ]


def test_a_source_that_is_wrong_in_itself_is_there_all_the_same() -> None:
    page = '[[pages]]\nname = "a"\npanels = ["health:shop"]\n[sources.shop]\nkind = "htp"\n'
    assert not any("pages" in problem for problem in told(page))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("signals", ("signals", ())),
        ("signals:shop", ("signals", ("shop",))),
        (" signals : shop , db ,", ("signals", ("shop", "db"))),
        ("signals:", ("signals", ())),
        (":shop", ("", ("shop",))),
    ],
)
def test_how_a_pages_entry_is_read(written: str, taken: tuple[str, tuple[str, ...]]) -> None:
    assert panel_and_sources(written) == taken
