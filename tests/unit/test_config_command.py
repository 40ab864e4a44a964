"""``warroom config check``, ``path`` and ``schema``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.config_kinds import KINDS
from warroom.cli.config import command
from warroom.config.schema import schema
from warroom.errors import EXIT_USAGE, ConfigError

GOOD = """\
version = 1
[room]
name = "shop"
[sources.api]
kind = "http"
url = "https://api.example/health"
bearer = { env = "API_TOKEN" }
[sources.web]
kind = "http"
url = "https://www.example/"
bearer = { command = ["no-such-program"] }
[[rules]]
name = "slow"
signal = "api.latency_p95"
levels = { SEV2 = "> 2000" }
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("API_TOKEN", "hunter2")
    monkeypatch.delenv("WARROOM_CONFIG", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def refused(*arguments: str) -> ConfigError:
    error = run(*arguments).exception
    assert isinstance(error, ConfigError)
    assert error.exit_code == EXIT_USAGE
    return error


def test_check_says_that_it_is_good(here: Path) -> None:
    (here / "warroom.toml").write_text(GOOD)
    done = run("check")
    good, needs = done.stdout.splitlines()
    assert good == f"{here}/warroom.toml: good: 2 sources, 1 rule; 1 secret by command not tried"
    assert (
        needs
        == "14 of 14 built-in playbooks still need something: warroom playbook show NAME says what"
    )
    assert done.stderr == ""
    assert done.exit_code == 0


def test_check_names_every_problem(here: Path) -> None:
    (here / "warroom.toml").write_text(GOOD.replace("name =", "nam =").replace("url", "ulr"))
    error = refused("check", "--config", "warroom.toml")
    assert {problem.file for problem in error.problems} == {f"{here}/warroom.toml"}
    assert [(p.line, p.key) for p in error.problems] == [
        (2, "room.name"),
        (3, "room.nam"),
        (4, "sources.api.url"),
        (6, "sources.api.ulr"),
        (8, "sources.web.url"),
        (10, "sources.web.ulr"),
        (12, "rules[0].name"),
        (13, "rules[0].nam"),
    ]


def test_check_finds_a_secret_that_is_not_there(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_TOKEN")
    (here / "warroom.toml").write_text(
        GOOD.replace("command", "file").replace('["', '"').replace('"]', '"')
    )
    (here / "no-such-program").write_text("hunter2")
    (here / "no-such-program").chmod(0o644)
    said = str(refused("check"))
    assert f"{here}/warroom.toml:7: sources.api.bearer: the environment variable API_TOKEN" in said
    assert f"{here}/warroom.toml:11: sources.web.bearer: the secret's file" in said
    assert f"chmod 600 {here}/no-such-program" in said
    assert "hunter2" not in said


WANTED = """\
[receivers.chat]
kind = "slack"
url = { env = "CHAT_WEBHOOK" }
[actions.deploy]
kind = "command"
title = "Deploy"
argv = ["deploy"]
env = { TOKEN = { env = "DEPLOY_TOKEN" }, SAME = { env = "DEPLOY_TOKEN" } }
[checks.logs]
kind = "command"
argv = ["logs"]
env = { TOKEN = { env = "DEPLOY_TOKEN" }, KEY = { command = ["no-such-program"] } }
"""


def test_secrets_of_what_acts_and_is_sent_are_looked_for_each_told_once(here: Path) -> None:
    (here / "warroom.toml").write_text(GOOD + WANTED)
    error = refused("check")
    assert [(p.key, p.message) for p in error.problems] == [
        ("receivers.chat.url", "the environment variable CHAT_WEBHOOK is not set"),
        (
            "actions.deploy.env.TOKEN",
            "the environment variable DEPLOY_TOKEN is not set; 2 more places need it",
        ),
    ]


def test_check_as_json(here: Path) -> None:
    path = here / "warroom.toml"
    path.write_text(GOOD)
    done = run("check", "--json")
    said = json.loads(done.stdout)
    assert "[actions.rollback]" in str(said.pop("needs")["outage"])
    assert said == {"ok": True, "file": str(path), "problems": [], "warnings": []}
    path.write_text(GOOD.replace("interval", "x").replace("kind", "knd", 1))
    done = run("check", "--json")
    assert done.exit_code == EXIT_USAGE
    said = json.loads(done.stdout)
    assert (said["ok"], said["file"]) == (False, str(path))
    assert said["problems"] == [
        {
            "file": str(path),
            "line": 4,
            "key": "sources.api.kind",
            "message": "is missing",
            "hint": "kinds: command, dns, http, pgbouncer, postgres, prometheus, redis, sentry, "
            "statuspage, tls",
        }
    ]


def test_check_as_json_without_a_file(here: Path) -> None:
    done = run("check", "--json", "--config", "gone.toml")
    assert done.exit_code == EXIT_USAGE
    said = json.loads(done.stdout)
    assert said["problems"][0]["file"] == str(here / "gone.toml")


def test_path(here: Path) -> None:
    assert "looked at" in str(refused("path"))
    (here / "warroom.toml").write_text(GOOD)
    assert run("path").stdout == f"{here}/warroom.toml\n"


@pytest.mark.parametrize("option", ["--all", "-v"])
def test_path_with_all_the_places(here: Path, option: str) -> None:
    (here / "warroom.toml").write_text(GOOD)
    (here / "xdg/warroom").mkdir(parents=True)
    (here / "xdg/warroom/config.toml").write_text(GOOD)
    first, second, third = run("path", option).stdout.splitlines()
    assert first.split() == ["used", f"{here}/warroom.toml", "(this", "folder)"]
    assert second.startswith("there, not reached")
    assert third.startswith("not there")


def test_schema_is_of_the_whole_file(here: Path) -> None:
    said = json.loads(run("schema").stdout)
    assert set(said["properties"]) == {
        *("version", "room", "severity", "console", "vantage", "keys", "pages", "sources", "rules"),
        *("incident", "assessment", "escalation", "contacts", "checklists", "resolve"),
        *("messages", "receivers", "actions", "checks", "playbooks", "library", "review", "share"),
    }
    assert said["required"] == ["version", "room"]
    kinds = said["properties"]["sources"]["additionalProperties"]["oneOf"]
    models = [said["$defs"][kind["$ref"].rpartition("/")[2]]["properties"] for kind in kinds]
    named = {options["kind"]["const"]: options for options in models}
    assert set(named) == {
        *("command", "dns", "http", "pgbouncer", "postgres", "prometheus", "redis"),
        *("sentry", "statuspage", "tls"),
    }
    options = named["http"]
    assert options["url"]["description"]
    assert options["interval"]["default"] == "5s"
    assert options["raise_after"]["default"] == 2


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    whole = schema(KINDS)
    text = json.dumps(whole)
    names = {part.partition('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert names
    assert names <= set(whole["$defs"])
    mapping = whole["properties"]["sources"]["additionalProperties"]["discriminator"]["mapping"]
    assert set(mapping) == {"gauge"}
