"""Which file is taken for the configuration."""

import os
from pathlib import Path

import pytest

from warroom.config.find import find_config, searched
from warroom.errors import EXIT_USAGE, ConfigError


def a_file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("version = 1\n")
    return path


def test_the_order(tmp_path: Path) -> None:
    cwd, home = tmp_path / "here", tmp_path / "home"
    cwd.mkdir()
    environ = {"XDG_CONFIG_HOME": str(home)}
    yours = a_file(home / "warroom" / "config.toml")
    assert find_config(None, environ, cwd) == yours
    local = a_file(cwd / "warroom.toml")
    assert find_config(None, environ, cwd) == local
    named = a_file(tmp_path / "named.toml")
    environ["WARROOM_CONFIG"] = str(named)
    assert find_config(None, environ, cwd) == named
    given = a_file(tmp_path / "given.toml")
    assert find_config(str(given), environ, cwd) == given


def test_every_place_is_absolute_and_in_order(tmp_path: Path) -> None:
    places = searched("a.toml", {"WARROOM_CONFIG": "../b.toml", "HOME": "/h"}, tmp_path)
    assert [str(place.path) for place in places] == [
        f"{tmp_path}/a.toml",
        f"{tmp_path.parent}/b.toml",
        f"{tmp_path}/warroom.toml",
        "/h/.config/warroom/config.toml",
        "/etc/warroom/config.toml",
    ]


@pytest.mark.parametrize("home", ["relative", ""])
def test_a_relative_config_home_is_ignored(tmp_path: Path, home: str) -> None:
    paths = [p.path for p in searched(None, {"XDG_CONFIG_HOME": home, "HOME": "/h"}, tmp_path)]
    assert Path("/h/.config/warroom/config.toml") in paths


def test_nothing_found_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_config(None, {"HOME": str(tmp_path / "home")}, tmp_path)
    said = caught.value.explain()
    assert caught.value.exit_code == EXIT_USAGE
    for place in (tmp_path / "warroom.toml", tmp_path / "home/.config/warroom/config.toml"):
        assert str(place) in said
    assert "warroom init writes a starter; warroom demo needs none" in said


@pytest.mark.parametrize("by", ["--config", "$WARROOM_CONFIG"])
def test_a_named_file_is_used_or_refused(tmp_path: Path, by: str) -> None:
    """Another production's file must not be opened in place of a mistyped one."""
    a_file(tmp_path / "warroom.toml")
    given = "gone.toml" if by == "--config" else None
    environ = {"WARROOM_CONFIG": "gone.toml"} if given is None else {}
    with pytest.raises(ConfigError, match=r"gone\.toml: does not exist") as caught:
        find_config(given, environ, tmp_path)
    assert by in str(caught.value)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder"):
        find_config(str(tmp_path), {}, tmp_path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_file_somebody_else_laid_down_is_not_picked_up(tmp_path: Path) -> None:
    planted = a_file(tmp_path / "warroom.toml")
    os.chown(planted, 65534, 65534)
    with pytest.raises(ConfigError, match=r"belongs to another user \(uid 65534\)") as caught:
        find_config(None, {}, tmp_path)
    assert f"warroom --config {planted}" in str(caught.value)
    assert find_config(str(planted), {}, tmp_path) == planted
