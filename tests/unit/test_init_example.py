"""``warroom init --example``: a team's whole room, its playbooks and templates, or nothing."""

import os
import resource
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from warroom.cli.init import command
from warroom.config import examples as examples_of
from warroom.config.example_needs import programs, to_change, variables
from warroom.config.examples import examples, write_all
from warroom.config.load import load
from warroom.errors import EXIT_USAGE, UsageError
from warroom.sources.registry import discover

ROOM = """\
# A room for a test: web application and queue.
# SEV1 to SEV4.

version = 1
[room]
name = "x"
[library]
folder = "playbooks"
[messages]
templates = "templates"
[sources.web]
kind = "http"
url = "https://app.example.com/health"
headers = { X-Token = { env = "THE_TOKEN" } }
[sources.list]
kind = "command"
argv = ["no-such-program", "ls"]
shows = "exit"
[[contacts]]
name = "Ana"
role = "on-call"
mail = "ana@example.com"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("WARROOM_CONFIG", "THE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one example, which has all that one may have."""
    package = tmp_path / "installed/warroom"
    example = package / "examples/a"
    for folder in ("playbooks", "templates"):
        (example / folder).mkdir(parents=True)
    (example / "warroom.toml").write_text(ROOM)
    (example / "playbooks/ours.toml").write_text('title = "Ours"\n')
    (example / "templates/update.j2").write_text("{{ id }}\n")
    (example / "README.md").write_text("not a part of the room")
    monkeypatch.setattr(examples_of.warroom, "__file__", str(package / "__init__.py"))
    return example


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def refused(*arguments: str) -> str:
    error = run(*arguments).exception
    assert isinstance(error, UsageError)
    assert error.exit_code == EXIT_USAGE
    return error.explain()


def written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", examples())
def test_each_of_ours_is_written_as_it_stands_and_loads(here: Path, name: str) -> None:
    done = run("--example", name.upper())
    assert done.exit_code == 0, done.exception
    config = load(here / "warroom.toml", discover())
    assert (here / "warroom.toml").read_text() == examples()[name].room.read_text()
    assert written(here) == set(examples()[name].files())
    for variable in variables(load_table(here / "warroom.toml"), {}):
        assert f"needs   {variable} in the environment" in done.output
    assert config.room.name


def load_table(path: Path) -> dict[str, object]:
    from warroom.config.document import read

    return read(path).table


def test_they_are_listed_with_what_they_are() -> None:
    done = run("--example", "list")
    assert [line.split("  ")[0] for line in done.output.splitlines()] == [
        name.upper() for name in examples()
    ]
    assert done.output.startswith("A  An agent platform: ")
    assert "--example LETTER" in run("--help").output


@pytest.mark.usefixtures("shelf")
def test_all_that_belongs_to_it_is_written_and_what_it_needs_is_said(here: Path) -> None:
    done = run("--example", "A", "--out", "room.toml")
    assert done.exit_code == 0, done.exception
    assert written(here) == {"room.toml", "playbooks/ours.toml", "templates/update.j2"}
    for name in written(here):
        assert stat.S_IMODE((here / name).stat().st_mode) == 0o600
    assert done.output == (
        f"wrote {here}/room.toml, which only you can read\n"
        "  and 2 files of its own beside it\n"
        "  example A: A room for a test: web application and queue. SEV1 to SEV4.\n"
        "  needs   THE_TOKEN in the environment; it is not set\n"
        "  needs   the program no-such-program; it is not found here\n"
        "addresses that are nobody's, to be changed to yours:\n"
        "  sources.web.url  app.example.com\n"
        "next:\n"
        f"  warroom config check --config {here}/room.toml    "
        "is it right, and are its secrets there?\n"
        f"  warroom check --config {here}/room.toml           ask every source once\n"
        f"  warroom --config {here}/room.toml                 open the room\n"
    )


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("name", ["warroom.toml", "playbooks/ours.toml", "templates/update.j2"])
def test_where_one_of_its_files_is_there_already_nothing_is_written(here: Path, name: str) -> None:
    (here / name).parent.mkdir(exist_ok=True)
    (here / name).symlink_to("/nonexistent")
    assert "exists already, and init never overwrites" in refused("--example", "a")
    assert os.listdir(here) == [name.split("/")[0]]
    assert (here / name).is_symlink()


