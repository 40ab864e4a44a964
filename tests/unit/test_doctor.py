"""What the doctor finds: judged purely, and as it is printed."""

import os
import pty
import select
import stat
import termios
import threading
import time
import tty

import pytest

from warroom.cli.diagnosis import files, replies, sources, terminal
from warroom.cli.diagnosis.facts import Replies, Terminal, Tmux
from warroom.cli.diagnosis.finding import Finding, Section, as_json, know, lines, ok, wrong
from warroom.console.abilities import abilities
from warroom.console.screens.room import SMALLEST
from warroom.engine.once import Looked

XTERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
TMUX = Tmux(
    version="tmux 3.3a",
    set_clipboard="on",
    escape_ms=10,
    focus_events="on",
    default_terminal="tmux-256color",
    mouse="on",
    features="clipboard,RGB",
    utf8="1",
)


def found(environ=None, **facts):
    """What is found of a terminal, by what it is about."""
    known = {"missing": (), "size": (120, 40), "locale": "C.UTF-8", "locale_known": True}
    environ = XTERM if environ is None else environ
    known |= {"abilities": abilities(environ), "replies": Replies(0.01), **facts}
    return {one.what: one for one in terminal.findings(Terminal(**known))}


def in_tmux(**options):
    tmux = Tmux(**{name: getattr(TMUX, name) for name in Tmux.__struct_fields__} | options)
    return found(XTERM | {"TERM": "tmux-256color", "TMUX": "/tmp/tmux,1,0"}, tmux=tmux)


def test_of_a_good_terminal_nothing_is_wrong_and_nothing_to_know():
    assert {one.verdict for one in found().values()} == {"ok"}
    assert {one.verdict for one in in_tmux().values()} == {"ok"}
    assert terminal.SMALLEST == SMALLEST


@pytest.mark.parametrize(
    ("environ", "facts", "what", "verdict", "fix"),
    [
        ({"TERM": "dumb"}, {}, "TERM", "wrong", "export TERM=xterm-256color"),
        (XTERM, {"size": (59, 40)}, "size", "wrong", "make the window larger"),
        (XTERM, {"size": (0, 0)}, "size", "wrong", "stty columns 80 rows 24"),
        (XTERM, {"size": (60, 15)}, "size", "know", ""),
        (XTERM, {"size": (80, 24)}, "size", "ok", ""),
        (XTERM, {"size": None}, "size", "know", ""),
        ({"TERM": "xterm"}, {}, "UTF-8", "wrong", "export LC_ALL=C.UTF-8"),
        (XTERM, {"locale_known": False}, "UTF-8", "wrong", "export LC_ALL=C.UTF-8"),
        ({"TERM": "linux"}, {}, "UTF-8", "know", ""),
        ({"TERM": "xterm"}, {}, "colours", "know", "export TERM=xterm-256color"),
        (XTERM | {"NO_COLOR": "1"}, {}, "colours", "know", ""),
        (XTERM | {"VTE_VERSION": "1"}, {}, "clipboard", "know", "mark it with the mouse"),
        (XTERM | {"STY": "1.x"}, {}, "screen", "know", "tmux has all three"),
        (XTERM | {"TERM": "tmux-256color"}, {}, "clipboard", "know", "there: tmux set -g"),
        (XTERM, {"replies": Replies()}, "answers", "know", ""),
        (XTERM, {"replies": Replies(0.4)}, "answers", "know", "mosh"),
        (XTERM, {"replies": Replies(0.1, light=True)}, "background", "know", 'theme = "light"'),
    ],
)
def test_each_lack_is_told_with_what_to_type(environ, facts, what, verdict, fix):
    one = found(environ, **facts)[what]
    assert one.verdict == verdict
    assert one.fix.startswith(fix)
    assert bool(one.fix) or verdict != "wrong"


