"""Actions that run a program: what reaches it, what does not, and what is said of its end."""

import asyncio
import contextlib
import fcntl
import json
import os
import shlex
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.live.actions.acting import CANARY, Acting
from tests.live.probing import loop_watched
from tests.processes import alive
from tests.waiting import until_async
from warroom.actions.hand import Live
from warroom.errors import ActionError, JournalError
from warroom.incident.acting.runs import HEAD, TAIL

SOON = 2.0
"""Seconds in which all of a group must be gone."""
RECORDER = """
import json, os, sys
words = [os.fsencode(word).hex() for word in sys.argv[1:]]
read = sys.stdin.buffer.read().hex()
open("seen.json", "w").write(json.dumps([words, read]))
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
EVIL = st.one_of(
    TEXT,
    st.sampled_from(
        ["", " ", ";rm -rf /", "$(touch owned)", "`touch owned`", "a'b\"c\\", "a\nb\r\n", "-rf",
         "--help", "{a}", "{{", "%s", "*", "~", "\x1b[2J", "&&", "|", ">x",
         "ü\u202e\u200b\U0001f600"]
    ),
)  # fmt: skip


def command(*argv: str, more: str = "") -> str:
    return f'kind = "command"\nargv = {json.dumps(argv)}\n{more}'


def python(code: str, more: str = "", *argv: str) -> str:
    """A program in Python; braces in it are no parameters."""
    doubled = code.replace("{", "{{").replace("}", "}}")
    return command(sys.executable, "-I", "-S", "-c", doubled, *argv, more=more)


def sh(script: str, more: str = "") -> str:
    return command("/bin/sh", "-c", script, more=more)


def pids(folder: Path) -> list[int]:
    """Those that wrote their numbers."""
    return [int(path.read_text()) for path in folder.glob("*.pid") if path.read_text()]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    """An action whose program writes down what it was given, and the folder it does it in."""
    folder = tmp_path_factory.mktemp("recorder")
    taken = "".join(
        f"[actions.it.parameters.{name}]\nlongest = 4000\ndefault = ''\n" for name in "abcd"
    )
    more = f"stdin = '<{{d}}>'\n{taken}"
    made = Acting(folder, python(RECORDER, more, "{a}", "--b={b}", "{{{c}}}x{a}"))
    return made, folder


@pytest.mark.trap(
    4,
    "`;rm -rf`, `$(…)`, quotes and line ends in a program's arguments",
    "equal byte for byte, without a shell",
)
@settings(max_examples=60)
@given(EVIL, EVIL, EVIL, EVIL)
@example("$(touch owned)", ";touch owned", "'\"\\", "line\nline")
def test_every_value_arrives_byte_for_byte_and_nobody_reads_it_as_words(recorder, a, b, c, d):
    made, folder = recorder
    assume(not a.startswith("-"))
    (folder / "seen.json").unlink(missing_ok=True)
    run = asyncio.run(made.run(a=a, b=b, c=c, d=d))
    assert run.came == "succeeded"
    words, read = json.loads((folder / "seen.json").read_text())
    expected = [a, f"--b={b}", f"{{{c}}}x{a}"]
    assert [bytes.fromhex(word) for word in words] == [word.encode() for word in expected]
    assert bytes.fromhex(read) == f"<{d}>".encode()
    assert shlex.split(run.step.lines[0])[5:] == expected, "what was shown is what ran"
    assert not (folder / "owned").exists()


@pytest.mark.parametrize("value", ["-", "-rf", "--", "--output=/etc/passwd"])
async def test_a_value_that_would_be_an_option_is_refused(recorder, value):
    with pytest.raises(ActionError, match=r"a: .* begins with a dash"):
        await recorder[0].plan(a=value)
    assert (await recorder[0].run(b=value)).came == "succeeded"


async def test_an_option_made_of_two_values_is_refused(tmp_path):
    taken = "[actions.it.parameters.a]\ndefault=''\n[actions.it.parameters.b]\n"
    made = Acting(tmp_path, command("echo", "{a}{b}", more=taken))
    with pytest.raises(ActionError, match="begins with a dash"):
        await made.plan(b="-rf")


@pytest.mark.parametrize(
    ("value", "words"),
    [("x" * (1 << 20), "more than 4000 characters"), ("a\0b", "NUL"), ("a\ud800", "no text")],
)
async def test_what_no_program_can_be_given_is_refused_before(recorder, value, words):
    with pytest.raises(ActionError, match=words):
        await recorder[0].plan(d=value)


@pytest.mark.trap(
    27, "a program that prints its environment", "what is named and what any program needs"
)
async def test_its_environment_is_what_is_named_and_what_any_program_needs(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("LD_PRELOAD", "")
    more = f'env = {{ DEPLOY_TOKEN = {{ file = "token" }}, REGION = "{CANARY[:6]}-1" }}'
    code = 'import json, os; open("seen.json", "w").write(json.dumps(dict(os.environ)))'
    run = await Acting(tmp_path, python(code, more), token=CANARY).run()
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert (seen.pop("DEPLOY_TOKEN"), seen.pop("REGION")) == (CANARY, "canary-1")
    assert "hunter2" not in seen.values()
    assert set(seen) <= {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LC_CTYPE"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK"),
        *(name for name in os.environ if name.startswith(("LC_", "XDG_"))),
    }
    assert "with DEPLOY_TOKEN=***" in run.step.lines
    assert CANARY not in run.shown


async def test_a_secret_is_in_no_argument_list_and_the_words_in_the_program_s_own_alone(tmp_path):
    code = """
