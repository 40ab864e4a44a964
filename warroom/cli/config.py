"""``warroom config``: check the file, say which one it is, print its schema."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import click

from warroom.cli.options import config_option
from warroom.cli.printing import out, out_json, tell
from warroom.clock import Clock, SystemClock
from warroom.config.document import Document, read
from warroom.config.find import find_config, searched
from warroom.config.load import validate
from warroom.config.local import THEMES, read_local
from warroom.config.problems import Problems
from warroom.config.reach import check_secrets, count_commands
from warroom.config.review import review_of, warnings
from warroom.config.schema import schema as json_schema
from warroom.config.sources import broken
from warroom.config.theme_file import read_theme
from warroom.errors import EXIT_FAILED, ConfigError, Problem
from warroom.playbooks.library import LIBRARY
from warroom.sources.registry import discover


@click.group("config", help="Look at the configuration: check, path, schema, keys.")
def command() -> None:
    pass


class Checked(NamedTuple):
    """A file that loads: the good news, and by built-in playbook what it still needs."""

    good: str
    needs: Mapping[str, tuple[str, ...]]
    built_in: int


@command.command("check")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option("--strict", is_flag=True, help="A warning is a failure: exit status 1.")
def check(config: str | None, as_json: bool, strict: bool) -> None:
    """Validate the whole file and look whether its secrets are there.

    Every problem is named, with file, line and key; then the exit status is 64. A review that
    is overdue is a warning. Commands that print secrets are not run.
    """
    path: Path | None = None
    seen: tuple[Problem, ...] = ()
    try:
        path = find_config(config, os.environ, Path.cwd())
        document = read(path)
        seen = _warnings(document, SystemClock())
        checked = _check(document)
    except ConfigError as error:
        if not as_json:
            _warn(seen)
            raise
        out_json(_told(path, error.problems, seen, {}))
        sys.exit(error.exit_code)
    if as_json:
        out_json(_told(path, (), seen, checked.needs))
    else:
        _warn(seen)
        out("\n".join(_lines(checked)))
    if strict and seen:
        sys.exit(EXIT_FAILED)


def _warnings(document: Document, clock: Clock) -> tuple[Problem, ...]:
    """They are told of a file that is wrong, too: where its secrets are not, it always is."""
    return warnings(review_of(document), document, clock.now().date())


def _warn(seen: tuple[Problem, ...]) -> None:
    for warning in seen:
        tell(f"WARNING: {warning}")


def _check(document: Document) -> Checked:
    """The good news; raises ConfigError with the bad."""
    kinds = discover()
    config = validate(document, kinds)
    problems = asyncio.run(check_secrets(config, document))
    _check_theme(config.console.theme, document.path, problems)
    if problems:
        raise problems.error()
    for name, error in kinds.broken.items():
        tell(f"not used here, but broken: source kind {name}: {broken(error)}")
    rules = len(document.table.get("rules", ()))
    text = (
        f"{document.path}: good: {_count(len(config.sources), 'source')}, {_count(rules, 'rule')}"
    )
    commands = count_commands(config)
    built_in = [one for one in config.playbooks if one.origin == LIBRARY]
    return Checked(
        f"{text}; {_count(commands, 'secret')} by command not tried" if commands else text,
        {one.name: one.needs for one in built_in if one.needs},
        len(built_in),
    )


def _check_theme(name: str, config: Path, problems: Problems) -> None:
    """A theme of somebody's own: what is wrong with it, and what could not be read in it."""
    if name in ("", *THEMES):
        return
    try:
        own = read_theme(name, config, os.environ)
    except ConfigError as error:
        problems.take(error)
        return
    from warroom.console.themes.own import illegible, palette_of  # it takes Textual

    for colour in illegible(palette_of(own).full):
        tell(f"WARNING: {own.path}: {colour} has less than 4.5:1 on its ground")


def _lines(checked: Checked) -> Iterator[str]:
    yield checked.good
    if checked.needs:
        need = "needs" if len(checked.needs) == 1 else "need"
        number = f"{len(checked.needs)} of {_count(checked.built_in, 'built-in playbook')}"
        yield f"{number} still {need} something: warroom playbook show NAME says what"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _told(
    path: Path | None,
    problems: tuple[Problem, ...],
    seen: tuple[Problem, ...],
    needs: Mapping[str, tuple[str, ...]],
) -> dict[str, object]:
    return {
        "ok": not problems,
        "file": str(path) if path is not None else None,
        "problems": [asdict(problem) for problem in problems],
        "warnings": [asdict(warning) for warning in seen],
        "needs": dict(needs),
    }


@command.command("path")
@config_option
@click.option("--all", "-a", "-v", "every", is_flag=True, help="Every place that is looked at.")
def path(config: str | None, every: bool) -> None:
    """Print the file that would be used."""
    used = find_config(config, os.environ, Path.cwd())
    if not every:
        click.echo(used)  # for a script, that wants it as it is
        return
    reached = False
    for place in searched(config, os.environ, Path.cwd()):
        found = place.exists
        state = "not there" if not found else "there, not reached" if reached else "used"
        reached = reached or found
        out(f"{state:<18}  {place.path}  ({place.why})")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the file, every installed source kind included."""
    out_json(json_schema(discover()))


@command.command("keys")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def keys(config: str | None, as_json: bool) -> None:
    """List the console's keys: id, key now, default, where it is live, what it does.

    The ids are what `[keys]` in the file may give other keys; what is fixed says so. Without a
    file the defaults are listed.
    """
    from warroom.cli.key_lines import key_lines, keys_found

    path = None
    try:
        path = find_config(config, os.environ, Path.cwd())
    except ConfigError:
        if config is not None:
            raise
    found = keys_found(read_local(path).keys if path is not None else {})
    if as_json:
        out_json([one._asdict() for one in found])
    else:
        out("\n".join(key_lines(found)))
