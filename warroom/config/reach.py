"""Whether the secrets a configuration refers to are there."""

from collections.abc import Iterator

from warroom.config.document import Document
from warroom.config.lines import Path as Place
from warroom.config.load import Config
from warroom.config.problems import Problems
from warroom.config.secrets import SecretRef, references, resolve
from warroom.errors import ProbeError


async def check_secrets(config: Config, document: Document) -> Problems:
    """A problem for every secret by ``env`` or ``file`` that is not to be had, at the first place
    that needs it.

    Commands are not run: they may ask somebody to confirm, and may cost.
    """
    problems = Problems(document)
    for ref, places in _by_secret(config).items():
        if ref.command is not None:
            continue
        try:
            await resolve(ref, document.path.parent)
        except ProbeError as error:
            problems.add(places[0], f"{error}{_also(len(places) - 1)}", error.hint)
    return problems


def count_commands(config: Config) -> int:
    """How many secrets come from a command."""
    return sum(ref.command is not None for ref in _by_secret(config))


def _by_secret(config: Config) -> dict[SecretRef, list[Place]]:
    """All places that need each secret: what acts and what is sent is to be ready before it is
    wanted."""
    found: dict[SecretRef, list[Place]] = {}
    for place, ref in _all(config):
        found.setdefault(ref, []).append(place)
    return found


def _all(config: Config) -> Iterator[tuple[Place, SecretRef]]:
    held = {
        "sources": config.sources,
        "receivers": config.receivers,
        "actions": config.actions,
        "checks": config.checks,
    }
    for key, entries in held.items():
        yield from references(entries, (key,))


def _also(more: int) -> str:
    if not more:
        return ""
    return f"; {more} more {'place needs' if more == 1 else 'places need'} it"
