"""``warroom completion``: the script that has a shell complete our command lines."""

import click

from warroom.cli.completing import SHELLS, script
from warroom.cli.printing import out


@click.command("completion", help="Print the script by which a shell completes our commands.")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """To have it in every shell: for bash add eval "$(warroom completion bash)" to ~/.bashrc, for
    zsh the same with zsh after compinit in ~/.zshrc, for fish type
    warroom completion fish > ~/.config/fish/completions/warroom.fish.
    """
    out(script(shell))
