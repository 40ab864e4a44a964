"""``warroom verify``: whether the journal is as it was written."""

import sys

import click

from warroom.cli.options import config_option
from warroom.cli.printing import out, out_json, tell
from warroom.cli.room import find_running
from warroom.errors import EXIT_FAILED
from warroom.journal.verify import Verdict, verify
from warroom.text import safe


@click.command("verify", help="Prove that the journal is as it was written.")
@config_option
@click.option("--head", default="", metavar="HASH", help="A hash that must be in it.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def command(config: str | None, head: str, as_json: bool) -> None:
    """Check every entry of the journal and how they hang together; the engine may run.

    Exits 1 when something is wrong, and names the place.
    """
    path = find_running(config).journal
    verdict = verify(path, head)
    if as_json:
        out_json(verdict)
    elif verdict.fault is None:
        out("\n".join(lines(verdict)))
    if verdict.fault is not None:
        tell(f"warroom: {path}: {fault_words(verdict)}")
        sys.exit(EXIT_FAILED)


def lines(verdict: Verdict) -> list[str]:
    """A journal that is whole, in words."""
    found = [f"{verdict.entries} entries, all as they were written", f"head {verdict.head}"]
    if verdict.after is not None:
        found.append(f"the hash is in it, with {verdict.after} entries after it")
    return found


def fault_words(verdict: Verdict) -> str:
    """The first place where it is not whole."""
    fault = verdict.fault
    assert fault is not None
    of = f" (number {fault.number} of {safe(fault.incident, 60)})" if fault.incident else ""
    return f"entry {fault.seq}{of}: {fault.reason}; {verdict.entries} entries before are good"
