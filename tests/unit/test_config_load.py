"""The whole file: every problem at once, in words for people."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import field_validator

from tests.unit.config_kinds import KINDS, Crooked, Gauge, GaugeSettings
from warroom.config.canary import canary_of
from warroom.config.document import parse
from warroom.config.load import Config, load, validate
from warroom.config.types import parse_duration, written_duration
from warroom.errors import EXIT_USAGE, ConfigError, Problem
from warroom.measure.rule import Hold
from warroom.severity import P, Scale, Step

GOOD = """\
version = 1
[room]
name = "shop"
[sources.api]
kind = "gauge"
url = "https://api.example"
"""


def loaded(tmp_path: Path, text: str, mode: int = 0o600) -> Config:
    path = tmp_path / "c.toml"
    path.write_text(text)
    path.chmod(mode)
    return load(path, {**KINDS, "crooked": Crooked})


def problems(tmp_path: Path, text: str, mode: int = 0o600) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text, mode)
    assert caught.value.exit_code == EXIT_USAGE
    return caught.value.problems


def only(tmp_path: Path, text: str, mode: int = 0o600) -> str:
    """The one problem there is, without its file."""
    (problem,) = problems(tmp_path, text, mode)
    return str(problem).removeprefix(f"{tmp_path}/c.toml:")


# --- a good file --------------------------------------------------------------------------


def test_a_small_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, GOOD)
    assert (config.version, config.room.name, config.room.linger) == (1, "shop", 60.0)
    assert config.scale.names == ("SEV1", "SEV2", "SEV3", "SEV4")
    assert config.keys == {}
    assert [(page.name, page.panels) for page in config.pages] == [("overview", ("health",))]
    assert isinstance(config.sources["api"], GaugeSettings)
    assert [(rule.name, rule.levels[0][0]) for rule in config.rules] == [("api deep", "SEV1")]
    assert config.digest == hashlib.sha256(GOOD.encode()).hexdigest()
    assert config.clear == ()


def test_a_whole_file(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        GOOD
        + """
window = "2min"
ca_file = "ca.pem"
token = { file = "token" }
[severity]
scale = "p"
[console]
theme = "contrast"
[keys]
quit = "f10"
[[pages]]
name = "one"
panels = ["health"]
[[rules]]
name = "slow"
signal = "api.latency"
levels = { P2 = "> 5", P0 = "> 50", P1 = ">= 20.5" }
raise_after = "30s"
clear_after = 5
""",
    )
    assert config.scale == P
    rule, own = config.rules
    assert [level for level, _ in rule.levels] == ["P0", "P1", "P2"]
    assert (rule.raise_after, rule.clear_after) == (Hold(polls=1, seconds=30.0), Hold(polls=5))
    assert own.levels[0][0] == "P0"
    api = config.sources["api"]
    assert isinstance(api, GaugeSettings)
    assert api.window == 120.0
    assert api.ca_file == str(tmp_path / "ca.pem")
    assert api.token is not None
    assert api.token.file == str(tmp_path / "token")


def test_a_scale_of_ones_own(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        GOOD
        + """
