"""What everybody may know of the checks: no secret is in it."""

import shlex
from collections.abc import Callable, Mapping

from warroom.config.checks_settings import (
    BurstCheck,
    CheckSettings,
    CommandCheck,
    LogsCheck,
    RedisCheck,
    SqlCheck,
)
from warroom.playbooks.playbook import CheckView
from warroom.text import mask_url, mask_urls, safe, short_duration

WHAT = 300
"""Characters of what a check does."""


def check_views(
    checks: Mapping[str, CheckSettings], masked: Callable[[str], str] = str
) -> tuple[CheckView, ...]:
    """Each check, in the file's order. ``masked`` takes known secrets out of a text."""
    return tuple(
        CheckView(
            name=name,
            title=settings.title or name,
            kind=settings.kind,
            what=safe(masked(_what(settings)), WHAT),
            deadline=settings.deadline,
        )
        for name, settings in checks.items()
    )


def _what(settings: CheckSettings) -> str:
    match settings:
        case CommandCheck():
            return _program(settings.argv)
        case SqlCheck():
            return f"on {settings.source}: {' '.join(settings.sql.split())}"
        case RedisCheck():
            return f"on {settings.source}: {' '.join(settings.command)}"
        case BurstCheck():
            gap = short_duration(settings.gap)
            return f"{settings.count} × {settings.method} {mask_url(settings.url)} every {gap}"
        case LogsCheck():
            where = settings.file or _program(settings.argv)
            return f"lines that match {settings.pattern} of {where}"
    raise AssertionError(settings)


def _program(argv: tuple[str, ...]) -> str:
    return " ".join(shlex.quote(mask_urls(word)) for word in argv)
