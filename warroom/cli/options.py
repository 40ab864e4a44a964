"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])


def config_option(function: _F) -> _F:
    """``--config FILE``, handed to the command as ``config: str | None``."""
    return click.option(
        "--config",
        metavar="FILE",
        help="The configuration; otherwise $WARROOM_CONFIG, ./warroom.toml, yours, the machine's.",
    )(function)
