"""Gathering what is known of the terminal: environment, descriptors, multiplexer, answers."""

import contextlib
import locale
import os
import subprocess
import termios
from collections.abc import Mapping, Sequence

from warroom.cli.diagnosis.facts import Replies, Terminal, Tmux
from warroom.cli.diagnosis.replies import ask
from warroom.console.abilities import Abilities, abilities
from warroom.text import safe

LIMIT = 2.0
"""Seconds a multiplexer has to answer; it may be hung itself."""
_STREAMS = {0: "standard input", 1: "standard output", 2: "standard error"}
_OPTIONS = {
    "set_clipboard": "#{set-clipboard}",
    "escape_ms": "#{escape-time}",
    "focus_events": "#{focus-events}",
    "default_terminal": "#{default-terminal}",
    "mouse": "#{mouse}",
    "features": "#{client_termfeatures}",
    "utf8": "#{client_utf8}",
}
"""As ``display-message`` expands them (tmux 2.6 and later: an option's name is its value)."""


def look(environ: Mapping[str, str], *, theme: str = "dark", mouse: bool = False) -> Terminal:
    """All that is known of this terminal, within some seconds. ``environ`` is the one we were
    started with; theme and mouse are what the configuration wants."""
    able = abilities(environ)
    missing = tuple(words for fd, words in _STREAMS.items() if not _is_terminal(fd))
    replies, unasked = _asked(able, missing)
    named = next((environ[k] for k in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(k)), "")
    return Terminal(
        abilities=able,
        missing=missing,
        size=_size(),
        locale=named,
        locale_known=_is_known(named),
        ssh=bool(environ.get("SSH_CONNECTION")),
        tmux=_tmux(environ) if environ.get("TMUX") else None,
        screen_version=_said(["screen", "-v"], environ)[0] if environ.get("STY") else "",
        replies=replies,
        unasked=unasked,
        theme=theme,
        mouse=mouse,
    )


def _asked(able: Abilities, missing: Sequence[str]) -> tuple[Replies, str]:
    """What the terminal itself says, or why it was not asked."""
    if missing:
        return Replies(), f"{missing[0]} is none"
    if not able.draws or able.basic:
        return Replies(), f"TERM={able.term} would print the question"
    try:
        if os.tcgetpgrp(0) != os.getpgrp():
            return Replies(), "we run in the background"
        return ask(0), ""
    except (OSError, termios.error) as error:
        return Replies(), f"it cannot be: {error}"


def _is_terminal(descriptor: int) -> bool:
    return os.isatty(descriptor)


def _size() -> tuple[int, int] | None:
    for descriptor in _STREAMS:
        with contextlib.suppress(OSError):
            size = os.get_terminal_size(descriptor)
            return size.columns, size.lines
    return None


def _is_known(name: str) -> bool:
    if not name:
        return True
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True


def _tmux(environ: Mapping[str, str]) -> Tmux:
    pane = environ.get("TMUX_PANE", "")
    where = ["-t", pane] if pane else []
    asked = "\n".join(_OPTIONS.values())
    said, trouble = _said(["tmux", "display-message", "-p", *where, asked], environ)
    if trouble:
        return Tmux(trouble=trouble)
    version, _ = _said(["tmux", "-V"], environ)
    values = [safe(line, 200).strip() for line in said.split("\n")]
    known = dict(zip(_OPTIONS, values, strict=False))
    escape = known.pop("escape_ms", "")
    return Tmux(version=version, escape_ms=int(escape) if escape.isdigit() else None, **known)


def _said(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[str, str]:
    """What the program prints, or why nothing is known of it."""
    try:
        done = subprocess.run(
            argv,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "", f"{argv[0]} has not answered for {LIMIT:g} s"
    except OSError as error:
        return "", f"{argv[0]} cannot be run: {error.strerror}"
    out = done.stdout.decode("utf-8", "replace").strip("\n")
    if not out:
        why = safe(done.stderr.decode("utf-8", "replace").strip(), 200)
        return "", f"{argv[0]} says: {why or f'exit {done.returncode}'}"
    return out, ""