@pytest.mark.parametrize(
    ("option", "what", "verdict", "fix"),
    [
        ({"set_clipboard": "external"}, "clipboard", "wrong", "tmux set -g set-clipboard on"),
        ({"set_clipboard": "off"}, "clipboard", "wrong", "tmux set -g set-clipboard on"),
        ({"features": "RGB"}, "clipboard", "know", "tmux set -as terminal-features ',*:clipboard'"),
        ({"features": "clipboard"}, "RGB", "know", "tmux set -as terminal-features ',*:RGB'"),
        ({"escape_ms": 500}, "escape-time", "know", "tmux set -s escape-time 10"),
        ({"focus_events": "off"}, "focus-events", "know", "tmux set -g focus-events on"),
        ({"default_terminal": "xterm"}, "default-terminal", "wrong", "tmux set -g default-term"),
        ({"utf8": "0"}, "tmux UTF-8", "wrong", "tmux -u attach"),
        ({"trouble": "tmux has not answered"}, "tmux", "know", "tmux show-options -g"),
    ],
)
def test_tmux_is_told_how_to_hand_on_what_it_keeps(option, what, verdict, fix):
    one = in_tmux(**option)[what]
    assert (one.verdict, one.fix[: len(fix)]) == (verdict, fix)


def test_findings_read_as_lines_and_as_json():
    section = Section(
        "room", (ok("disk", "1 GiB"), wrong("mode", "open\x1b[2J", "chmod 600 'a b'"))
    )
    said = list(lines((section, Section("sources", (know("none", "not asked"),)))))
    assert said[0] == "ROOM"
    assert said[1] == "  ok     disk  1 GiB"
    assert "\x1b" not in "".join(said)
    assert said[3].endswith("-> chmod 600 'a b'")
    assert said[-1] == "1 wrong, 1 worth knowing, 1 ok"
    told = as_json((section,))
    assert told["wrong"] == 1
    assert told["sections"]["room"][0] == {
        "what": "disk",
        "verdict": "ok",
        "found": "1 GiB",
        "fix": None,
    }
    narrow = list(lines((Section("room", (ok("disk", "word " * 30),)),), 60))
    assert max(map(len, narrow)) <= 60


# the terminal's own answers ---------------------------------------------------------------


ANSWER = b"\x1bP>|xterm(390)\x1b\\\x1b[?2026;2$y\x1b]11;rgb:ffff/ffff/f0f0\x1b\\\x1b[?64;1;2c"


def test_what_a_terminal_says_is_understood():
    said = replies.understood(ANSWER, 0.02)
    assert said == Replies(0.02, "xterm(390)", light=True, synchronised=True)
    dark = replies.understood(b"\x1b]11;rgb:1e/1e/2e\x07\x1b[?2026;0$y\x1b[?6c", 0.02)
    assert (dark.light, dark.synchronised, dark.name) == (False, False, "")


class Pty:
    """A terminal of a test's own; ``answers`` is what it says to the first question."""

    def __init__(self, answers):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self._thread = threading.Thread(target=self._answer, args=(answers,), daemon=True)
        self._thread.start()

    def _answer(self, answers):
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(self.master, 100)
        for part in answers:
            os.write(self.master, part)

    def close(self):
        self._thread.join(5)
        os.close(self.slave)
        os.close(self.master)


@pytest.mark.parametrize("answers", [[ANSWER], [ANSWER[:9], ANSWER[9:30], ANSWER[30:]]])
def test_a_terminal_that_answers_is_heard_and_left_as_it_was(answers):
    it = Pty(answers)
    try:
        assert replies.ask(it.slave, 5.0).name == "xterm(390)"
        assert termios.tcgetattr(it.slave) == it.before
    finally:
        it.close()


def test_a_terminal_that_never_answers_holds_nobody_up():
    it = Pty([b"\x1b[?202", b"typed meanwhile"])
    try:
        began = time.monotonic()
        assert replies.ask(it.slave, 0.1) == Replies()
        assert time.monotonic() - began < 5
        assert termios.tcgetattr(it.slave) == it.before
    finally:
        it.close()