import os, sys
secret = sys.stdin.buffer.read()
for what, text in (("secret", secret), ("word", secret[::-1])):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if text in open(f"/proc/{pid}/cmdline", "rb").read():
                print(what, "own" if int(pid) == os.getpid() else pid)
        except OSError:
            pass
"""
    more = 'stdin = { file = "token" }\nenv = { TOKEN = { file = "token" } }\n'
    word = "[actions.it.parameters.word]\n"
    made = Acting(tmp_path, python(code, more + word, "{word}"), token=CANARY)
    run = await made.run(word=CANARY[::-1])
    assert run.output.text == "word own"
    assert "reads ***" in run.step.lines


async def test_without_its_secret_nothing_is_run(tmp_path):
    made = Acting(tmp_path, sh("touch ran", 'env = { T = { file = "gone" } }'))
    run = await made.run()
    assert (run.came, run.begun, (tmp_path / "ran").exists()) == ("failed", 0, False)
    assert run.result.text.startswith("nothing was run: ")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("no-such-program",), "there is no program no-such-program on the PATH"),
        (("./plain",), "is no program that can be run"),
        (("./torn",), "cannot be started: No such file or directory"),
        (("/",), "is no program that can be run"),
    ],
)
async def test_what_cannot_be_started_was_not_run(tmp_path, argv, words):
    (tmp_path / "plain").write_text("x")
    (tmp_path / "torn").write_text("#!/no/such/interpreter\n")
    (tmp_path / "torn").chmod(0o700)
    run = await Acting(tmp_path, command(*argv)).run()
    assert run.came == "failed"
    assert run.result.text.startswith("nothing was run: ")
    assert words in run.result.text


async def test_what_may_not_begin_is_not_run(tmp_path):
    with pytest.raises(JournalError):
        await Acting(tmp_path, sh("touch ran")).run(refuses=JournalError("full"))
    assert not (tmp_path / "ran").exists()


async def test_more_than_a_pipe_holds_is_refused_and_the_loop_goes_on(tmp_path, monkeypatch):
    """A user with very many pipes gets small ones: who writes into one waits for ever."""
    real, made = os.pipe, []

    def small():
        ends = real()
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
        made.append(ends[0])
        return ends

    def drained():
        for end in made:
            with contextlib.suppress(OSError):
                os.read(end, 1 << 16)

    (tmp_path / "input").write_text("x" * 6000)
    (tmp_path / "input").chmod(0o600)
    acting = Acting(tmp_path, sh("cat", 'stdin = { file = "input" }'))
    # Who waits is let go some time, so that this fails and does not hang.
    rescue = threading.Timer(5, drained)
    rescue.start()
    with monkeypatch.context() as patched:
        patched.setattr("warroom.connect.process.os.pipe", small)
        run = await acting.run()
    rescue.cancel()
    assert run.came == "failed"
    assert "nothing was run: what it reads does not fit" in run.result.text


@pytest.mark.trap(
    8, "a program that wants a terminal and a password", "it has none and gets the end"
)
async def test_it_has_no_terminal_and_who_asks_for_a_password_gets_the_end(tmp_path):
    code = """
