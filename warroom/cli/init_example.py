"""``warroom init --example``: a team's whole room, to be made one's own."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from warroom.cli.starting import next_lines
from warroom.config.document import read
from warroom.config.example_needs import programs, to_change, variables
from warroom.config.examples import Example, examples, named, write_all
from warroom.config.load import load
from warroom.errors import UsageError
from warroom.sources.registry import discover
from warroom.text import safe

LIST = "list"
"""In place of a letter: which there are."""
_SHOWN = 8
"""How many places of one sort are listed."""


def from_example(letter: str, path: Path, others: Sequence[str]) -> None:
    """Write that example at ``path``, with its playbooks and templates beside it: all or nothing.

    Raises ``UsageError`` when something is there already, or ``others`` options were given.
    """
    if others:
        raise UsageError(
            f"--example goes with --out only, not with {', '.join(sorted(others))}",
            "write the example, then change it in its file",
        )
    if letter.casefold() == LIST:
        for one in examples().values():
            click.echo(f"{one.name.upper()}  {safe(one.about, 400)}")
        return
    example = named(letter)
    kinds = discover()
    load(example.room, kinds)
    texts = {path.parent / name: text for name, text in example.files().items()}
    write_all({path if at == path.parent / example.room.name else at: texts[at] for at in texts})
    load(path, kinds)
    click.echo("\n".join(_report(path, example, len(texts) - 1)))


def _report(path: Path, example: Example, beside: int) -> Iterator[str]:
    table = read(path).table
    yield f"wrote {path}, which only you can read"
    if beside:
        yield f"  and {beside} {'file' if beside == 1 else 'files'} of its own beside it"
    yield f"  example {example.name.upper()}: {safe(example.about, 400)}"
    for name in variables(table, os.environ):
        yield f"  needs   {safe(name)} in the environment; it is not set"
    for name in programs(table, path.parent):
        yield f"  needs   the program {safe(name, 200)}; it is not found here"
    places = to_change(table)
    if places:
        yield "addresses that are nobody's, to be changed to yours:"
        yield from (f"  {safe(place, 200)}" for place in places[:_SHOWN])
    if len(places) > _SHOWN:
        yield f"  and {len(places) - _SHOWN} more"
    yield from next_lines(path)
