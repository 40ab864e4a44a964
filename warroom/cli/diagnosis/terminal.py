"""What a terminal can do, judged. Pure."""

from collections.abc import Iterator

from warroom.cli.diagnosis.facts import Terminal, Tmux
from warroom.cli.diagnosis.finding import Finding, know, ok, wrong
from warroom.text import short_duration

SMALLEST = (60, 15)
"""Below it a console shows one line; as in ``warroom.console.screens.room``."""
WHOLE = (80, 24)
SLOW_ESCAPE_MS = 50
"""Above it Esc, which leaves every dialog, is felt to hang."""
SLOW = 0.15
"""Seconds to the terminal and back from which on typing is felt to lag."""


def findings(terminal: Terminal) -> Iterator[Finding]:
    """Everything about the terminal, in the order in which it matters."""
    yield from _streams(terminal)
    yield _size(terminal)
    yield _unicode(terminal)
    yield _colours(terminal)
    yield _clipboard(terminal)
    yield from _replies(terminal)
    if terminal.tmux is not None:
        yield from _tmux(terminal.tmux, terminal)
    if terminal.abilities.multiplexer == "screen":
        name = terminal.screen_version or "GNU screen"
        said = f"{name}: no clipboard, 256 colours, no focus reports"
        yield know("screen", said, "tmux has all three; UTF-8 in screen: screen -U -r")


def _streams(terminal: Terminal) -> Iterator[Finding]:
    able = terminal.abilities
    if terminal.missing:
        said = f"no terminal at {', '.join(terminal.missing)}: plain lines are printed there"
        yield know("terminal", said, "type it at a terminal, without | and >")
    elif able.draws:
        yield ok("terminal", f"{able.draws_why}{', over SSH' if terminal.ssh else ''}")
    if not able.draws:
        said = f"{able.draws_why}: no screen can be drawn, plain lines are printed"
        yield wrong("TERM", said, "export TERM=xterm-256color")


def _size(terminal: Terminal) -> Finding:
    if terminal.size is None:
        return know("size", "not known: there is no terminal to ask")
    columns, rows = terminal.size
    said = f"{columns}x{rows}"
    if not columns or not rows:
        fix = f"stty columns {WHOLE[0]} rows {WHOLE[1]}"
        return wrong("size", f"{said}: the terminal tells no size", fix)
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        needed = "x".join(map(str, SMALLEST))
        fix = "make the window larger, or its letters smaller; in tmux: Ctrl-b z"
        return wrong("size", f"{said}: too small for panels, {needed} is needed", fix)
    if columns < WHOLE[0] or rows < WHOLE[1]:
        return know("size", f"{said}: enough; nothing is cut from 80x24 on")
    return ok("size", said)


def _unicode(terminal: Terminal) -> Finding:
    able = terminal.abilities
    if able.unicode and not terminal.locale_known:
        said = f"{able.unicode_why}, which this machine does not have: programs fall back to ASCII"
        return wrong("UTF-8", said, "export LC_ALL=C.UTF-8")
    if able.unicode:
        return ok("UTF-8", able.unicode_why)
    said = f"{able.unicode_why}: signs and frames are drawn in ASCII"
    if able.basic:
        return know("UTF-8", said)
    return wrong("UTF-8", said, "export LC_ALL=C.UTF-8")


def _colours(terminal: Terminal) -> Finding:
    able = terminal.abilities
    said = {"none": "none", "16": "16", "256": "256", "truecolour": "all (24 bits)"}[able.colours]
    said = f"{said}: {able.colours_why}"
    if able.colours in ("truecolour", "256"):
        return ok("colours", said)
    if able.colours == "16" and not able.basic:
        return know("colours", said, "export TERM=xterm-256color")
    return know("colours", f"{said}; every level is told by word and sign too")


