"""`python -m warroom.demo`: the supervisor, as `Production.start` runs it.

Standard input is the lifeline: the demo lives until its end of file. Standard output
carries one line, a `Report`, when the demo is ready or cannot be.
"""

import argparse
import asyncio
import os
import signal
import sys

import msgspec

from warroom.demo.errors import DemoError
from warroom.demo.folder import Folder
from warroom.demo.messages import Report
from warroom.demo.supervisor import Order, leave_caller, supervise


def main() -> int:
    """Run the demo as the command line orders it; 0 when it ran and was stopped."""
    # What our caller holds back, for its sigwait say, is inherited: every part would be
    # deaf to its stop and its reload.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    parser = argparse.ArgumentParser(prog="python -m warroom.demo")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME")
    parser.add_argument("--on-stop", action="append", default=[], metavar="JSON-ARGV")
    options = parser.parse_args()
    on_stop = [msgspec.json.decode(argv, type=list[str]) for argv in options.on_stop]
    try:
        asyncio.run(supervise(Order(options.fault, on_stop), _ready))
    except DemoError as error:
        _report(Report(error=str(error), hint=error.hint))
        return error.exit_code
    return 0


def _ready(held: Folder) -> None:
    _report(Report(folder=str(held.path)))
    leave_caller(held)


def _report(report: Report) -> None:
    os.write(1, msgspec.json.encode(report) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
