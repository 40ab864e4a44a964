"""Appends to a journal until it is killed, and says what was acknowledged; a child of tests.

``python -m tests.live.appender JOURNAL NAME``: each line on standard output is the place and the
``once`` of one entry that is durable, said in the moment it is known.
"""

import os
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from warroom.clock import SystemClock
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Note
from warroom.journal.store import Store


def main() -> None:
    path, name = Path(sys.argv[1]), sys.argv[2]
    store = Store(path, SystemClock())
    os.write(1, b"ready\n")
    for at in count():
        drafts = [
            Draft(
                incident="INC-1",
                happened=datetime.now(UTC),
                actor=WARROOM,
                body=Note(text="x" * (at * 997 % 9_000)),
                once=f"{name}-{at}-{part}",
            )
            for part in range(at % 3 + 1)
        ]
        for entry in store.append(drafts):
            os.write(1, f"{entry.seq} {entry.once}\n".encode())


main()
