"""``[keys]`` and ``[[pages]]``: commands, keys and panels there are, and each once."""

from datetime import date
from pathlib import Path

import pytest

from tests.unit.config_kinds import KINDS
from warroom.config.document import parse
from warroom.config.key_ids import CONTEXTS, LOCAL, LOSES, default_of, ids_in
from warroom.config.keys import KEYS, NEAR_BACKSPACE, key_named, keys_named
from warroom.config.load import validate
from warroom.config.local import panel_and_sources
from warroom.config.names import Names, installed
from warroom.config.review import warnings
from warroom.console.commands import COMMANDS
from warroom.errors import ConfigError

NAMES = Names(("health", "queues"))
HEAD = 'version = 1\n[room]\nname = "shop"\n'


def told(text: str, names: Names | None = NAMES) -> list[str]:
    try:
        validate(parse(Path("/c.toml"), (HEAD + text).encode()), KINDS, names)
    except ConfigError as error:
        return [str(problem).removeprefix("/c.toml:") for problem in error.problems]
    return []


def test_the_table_is_what_the_console_has() -> None:
    assert {command.id: command.key for command in COMMANDS} == KEYS
    assert all(",".join(keys_named(key)) == key for key in KEYS.values())
    assert all(",".join(keys_named(key.keys)) == key.keys for key in LOCAL.values())


def test_no_namespace_is_a_commands_name():
    """Else ``[keys]`` could not be written with dots: TOML takes one name for one thing."""
    assert not {name.partition(".")[0] for name in LOCAL} & set(KEYS)


def test_every_id_is_live_somewhere():
    assert {name for context in CONTEXTS for name in ids_in(context)} == {*KEYS, *LOCAL}


MEANT = {
    # The pane has its own meaning of these while it has the keys, and `[` and `]` turn pages
    # where only one playbook is followed.
    "the playbook beside the panels": {"enter", "s", "o", "left_square_bracket",
                                       "right_square_bracket", "E", "F", "x"},
    # A ? in the room is help; a table's row is opened whole by the key that lists open by.
    "checklists": {"enter"},
}  # fmt: skip


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda one: one.name)
def test_no_key_means_two_things_where_it_is_live(context):
    taken: dict[str, str] = {}
    for name in ids_in(context):
        for key in keys_named(default_of(name)):
            other = taken.setdefault(key, name)
            assert other == name or key in MEANT.get(context.name, ()), (key, other, name)


def test_nothing_that_loses_lies_near_backspace():
    for name, key in LOCAL.items():
        if key.loses:
            assert not NEAR_BACKSPACE & {*keys_named(key.keys)}, name
    assert not {key for name, key in KEYS.items() if name in LOSES} & NEAR_BACKSPACE


def test_what_is_installed_is_known_without_being_told() -> None:
    assert "health" in installed().panels
    assert told('[[pages]]\nname = "a"\npanels = ["health"]', None) == []
    assert len(told('[[pages]]\nname = "a"\npanels = ["helth"]\n[keys]\nqiut = "x"', None)) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('qiut = "x"', "5: keys.qiut: is no id of a key (did you mean quit?)"),
        ('help = "notakey"', "5: keys.help: is not a key (write a character, or a name such as"),
        ('expand = ""', "5: keys.expand: is not a key"),
        ('expand = "x,"', "5: keys.expand: is not a key"),
        ('expand = "ctrl+X"', "5: keys.expand: is not a key"),
        ('expand = "\\u0007"', "5: keys.expand: is not a key"),
        (
            'expand = "r"',
            "5: keys.expand: r is the key of probe already, in the room",
        ),
        ('expand = "?"', "5: keys.expand: question_mark is the key of help already, in the room"),
        ('expand = "["', "5: keys.expand: left_square_bracket is the key of previous_page"),
        ('expand = "3"', "5: keys.expand: 3 is the key of room.panel_3 already"),
        ('expand = "M, ctrl+i"', "5: keys.expand: tab is the key of room.next already"),
        ('expand = "j"', "5: keys.expand: j is the key of list.down already, in the room"),
        ('"list.up" = "T"', '5: keys."list.up": T is the key of timeline already, in the room'),
        ('list.down = "n"', "5: keys.list.down: n is the key of next_match already, in the room"),
        ('run.end = "d"', "5: keys.run.end: d is the key of run.done already, in a run"),
        ('run.ned = "d"', "5: keys.run.ned: is no id of a key (did you mean run.end?)"),
        ('dialog.escape = "f9"', "5: keys.dialog.escape: cannot be remapped: it is the way out"),
        ('answer.take = "enter"', "5: keys.answer.take: cannot be remapped: an answer must be"),
        ('writing.older = "p"', "5: keys.writing.older: p is typed text there"),
        ('pane.tick = "d"', "5: keys.pane.tick: d is the key of declare already, in the playbook"),
        ('probe = "x"', "5: keys.probe: x is the key of pane.no_help already, in the playbook"),
        ('scribe = "y"', "5: keys.scribe: y is the key of "),
        ('probe = "M"\nexpand = "M"', "6: keys.expand: M is the key of probe already"),
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
        'expand = "r"\nprobe = "M"',
        'list.down = "n,down"\nnext_match = "j"\ndraft.next = "N"\nrun.not_done = "N"\n'
        'check.begin = "N"',
        'still_on.keep = "h"\nrun.end = "E"',
        '"dialog.close" = "Q"',
        'resolve = "delete"',
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


def warned(text: str) -> list[str]:
    document = parse(Path("/c.toml"), (HEAD + text).encode())
    found = warnings(None, document, date(2026, 11, 28))
    return [str(problem).removeprefix("/c.toml:") for problem in found]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('resolve = "delete"', "5: keys.resolve: Delete is where a finger slips that means"),
        ('run.end = "backspace"', "5: keys.run.end: Backspace is where a finger slips"),
        ('run.end = "ctrl+h"', "5: keys.run.end: ^h is where a finger slips"),
        ('quit = "="', "5: keys.quit: = is where a finger slips"),
        ('"sent.drop" = "\\\\"', '5: keys."sent.drop": \\ is where a finger slips'),
        ('run.end = "space"', "5: keys.run.end: Space is what answers a question"),
    ],
)
def test_what_loses_something_near_backspace_is_warned_of(line: str, words: str) -> None:
    (problem,) = warned(f"[keys]\n{line}\n")
    assert problem.startswith(words)


def test_what_loses_nothing_may_lie_anywhere() -> None:
    assert warned('[keys]\nnext_page = "delete"\nlist.up = "backspace"\n') == []
    assert warned("[keys]\nnonsense = 3\n") == []
