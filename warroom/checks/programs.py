"""A program of a check: without a shell, without a terminal, in a process group of its own."""

import os
from collections.abc import Callable, Mapping, Sequence

from warroom.checks.check import Tools
from warroom.config.secrets import SecretRef, resolve
from warroom.connect.process import run
from warroom.connect.program import environment

NO_ROOM = 1
"""Nothing of the output is kept by the runner of programs: it is heard as it comes."""


async def run_program(
    argv: Sequence[str],
    tools: Tools,
    *,
    cwd: str,
    env: Mapping[str, str | SecretRef],
    deadline: float,
    hear: Callable[[bytes, int], None],
    stdin: str = "",
) -> int:
    """Its exit status, negative for a signal. Raises ProbeError: ``set-up`` when it cannot be
    started, ``deadline`` when it was ended."""
    named = {}
    for name, value in env.items():
        if isinstance(value, SecretRef):
            secret = await resolve(value, tools.folder)
            tools.mask(secret)
            named[name] = secret.reveal()
        else:
            named[name] = value
    finished = await run(
        argv,
        folder=cwd or str(tools.folder),
        environ=environment(os.environ, named),
        deadline=deadline,
        cap=NO_ROOM,
        stdin=stdin.encode(),
        hear=hear,
    )
    assert finished.status is not None
    return finished.status


def ended(status: int) -> str:
    """``exit 1``, ``killed by signal 9``."""
    return f"killed by signal {-status}" if status < 0 else f"exit {status}"