def test_an_answer_that_nobody_waits_for_is_not_typed_later():
    it = Pty([])
    try:
        tty.setcbreak(it.slave, termios.TCSANOW)
        os.write(it.master, b"\x1b[?64;1c")
        # What has not come through the kernel yet cannot be thrown away.
        assert select.select([it.slave], [], [], 5)[0]
        replies.ask(it.slave, 0.0)
        assert not select.select([it.slave], [], [], 0)[0]
    finally:
        it.close()


# files --------------------------------------------------------------------------------------


def test_a_file_that_others_can_read_is_told_with_its_chmod(tmp_path):
    folder = tmp_path / "room"
    folder.mkdir(mode=0o700)
    (folder / "journal.db").touch(0o600)
    (good,) = files.mode_findings("modes", [folder])
    assert good == ok("modes", "2 files and folders are private")
    (folder / "engine.log").touch()
    (folder / "engine.log").chmod(0o644)
    (bad,) = files.mode_findings("modes", [folder])
    assert bad.verdict == "wrong"
    assert bad.fix == f"chmod 600 {folder}/engine.log"
    os.chmod(folder / "engine.log", stat.S_IRUSR)
    (folder / "engine.log.1").symlink_to("/etc/passwd")
    (linked,) = files.mode_findings("modes", [folder])
    assert linked.fix == f"ls -l {folder}/engine.log.1"
    folder.chmod(0o755)
    assert files.folder_finding("folder", folder).fix == f"close it: chmod 0700 {folder}"


MOUNTS = """\
22 1 0:20 / / rw,relatime - ext4 /dev/vda rw
30 22 0:30 / /home rw - nfs4 files:/home rw
31 22 0:31 / /home/ana/my\\040disk rw - xfs /dev/vdb rw
"""


def test_a_network_file_system_is_known_by_the_mounts(tmp_path):
    assert files.file_system(files.Path("/home/ana/state"), MOUNTS) == "nfs4"
    assert files.file_system(files.Path("/home/ana/my disk/x"), MOUNTS) == "xfs"
    assert files.file_system(files.Path("/var"), MOUNTS) == "ext4"
    assert files.file_system(files.Path("/var"), "") == ""


def test_files_of_tomorrow_tell_of_a_clock_that_was_set_back(tmp_path):
    path = tmp_path / "journal.db"
    path.touch()
    assert files.clock_finding((path, tmp_path / "none"), time.time()).verdict == "ok"
    os.utime(path, (time.time() + 3600,) * 2)
    assert files.clock_finding((path,), time.time()).fix == "timedatectl"


# sources ------------------------------------------------------------------------------------


def looked(state="UP", error="", level="OK", notes=()):
    return Looked("db", "postgres", state, level, 0.02, error, notes, "", ())


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (looked(), ok("db (postgres)", "answers in 20 ms")),
        (
            looked(error="statements may not be read: refused; type GRANT pg_monitor TO watch;"),
            wrong(
                "db (postgres)",
                "up, and not all can be seen: statements may not be read: refused",
                "GRANT pg_monitor TO watch;",
            ),
        ),
        (
            looked(error="1 session of other users: GRANT pg_monitor TO watch;"),
            wrong(
                "db (postgres)",
                "up, and not all can be seen: 1 session of other users",
                "GRANT pg_monitor TO watch;",
            ),
        ),
        (
            looked(notes=("User warroom has no permissions to run the 'lpos' command",)),
            know(
                "db (postgres)",
                "answers in 20 ms; User warroom has no permissions to run the 'lpos' command",
                "redis-cli ACL SETUSER warroom +lpos",
            ),
        ),
        (
            looked("CAN'T SEE", "connect: refused"),
            wrong("db (postgres)", "CAN'T SEE: connect: refused", "warroom check --source db"),
        ),
        (
            looked(level="SEV2"),
            know("db (postgres)", "answers in 20 ms; it is SEV2 now", "warroom check --source db"),
        ),
    ],
)
def test_what_a_source_lacks_is_told_with_what_to_type(one: Looked, expected: Finding):
    class Config:
        sources = {}

    assert list(sources.findings(Config, (one,)))[-1] == expected
