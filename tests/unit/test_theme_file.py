"""Themes of one's own, as files; and files that are none."""

import errno
import os
import socket

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.colours import contrast
from tests.hostile import CORPUS
from tests.ui.consoles import console as a_console
from warroom.cli.config import command
from warroom.config.local import read_local
from warroom.config.theme_file import COLOURS, folders, read_theme
from warroom.console.abilities import abilities
from warroom.console.themes.choice import choose
from warroom.console.themes.own import palette_of
from warroom.console.themes.palette import CONTRAST, LIGHT
from warroom.errors import ConfigError
from warroom.text import safe, safe_lines

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


# --- nonsense -----------------------------------------------------------------------------


def no_file(file):
    file.parent.mkdir(parents=True)


def a_folder(file):
    file.mkdir(parents=True)


def a_fifo(file):
    no_file(file)
    os.mkfifo(file)


def a_socket(file):
    no_file(file)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(file))


def a_device(file):
    no_file(file)
    file.symlink_to("/dev/zero")


def a_circle(file):
    no_file(file)
    file.symlink_to(file)


def a_dead_link(file):
    no_file(file)
    file.symlink_to("nowhere")


def a_huge_one(file):
    no_file(file)
    with open(file, "wb") as made:
        made.truncate(1 << 40)


def of(content):
    def put(file):
        no_file(file)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    return put