@pytest.mark.usefixtures("shelf")
def test_other_playbooks_and_templates_stay(here: Path) -> None:
    (here / "playbooks").mkdir()
    (here / "playbooks/mine.toml").write_text('title = "Mine"\n')
    assert run("--example", "a").exit_code == 0
    assert written(here) == {
        *("warroom.toml", "playbooks/mine.toml", "playbooks/ours.toml", "templates/update.j2")
    }


@pytest.mark.usefixtures("shelf")
def test_a_full_disk_leaves_none_of_it(here: Path) -> None:
    texts = {here / "a.toml": "x", here / "playbooks/b.toml": "y" * 100}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, limits[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            write_all(texts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "option", ["name", "environment", "health", "metrics", "group", "room-dir"]
)
def test_it_goes_with_no_other_option(here: Path, option: str) -> None:
    assert f"not with --{option}" in refused("--example", "a", f"--{option}", "http://x")
    assert list(here.iterdir()) == []


def test_another_letter_is_refused_with_those_there_are(here: Path) -> None:
    assert "there is no example q\nthere is: a, b" in refused("--example", "q")
    assert "there is no example ../a" in refused("--example", "../a")
    assert list(here.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(here: Path) -> None:
    assert "cannot be written" in refused("--example", "a", "--out", "gone/warroom.toml")
    assert list(here.iterdir()) == []


def test_an_installation_without_them_says_so(shelf: Path) -> None:
    (shelf / "warroom.toml").unlink()
    assert "has no example rooms" in refused("--example", "list")


def test_what_is_needed_is_found_wherever_it_stands(tmp_path: Path) -> None:
    table = {
        "sources": {
            "a": {
                "argv": ["sh"],
                "env": {"X": {"env": "ONE"}},
                "url": "http://b.example",
                "title": "b.example",
            }
        },
        "actions": {"r": {"kind": "redis", "command": ["SET", "a", "b"]}},
        "receivers": {"c": {"url": {"env": "TWO"}, "key": {"command": ["op-not-here", "read"]}}},
        "checks": {"d": {"argv": ["./mine.sh"]}, "e": {"argv": ["bin/there"]}},
        "contacts": [{"mail": "ana@example.com"}],
        "messages": {"public_hosts": ["status.example.com"]},
        "vantage": {"canaries": ["a.invalid:443", "examples.com:443"]},
    }
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/there").touch()
    assert variables(table, {"TWO": "x"}) == ["ONE"]
    assert programs(table, tmp_path) == ["./mine.sh", "op-not-here"]
    assert to_change(table) == [
        "sources.a.url  b.example",
        "vantage.canaries[0]  a.invalid",
    ]


@pytest.mark.usefixtures("shelf")
def test_a_folder_that_is_a_link_is_not_written_into(here: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (here / "templates").symlink_to(elsewhere)
    assert "templates is a link" in refused("--example", "a")
    assert [path.name for path in here.iterdir()] == ["templates"]
    assert not list(elsewhere.iterdir())


@pytest.mark.usefixtures("shelf")
def test_its_folders_are_its_owners_whatever_the_umask(here: Path) -> None:
    before = os.umask(0o777)
    try:
        assert run("--example", "a").exit_code == 0
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in here.iterdir()}
    assert modes == {"warroom.toml": 0o600, "templates": 0o700, "playbooks": 0o700}


@pytest.mark.usefixtures("shelf")
def test_an_empty_letter_is_no_example_and_no_starter(here: Path) -> None:
    assert refused("--example", "") == "there is no example\nthere is: a"
    assert not list(here.iterdir())
