"""The configuration: which file, and what ``warroom config check`` has against it."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from warroom import host
from warroom.cli.diagnosis.finding import Finding, know, ok, wrong
from warroom.config.document import Document, read
from warroom.config.find import find_config, searched
from warroom.config.kinds import Kinds
from warroom.config.load import Config, validate
from warroom.config.reach import check_secrets, count_commands
from warroom.config.review import review_of, warnings
from warroom.config.sources import broken
from warroom.errors import ConfigError, Problem


class Read(NamedTuple):
    """What came of the file. ``config`` is None where it does not load."""

    findings: tuple[Finding, ...]
    path: Path | None = None
    config: Config | None = None


def look(given: str | None, kinds: Kinds, today: date) -> Read:
    """Find, read and validate it, and look whether its secrets are there; no command is run."""
    try:
        path = find_config(given, os.environ, Path.cwd())
    except ConfigError as error:
        return Read(tuple(_wrong(error)))
    why = next((p.why for p in searched(given, os.environ, Path.cwd()) if p.path == path), "")
    first = ok("file", f"{path} ({why})")
    try:
        document = read(path)
    except ConfigError as error:
        return Read((first, *_wrong(error)), path)
    told = [first, *_owner(path)]
    told += [_known(one) for one in warnings(review_of(document), document, today)]
    told += _plugins(kinds)
    try:
        config = validate(document, kinds, keep_broken=True)
    except ConfigError as error:
        return Read((*told, *_wrong(error)), path)
    return Read((*told, *_secrets(config, document), *_good(config)), path, config)


def _wrong(error: ConfigError) -> Iterator[Finding]:
    for problem in error.problems:
        yield wrong("problem", _words(problem), problem.hint or error.hint or _edit(problem))


def _known(problem: Problem) -> Finding:
    return know("warning", _words(problem), problem.hint)


def _words(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    key = f" {problem.key}:" if problem.key else ""
    return f"{place}:{key} {problem.message}"


def _edit(problem: Problem) -> str:
    if not problem.line and not problem.key:  # the file itself: it cannot be read, or is too deep
        return f"ls -l {host.quote(Path(problem.file))}; then: warroom config check"
    place = f"line {problem.line} of " if problem.line else ""
    return f"change {place}{Path(problem.file).name}, then: warroom config check"


def _owner(path: Path) -> Iterator[Finding]:
    owner = path.stat().st_uid
    if owner not in (0, os.geteuid()):
        yield know("owner", f"it is another user's (uid {owner}), and can run commands")


def _plugins(kinds: Kinds) -> Iterator[Finding]:
    for name, kind in kinds.items():
        if isinstance(kind, Exception):
            said = f"the source kind {name} does not load: {broken(kind)}"
            yield know("plugin", said, "pip install --upgrade it, or pip uninstall it")


def _secrets(config: Config, document: Document) -> Iterator[Finding]:
    problems = asyncio.run(check_secrets(config, document))
    if problems:
        yield from _wrong(problems.error())
    commands = count_commands(config)
    if commands:
        yield know("secrets", f"{commands} by a command, which was not run")


def _good(config: Config) -> Iterator[Finding]:
    counted: Mapping[str, int] = {
        "sources": len(config.sources),
        "rules": len(config.rules),
        "actions": len(config.actions),
        "receivers": len(config.receivers),
        "playbooks": len(config.playbooks),
    }
    yield ok("content", ", ".join(f"{number} {what}" for what, number in counted.items()))
