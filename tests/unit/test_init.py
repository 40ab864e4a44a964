"""``warroom init``: a starter that is valid, private, and never in another file's place."""

import grp
import os
import resource
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.config_kinds import KINDS
from warroom.cli.init import command
from warroom.config.load import load
from warroom.config.starter import Found, compose, gather, unset, write_new
from warroom.errors import EXIT_USAGE, RoomError, UsageError
from warroom.sources.registry import discover


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "WARROOM_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "my shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def odd_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def refused(*arguments: str) -> str:
    error = run(*arguments).exception
    assert isinstance(error, UsageError)
    assert error.exit_code == EXIT_USAGE
    return error.explain()


def table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def test_a_starter_from_nothing(here: Path) -> None:
    done = run()
    assert done.exit_code == 0
    path = here / "warroom.toml"
    assert table(path) == {
        "version": 1,
        "room": {"name": "my shop"},
        "pages": [{"name": "overview", "panels": ["health"]}],
    }
    assert f"wrote {path}" in done.output
    assert "no source yet" in done.output
    assert "warroom config check" in done.output
    assert "--config" not in done.output


def test_a_starter_from_addresses(here: Path) -> None:
    # Nothing answers there: it is written all the same.
    done = run(
        *("--name", "ferry", "--environment", "production", "--out", "room.toml"),
        *("--health", "http://127.0.0.1:1/health", "--health", "https://me:hunter2@api.example/up"),
    )
    assert done.exit_code == 0, done.exception
    path = here / "room.toml"
    config = load(path, discover())
    assert (config.room.name, config.room.environment) == ("ferry", "production")
    assert len(config.sources) == 2
    assert "hunter2" not in done.output + path.read_text()
    assert f"warroom --config {path}" in done.output.replace("'", "")
    assert "in the environment; it is not set" in done.output
    assert "not used" not in done.output


def test_what_cannot_be_used_is_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hunter2@db/shop")
    done = run()
    assert "DATABASE_URL is set; no installed source kind can watch it" in done.output
    assert "hunter2" not in done.output + (here / "warroom.toml").read_text()


def test_a_starter_from_the_environment_s_database(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://shop:sesame@db.example/shop")
    done = run()
    assert done.exit_code == 0, done.output
    written = (here / "warroom.toml").read_text()
    found = table(here / "warroom.toml")
    assert found["sources"] == {
        "db": {"kind": "postgres", "interval": "5s", "dsn": {"env": "DATABASE_URL"}}
    }
    assert found["pages"][0]["panels"] == ["health", "connections", "slow_queries"]
    assert "sesame" not in written + done.output


def test_a_starter_from_a_metrics_address(here: Path) -> None:
    done = run("--metrics", "http://w:hunter2@x.example/metrics?token=hunter3")
    assert done.exit_code == 0, done.exception
    config = load(here / "warroom.toml", discover())
    assert set(config.sources) == {"x-metrics"}
    assert "hunter2" not in done.output + (here / "warroom.toml").read_text()
    assert "hunter3" not in done.output
    assert "not used" not in done.output


@pytest.mark.parametrize("odd_umask", [0o000, 0o777], indirect=True)
@pytest.mark.usefixtures("odd_umask")
def test_the_file_is_private_under_any_umask(here: Path) -> None:
    run()
    assert stat.S_IMODE((here / "warroom.toml").stat().st_mode) == 0o600


def test_it_never_overwrites(here: Path) -> None:
    path = here / "warroom.toml"
    path.write_text("precious")
    assert "exists already, and init never overwrites" in refused()
    assert path.read_text() == "precious"


@pytest.mark.parametrize("target", ["target.toml", "/nonexistent/target.toml"])
def test_it_follows_no_planted_link(here: Path, target: str) -> None:
    (here / "warroom.toml").symlink_to(target)
    assert "exists already" in refused()
    assert not (here / "target.toml").exists()


def test_a_full_disk_leaves_no_half_file(here: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, limits[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            write_new(here / "c.toml", "x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not (here / "c.toml").exists()


def test_a_folder_gets_the_file_inside(here: Path) -> None:
    (here / "sub").mkdir()
    run("--out", "sub")
    assert (here / "sub/warroom.toml").exists()


def test_a_folder_that_is_not_there(here: Path) -> None:
    assert "cannot be written: No such file or directory" in refused("--out", "gone/x.toml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--health", "shop.example"], "url: not"),
        (["--name", "x" * 41], "room.name: must have at most 40 characters"),
        (["--name", "a/b"], "room.name: has a character that cannot stand there"),
        (["--group", "ops"], "--group needs --room-dir"),
    ],
)
def test_what_makes_no_valid_file_is_refused_and_nothing_written(
    here: Path, arguments: list[str], said: str
) -> None:
    assert said in refused(*arguments)
    assert list(here.iterdir()) == []


def test_a_groups_room_says_with_whose_rights_actions_run(here: Path) -> None:
    ours = grp.getgrgid(os.getgid()).gr_name
    done = run("--group", ours, "--room-dir", "/var/lib/warroom/shop")
    assert table(here / "warroom.toml")["room"] == {
        "name": "my shop",
        "group": ours,
        "dir": "/var/lib/warroom/shop",
    }
    assert "actions will run with the rights of" in done.output
    assert f"chgrp {ours}" in done.output


def test_a_group_this_machine_does_not_know_is_refused_and_nothing_written(here: Path) -> None:
    done = run("--group", "no-such-group", "--room-dir", "/var/lib/warroom/shop")
    assert isinstance(done.exception, RoomError)
    assert "knows no group no-such-group" in str(done.exception)
    assert list(here.iterdir()) == []


def test_each_kind_makes_what_it_can_of_what_is_found(tmp_path: Path) -> None:
    found = Found({"REDIS_URL": "redis://x", "DATABASE_URL": "y"}, ("http://a",), ("http://m",))
    starter = gather(KINDS, found)
    assert starter.sources == {
        "page0": {"kind": "gauge", "url": "http://a"},
        "cache": {"kind": "gauge", "url": "-", "token": {"env": "REDIS_URL"}},
    }
    assert starter.unused == [
        "the source kind gone is broken: ImportError: No module named 'gone'",
        "DATABASE_URL is set; no installed source kind can watch it",
        "--metrics http://m; no installed source kind can watch it",
    ]
    assert unset(starter, {}) == ["REDIS_URL"]
    write_new(tmp_path / "c.toml", compose({"name": "a", "environment": ""}, starter))
    assert set(load(tmp_path / "c.toml", KINDS).sources) == {"page0", "cache"}
