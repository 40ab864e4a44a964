"""``warroom config``: check the file, say which one it is, print its schema."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from warroom.cli.options import config_option
from warroom.config.document import read
from warroom.config.find import find_config, searched
from warroom.config.load import validate
from warroom.config.reach import check_secrets, count_commands
from warroom.config.schema import schema as json_schema
from warroom.config.sources import broken
from warroom.errors import ConfigError, Problem
from warroom.sources.registry import discover


@click.group("config", help="Look at the configuration: check, path, schema.")
def command() -> None:
    pass


@command.command("check")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def check(config: str | None, as_json: bool) -> None:
    """Validate the whole file and look whether its secrets are there.

    Every problem is named, with file, line and key; then the exit status is 64. Commands
    that print secrets are not run.
    """
    path: Path | None = None
    try:
        path = find_config(config, os.environ, Path.cwd())
        good = _check(path)
    except ConfigError as error:
        if not as_json:
            raise
        click.echo(_json(path, error.problems))
        sys.exit(error.exit_code)
    click.echo(_json(path, ()) if as_json else good)


def _check(path: Path) -> str:
    """The good news; raises ConfigError with the bad."""
    kinds = discover()
    document = read(path)
    config = validate(document, kinds)
    problems = asyncio.run(check_secrets(config, document))
    if problems:
        raise problems.error()
    for name, kind in kinds.items():
        if isinstance(kind, Exception):
            click.echo(f"not used here, but broken: source kind {name}: {broken(kind)}", err=True)
    rules = len(document.table.get("rules", ()))
    text = f"{path}: good: {_count(len(config.sources), 'source')}, {_count(rules, 'rule')}"
    commands = count_commands(config)
    return f"{text}; {_count(commands, 'secret')} by command not tried" if commands else text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _json(path: Path | None, problems: tuple[Problem, ...]) -> str:
    said = {
        "ok": not problems,
        "file": str(path) if path is not None else None,
        "problems": [asdict(problem) for problem in problems],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


@command.command("path")
@config_option
@click.option("--all", "-a", "-v", "every", is_flag=True, help="Every place that is looked at.")
def path(config: str | None, every: bool) -> None:
    """Print the file that would be used."""
    used = find_config(config, os.environ, Path.cwd())
    if not every:
        click.echo(used)
        return
    reached = False
    for place in searched(config, os.environ, Path.cwd()):
        found = place.exists
        state = "not there" if not found else "there, not reached" if reached else "used"
        reached = reached or found
        click.echo(f"{state:<18}  {place.path}  ({place.why})")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the file, every installed source kind included."""
    click.echo(json.dumps(json_schema(discover()), indent=2, ensure_ascii=False))
