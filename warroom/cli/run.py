"""``warroom run``: an action, shown before it is run, and what came of it."""

import asyncio
import sys

import click
import msgspec

from warroom.cli import offering
from warroom.cli.action_lines import outcome_lines, plan_lines, verdict_line
from warroom.cli.asking import Engine, NotDoneError, once, with_engine
from warroom.cli.choosing import named
from warroom.cli.options import config_option, json_option, name_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.prompting import secret, typed
from warroom.cli.room import find_room
from warroom.errors import EXIT_FAILED, EXIT_REFUSED, EXIT_UNKNOWN, EngineError, UsageError
from warroom.incident.acting.kinds import OutcomeWord
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView
from warroom.text import safe
from warroom.wire import GetActing, GetIncidents, PlanAction, RunAction

LOOKS = 0.2
"""Seconds between two looks at a run."""
EXITS: dict[OutcomeWord, int] = {
    "succeeded": 0,
    "failed": EXIT_FAILED,
    "cancelled": EXIT_FAILED,
    "timed out": EXIT_UNKNOWN,
    "unknown": EXIT_UNKNOWN,
}


class NobodyKnowsError(EngineError):
    """It was asked for, and what became of it was not heard."""

    exit_code = EXIT_UNKNOWN

    def __init__(self, error: EngineError) -> None:
        super().__init__(
            f"whether it was run is not known: {error}", "warroom actions; warroom log"
        )


class _Given(msgspec.Struct, frozen=True):
    """What the command line says."""

    action: str
    values: dict[str, str]
    confirm: str | None
    incident: str | None
    dry: bool
    verdict: bool
    quiet: bool


@click.command("run", help="Run an action: it is shown first, and must be confirmed.")
@config_option
@click.argument("action", metavar="NAME", shell_complete=offering.tables("actions"))
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="A parameter's value.")
@click.option("--stdin", "read", default=None, metavar="KEY", help="Its value is read: a secret.")
@click.option("--dry-run", is_flag=True, help="Show exactly what would run, and run nothing.")
@click.option("--confirm", default=None, metavar="PHRASE", help="What is to be typed, in advance.")
@click.option(
    "--incident",
    default=None,
    metavar="ID",
    shell_complete=offering.incidents,
    help="Whose timeline it belongs to.",
)
@click.option("--verdict", is_flag=True, help="Wait for what the signals say of it.")
@name_option
@json_option
def command(
    config: str | None,
    action: str,
    values: tuple[str, ...],
    read: str | None,
    dry_run: bool,
    confirm: str | None,
    incident: str | None,
    verdict: bool,
    name: str,
    as_json: bool,
) -> None:
    """Show what an action would do, ask, run it, and tell what came of it.

    Exits 0 when it succeeded, 1 when it failed or was cancelled, 2 when nothing was run, 3 when
    nobody knows or it ran out of time. Ended here, it goes on: warroom actions tells of it.
    """
    told = _parsed(values)
    if read is not None and read in told:
        raise UsageError(f"--stdin {safe(read, 60)}: it is given with --set too")
    if read is not None:
        told[read] = secret(read)
    given = _Given(action, told, confirm, incident, dry_run, verdict, as_json)
    plan, run = with_engine(find_room(config), name, lambda engine: _work(engine, given))
    if as_json:
        out_json({"plan": plan, "run": run})
    if run is not None and run.outcome is not None:
        sys.exit(EXITS[run.outcome])
    if plan.blocked:
        sys.exit(EXIT_REFUSED)


def _parsed(values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        key, equals, rest = value.partition("=")
        if not equals or not key:
            raise UsageError(f"--set {safe(value, 60)}: write it as KEY=VALUE")
        if key in found:
            raise UsageError(f"--set {safe(key, 60)}: it is given twice")
        found[key] = rest
    return found


async def _work(engine: Engine, given: _Given) -> tuple[Plan, RunView | None]:
    incident = await _incident(engine, given)
    request = PlanAction(
        ref=0, action=given.action, values=given.values, incident=incident, held=not given.dry
    )
    plan = (await engine.done(request)).plan
    assert plan is not None
    say = out if given.dry else tell
    for line in plan_lines(plan) if not given.quiet else ():
        say(line)
    if given.dry:
        return plan, None
    if plan.blocked:
        raise NotDoneError(f"not run: {plan.blocked}")
    phrase = await _phrase(plan, given.confirm)
    wish = RunAction(ref=0, once=once(), digest=plan.digest, phrase=phrase)
    try:
        return plan, await _ran(engine, wish, given)
    except EngineError as error:
        raise NobodyKnowsError(error) from error
    except asyncio.CancelledError:
        tell("warroom: ended here, it goes on if it was begun: warroom actions tells of it")
        raise


async def _ran(engine: Engine, request: RunAction, given: _Given) -> RunView:
    """It begins, or is refused; then it is followed."""
    answer = await engine.ask(request)
    if answer.run is None:
        raise NotDoneError(f"not run: {answer.message}")
    if answer.message:
        tell(f"warroom: {safe(answer.message, 400)}")
    return await _followed(engine, answer.run, given)


async def _incident(engine: Engine, given: _Given) -> str:
    """The one that was named, else the only one that is open, else none."""
    known = (await engine.done(GetIncidents(ref=0))).incidents
    if given.incident:
        return named(known, given.incident).id
    still = [one for one in known if one.resolved is None]
    return still[0].id if len(still) == 1 and given.incident is None else ""


async def _phrase(plan: Plan, given: str | None) -> str:
    """What was typed to confirm it. Raises ``NotDoneError`` where nobody is there to ask."""
    wanted = plan.phrase or "y"
    if given is None:
        if sys.stdin is None or not sys.stdin.isatty():
            raise NotDoneError("not run: there is nobody to ask", f'or --confirm "{wanted}"')
        given = await typed(f'Type "{safe(wanted, 80)}" to run it: ')
    if given != wanted:
        raise NotDoneError(f'not run: "{wanted}" was to be typed')
    return plan.phrase


async def _followed(engine: Engine, run: RunView, given: _Given) -> RunView:
    """What it says as it goes, until it has ended; with its verdict, if that is waited for."""
    told = 0
    while True:
        told = _tell_new(run, told) if not given.quiet else told
        if run.outcome is not None and not (given.verdict and run.watching and not run.verdict):
            break
        await asyncio.sleep(LOOKS)
        acting = (await engine.done(GetActing(ref=0))).acting
        now = next((r for r in acting.runs if r.run == run.run), None) if acting else None
        if now is None:
            raise EngineError("the engine says nothing of the run any more")
        run = now
    if not given.quiet:
        for line in outcome_lines(run):
            tell(line)
        if run.verdict:
            tell(verdict_line(run))
        elif run.watching:
            tell("what the signals say of it: warroom actions")
    return run


def _tell_new(run: RunView, told: int) -> int:
    """The lines that were not told yet; how many there are by now."""
    lines = [*run.head, *run.tail]
    count = len(lines) + run.dropped
    fresh = count - told
    if fresh > len(lines):
        tell(f"... {fresh - len(lines)} lines are left out ...")
    for line in lines[max(len(lines) - fresh, 0) :] if fresh else ():
        out(safe(line, 400))
    return count
