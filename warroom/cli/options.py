"""Options that several commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_F = TypeVar("_F", bound=Callable[..., Any])


def config_option(function: _F) -> _F:
    """``--config FILE``, handed to the command as ``config: str | None``."""
    return click.option(
        "--config",
        metavar="FILE",
        shell_complete=_files,
        help="The configuration; otherwise $WARROOM_CONFIG, ./warroom.toml, yours, the machine's.",
    )(function)


def _files(
    _context: click.Context, _param: click.Parameter, begun: str
) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def json_option(function: _F) -> _F:
    """``--json``, handed to the command as ``as_json: bool``."""
    return click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")(function)


def share_option(function: _F) -> _F:
    """``--share``, handed to the command as ``share: bool``."""
    return click.option(
        "--share", is_flag=True, help="Mask names, addresses, tokens: others are to see it."
    )(function)


def name_option(function: _F) -> _F:
    """``--name NAME``, handed to the command as ``name: str``."""
    return click.option(
        "--name", default="", metavar="NAME", help="Who you are, where many share a login."
    )(function)