import os
try:
    open("/dev/tty")
except OSError:
    print("no terminal")
print("own", os.getsid(0) == os.getpid() == os.getpgid(0))
try:
    input("Password: ")
except EOFError:
    print("the end")
"""
    run = await Acting(tmp_path, python(code)).run()
    assert list(run.output.head) == ["no terminal", "own True", "Password: the end"]


@pytest.mark.trap(
    3,
    "programs that exit 0 with an error in their words, and not 0",
    "what the words and the status mean, not what was hoped for",
)
@pytest.mark.parametrize(
    ("script", "more", "came", "words"),
    [
        ("exit 0", "", "succeeded", "exit 0"),
        ("exit 3", "", "failed", "exit 3"),
        ("exit 3", "statuses = [0, 3]", "succeeded", "exit 3"),
        ("exit 0", "statuses = [3]", "failed", "exit 0"),
        ("kill -9 $$", "", "failed", "killed by signal 9"),
        ("kill -9 $$", "statuses = [9]", "failed", "killed by signal 9"),
        ("echo done", "succeeds_if = '^done$'", "succeeded", "exit 0"),
        ("printf 'done\\r\\n'", "succeeds_if = '^done$'", "succeeded", "exit 0"),
        ("echo undone", "succeeds_if = '^done$'", "failed", "exit 0, but it did not say ^done$"),
        ("echo done; exit 1", "succeeds_if = 'done'", "failed", "exit 1"),
        ("echo ERROR: quota >&2", "fails_if = '(?i)error'", "failed",
         "exit 0, but it said: ERROR: quota"),
        ("printf ERR; printf OR", "fails_if = 'ERROR'", "failed", "exit 0, but it said: ERROR"),
        ("echo done; echo error", "succeeds_if = 'done'\nfails_if = 'error'", "failed",
         "exit 0, but it said: error"),
        # The two outputs in turns: neither tears the other's words apart.
        ("printf ERR; sleep 0.1; echo noise >&2; sleep 0.1; echo OR", "fails_if = 'ERROR'",
         "failed", "exit 0, but it said: ERROR"),
    ],
)  # fmt: skip
async def test_what_its_end_and_its_words_mean(tmp_path, script, more, came, words):
    run = await Acting(tmp_path, sh(script, more)).run()
    assert (run.came, run.result.text, run.begun) == (came, words, 1)


async def test_of_a_flood_head_and_tail_are_kept_and_the_rest_is_counted_and_searched(tmp_path):
    many = 300_000
    run = await Acting(tmp_path, sh(f"seq 1 {many}", "fails_if = '^150000$'")).run()
    assert (run.came, run.result.text) == ("failed", "exit 0, but it said: 150000")
    assert run.output.head == [str(n) for n in range(1, HEAD + 1)]
    assert list(run.output.tail) == [str(n) for n in range(many - TAIL + 1, many + 1)]
    assert run.output.dropped == many - HEAD - TAIL


@pytest.mark.trap(8, "output without an end", "bounded, the loop goes on")
@pytest.mark.parametrize("what", ["yes", "yes | tr -d '\\n'", "cat /dev/zero", "yes >&2"])
async def test_a_flood_without_an_end_holds_nobody_up_and_fills_nothing(tmp_path, what):
    made = Acting(tmp_path, sh(what, "deadline = '1s'\nfails_if = 'error$'\nsucceeds_if = 'ok'"))
    plan = await made.plan()
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    async with loop_watched():
        run = await made.run(plan)
    assert time.monotonic() - began < 1 + SOON
    assert run.came == "timed out"
    assert psutil.Process().memory_info().rss - before < 32 << 20
    assert len(run.output.text) < 300 * (HEAD + TAIL + 1)


@pytest.mark.parametrize("at", [100, 9_000, 50_000, 99_000, 400_000])
async def test_of_a_long_line_every_part_is_searched(tmp_path, at):
    code = f'import os, sys; os.write(1, b"x" * {at} + b"ERROR" + b"y" * (500000 - {at}))'
    run = await Acting(tmp_path, python(code, "fails_if = 'ERROR'")).run()
    assert run.came == "failed"


@pytest.mark.trap(17, "hostile output of a program", "shown")
async def test_hostile_output_is_seen_and_not_obeyed(tmp_path):
    code = """
