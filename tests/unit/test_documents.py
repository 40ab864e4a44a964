"""What the documents say is so: every command runs, every room is drawn, every link leads."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal
from tests.unit.incidents import Telling
from warroom.cli.group import command as cli
from warroom.config.document import parse
from warroom.config.keys import KEYS, keys_named
from warroom.config.load import validate
from warroom.incident.built_in import built_in
from warroom.incident.scribe import Posting
from warroom.incident.scribe import parse as parse_line
from warroom.sources.registry import discover

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PAGES = {path: path.read_text() for path in sorted((ROOT / "docs").glob("*.md"))}
TOLD = PAGES[ROOT / "docs/incident.md"]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()


def commands(text):
    """What is typed in its blocks, in its order."""
    return [
        line[2:]
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


BEFORE, _, REST = README.partition("## One incident")
INCIDENT, _, AFTER = REST.partition("\n## ")
COMMANDS = commands(BEFORE) + commands(AFTER)


BLOCKS = re.findall(r"```toml\n(.*?)```", README + PAGES[ROOT / "docs/configuring.md"], re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_piece_of_configuration_in_the_readme_and_its_examples_loads(block):
    text = f'version = 1\n[room]\nname = "readme"\n{block}'
    config = validate(parse(ROOT / "warroom.toml", text.encode()), discover())
    told = config.sources or config.vantage or config.actions or config.checks
    assert told or config.procedures != built_in(config.scale)
    assert bool(config.rules) == bool(config.sources)


def test_the_readme_shows_the_two_commands():
    first, second, *_ = COMMANDS
    assert (first, second.partition(" --")[0]) == ("make demo", "warroom init")


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_every_make_target_of_the_readme_exists(command):
    done = subprocess.run(
        [*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def room():
    with Ferry() as ferry:
        url = f"{ferry.url('quay')}/status.txt"
        # A deadline of one interval would be a busy machine's to break.
        source = {"kind": "http", "url": url, "interval": "200ms", "timeout": "5s"}
        with (
            Room({"quay": source}, actions=ACTIONS, checks=short_checks(url)) as made,
            Terminal(WARROOM, env=made.env | TOKENS) as terminal,
        ):
            made.env.update(TOKENS)
            terminal.wait_for("1 of 1 up")
            yield made


TOKENS = {"RAILWAY_TOKEN": "a token that nobody takes"}
ACTIONS = next(tomllib.loads(block)["actions"] for block in BLOCKS if "[actions.tidy]" in block)
CHECKS = next(tomllib.loads(block)["checks"] for block in BLOCKS if "[checks.burst]" in block)


def short_checks(url):
    """The README's own, on a server that is there, and over at once."""
    return {"burst": {**CHECKS["burst"], "url": url, "count": 2, "gap": "100ms"}}


ONE_SHOT = [
    c
    for c in COMMANDS
    if c.startswith("warroom ") and "init" not in c and "plain" not in c and "stop" not in c
]


@pytest.mark.parametrize("command", ONE_SHOT)
def test_every_command_of_the_readme_runs(room, command):
    assert room.run(*command.split()[1:]).stdout or command == "warroom reload"


