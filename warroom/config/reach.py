"""Whether the secrets a configuration refers to are there."""

from warroom.config.document import Document
from warroom.config.load import Config
from warroom.config.problems import Problems
from warroom.config.secrets import references, resolve
from warroom.errors import ProbeError


async def check_secrets(config: Config, document: Document) -> Problems:
    """A problem for every secret by ``env`` or ``file`` that is not to be had.

    Commands are not run: they may ask somebody to confirm, and may cost.
    """
    problems = Problems(document)
    for name, settings in config.sources.items():
        for path, ref in references(settings):
            if ref.command is not None:
                continue
            try:
                await resolve(ref, document.path.parent)
            except ProbeError as error:
                problems.add(("sources", name, *path), str(error), error.hint)
    return problems


def count_commands(config: Config) -> int:
    """How many secrets come from a command."""
    return sum(
        ref.command is not None
        for settings in config.sources.values()
        for _, ref in references(settings)
    )
