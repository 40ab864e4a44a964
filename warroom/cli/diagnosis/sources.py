"""Each source asked once, as ``warroom check`` does."""

import asyncio
import re
from collections.abc import Iterator, Sequence

from warroom.cli.diagnosis.finding import Finding, know, ok, wrong
from warroom.clock import SystemClock
from warroom.config.load import Config
from warroom.config.masker import Masker
from warroom.engine.once import Looked, look_once
from warroom.engine.watch import Kinds
from warroom.text import short_duration

_DENIED = re.compile(r"(?:User (\S+)|[Tt]his user) has no permissions to run the '([^']+)' command")
"""How Redis refuses a command (7.0 and later name the user)."""
SPARE = 5.0
"""Seconds over the longest source's own deadline."""


def look(config: Config, kinds: Kinds) -> tuple[Finding, ...]:
    """What each can tell and what it lacks; within the longest deadline, and some seconds."""
    masker = Masker()
    for secret in config.clear:
        masker.add(secret)
    names = [name for name, settings in config.sources.items() if not settings.on_request]
    asked = [config.sources[name].deadline for name in names]
    limit = max(asked, default=0.0) + SPARE
    try:
        looked = asyncio.run(_within(limit, config, kinds, names, masker))
    except TimeoutError:
        said = f"not all have answered within {short_duration(limit)}"
        return (wrong("all", said, "warroom check --source NAME"),)
    return tuple(findings(config, looked))


async def _within(
    limit: float, config: Config, kinds: Kinds, names: Sequence[str], masker: Masker
) -> tuple[Looked, ...]:
    async with asyncio.timeout(limit):
        return await look_once(config, kinds, names, SystemClock(), masker)


def findings(config: Config, looked: Sequence[Looked]) -> Iterator[Finding]:
    """Pure."""
    if not config.sources:
        yield know("none", "nothing is watched", "warroom init --health URL, or [sources.NAME]")
    for one in looked:
        yield _finding(one)
    for name, settings in config.sources.items():
        if settings.on_request:
            yield know(name, "is asked only on request", f"warroom check --source {name}")


def _finding(one: Looked) -> Finding:
    what = f"{one.name} ({one.kind})"
    again = f"warroom check --source {one.name}"
    if one.state not in ("UP", "MAINTENANCE"):
        said, fix = _apart(one.error)
        return wrong(what, f"{one.state}: {said or 'no reason is given'}", fix or again)
    if one.error:
        said, fix = _apart(one.error)
        return wrong(what, f"up, and not all can be seen: {said}", fix or again)
    noted, fix = _apart("; ".join(one.notes))
    said = "; ".join(filter(None, (f"answers in {short_duration(one.took)}", noted)))
    if one.level not in ("OK", "MAINTENANCE"):
        return know(what, f"{said}; it is {one.level} now", fix or again)
    return know(what, said, fix) if one.notes else ok(what, said)


def _apart(words: str) -> tuple[str, str]:
    """What a source says, and what is to be typed of it: ``…; type GRANT …``, and what Redis says
    it does not permit as the line that permits it."""
    kept, fixes = list[str](), list[str]()
    for part in words.split("; "):
        told, _, command = part.partition("GRANT ")
        fixes += [f"GRANT {command}"] if command else []
        kept += [told.removesuffix("type ").rstrip(": ") if command else part]
        fixes += [f"redis-cli ACL SETUSER {m[1] or '…'} +{m[2]}" for m in _DENIED.finditer(part)]
    return "; ".join(filter(None, kept)), "\n".join(dict.fromkeys(fixes))