[severity]
scale = "own"
[[severity.steps]]
name = "red"
response = "15min"
told = ["us"]
[[severity.steps]]
name = "amber"
""",
    )
    assert config.scale == Scale(
        (Step(name="red", response=900.0, told=("us",)), Step(name="amber"))
    )


# --- all problems at once -----------------------------------------------------------------


@pytest.mark.trap(28, "a file with many mistakes", "all of them at once with file, line and key")
def test_every_problem_of_both_passes_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """version = 1
[room]
nam = "shop"
[[rules]]
name = "one"
signal = "aip.latency"
levels = { SEV9 = "> 5", SEV1 = "big" }
[sources.api]
kind = "gauge"
url = "x"
intervall = "5s"
[sources.web]
kind = "guage"
""",
    )
    assert [(p.line, p.key, p.hint) for p in found] == [
        (2, "room.name", ""),
        (3, "room.nam", "did you mean name?"),
        (6, "rules[0].signal", "did you mean api?"),
        (7, "rules[0].levels.SEV1", ""),
        (7, "rules[0].levels.SEV9", "did you mean SEV4? steps: SEV1, SEV2, SEV3, SEV4"),
        (11, "sources.api.intervall", "did you mean interval?"),
        (13, "sources.web.kind", "did you mean gauge? kinds: crooked, gauge, gone"),
    ]
    assert {p.file for p in found} == {str(tmp_path / "c.toml")}


@pytest.mark.trap(28, "a key with a slip", "the nearest is named")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "interval = 5",
            'interval: not a duration; write it as "5s", "1500ms", "2min", "4h" or "30d"',
        ),
        ('interval = "50ms"', "interval: must be at least 100ms"),
        ('window = "2h"', "window: must be at most 1h"),
        ("title = 5", "title: must be text, in quotes"),
        (f'title = "{"x" * 41}"', "title: must have at most 40 characters"),
        ('on_request = "yes"', "on_request: must be true or false"),
        ('mode = "fsat"', "mode: must be one of fast, slow (did you mean fast?)"),
        ('mode = "sideways"', "mode: must be one of fast, slow"),
        ('expect = "a < 1"', "expect: must be a list, in [ ]"),
        (
            'expect = ["a <"]',
            "expect[0]: 'a <' is no assertion; write it as \"checks.memory < 90\"",
        ),
        ("headers = 5", "headers: must be a table"),
        ("headers = { A = 5 }", "headers.A: must be text, in quotes, or a table"),
        (
            'headers = { A = { evn = "B" } }',
            "headers.A.evn: is not a known key (did you mean env?)",
        ),
        (
            "headers = { A = {} }",
            'headers.A: give exactly one of env, file, command: { env = "NAME" }',
        ),
        ('token = { env = "" }', "token: the reference is empty"),
        ('login = { user = "x" }', "login.password: is missing"),
        (
            'login = { user = "x", password = "y" }',
            'login.password: a secret is not written into the file; write { env = "NAME" }',
        ),
        (
            'colour = "red"',
            "colour: is not a known key (known keys: kind, title, interval, on_request, timeout, "
            "url, note, mode, headers, login, token, expect and 3 more)",
        ),
    ],
)
def test_a_source_option_in_words(tmp_path: Path, more: str, said: str) -> None:
    assert only(tmp_path, GOOD + more) == f"7: sources.api.{said}"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[keyz]", "7: keyz: is not a known section (did you mean keys?)"),
        ("[keys]\nquit = 5", '8: keys.quit: must be a key\'s name in quotes, such as "z"'),
        ("[console]\nclock = 1", "8: console.clock: must be true or false"),
        ('[console]\ncall = "loud"', "8: console.call: must be one of bell, osc9, none"),
        ('[rules]\nname = "x"', "7: rules: must be a list of tables (write [[rules]] above each)"),
        ('[[pages]]\nname = "x"\npanels = []', "9: pages[0].panels: must have at least 1 entry"),
        (
            '[[pages]]\nname = "x"\npanels = ["health"]\n'
            '[[pages]]\nname = "x"\npanels = ["health"]',
            "11: pages[1].name: there is another page named x",
        ),
        (
            '[severity]\nscale = "own"',
            "8: severity.scale: a scale of your own needs its steps "
            "(write [[severity.steps]] with name = …, worst first)",
        ),
        (
            '[[severity.steps]]\nname = "x"',
            '7: severity.steps: are not used with scale = "sev" '
            '(write scale = "own", or take them out)',
        ),
        (
            '[severity]\nscale = "own"\nsteps = [{name = "a"}, {name = "A"}]',
            "9: severity.steps[1].name: there is another step named A",
        ),
        *(
            (
                f'[severity]\nscale = "own"\nsteps = [{{name = "{word}"}}]',
                f"9: severity.steps[0].name: {word.upper()} is every room's own level "
                "(name the step otherwise)",
            )
            for word in ("OK", "ok")
        ),
        ('[sources.Web]\nkind = "gauge"\nurl = "x"', "7: sources.Web: a source's name has"),
        ("[sources.web]", "7: sources.web.kind: is missing (kinds: crooked, gauge, gone)"),
        (
            '[sources.web]\nkind = "http2"',
            "8: sources.web.kind: there is no source kind http2 (kinds: crooked, gauge, gone)",
        ),
        (
            '[sources.web]\nkind = "gone"',
            "8: sources.web.kind: the source kind gone is installed but broken: "
            "ImportError: No module named 'gone' (repair or remove the plugin that brings it)",
        ),
        (
            '[sources.web]\nkind = "gauge"\nurl = "x"\ndown = "never"',
            "7: sources.web: down cannot be never",
        ),
        (
            '[sources.web]\nkind = "gauge"\nurl = "x"\ndown = "SEV7"',
            "7: sources.web: SEV7 is no step of the scale "
            "(did you mean SEV4? steps: SEV1, SEV2, SEV3, SEV4)",
        ),
    ],
)
def test_a_section_in_words(tmp_path: Path, more: str, said: str) -> None:
    assert only(tmp_path, GOOD + more + "\n").startswith(said)


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ("api", "names no figure (write SOURCE.FIGURE, such as api.latency_p95)"),
        ("api.latncy", "the source api has no figure latncy (did you mean latency?)"),
        ("api.speed", "the source api has no figure speed (figures: depth, latency)"),
        ("web.latency", "there is no source web (sources: api)"),
    ],
)
def test_a_rule_on_a_signal_there_is_not(tmp_path: Path, signal: str, said: str) -> None:
    rule = f'[[rules]]\nname = "x"\nsignal = "{signal}"\nlevels = {{ SEV1 = "> 1" }}\n'
    assert only(tmp_path, GOOD + rule) == f"9: rules[0].signal: {said}"


def test_a_figure_of_a_source_that_is_wrong_itself_is_not_judged(tmp_path: Path) -> None:
    rule = '[[rules]]\nname = "x"\nsignal = "api.any"\nlevels = { SEV1 = "> 1" }\n'
    assert only(tmp_path, GOOD + "figs = { any = 1 }\n" + rule).startswith("7: sources.api.figs")
    assert only(tmp_path, GOOD + "figs = ['any']\n" + rule).startswith("7: sources.api.figs")
    assert len(problems(tmp_path, GOOD + "colour = 1\n" + rule)) == 2


def test_a_plugin_that_raises_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(GOOD)
    with pytest.raises(ConfigError, match="its kind gauge is broken: RuntimeError: not finished"):
        load(path, {"gauge": Crooked})


def test_a_plugin_whose_model_raises_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    class Raising(GaugeSettings):
        @field_validator("url")
        @classmethod
        def _url(cls, value: str) -> str:
            raise KeyError(value)

    class Kind(Gauge):
        Settings = Raising

    path = tmp_path / "c.toml"
    path.write_text(GOOD)
    with pytest.raises(ConfigError, match="its kind gauge is broken: KeyError"):
        load(path, {"gauge": Kind})


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (["api.depth"], "no names with units"),
        ({"depth": "jobs"}, "'depth', which does not begin with api."),
        ({"api.depth": None}, "api.depth the unit None"),
    ],
)
def test_what_a_plugin_declares_is_names_with_units(
    tmp_path: Path, declared: object, said: str
) -> None:
    class Kind(Gauge):
        @classmethod
        def signals(cls, name: str, settings: Any) -> Any:
            return declared

    path = tmp_path / "c.toml"
    path.write_text(GOOD)
    with pytest.raises(ConfigError, match=f"its kind gauge is broken: TypeError.*{said}"):
        load(path, {"gauge": Kind})


@pytest.mark.parametrize(
    ("room", "said"),
    [
        ("", "2: room.name: is missing"),
        ('name = ""', "3: room.name: must have at least 1 character"),
        ('name = "a/b"', "3: room.name: has a character that cannot stand there"),
        (
            'name = "a"\ngroup = "ops"',
            "4: room.group: a group's room needs a folder its members can reach "
            '(add dir = "/var/lib/warroom/NAME")',
        ),
        ('name = "a"\ndir = "here"', "4: room.dir: must be an absolute path (begin it with /)"),
        (
            'name = "a"\nlinger = "long"',
            '4: room.linger: not a duration; write it as "5s", "1500ms", "2min", "4h" or "30d"; '
            'or must be "forever"',
        ),
    ],
)
def test_a_room_in_words(tmp_path: Path, room: str, said: str) -> None:
    assert only(tmp_path, f"version = 1\n[room]\n{room}\n") == said


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("", "1: version: is missing (write version = 1 as the first line)"),
        ('version = "1"', "1: version: must be a whole number (write version = 1)"),
        ("version = true", "1: version: must be a whole number (write version = 1)"),
        (
            "version = 2\n[new.things]",
            "1: version: is 2; this program reads version 1 "
            "(install a newer warroom, or use a file written for this one)",
        ),
    ],
)
def test_the_version(tmp_path: Path, version: str, said: str) -> None:
    assert only(tmp_path, version + '\n[room]\nname = "a"\n') == said


def test_no_words_of_the_machine_reach_a_person(tmp_path: Path) -> None:
    """Every option of every section given every wrong type of value."""
    for wrong in ("5", "1.5", "true", '"§"', "[]", "[5]", "{}", "{ a = 5 }", "1979-05-27"):
        text = "version = 1\n"
        for section, keys in {
            "room": ["name", "environment", "group", "dir", "linger"],
            "console": ["theme", "clock", "call", "mouse"],
            "severity": ["scale", "steps"],
            "sources.api": ["title", "interval", "timeout", "url", "headers", "login", "token"],
        }.items():
            text += f"[{section}]\n" + "".join(f"{key} = {wrong}\n" for key in keys)
            text += 'kind = "gauge"\n' if section == "sources.api" else ""
        text += (
            f'[[rules]]\nname = "a"\nsignal = {wrong}\nlevels = {wrong}\nraise_after = {wrong}\n'
        )
        said = "\n".join(map(str, problems(tmp_path, text)))
        for word in ("Input", "pydantic", "https://errors", "_type", "Value error", "validation"):
            assert word not in said


# --- secrets in clear (TRAP 26) -----------------------------------------------------------

CLEAR = [
    'headers = { Authorization = "Bearer hunter2-and-more" }',
    'headers = { X-Api-Key = "hunter2-and-more" }',
    'note = "https://me:hunter2-and-more@api.example/"',
    'note = "https://api.example/?access_token=hunter2-and-more&x=1"',
]


@pytest.mark.trap(
    26, "a configuration with a secret that others can read", "refused with the chmod to type"
)
@pytest.mark.parametrize("line", CLEAR)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_clear_secret_that_others_can_read_is_refused(
    tmp_path: Path, line: str, mode: int
) -> None:
    said = [str(p) for p in problems(tmp_path, GOOD + line, mode)]
    assert any(f"chmod 600 {tmp_path}/c.toml" in problem for problem in said)
    assert "hunter2" not in "".join(said)


@pytest.mark.parametrize("line", CLEAR)
def test_a_clear_secret_of_a_private_file_is_allowed(tmp_path: Path, line: str) -> None:
    config = loaded(tmp_path, GOOD + line)
    assert any("hunter2-and-more" in secret.reveal() for secret in config.clear)
    assert "hunter2" not in repr(config.clear)


def test_what_only_sounds_like_a_secret_is_let_be(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        GOOD
        + """token = { file = "secret" }
