"""What a terminal can do, by its environment alone."""

import subprocess
import sys

import pytest

from warroom.console.abilities import abilities

UTF8 = {"LANG": "en_GB.UTF-8"}


@pytest.mark.parametrize(
    ("environ", "colours", "why"),
    [
        ({"TERM": "xterm-256color"}, "256", "TERM=xterm-256color"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolour", "COLORTERM=truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "truecolour", "COLORTERM=24bit"),
        ({"TERM": "xterm-direct"}, "truecolour", "TERM=xterm-direct"),
        ({"TERM": "xterm-kitty"}, "truecolour", "TERM=xterm-kitty"),
        ({"TERM": "alacritty"}, "truecolour", "TERM=alacritty"),
        ({"TERM": "xterm"}, "16", "TERM=xterm promises no more"),
        ({"TERM": "xterm-16color"}, "16", "TERM=xterm-16color promises no more"),
        ({"TERM": "nobody-knows-it"}, "16", "TERM=nobody-knows-it promises no more"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "16", "TERM=linux promises no more"),
        ({"TERM": "screen"}, "16", "TERM=screen promises no more"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0"}, "256", "TERM=tmux-256color"),
        (
            {"TERM": "screen-256color", "STY": "1.pts", "COLORTERM": "truecolor"},
            "256",
            "TERM=screen-256color",
        ),
        ({"TERM": "vt100"}, "none", "TERM=vt100 has no colours"),
        ({"TERM": "vt220"}, "none", "TERM=vt220 has no colours"),
        ({"TERM": "xterm-mono"}, "none", "TERM=xterm-mono has no colours"),
        ({"TERM": "dumb"}, "none", "TERM=dumb has no colours"),
        ({}, "none", "TERM is not set"),
        (
            {"TERM": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "24bit"},
            "none",
            "NO_COLOR is set",
        ),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256", "TERM=xterm-256color"),
    ],
)
def test_colours(environ, colours, why):
    terminal = abilities(environ)
    assert (terminal.colours, terminal.colours_why) == (colours, why)


@pytest.mark.parametrize(
    ("environ", "unicode", "why"),
    [
        (UTF8, True, "LANG=en_GB.UTF-8"),
        ({**UTF8, "LC_ALL": "C"}, False, "LC_ALL=C"),
        ({**UTF8, "LC_CTYPE": "POSIX"}, False, "LC_CTYPE=POSIX"),
        ({**UTF8, "LC_ALL": ""}, True, "LANG=en_GB.UTF-8"),
        ({"LANG": "de_DE.utf8"}, True, "LANG=de_DE.utf8"),
        ({}, False, "none of LC_ALL, LC_CTYPE and LANG is set"),
        ({**UTF8, "TERM": "linux"}, False, "the Linux console's font lacks most signs"),
        ({**UTF8, "TERM": "vt220"}, False, "TERM=vt220 has no Unicode"),
    ],
)
def test_unicode(environ, unicode, why):
    terminal = abilities(environ)
    assert (terminal.unicode, terminal.unicode_why) == (unicode, why)


@pytest.mark.parametrize(
    ("written", "ground"),
    [
        ("15;0", "dark"),
        ("0;default;15", "light"),
        ("0;7", "light"),
        ("15;8", "dark"),
        ("15;default", ""),
        ("1;16", ""),
        ("", ""),
        ("x;²", ""),
    ],
)
def test_the_terminals_own_background(written, ground):
    assert abilities({"TERM": "rxvt", "COLORFGBG": written}).ground == ground


def test_what_prints_the_unknown_is_asked_nothing_and_has_no_mouse():
    for term in ("linux", "linux-16color", "vt100", "vt220-w", "ansi"):
        terminal = abilities({"TERM": term})
        assert terminal.basic, term
        assert not terminal.mouse, term
        assert terminal.no_clipboard, term
    for term in ("xterm", "xterm-256color", "screen", "tmux", "linuxbrew", "foot"):
        terminal = abilities({"TERM": term})
        assert not terminal.basic, term
        assert terminal.mouse, term


def test_only_terminals_that_can_draw_get_a_screen():
    drawing = [t for t in ("", "dumb", "unknown", "xterm") if abilities({"TERM": t}).draws]
    assert drawing == ["xterm"]


def test_the_multiplexer():
    assert abilities({"TMUX": "/tmp/t,1,0"}).multiplexer == "tmux"
    assert abilities({"TMUX": "/tmp/t,1,0", "STY": "1.pts"}).multiplexer == "screen"
    assert abilities({"TERM": "screen"}).multiplexer == ""


def test_it_is_had_without_textual():
    code = "import sys, warroom.console.abilities; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
