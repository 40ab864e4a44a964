"""Themes of one's own, as files."""

import pytest

from tests.colours import contrast
from tests.ui.consoles import console as a_console
from warroom.cli.config import command
from warroom.config.local import read_local
from warroom.config.theme_file import folders, read_theme
from warroom.console.abilities import abilities
from warroom.console.themes.choice import choose
from warroom.console.themes.own import palette_of
from warroom.console.themes.palette import CONTRAST, LIGHT
from warroom.errors import ConfigError

HARBOUR = """
base = "light"
[colours]
background = "#f0f4f8"
accent = "#7a2f00"
quiet = "#606468"
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "room" / "warroom.toml"
    path.parent.mkdir()
    path.write_text('version = 1\n[room]\nname = "shop"\n[console]\ntheme = "harbour"\n')
    path.chmod(0o600)
    return path


@pytest.fixture
def environ(tmp_path):
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}


def put(config, environ, text, place=0):
    file = folders(config, environ)[place] / "harbour.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize("place", [0, 1])
def test_it_stands_beside_the_configuration_or_among_the_users_own(config, environ, place):
    file = put(config, environ, HARBOUR, place)
    own = read_theme("harbour", config, environ)
    assert (own.base, own.path) == ("light", file)
    themes = choose(read_local(config), abilities({"TERM": "xterm", "COLORTERM": "24bit"}), environ)
    assert themes.problem == ""
    theme = themes.themes[-1]
    assert (theme.name, theme.background, theme.accent) == ("harbour", "#f0f4f8", "#7a2f00")
    assert theme.variables["level-0"] == LIGHT.full["level-0"]
    assert not theme.dark


def test_beside_the_configuration_comes_first(config, environ):
    put(config, environ, "", 1)
    near = put(config, environ, HARBOUR, 0)
    assert read_theme("harbour", config, environ).path == near


def test_with_few_colours_it_can_still_be_read(config, environ):
    put(config, environ, HARBOUR)
    palette = palette_of(read_theme("harbour", config, environ))
    for name in ("accent", "quiet"):
        assert contrast(palette.cube[name], palette.cube["background"]) >= 4.5
    assert palette.few == LIGHT.few


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ('base = "ligth"\n', 1, "base", "did you mean light?"),
        ('\nbasis = "light"\n', 2, "basis", "did you mean base?"),
        ('[colours]\nlevel-O = "#ffffff"\n', 2, "colours.level-O", "did you mean level-"),
        ('[colours]\n\nok = "green"\n', 3, "colours.ok", 'write it as "#7aa2f7"'),
        ("[colours]\nok = 5\n", 2, "colours.ok", 'write it as "#7aa2f7"'),
        ('colours = "red"\n', 1, "colours", "must be a table"),
        ("[colours\n", 1, "", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named_and_the_console_does_without(
    config, environ, text, line, key, words
):
    file = put(config, environ, text)
    with pytest.raises(ConfigError) as caught:
        read_theme("harbour", config, environ)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.key) == (str(file), line, key)
    assert words in str(problem)
    themes = choose(read_local(config), abilities({"TERM": "xterm"}), environ)
    assert [theme.name for theme in themes.themes] == ["dark", "light", "contrast", "colourblind"]
    assert themes.problem == f"The theme is dark instead: {problem}"


def test_one_that_is_nowhere_is_the_configurations_mistake(config, environ):
    put(config, environ, HARBOUR).rename(config.parent / "themes" / "harbor.toml")
    with pytest.raises(ConfigError) as caught:
        read_theme("harbour", config, environ)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == (str(config), 5, "console.theme")
    assert "there is no theme harbour (did you mean harbor?" in str(problem)


async def test_a_broken_one_is_told_of_on_the_screen():
    app = a_console(theme="harbour", greeting="The theme is dark instead: x.toml:3: no")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == "dark"
        assert [n.message for n in app._notifications] == [
            "The theme is dark instead: x.toml:3: no"
        ]


def test_a_file_that_names_none_gets_what_fits_the_terminals_own_ground(config, environ):
    config.write_text('version = 1\n[room]\nname = "shop"\n')
    local = read_local(config)
    for written, name in (("0;15", "light"), ("15;0", "dark"), ("", "dark")):
        terminal = abilities({"TERM": "xterm", "COLORFGBG": written})
        assert choose(local, terminal, environ).themes[0].name == name


def test_config_check_names_it_and_warns_of_what_cannot_be_read(config, environ, monkeypatch):
    from click.testing import CliRunner

    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    config.write_text(
        config.read_text() + '[sources.a]\nkind = "http"\nurl = "http://127.0.0.1/"\n'
    )
    put(config, environ, '[colours]\nacent = "#ffffff"\n')
    done = CliRunner().invoke(command, ["check", "--config", str(config)])
    assert isinstance(done.exception, ConfigError)
    assert "did you mean accent?" in str(done.exception.problems[0])
    put(config, environ, '[colours]\nquiet = "#202020"\n')
    done = CliRunner().invoke(command, ["check", "--config", str(config)])
    assert done.exit_code == 0, done.exception
    assert "quiet has less than 4.5:1 on its ground" in done.output
    assert palette_of(read_theme("harbour", config, environ)).full["ok"] != CONTRAST.full["ok"]
