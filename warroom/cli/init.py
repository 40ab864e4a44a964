"""``warroom init``: a starter configuration from what is there."""

import os
import pwd
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from warroom.cli import printing
from warroom.cli.init_example import from_example
from warroom.cli.starting import next_lines
from warroom.config.document import parse
from warroom.config.kinds import Kinds
from warroom.config.load import load, validate
from warroom.config.starter import Found, Starter, compose, gather, unset, write_new
from warroom.errors import ConfigError, UsageError
from warroom.host import group_id
from warroom.sources.registry import discover
from warroom.text import mask_url, safe


@click.command("init")
@click.option("--out", metavar="FILE", default="warroom.toml", help="Where to write it.")
@click.option("--name", default="", help="The room's name; the folder's, if not given.")
@click.option("--environment", metavar="ENV", default="", help="production, staging …")
@click.option("--health", metavar="URL", multiple=True, help="A health address; again for more.")
@click.option("--metrics", metavar="URL", multiple=True, help="A /metrics address.")
@click.option("--group", default="", help="A Unix group whose members may attach.")
@click.option("--room-dir", metavar="DIR", default="", help="The room's folder, for a group.")
@click.option(
    "--example",
    metavar="LETTER",
    default=None,
    help="A team's whole room; list says which there are.",
)
def command(
    out: str,
    name: str,
    environment: str,
    health: tuple[str, ...],
    metrics: tuple[str, ...],
    group: str,
    room_dir: str,
    example: str | None,
) -> None:
    """Write a starter configuration from what is found; never overwrites.

    Looks at DATABASE_URL and REDIS_URL in the environment, and the addresses given. With
    --example it is the whole room of a team, to be made one's own: its file, its playbooks and
    its templates.
    """
    if example is not None:
        given = {
            *{"--name": name, "--environment": environment, "--group": group}.items(),
            *{"--health": health, "--metrics": metrics, "--room-dir": room_dir}.items(),
        }
        from_example(example, _place(out), [option for option, value in given if value])
        return
    if group and not room_dir:
        raise UsageError(
            "--group needs --room-dir: a folder the group's members can reach",
            "such as --room-dir /var/lib/warroom/NAME",
        )
    if group:
        group_id(group)
    room = {
        "name": name or _folder_name(Path.cwd()),
        "environment": environment,
        "group": group,
        "dir": os.path.abspath(room_dir) if room_dir else "",
    }
    path = _place(out)
    kinds = discover()
    starter = gather(kinds, Found(dict(os.environ), health, metrics))
    text = compose(room, starter)
    _prove(path, text, kinds)
    write_new(path, text)
    load(path, kinds)
    printing.out("\n".join(_report(path, room, starter)))


def _place(out: str) -> Path:
    path = Path(os.path.abspath(os.path.expanduser(out)))
    return path / "warroom.toml" if path.is_dir() else path


def _folder_name(folder: Path) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", folder.name).strip()[:40] or "room"


def _prove(path: Path, text: str, kinds: Kinds) -> None:
    """Refuse what was asked for before anything is written, if it makes no valid file."""
    try:
        validate(parse(path, text.encode()), kinds)
    except ConfigError as error:
        reasons = [
            f"  {problem.key}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")
            for problem in error.problems
        ]
        raise UsageError(
            "\n".join(["nothing written, for the file would not be valid:", *reasons])
        ) from error


def _report(path: Path, room: dict[str, str], starter: Starter) -> Iterator[str]:
    yield f"wrote {path}, which only you can read"
    yield f"  room    {safe(room['name'])}"
    for name, table in starter.sources.items():
        address = mask_url(str(table.get("url", "")))
        yield f"  source  {name} ({table['kind']}) {safe(address)}".rstrip()
    if not starter.sources:
        yield "  no source yet: give --health URL, or add [sources.NAME]"
    for variable in unset(starter, os.environ):
        yield f"  needs   {safe(variable)} in the environment; it is not set"
    if starter.unused:
        yield "not used:"
        yield from (f"  {safe(reason)}" for reason in starter.unused)
    if room["group"]:
        yield from _about_group(path, room)
    yield from next_lines(path)


def _about_group(path: Path, room: dict[str, str]) -> Iterator[str]:
    group, file, owner = shlex.quote(room["group"]), shlex.quote(str(path)), _owner()
    yield f"the group {group}:"
    yield f"  its members may attach; actions will run with the rights of {owner}, whoever asks"
    yield f"  so that they can read the file: chgrp {group} {file} && chmod 640 {file}"


def _owner() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
