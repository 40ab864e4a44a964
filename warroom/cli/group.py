"""The commands, as click knows them.

One module per command, imported only when it is used.
"""

import importlib
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

import click

from warroom.cli.options import config_option, share_option
from warroom.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from warroom.wire.requests import Grant

COMMANDS = {
    "actions": "List what can be done, what runs, what is still on.",
    "backup": "Copy the journal to a file, and prove the copy.",
    "check": "Look at every source once, without an engine.",
    "completion": "Print the script by which a shell completes our commands.",
    "config": "Look at the configuration: check, path, schema.",
    "declare": "Declare an incident.",
    "demo": "Watch a small real production, and break it.",
    "doctor": "Tell what this terminal, room and configuration lack.",
    "done": "Say that what was due after an incident is done.",
    "draft": "Draft the next message of an incident.",
    "engine": "Run the engine in the foreground.",
    "export": "Write an incident's documents.",
    "incident": "Tell all of an incident.",
    "incidents": "List all incidents, newest first.",
    "init": "Write a starter configuration from what is found here.",
    "log": "Show an incident's timeline.",
    "logs": "Show the engine's log.",
    "note": "Note something in an incident.",
    "outbox": "Tell what was sent to whom, and what waits.",
    "playbook": "Show a playbook, or run one of its checks: show, check.",
    "playbooks": "List the playbooks, those that fit now first.",
    "reload": "Have the engine read the configuration again.",
    "resolve": "Say that an incident is over.",
    "restart": "End the engine and start a new one.",
    "run": "Run an action: it is shown first, and must be confirmed.",
    "send": "Send the next message of an incident.",
    "status": "Say how the engine and its sources do.",
    "stop": "End the engine.",
    "verify": "Prove that the journal is as it was written.",
}
"""Every command and its line in the help; its module has the same name."""


class _Commands(click.Group):
    """Imports a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"warroom.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        # Click's own imports the module of every command, to ask whether it is hidden.
        from click.shell_completion import CompletionItem

        fit = [name for name in COMMANDS if name.startswith(incomplete)]
        items = [CompletionItem(name, help=COMMANDS[name]) for name in fit]
        return items + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from warroom.about import about_lines
        from warroom.cli.printing import out
        from warroom.console.start import first_environ

        for line in about_lines(first_environ()):
            out(line)
        ctx.exit()


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@config_option
@click.option("--name", default="", metavar="NAME", help="Who you are, where many share a login.")
@click.option("--watch", is_flag=True, help="Only watch: nothing can be noted or run.")
@click.option("--read-only", is_flag=True, help="Watch and note: no action can be run.")
@share_option
@click.option("--plain", is_flag=True, help="Plain lines, one for each change of level.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say it."
)
@click.pass_context
def command(
    ctx: click.Context,
    config: str | None,
    name: str,
    watch: bool,
    read_only: bool,
    share: bool,
    plain: bool,
) -> None:
    """The console a team opens when production breaks.

    Without a command it opens the console, and starts the engine if none runs.
    """
    if ctx.invoked_subcommand is None:
        from warroom.cli.console import open_console

        grant: Grant = "watch" if watch else "note" if read_only else "act"
        ctx.exit(open_console(config, name=name, want=grant, plain=plain, share=share))
    if config is not None or name or watch or read_only or share or plain:
        raise click.UsageError(f"options of a command come after it: {ctx.invoked_subcommand} …")


def _show(error: click.ClickException) -> None:
    from warroom.cli.printing import tell

    words = StringIO()
    error.show(words)
    tell(words.getvalue().rstrip("\n"))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Raises what the command raises.

    Not by click's own ``main``: that one takes a closed pipe for exit code 1.
    """
    try:
        with command.make_context("warroom", list(arguments)) as context:
            command.invoke(context)
    except click.UsageError as error:
        _show(error)
        return EXIT_USAGE
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    except click.exceptions.Exit as error:
        return error.exit_code
    except SystemExit as error:  # how a command says its exit code
        return error.code if isinstance(error.code, int) else EXIT_FAILED if error.code else 0
    return 0