NONSENSE = {
    "a folder": (a_folder, 0, "cannot be read: Is a directory"),
    "a FIFO": (a_fifo, 0, "cannot be read: it is no regular file"),
    "a socket": (a_socket, 0, "cannot be read: "),
    "a device": (a_device, 0, "cannot be read: it is no regular file"),
    "a circle of links": (a_circle, 0, "cannot be read: Too many levels of symbolic links"),
    "a link to nothing": (a_dead_link, 0, "cannot be read: No such file or directory"),
    "a terabyte": (a_huge_one, 0, "cannot be read: it is larger than 4 MiB"),
    "binary": (of(b'base = "dark"\n\x7fELF\x02\x01\x01\xff\xfe'), 2, "is not UTF-8 text"),
    "zeros": (of(b"\0" * 100), 1, "is no TOML"),
    "UTF-16": (of('base = "dark"'.encode("utf-16")), 1, "is not UTF-8 text"),
    "its own base": (of('base = "harbour"'), 1, "base: is no built-in theme"),
    "a base that is a list": (of('base = ["dark"]'), 1, "base: is no built-in theme"),
    "a base that is a number": (of("\nbase = 7"), 2, "base: is no built-in theme"),
    "a base that is a table": (of("[base]\nbase = 1"), 1, "base: is no built-in theme"),
    "a colour by name": (of('[colours]\nok = "red"'), 2, "colours.ok: is not a colour"),
    "a short colour": (of('[colours]\nok = "#fff"'), 2, "colours.ok: is not a colour"),
    "one with alpha": (of('[colours]\nok = "#ffffff80"'), 2, "colours.ok: is not a colour"),
    "one with a line's end": (of('[colours]\nok = "#ffffff\\n"'), 2, "colours.ok: is not a colour"),
    "wide digits": (of('[colours]\nok = "#１１１１１１"'), 2, "colours.ok: is not a colour"),
    "a list": (of('[colours]\nok = ["#ffffff"]'), 2, "colours.ok: is not a colour"),
    "a date": (of("[colours]\nok = 2026-11-27"), 2, "colours.ok: is not a colour"),
    "a colour of colours": (of('[colours.ok]\nok = "#ffffff"'), 1, "colours.ok: is not a colour"),
    "colours in a list": (of('[[colours]]\nok = "#ffffff"'), 1, "colours: must be a table"),
    "a key that is an escape": (of('"\\u001b[2J" = 1'), 1, '"␛[2J": is no key of a theme'),
    "a colour that is one": (of('[colours]\n"\\u001b[2J" = 1'), 2, "is no colour of a theme"),
    "raw escapes": (of("\x1b[2J\x1b]0;x\x07"), 1, "is no TOML"),
    "twice": (of('base = "dark"\nbase = "dark"'), 2, "is no TOML"),
    "5,000 digits": (of("\nbase = " + "9" * 5_000), 2, "has a number that is too long"),
    "a large number": (of("base = 0x" + "f" * 5_000), 1, "more than 64 bits"),
    "deep lists": (of("base = " + "[" * 100_000), 0, "is nested too deeply"),
    "a deep key": (of("\nbase" + ".a" * 100_000 + " = 1"), 2, "is nested too deeply"),
    "a deep header": (of("[" + "'a' . " * 100_000 + "a]"), 1, "is nested too deeply"),
    "deep tables": (of("base = " + "{a=" * 100_000), 0, "is nested too deeply"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_named_with_its_file_and_the_console_does_without(
    config, environ, monkeypatch, name
):
    make, line, words = NONSENSE[name]
    file = config.parent / "themes" / "harbour.toml"
    monkeypatch.chdir(config.parent)
    make(file)
    with pytest.raises(ConfigError) as caught:
        read_theme("harbour", config, environ)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(file), line)
    assert words in str(problem)
    assert safe(str(problem)) == str(problem)
    assert len(str(problem)) < 600
    themes = choose(read_local(config), abilities({"TERM": "xterm"}), environ)
    assert themes.problem == f"The theme is dark instead: {problem}"


@pytest.mark.parametrize("folder", ["room/themes", "config/warroom"])
def test_a_folder_that_may_not_be_looked_into_is_named(config, environ, monkeypatch, folder):
    """To root every folder is open: the system's answer is put in its place."""
    shut = str(config.parents[1] / folder)

    def guarded(real):
        def call(path, *args, **more):
            if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(f"{shut}/"):
                raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
            return real(path, *args, **more)

        return call

    with monkeypatch.context() as patched:
        for name in ("stat", "lstat", "open", "listdir", "scandir"):
            patched.setattr(os, name, guarded(getattr(os, name)))
        with pytest.raises(ConfigError) as caught:
            read_theme("harbour", config, environ)
        problem = choose(read_local(config), abilities({"TERM": "xterm"}), environ).problem
    assert str(caught.value).startswith(shut)
    assert str(caught.value).endswith("harbour.toml: cannot be read: Permission denied")
    assert problem == f"The theme is dark instead: {caught.value}"


def test_without_contrast_it_is_taken_and_warned_of(config, environ, monkeypatch):
    put(config, environ, "[colours]\n" + "".join(f'{one} = "#777777"\n' for one in COLOURS))
    for colours in ("truecolor", ""):
        terminal = abilities({"TERM": "xterm-256color", "COLORTERM": colours})
        themes = choose(read_local(config), terminal, environ)
        assert themes.problem == ""
        assert themes.themes[-1].name == "harbour"
    said = checked(config, environ, monkeypatch)
    assert said.count("has less than 4.5:1 on its ground") == 10


def checked(config, environ, monkeypatch):
    from click.testing import CliRunner

    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    text = config.read_text()
    if "[sources" not in text:
        config.write_text(f'{text}[sources.a]\nkind = "http"\nurl = "http://127.0.0.1/"\n')
    done = CliRunner().invoke(command, ["check", "--config", str(config)])
    assert done.exception is None or isinstance(done.exception, ConfigError), done.exception
    return f"{done.output}{done.exception or ''}"


@pytest.mark.parametrize("name", ["a FIFO", "a terabyte", "5,000 digits", "deep tables", "binary"])
def test_config_check_names_nonsense(config, environ, monkeypatch, name):
    make, line, words = NONSENSE[name]
    file = config.parent / "themes" / "harbour.toml"
    make(file)
    said = checked(config, environ, monkeypatch)
    assert (f"{file}:{line}" if line else str(file)) in said
    assert words in said


NAMES = st.sampled_from((*COLOURS, "base", "colours", "Base", "")) | st.text(max_size=8)
"""Names of a theme's keys, and none."""
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(CORPUS)
    | st.sampled_from(("#12345", "#123456", "#gggggg", "dark", "harbour", "red")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def told(config, environ):
    """What is said of the theme; the console starts in any case."""
    local = read_local(config)
    themes = choose(local, abilities({"TERM": "xterm-256color"}), environ)
    assert themes.themes[0].name == "dark"
    if not themes.problem:
        assert themes.themes[-1].name == "harbour"
    assert safe_lines(themes.problem) == themes.problem
    assert not themes.problem or str(config.parent / "themes" / "harbour.toml") in themes.problem


@settings(suppress_health_check=list(HealthCheck))
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_table_is_a_theme_or_named(config, environ, table):
    def plain(value):
        if isinstance(value, dict):
            return {plain(k): plain(v) for k, v in value.items()}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return value.encode(errors="replace").decode() if isinstance(value, str) else value or 0

    put(config, environ, tomli_w.dumps(plain(table)).encode(errors="replace").decode())
    told(config, environ)


@settings(suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200) | st.sampled_from(CORPUS).map(lambda t: t.encode(errors="replace")))
def test_any_bytes_are_a_theme_or_named(config, environ, data):
    of_theme = config.parent / "themes" / "harbour.toml"
    of_theme.parent.mkdir(exist_ok=True)
    of_theme.write_bytes(data)
    told(config, environ)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_theme_that_something_was_done_to(config, environ, data):
    text = bytearray(HARBOUR.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    of_theme = config.parent / "themes" / "harbour.toml"
    of_theme.parent.mkdir(exist_ok=True)
    of_theme.write_bytes(text)
    told(config, environ)
