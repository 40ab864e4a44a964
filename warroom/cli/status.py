"""``warroom status``: how the engine and its sources do."""

import sys
from datetime import UTC, datetime, timedelta

import click

from warroom import __version__
from warroom.attach.client import NoEngineError
from warroom.cli.options import config_option, share_option
from warroom.cli.playbook_lines import proposal_line
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import ask_engine, find_running
from warroom.clock import SystemClock
from warroom.errors import EXIT_FAILED, EngineError
from warroom.incident.incident import Summary
from warroom.measure.past import Onset, Past
from warroom.text import safe, short_duration
from warroom.wire import ConsoleStatus, GetStatus, SourceStatus, Status, TerminalStatus

NOTHING: dict[str, object] = {
    "engine": None,
    "incidents": [],
    "waiting": 0,
    "consoles": [],
    "sources": [],
    "proposals": [],
    "past": {"onsets": [], "changes": [], "levels": []},
}
"""What ``--json`` prints when no engine runs."""


@click.command("status", help="Say how the engine and its sources do.")
@config_option
@share_option
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def command(config: str | None, share: bool, as_json: bool) -> None:
    """The engine's process, its consoles, and each source's counters.

    Exits 1 when no engine runs.
    """
    paths = find_running(config)
    try:
        status = ask_engine(paths, GetStatus(ref=0), share=share).status
    except EngineError as error:
        if as_json and isinstance(error.__cause__, NoEngineError):
            out_json(NOTHING)
        tell(f"warroom: {error.explain()}")
        sys.exit(EXIT_FAILED)
    assert status is not None
    if as_json:
        out_json(status)
    else:
        out(_text(status))


def _text(status: Status) -> str:
    engine = status.engine
    other = "" if engine.version == __version__ else f" (this is {__version__}: warroom restart)"
    uptime = short_duration(engine.uptime_s)
    lines = [f"engine {safe(engine.version, 40)}{other}  pid {engine.pid}  up {uptime}"]
    lines += [_console(console) for console in status.consoles]
    if not status.consoles:
        lines.append("no console is attached")
    lines += [_incident(incident) for incident in status.incidents]
    if status.waiting:
        lines.append(f"journal  {status.waiting} entries wait in memory, NOT on disk")
    if status.running:
        lines.append(f"actions  {status.running} running: warroom actions")
    if status.on:
        lines.append(f"on       {', '.join(safe(name, 60) for name in status.on)}: warroom actions")
    lines += [proposal_line(one) for one in status.proposals]
    lines += [_source(source) for source in status.sources]
    return "\n".join(lines + past_lines(status.past, SystemClock().now()))


def past_lines(past: Past, now: datetime) -> list[str]:
    """The last half hour: what changed, and what went bad in the order of its first bad poll."""
    changes = [
        f"change   {_clock(n.change.at, now)}  {safe(n.source)}  {safe(n.change.what)}"
        for n in past.changes
    ]
    return changes + [_onset(onset, now) for onset in past.onsets]


def _clock(at: datetime, now: datetime) -> str:
    """``14:02:07Z``; with its day where that is not plain."""
    day = "%Y-%m-%d " if abs(now - at) > timedelta(hours=12) else ""
    return f"{at.astimezone(UTC):{day}%H:%M:%S}Z"


def _onset(onset: Onset, now: datetime) -> str:
    what = safe(onset.rule) or (f"{safe(onset.source)} not seen" if onset.source else "cut off")
    over = f", over {_clock(onset.until, now)}" if onset.until else ""
    return f"onset    {_clock(onset.at, now)}  {what}, {safe(onset.level)}{over}"


def _console(console: ConsoleStatus) -> str:
    claimed = "" if console.attested else " (claimed)"
    since = short_duration(console.attached_s)
    line = f"console  {safe(console.user)}{claimed}  {console.granted}  for {since}"
    return f"{line}\n         {terminal_line(console.terminal)}"


def terminal_line(terminal: TerminalStatus | None) -> str:
    """What its terminal was sent, in a line."""
    if terminal is None:
        return "what its terminal was sent is not known"
    took = terminal.answer_s
    answer = (
        "does not say when it has drawn" if took is None else f"draws in {short_duration(took)}"
    )
    return (
        f"{safe(terminal.term, 40)} {terminal.columns}x{terminal.rows}  "
        f"{terminal.per_second:,.0f} B/s over the last minute, {terminal.sent:,} B in all  "
        f"{terminal.drawn:,} frames, {terminal.dropped:,} dropped  {answer}"
    )


def _incident(incident: Summary) -> str:
    level = safe(incident.level) or "no level yet"
    return f"open     {safe(incident.id)}  {level}  {safe(incident.status)}  {safe(incident.title)}"


def _source(source: SourceStatus) -> str:
    age = "never seen" if source.age_s is None else f"seen {short_duration(source.age_s)} ago"
    p95 = "" if source.poll_p95_ms is None else f"  p95 {short_duration(source.poll_p95_ms / 1000)}"
    load = f"\n         {safe(source.load, 1_000)}" if source.load else ""
    return (
        f"source   {safe(source.name)}  {age}  {source.polls} polls, {source.failures} failed, "
        f"{source.skipped} skipped{p95}{load}"
    )