def _clipboard(terminal: Terminal) -> Finding:
    able, tmux = terminal.abilities, terminal.tmux
    if able.no_clipboard:
        fix = "mark it with the mouse"
        return know("clipboard", f"cannot be reached: {able.no_clipboard}", fix)
    if tmux is None and able.term.startswith(("tmux", "screen")):
        said = f"TERM={able.term}, from another machine: the tmux there must hand it on"
        return know("clipboard", said, "there: tmux set -g set-clipboard on")
    if tmux is None:
        return ok("clipboard", "OSC 52 is sent; a terminal does not tell whether it takes it")
    if tmux.set_clipboard and tmux.set_clipboard != "on":
        said = f"tmux keeps it to itself: set-clipboard is {tmux.set_clipboard}"
        return wrong("clipboard", said, "tmux set -g set-clipboard on")
    if not tmux.set_clipboard:
        return know("clipboard", f"not known: {tmux.trouble or 'tmux does not tell'}")
    if tmux.features and "clipboard" not in tmux.features.split(","):
        said = "tmux hands it on, but does not know that the outer terminal takes it"
        fix = "tmux set -as terminal-features ',*:clipboard', then attach anew"
        return know("clipboard", said, fix)
    return ok("clipboard", "OSC 52 through tmux: set-clipboard is on")


def _replies(terminal: Terminal) -> Iterator[Finding]:
    replies = terminal.replies
    if terminal.unasked:
        yield know("answers", f"the terminal was not asked: {terminal.unasked}")
        return
    if replies.seconds is None:
        yield know("answers", "the terminal does not answer what it is asked; nothing needs it")
        return
    name = f"{replies.name}, " if replies.name else ""
    said = f"{name}there and back in {short_duration(replies.seconds)}"
    if replies.seconds > SLOW:
        yield know("answers", f"{said}: what is typed is seen late", "mosh hides it")
    else:
        yield ok("answers", said)
    if replies.synchronised is not None:
        how = "at once" if replies.synchronised else "piece by piece (no mode 2026)"
        yield ok("frames", f"drawn {how}")
    if replies.light is not None:
        ground = "light" if replies.light else "dark"
        if terminal.theme in ("dark", "light") and terminal.theme != ground:
            said = f"the terminal's own is {ground}, the console's theme is {terminal.theme}"
            yield know("background", said, f'theme = "{ground}" under [console]')
        else:
            yield ok("background", ground)


def _tmux(tmux: Tmux, terminal: Terminal) -> Iterator[Finding]:
    if tmux.trouble:
        yield know("tmux", f"its settings are not known: {tmux.trouble}", "tmux show-options -g")
        return
    yield ok("tmux", tmux.version)
    if tmux.escape_ms is not None and tmux.escape_ms > SLOW_ESCAPE_MS:
        said = f"Esc is held back for {tmux.escape_ms} ms"
        yield know("escape-time", said, "tmux set -s escape-time 10")
    if tmux.focus_events == "off":
        said = "off: a console is not told when it is looked at"
        yield know("focus-events", said, "tmux set -g focus-events on")
    if tmux.default_terminal and not tmux.default_terminal.startswith(("tmux", "screen")):
        said = f"{tmux.default_terminal}: tmux draws for tmux-256color, and keys may be wrong"
        yield wrong("default-terminal", said, "tmux set -g default-terminal tmux-256color")
    if terminal.abilities.colours == "truecolour" and tmux.features and not _rgb(tmux):
        said = "tmux does not know that the outer terminal has all colours: it shows the nearest"
        yield know("RGB", said, "tmux set -as terminal-features ',*:RGB', then attach anew")
    if tmux.utf8 == "0" and terminal.abilities.unicode:
        said = "tmux takes the outer terminal for ASCII: signs are drawn as _"
        yield wrong("tmux UTF-8", said, "tmux -u attach")
    if terminal.mouse and tmux.mouse == "off":
        said = "[console] mouse is on, and tmux keeps the mouse to itself"
        yield know("mouse", said, "tmux set -g mouse on")


def _rgb(tmux: Tmux) -> bool:
    return "RGB" in tmux.features.split(",")
