"""The file that a failure of ours leaves: one, private, without secrets."""

import os
import stat
from pathlib import Path

import pytest
import tomli_w

from warroom import cli
from warroom.cli.crash import config_named, crash_file
from warroom.crash import KEPT, LONGEST, CrashFile, crash_files
from warroom.secretlike import scrubbed

SECRETS = (
    "postgres://ana:canary-pw@db/shop",
    "password=canary-pw",
    "{'token': 'canary pw'}",
    "Authorization: Basic Y2FuYXJ5LXB3",
    "ghp_" + "canary" * 5,
    "-----BEGIN RSA PRIVATE KEY-----\ncanary",
    "https://hooks.example.com/x?key=canary",
    "Set-Cookie: sid=canary; Path=/",
    "Cookie: a=b; sid=canary",
    "passphrase=canary-pw",
)


def failed(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as raised:
        return raised


def file_in(folder: Path) -> CrashFile:
    return CrashFile(lambda: ["warroom 1"], folder=folder / "state")


@pytest.mark.parametrize("said", SECRETS)
def test_what_looks_like_a_secret_is_left_out(said: str) -> None:
    kept = scrubbed(f"the driver said {said}")
    assert "***" in kept
    assert kept.startswith("the driver said ")
    assert not {"canary", "Y2FuYXJ5LXB3"} & {w for w in ("canary", "Y2FuYXJ5LXB3") if w in kept}


def test_words_that_are_no_secret_stay() -> None:
    for words in ("KeyError: 'orders'", "no such table: tokens", "http://127.0.0.1:8080/health"):
        assert scrubbed(words) == words


def test_several_failures_of_one_process_are_one_file(tmp_path: Path) -> None:
    crash = file_in(tmp_path)
    group = ExceptionGroup("both", [failed(KeyError("first")), failed(OSError("password=canary"))])
    said = crash.report(failed(group))
    assert crash.report(failed(ValueError("third"))) == said.replace("ExceptionGroup", "ValueError")
    (path,) = (tmp_path / "state").iterdir()
    assert said.endswith(f"the report is in {path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert text.startswith("warroom 1\n")
    assert "KeyError: 'first'" in text
    assert "ValueError: third" in text
    assert "canary" not in text
    crash.report(failed(ValueError("x" * LONGEST)))
    for _ in range(12):
        crash.report(failed(ValueError(os.urandom(8_000).hex())))
    assert path.stat().st_size <= LONGEST


def test_the_newest_stay(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        file_in(tmp_path).report(failed(ValueError(f"number {number}")))
    kept = crash_files(tmp_path / "state")
    assert len(kept) == KEPT
    assert "number 24" in kept[-1].read_text()


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("whole")
    victim.chmod(0o600)
    crash = file_in(tmp_path)
    crash.report(failed(ValueError("first")))
    (path,) = crash_files(tmp_path / "state")
    path.unlink()
    path.symlink_to(victim)
    assert "could not be kept" in crash.report(failed(ValueError("second")))
    assert victim.read_text() == "whole"
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    linked = CrashFile(list, folder=tmp_path / "linked")
    assert "is a symbolic link" in linked.report(failed(ValueError("third")))
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_secrets_of_the_configuration_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SHOP_DSN", "canary-by-env")
    (tmp_path / "key").write_text("canary-by-file\n")
    (tmp_path / "key").chmod(0o600)
    source = {"headers": {"X-Api-Key": "canary-in-clear", "X": {"env": "SHOP_DSN"}}}
    receiver = {"url": {"file": "key"}, "password": {"command": ["touch", "run"]}}
    config = tmp_path / "warroom.toml"
    config.write_text(tomli_w.dumps({"sources": {"a": source}, "receivers": {"b": receiver}}))
    words = "refused: canary-by-env, canary-by-file and canary-in-clear"
    said = crash_file(str(config)).report(failed(ValueError(words)))
    text = Path(said.rpartition(" ")[2]).read_text()
    assert "ValueError: refused: ***, *** and ***" in text
    for line in ("warroom 0", "libraries  SQLite ", "terminal   ", "plugins    "):
        assert f"\n{line}" in f"\n{text}"
    assert not (tmp_path / "run").exists()


def test_a_crash_finds_its_configuration_on_the_command_line() -> None:
    assert config_named(["status", "--config", "a.toml", "--json"]) == "a.toml"
    assert config_named(["--config=b.toml"]) == "b.toml"
    assert config_named(["status", "--config"]) is None


def test_ctrl_c_before_anything_is_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_hold_descriptors", pressed)
    assert cli.main(["status"]) == 130