def test_the_incident_of_the_readme_goes_as_it_is_told():
    """Its commands as they stand, one after the other, in a room that watches nothing."""
    typed = commands(TOLD)
    assert typed[0].startswith("warroom declare")
    with Room({}) as room:
        path = f"{Path(WARROOM[0]).parent}:{room.env['PATH']}"
        for command in typed:
            shell = ["bash", "-euo", "pipefail", "-c", command]
            env = {**room.env, "PATH": path}
            done = subprocess.run(
                shell, env=env, cwd=room.folder, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (command, done)
            assert done.stdout, command
        assert "rollback: back to 3f2c" in room.run("log").stdout
        assert "Use%" in room.run("log").stdout
        first, *due = room.run("incidents").stdout.splitlines()
        assert "resolved after" in first
        assert all(line.startswith("      due  ") for line in due)


def test_every_command_for_incidents_is_told():
    told = " ".join(commands(TOLD))
    for name in ("declare", "note", "incident", "incidents", "log", "draft", "export", "resolve"):
        assert f"warroom {name} " in f"{told} "
    assert set(commands(INCIDENT)) <= set(commands(TOLD))


def test_every_command_of_the_other_pages_is_one_with_these_options():
    """Read as the command line reads it, and not run."""
    typed = [line.rpartition(" | ")[2] for text in PAGES.values() for line in commands(text)]
    lines = [shlex.split(line)[1:] for line in typed if line.startswith("warroom ")]
    assert len(lines) > 15
    for line in lines:
        command, rest = cli, list(line)
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            command = command.get_command(click.Context(command), rest.pop(0))
            assert command is not None, line
        command.make_context(shlex.join(line), rest)  # raises what is wrong with it


def spoken():
    """What stands in backquotes about the incident, the blocks left out."""
    prose = re.sub(r"```.*?```", "", f"{INCIDENT}\n{TOLD}", flags=re.DOTALL)
    return re.findall(r"`([^`]+)`", prose)


def test_the_scribe_understands_what_the_story_types():
    telling = Telling()
    lines = [line for line in spoken() if line.startswith(("/", "TODO")) and len(line) > 1]
    assert len(lines) > 5
    for line in lines:
        assert isinstance(parse_line(line, telling.context()), Posting), line


def test_the_keys_of_the_incident_are_those_there_are():
    """Each key that the story names is one of a command's."""
    named = {key for key in spoken() if len(key) == 1}
    known = {at for written in KEYS.values() for at in keys_named(written)}
    signs = {"@": "at", "*": "asterisk", "/": "slash", "?": "question_mark"}
    assert len(named) > 10
    assert {signs.get(key, key) for key in named} <= known


def test_the_interactive_commands_of_the_readme_run(room):
    assert {"warroom", "warroom --plain", "warroom stop"} <= set(COMMANDS)
    with Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("1 of 1 up")
    with Terminal([*WARROOM, "--plain"], env=room.env) as terminal:
        terminal.wait_for("OK UP quay")
    room.run("stop")


def test_the_init_of_the_readme_writes_what_check_accepts(room, tmp_path):
    line = next(c for c in COMMANDS if c.startswith("warroom init"))
    out = tmp_path / "warroom.toml"
    room.run(*line.split()[1:], "--out", str(out))
    assert tomllib.loads(out.read_text())["room"]["name"] == "shop"
    assert "1 source" in room.run("config", "check", "--config", str(out)).stdout


def test_the_package_installs_with_its_files_and_its_command(tmp_path):
    """What ``pipx install .`` does: build a wheel, install it somewhere else, run it."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "screenshots")
    shutil.copytree(ROOT, source, ignore=ignored)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    target = tmp_path / "target"
    subprocess.run([*pip, "--no-deps", "--target", str(target), str(source)], check=True)
    names = {str(path.relative_to(target)) for path in target.rglob("*")}
    wanted = {"warroom/console/console.tcss", "panels/health.py", "bin/warroom"}
    wanted |= {
        str(path.relative_to(ROOT))
        for folder in ("warroom", "panels")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".tcss", ".sql", ".typed")
    }
    wanted |= {f"warroom/{path.relative_to(ROOT)}" for path in (ROOT / "examples").rglob("*.*")}
    assert wanted <= names

    def ran(*line):
        env, options = {"PYTHONPATH": str(target)}, {"capture_output": True, "text": True}
        python = [sys.executable, "-P", *line]
        return subprocess.run(python, env=env, cwd=tmp_path, check=True, **options).stdout

    assert ran("-c", "import warroom; print(warroom.__file__)").startswith(str(target))
    assert "example A: " in ran("-m", "warroom", "init", "--example", "A")
    example = ROOT / "examples/a/warroom.toml"
    assert (tmp_path / "warroom.toml").read_bytes() == example.read_bytes()


def test_the_pictures_and_links_of_the_documents_are_there():
    for page, text in {ROOT / "README.md": README, **PAGES}.items():
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_page_is_found_from_the_readme():
    for page in PAGES:
        assert f"(docs/{page.name})" in README, page.name


def test_the_readme_is_read_in_five_minutes():
    assert len(README.splitlines()) <= 290


def test_the_architecture_draws_every_room():
    inside = (ROOT / "warroom").iterdir()
    rooms = {path for path in inside if path.name != "py.typed" and path.name[:2] != "__"}
    for room in rooms:
        name = f"warroom/{room.name}" + ("/" if room.is_dir() else "")
        assert f"`{name}`" in ARCHITECTURE, f"docs/architecture.md does not draw {name}"


def test_the_architecture_shows_the_contract_that_is_held():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c for c in contracts["contracts"] if c["type"] == "layers")["layers"]
    known = [
        " | ".join(part for part in layer.split(" | ") if not part.startswith("("))
        for layer in layers
    ]
    assert "\n".join(line for line in known if line) in ARCHITECTURE


def test_the_lock_names_no_place_to_fetch_from():
    text = (ROOT / "requirements.lock").read_text()
    for line in text.splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[^\s/:@]+(; [^/@]+)?", line), line