headers = { Authorization = { env = "A" }, Accept = "a" }
note = "https://api.example:443/@me"
""",
        0o644,
    )


def test_a_file_anybody_can_write_is_refused(tmp_path: Path) -> None:
    said = only(tmp_path, GOOD, 0o602)
    assert said.startswith("1: anybody can write this file, and it can run commands")
    assert f"chmod o-w {tmp_path}/c.toml" in said


def test_no_secret_is_repeated_by_a_message(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        GOOD.replace("https://api.example", "https://me:hunter2@api.example")
        + """token = "hunter2"
login = { user = "x", password = "hunter2" }
headers = { Cookie = ["hunter2"] }
expect = ["https://me:hunter2@x"]
mode = "hunter2"
""",
        0o644,
    )
    assert len(said) >= 6
    assert "hunter2" not in "".join(map(str, said))


def test_outside_text_in_a_message_is_made_visible(tmp_path: Path) -> None:
    said = only(tmp_path, GOOD + '"\\u001b[2Jx" = 1\n')
    assert "\x1b" not in said
    assert "␛[2Jx" in said


# --- grammar ------------------------------------------------------------------------------


@given(st.integers(1, 10**7), st.sampled_from([0.001, 1.0, 60.0, 3600.0, 86400.0]))
def test_a_duration_is_written_as_it_is_read(count: int, unit: float) -> None:
    assert parse_duration(written_duration(count * unit)) == pytest.approx(count * unit)


@given(st.text())
def test_any_text_is_a_configuration_or_a_config_error(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    with pytest.raises(ConfigError):
        validate(parse(Path("/c.toml"), data), KINDS)


def test_a_source_of_a_broken_kind_may_be_kept_with_the_options_all_kinds_have(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.toml"
    rule = '[[rules]]\nname = "x"\nsignal = "web.any"\nlevels = { SEV1 = "> 1" }\n'
    path.write_text(f'{GOOD}[sources.web]\nkind = "gone"\ninterval = "9s"\nurl = "x"\n{rule}')
    config = load(path, KINDS, keep_broken=True)
    assert set(config.sources) == {"api", "web"}
    assert config.sources["web"].interval == 9.0
    assert config.rules[0].signal == "web.any"
    path.write_text(path.read_text().replace('"9s"', "9"))
    with pytest.raises(ConfigError, match=r"sources.web.interval: not a duration"):
        load(path, KINDS, keep_broken=True)


# --- canaries -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("canaries", "said"),
    [
        ('["one.example:443", "192.0.2.1:443"]', 'write an IP address and a port, "192.0.2.1:443"'),
        ('["192.0.2.1", "192.0.2.2:443"]', "not an address to connect to"),
        ('["192.0.2.1:443", "[2001:db8::1]:70000"]', "not an address to connect to"),
        ('["192.0.2.1:443", "192.0.2.1:443"]', "the same canary twice"),
        ('["192.0.2.1:443"]', "two at least"),
    ],
)
def test_a_canary_is_an_address_and_there_are_two(tmp_path: Path, canaries: str, said: str) -> None:
    assert said in only(tmp_path, f"{GOOD}\n[vantage]\ncanaries = {canaries}\n")


def test_canaries_of_both_families(tmp_path: Path) -> None:
    written = '["192.0.2.1:443", "[2001:db8::1]:53"]'
    found = loaded(tmp_path, f"{GOOD}\n[vantage]\ncanaries = {written}\n").vantage
    assert found is not None
    assert [canary_of(canary) for canary in found.canaries] == [
        ("192.0.2.1", 443),
        ("2001:db8::1", 53),
    ]
    assert loaded(tmp_path, GOOD).vantage is None