import os
os.write(1, b"\\x1b[2J\\x1b]52;c;eA==\\x07\\n\\xc2\\x9b31m\\n\\xe2\\x80\\xae\\x00\\n")
os.write(1, b"\\xff\\xfe[/][@click=app.quit]\\n")
os.write(1, b"z" * (1 << 20) + b"\\nlast")
"""
    run = await Acting(tmp_path, python(code, "fails_if = 'nothing'")).run()
    assert list(run.output.head) == [
        "␛[2J␛]52;c;eA==␇",
        "\\u009b31m",
        "\\u202e␀",
        "\ufffd\ufffd[/][@click=app.quit]",
        "z" * 299 + "…",
        "last",
    ]


async def test_a_secret_that_it_prints_is_masked_also_in_two_reads_and_between_the_outputs(
    tmp_path,
):
    half = len(CANARY) // 2
    code = f"""
import os, sys, time
secret = os.environ["TOKEN"].encode()
for part, to in ((secret[:{half}], 1), (b"noise\\n", 2), (secret[{half}:] + b"!\\n", 1)):
    os.write(to, part)
    time.sleep(0.1)
os.write(1, b"x" * 290 + secret + b"\\n")
os.write(1, b"ERROR with " + b"y" * 140 + secret + b"\\n")
"""
    more = "env = { TOKEN = { file = 'token' } }\nfails_if = 'ERROR'\n"
    run = await Acting(tmp_path, python(code, more), token=CANARY).run()
    assert run.output.head[:2] == ["noise", "***!"]
    assert run.came == "failed"
    assert CANARY[:6] not in run.shown


async def test_a_secret_in_clear_in_the_file_is_in_no_plan(tmp_path):
    more = f"env = {{ API_TOKEN = '{CANARY}' }}\n"
    run = await Acting(tmp_path, sh("echo $API_TOKEN", more)).run()
    assert run.output.text == "***"
    assert CANARY not in run.shown


FAMILY = """
echo $$ > leader.pid
{trap}
sh -c 'echo $$ > child.pid; {trap} while :; do sleep 0.05; done' &
until test -s child.pid; do :; done
{then}
"""
STUBBORN = "trap '' TERM HUP;"


@pytest.mark.trap(
    8, "a deadline passed with grandchildren that hold the pipe", "all gone within 2 s"
)
@pytest.mark.parametrize("trap", ["", STUBBORN], ids=["willing", "stubborn"])
async def test_at_the_deadline_all_of_it_is_gone(tmp_path, trap):
    script = FAMILY.format(trap=trap, then="wait; sleep 60")
    made = Acting(tmp_path, sh(script, "deadline = '1s'"))
    began = time.monotonic()
    run = await made.run()
    assert time.monotonic() - began < 1 + SOON
    assert run.came == "timed out"
    assert "what it had done until then stands, and is not known" in run.result.text
    assert len(pids(tmp_path)) == 2
    await until_async(lambda: not any(map(alive, pids(tmp_path))), SOON)


@pytest.mark.trap(8, "the same told to end", "all gone within 2 s")
@pytest.mark.parametrize("trap", ["", STUBBORN], ids=["willing", "stubborn"])
async def test_cancelled_all_of_it_is_gone(tmp_path, trap):
    made = Acting(tmp_path, sh(FAMILY.format(trap=trap, then="echo said; wait; sleep 60")))
    run = await made.plan()
    task = asyncio.create_task(made.run(run))
    await until_async(lambda: run.output.lines)
    began = time.monotonic()
    task.cancel()
    await asyncio.wait([task])
    assert time.monotonic() - began < SOON
    assert task.cancelled()
    assert run.work.cut("cancelled").text.startswith("it and all it started were ended")
    await until_async(lambda: not any(map(alive, pids(tmp_path))), SOON)


async def test_what_a_program_leaves_behind_with_the_pipe_holds_nobody_up(tmp_path):
    made = Acting(tmp_path, sh(FAMILY.format(trap=STUBBORN, then="echo said"), "deadline = '20s'"))
    began = time.monotonic()
    run = await made.run()
    assert time.monotonic() - began < SOON + 1
    assert (run.came, run.output.text) == ("succeeded", "said")
    await until_async(lambda: not any(map(alive, pids(tmp_path))), SOON)


async def test_cancelled_before_it_began_nothing_was_run(tmp_path):
    run = await Acting(tmp_path, sh("exit 0")).plan()
    assert run.work.cut("cancelled").text == "nothing was run"


async def test_one_that_cannot_be_ended_is_told(tmp_path, monkeypatch):
    """As one that runs as another user, by sudo."""
    kill = os.killpg

    def refused(group, number):
        raise PermissionError

    monkeypatch.setattr("warroom.connect.process.REAP", 0.1)
    monkeypatch.setattr("os.killpg", refused)
    run = await Acting(tmp_path, sh("echo $$ > leader.pid; exec sleep 60", "deadline='1s'")).run()
    (pid,) = pids(tmp_path)
    try:
        assert run.came == "timed out"
        assert run.result.text == f"process {pid} cannot be ended by us, and goes on"
    finally:
        with contextlib.suppress(ProcessLookupError):
            kill(pid, 9)
    await until_async(lambda: not alive(pid))


ROW = "[actions.it.parameters.to]\ntype = 'row'\nsource = 'deploys'\ndefault = 'second'\n"


async def test_a_row_that_is_not_what_it_was_any_more_is_not_run(tmp_path):
    made = Acting(tmp_path, sh("exit 0", ROW).replace('"exit 0"', '"exit 0", "x{to}"'))
    made.rows = (Live("v2", "2", of="v2", title="b"), Live("v1", "1", of="v2", title="a"))
    run = await made.plan()
    assert run.step.targets[0].identity == "deploys:v1"
    assert run.step.lines[0].endswith(" xv1")
    made.rows = (Live("v3", "3", of="v3"), Live("v1", "1", of="v3", title="a"))
    with pytest.raises(ActionError, match="the newest was v2, now v3"):
        await made.run(run)
    made.rows = (Live("v2", "2", of="v2"),)
    with pytest.raises(ActionError, match="v1 is not there any more"):
        await made.run(run)
    made.rows = None
    with pytest.raises(ActionError, match="not known now"):
        await made.run(run)


@pytest.mark.parametrize(
    ("title", "words"), [("", "has no title"), ("-rf", "begins with a dash"), ("a b", None)]
)
async def test_a_row_gives_its_title_if_it_has_one(tmp_path, title, words):
    made = Acting(tmp_path, command("echo", "{to}", more=f"{ROW}gives = 'title'\n"))
    made.rows = (Live("9", "9"), Live("7", "7", title=title))
    if words is None:
        assert (await made.run()).output.text == title
        return
    with pytest.raises(ActionError, match=words):
        await made.plan()
