"""What a shell asks when Tab is pressed: by click's own completion, with a deadline.

Nothing is started and nothing written; what cannot be read in time is not offered.
"""

import os
import re
import signal
from types import FrameType

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
)

from warroom.cli import group
from warroom.errors import UsageError

VARIABLE = "_WARROOM_COMPLETE"
LIMIT = 2.0
"""Seconds after which Tab completes nothing."""
_PLAIN = re.compile(r"[A-Za-z0-9._@:/+=-]*\Z")
"""What a shell takes as one word as it stands: a script puts it there without quotes."""


class _Bash(BashComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        # Bash takes the sign in ``--source=app`` for a word of its own.
        words, incomplete = super().get_completion_args()
        return [word for word in words if word != "="], "" if incomplete == "=" else incomplete


SHELLS: dict[str, type[ShellComplete]] = {
    "bash": _Bash,
    "zsh": ZshComplete,
    "fish": FishComplete,
}


def script(shell: str) -> str:
    """The shell's function, and its registration."""
    return _complete(shell).source().rstrip("\n")


def answer(instruction: str) -> int:
    """Print what fits, as the script of ``bash_complete`` (say) reads it; the exit code."""
    shell, _, _what = instruction.partition("_")
    if shell not in SHELLS:
        return 1
    signal.signal(signal.SIGALRM, _too_late)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    asked = _complete(shell)
    try:
        words, incomplete = asked.get_completion_args()
    except (KeyError, ValueError) as error:  # it was exported, and no script asks
        said = f"{VARIABLE} is set, and is for the scripts of warroom completion"
        raise UsageError(said, f"unset {VARIABLE}") from error
    for item in asked.get_completions(words, incomplete):
        if _is_plain(item):
            click.echo(asked.format_completion(item))  # plain, and help of ours behind a tab
    return 0


def _complete(shell: str) -> ShellComplete:
    return SHELLS[shell](group.command, {}, "warroom", VARIABLE)


def _is_plain(item: CompletionItem[str]) -> bool:
    return item.type != "plain" or _PLAIN.match(item.value) is not None


def _too_late(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)
