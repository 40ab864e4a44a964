"""The message in the person's own editor, while the console stands aside."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from warroom.console.message.text import LONGEST, harmless
from warroom.errors import MessageError

if TYPE_CHECKING:
    from warroom.console.app import Console

FALLBACK = "vi"
"""What POSIX says every system has."""


def editor_of(environ: Mapping[str, str]) -> list[str]:
    """The command of the person's editor. Raises ``MessageError`` for one that cannot be read."""
    named = environ.get("VISUAL") or environ.get("EDITOR") or FALLBACK
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise MessageError(f"$EDITOR is {named!r}: {error}", "set it to a command") from error
    if not command:
        raise MessageError("$EDITOR is blank", "set it to a command, such as nano")
    return command


def edited(console: "Console", text: str) -> str:
    """The text as the person left it in their editor. The console's loop stands meanwhile: the
    terminal is the editor's. Raises ``MessageError`` when nothing came of it; the text is as it
    was."""
    command = editor_of(os.environ)
    # A folder of our own: an editor leaves its own files beside what it edits.
    with TemporaryDirectory(prefix="warroom-") as folder:
        path = Path(folder) / "message.txt"
        path.write_text(text + "\n", "utf-8")
        path.chmod(0o600)
        code = _run(console, [*command, str(path)])
        if code != 0:
            raise MessageError(f"{command[0]} ended with {code}: the text is as it was")
        try:
            with path.open("rb") as file:
                content = file.read(LONGEST * 4 + 1)
        except OSError as error:
            raise MessageError(f"the text cannot be read back: {error.strerror}") from error
    found = harmless(content.decode("utf-8", "replace")).rstrip("\n")
    if len(found) > LONGEST:
        raise MessageError(f"it has {len(found):,} characters; {LONGEST:,} is the most")
    return found


def _run(console: "Console", command: list[str]) -> int:
    """Its exit status, once the terminal is the console's again. Raises ``MessageError``."""
    failed: OSError | None = None
    code = 0
    with console.suspend():
        # Nothing may be raised in here: Textual would not take the terminal back.
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            failed = error
    if failed is not None:
        words = f"{command[0]} cannot be started: {failed.strerror}"
        raise MessageError(words, "set $EDITOR") from failed
    return code
