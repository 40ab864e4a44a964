"""What this terminal can do, as far as its environment tells: the one place that decides.

Pure, and without Textual. A terminal is asked nothing: old ones print the question, and some
never answer. ``environ`` must be the one the process was started with (``first_environ``).
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

Colours = Literal["none", "16", "256", "truecolour"]
Multiplexer = Literal["", "tmux", "screen"]
Ground = Literal["", "dark", "light"]

_WITHOUT_SCREEN = ("", "dumb", "unknown")
_HARDWARE = re.compile(r"(vt\d+|ansi|linux|wyse?\d+|sun|cons25|pcansi)(-.*)?")
"""Terminals that know no sequence of later than themselves, and print what they do not know."""
_MONOCHROME = re.compile(r"vt(?!525)\d+(-.*)?|wyse?\d+(-.*)?|sun|.+-(m|mono)")
_TRUECOLOUR = re.compile(
    r"(xterm-)?(kitty|ghostty)|alacritty.*|foot(-.*)?|wezterm|contour.*|rio|.+-direct\d*"
)
"""Terminals that have always had all colours: ssh hands on their name, but no COLORTERM."""


class Abilities(msgspec.Struct, frozen=True):
    """What a terminal can do, each with the reason in words.

    ``draws`` is false where only plain lines are safe. ``basic`` is a terminal that prints what
    it does not know: it gets no queries, no key protocol. ``vga`` is one whose 16 colours are
    the VGA's (its yellow is a brown) and whose grounds are the eight dark ones. ``no_clipboard``
    and ``clipboard_hint`` are empty where nothing speaks against OSC 52. ``ground`` is the
    terminal's own background where it tells (``COLORFGBG``).
    """

    term: str
    draws: bool
    draws_why: str
    colours: Colours
    colours_why: str
    unicode: bool
    unicode_why: str
    no_clipboard: str = ""
    clipboard_hint: str = ""
    multiplexer: Multiplexer = ""
    mouse: bool = True
    mouse_why: str = ""
    basic: bool = False
    vga: bool = False
    ground: Ground = ""


def abilities(environ: Mapping[str, str]) -> Abilities:
    """All of it, of one environment."""
    term = environ.get("TERM", "")
    draws = term not in _WITHOUT_SCREEN
    colours, colours_why = colours_of(environ)
    unicode, unicode_why = unicode_of(environ)
    no_clipboard, hint = clipboard_of(environ)
    mouse, mouse_why = mouse_of(environ)
    return Abilities(
        term=term,
        draws=draws,
        draws_why=f"TERM={term}" if term else "TERM is not set",
        colours=colours,
        colours_why=colours_why,
        unicode=unicode,
        unicode_why=unicode_why,
        no_clipboard=no_clipboard,
        clipboard_hint=hint,
        multiplexer=multiplexer_of(environ),
        mouse=mouse,
        mouse_why=mouse_why,
        basic=_HARDWARE.fullmatch(term) is not None,
        vga=_on_linux_console(term),
        ground=ground_of(environ),
    )


def multiplexer_of(environ: Mapping[str, str]) -> Multiplexer:
    """What stands between us and the terminal. Of both, GNU screen: it can do less."""
    if environ.get("STY"):
        return "screen"
    return "tmux" if environ.get("TMUX") else ""


def colours_of(environ: Mapping[str, str]) -> tuple[Colours, str]:
    """How many colours, and by what it is known.

    ``NO_COLOR`` counts when it is present and not empty (no-color.org). GNU screen before 5
    knows 256 colours at most, whatever COLORTERM it inherited: the numbers of a true colour
    would be attributes to it, of which one blinks.
    """
    term, colorterm = environ.get("TERM", ""), environ.get("COLORTERM", "").strip().lower()
    if environ.get("NO_COLOR"):
        return "none", "NO_COLOR is set"
    if term in _WITHOUT_SCREEN or _MONOCHROME.fullmatch(term):
        return "none", f"TERM={term} has no colours" if term else "TERM is not set"
    in_screen = multiplexer_of(environ) == "screen"
    if colorterm in ("truecolor", "24bit") and not in_screen and not _on_linux_console(term):
        return "truecolour", f"COLORTERM={colorterm}"
    if _TRUECOLOUR.fullmatch(term) and not in_screen:
        return "truecolour", f"TERM={term}"
    if term.endswith("-256color"):
        return "256", f"TERM={term}"
    return "16", f"TERM={term} promises no more"


def unicode_of(environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the signs and frames beyond ASCII can be shown: by the locale's own name, for
    Python turns a C locale into C.UTF-8 for itself, which says nothing of the terminal."""
    term = environ.get("TERM", "")
    if _on_linux_console(term):
        return False, "the Linux console's font lacks most signs"
    if _HARDWARE.fullmatch(term):
        return False, f"TERM={term} has no Unicode"
    key = next((key for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "")
    if not key:
        return False, "none of LC_ALL, LC_CTYPE and LANG is set"
    utf8 = "utf8" in environ[key].lower().replace("-", "")
    return utf8, f"{key}={environ[key]}"


def clipboard_of(environ: Mapping[str, str]) -> tuple[str, str]:
    """Why the terminal takes no text for a clipboard (OSC 52), and on what that depends."""
    term = environ.get("TERM", "")
    if _on_linux_console(term):
        return "the Linux console has no clipboard", ""
    if _HARDWARE.fullmatch(term):
        return f"TERM={term} has no clipboard", ""
    if multiplexer_of(environ) == "screen":
        return "GNU screen hands no clipboard on", ""
    if environ.get("VTE_VERSION"):
        return "this terminal (VTE) takes no OSC 52", ""
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Apple's Terminal takes no OSC 52", ""
    if environ.get("TMUX"):
        return "", "tmux must have set-clipboard on"
    return "", ""


def mouse_of(environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether it can tell of the mouse; whether it is asked to is the configuration's."""
    term = environ.get("TERM", "")
    if term in _WITHOUT_SCREEN or _HARDWARE.fullmatch(term):
        return False, f"TERM={term} reports no mouse" if term else "TERM is not set"
    if environ.get("TMUX"):
        return True, "tmux must have mouse on"
    return True, ""


def ground_of(environ: Mapping[str, str]) -> Ground:
    """The terminal's own background, of ``COLORFGBG`` (``15;0``, ``0;default;15``): rxvt,
    Konsole and iTerm2 set it. 0 to 6 and 8 are dark, as Vim reads it."""
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not last.isascii() or not last.isdigit() or int(last) > 15:
        return ""
    return "dark" if int(last) < 7 or int(last) == 8 else "light"


def _on_linux_console(term: str) -> bool:
    return term.partition("-")[0] == "linux"
