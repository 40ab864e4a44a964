"""``warroom actions``: what can be done, what runs, what is still on."""

import click

from warroom.cli.action_lines import action_lines, on_line, outcome_lines, verdict_line
from warroom.cli.asking import Engine, with_engine
from warroom.cli.options import config_option, json_option, share_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_room
from warroom.wire import Acting, GetActing


@click.command("actions", help="List what can be done, what runs, what is still on.")
@config_option
@share_option
@json_option
def command(config: str | None, share: bool, as_json: bool) -> None:
    """List the configured actions with what each takes, the runs of the last ten minutes, and
    what is still on."""

    async def work(engine: Engine) -> Acting:
        acting = (await engine.done(GetActing(ref=0))).acting
        assert acting is not None
        return acting

    acting = with_engine(find_room(config), "", work, share=share)
    if as_json:
        out_json({"actions": acting.actions, "runs": acting.runs, "on": acting.on})
        return
    for action in acting.actions or ():
        for line in action_lines(action):
            out(line)
    for run in acting.runs:
        for line in outcome_lines(run):
            out(line)
        if run.verdict or run.watching:
            out(verdict_line(run))
    for on in acting.on:
        out(on_line(on))
    if not acting.actions:
        tell("no action is configured: [actions.NAME], see config.toml.example")
