"""What a program needs before it is run: to be there, and as little of our environment as does."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from warroom.errors import ProbeError
from warroom.text import safe

_PASSED = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK"),
    }
)
_PREFIXES = ("LC_", "XDG_")


def environment(ours: Mapping[str, str], named: Mapping[str, str]) -> dict[str, str]:
    """What a program gets to see: what any needs to run in its user's name (where its settings
    lie, the agent that holds the user's keys), and what is ``named`` for it. Nothing else of
    ours: tokens and passwords are in there."""
    passed = {k: v for k, v in ours.items() if k in _PASSED or k.startswith(_PREFIXES)}
    return passed | dict(named)


def find(program: str, folder: str, environ: Mapping[str, str]) -> None:
    """Raise ProbeError("set-up") in plain words unless ``program`` can be run in ``folder``.

    It looks at files, which may hang: not on the loop. A name without ``/`` is looked for on
    the PATH of ``environ``, another one starts at ``folder``.
    """
    if not Path(folder).is_dir():
        raise ProbeError("set-up", f"there is no folder {safe(folder)} to run {safe(program)} in")
    if "/" not in program:
        if shutil.which(program, path=environ.get("PATH", os.defpath)) is None:
            words = f"there is no program {safe(program)} on the PATH"
            raise ProbeError("set-up", words, "install it, or write its whole path in argv")
        return
    path = Path(folder, program)
    if not path.exists():
        raise ProbeError("set-up", f"there is no program {safe(str(path))}")
    if path.is_dir() or not os.access(path, os.X_OK):
        hint = "" if path.is_dir() else f"chmod +x {safe(str(path))}"
        raise ProbeError("set-up", f"{safe(str(path))} is no program that can be run", hint)
