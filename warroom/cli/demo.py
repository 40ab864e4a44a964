"""``warroom demo``: a small real production, and a console on it."""

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli import offering
from warroom.cli.options import share_option
from warroom.demo import control
from warroom.demo.production import Production

if TYPE_CHECKING:
    from textual.content import Content

    from warroom.console.app import Console
    from warroom.console.commands.base import Command

_STOP_ENGINE = (sys.executable, "-P", "-m", "warroom", "stop", "--force", "--config", "{config}")


@click.group(
    "demo", invoke_without_command=True, help="Watch a small real production, and break it."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    shell_complete=offering.faults,
    help="Start with this fault on.",
)
@share_option
@click.option("--headless", is_flag=True, help="No console: print the configuration and serve.")
@click.pass_context
def command(context: click.Context, faults: Sequence[str], share: bool, headless: bool) -> None:
    """Start the demo production; it ends when this command does."""
    if context.invoked_subcommand is not None:
        return
    if headless:
        sys.exit(_serve(faults))
    click.echo("Starting the demo production: a shop, its worker, PostgreSQL, Redis …", err=True)
    with Production.start(faults=faults, on_stop=[_STOP_ENGINE]) as production:
        sys.exit(_watch(production, share=share))


@command.command("fault", help="Switch a fault of the running demo on or off; without NAME, list.")
@click.argument("name", required=False, shell_complete=offering.faults)
@click.argument("state", required=False, type=click.Choice(["on", "off"]))
def fault(name: str | None, state: str | None) -> None:
    """List the faults, or switch one and say what was done."""
    socket = control.find()
    if name is None:
        for known in control.faults(socket):
            click.echo(f"{'on ' if known.on else 'off'}  {known.name:<16} {known.title}")
        return
    if state is None:
        raise click.UsageError("say on or off: warroom demo fault NAME on")
    click.echo(control.switch(socket, name, state == "on"))


def _serve(faults: Sequence[str]) -> int:
    """Serve without a console until told to stop."""
    stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # Blocked before the start, so that a stop that comes during it is kept for sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with Production.start(faults=faults, on_stop=[_STOP_ENGINE]) as production:
        click.echo(str(production.config))
        signal.sigwait(stops)
    return 0


def _watch(production: Production, *, share: bool) -> int:
    from warroom.cli.crash import crash_file
    from warroom.console.start import Options, run

    options = Options(config=production.config, share=share)
    crash = crash_file(str(production.config))
    return run(options, extra=[fault_command(production.control)], report=crash.report)


def fault_command(socket: Path) -> "Command":
    """The console's command that switches faults of the demo at this control socket."""
    from warroom.console.commands.base import Command

    return Command(
        id="faults",
        key="F",
        title="Faults of the demo",
        help="Switch a fault of the demo production on or off",
        run=lambda console: _choose(console, socket),
        group="Demo",
        footer="faults",
    )


def _choose(console: "Console", socket: Path) -> None:
    console.run_worker(lambda: _list(console, socket), thread=True, exit_on_error=False)


def _list(console: "Console", socket: Path) -> None:
    """In a thread: the control socket may take its time."""
    from warroom.errors import WarroomError

    try:
        known = control.faults(socket)
    except WarroomError as error:
        console.call_from_thread(console.say, error.explain(), bad=True)
        return
    console.call_from_thread(_open_list, console, socket, known)


def _open_list(console: "Console", socket: Path, known: list[control.FaultState]) -> None:
    from warroom.console.screens.choose import ChooseScreen

    choices = [(f.name, _line(f)) for f in sorted(known, key=lambda f: not f.on)]
    states = {f.name: f.on for f in known}

    def chosen(name: str | None) -> None:
        if name is not None:
            work = _switching(console, socket, name, not states[name])
            console.run_worker(work, thread=True, exit_on_error=False)

    console.push_screen(ChooseScreen("Faults of the demo", choices), chosen)


def _line(fault: control.FaultState) -> "Content":
    """A fault in the list; one that is on stands out, colour or not."""
    from textual.content import Content

    if not fault.on:
        return Content(f"   off  {fault.name:<14} {fault.title}")
    return Content.assemble((f"=> ON   {fault.name:<14} {fault.title}", "bold"))


def _switching(console: "Console", socket: Path, name: str, on: bool) -> Callable[[], None]:
    from warroom.errors import WarroomError

    def work() -> None:
        try:
            done = control.switch(socket, name, on)
        except WarroomError as error:
            console.call_from_thread(console.say, error.explain(), bad=True)
        else:
            console.call_from_thread(console.say, done)

    return work
