"""``warroom actions`` and ``warroom run`` as they are typed: shown, confirmed, told, with an exit
status that says what is known."""

import asyncio
import json
import os
import pty
import subprocess
import sys
import threading

import pytest

from tests.live.actions.engines import TOGGLE, command, finished, hold, ran, started, write
from tests.live.rooms import Room, room
from tests.live.shells import REFUSED, USAGE, declare, kill_engine, shell
from tests.waiting import until
from warroom.cli.asking import Engine
from warroom.wire import GetActing

__all__ = ["room"]

FAILED, UNKNOWN = 1, 3
LEVEL = {"parameters.level.type": '"integer"', "parameters.level.maximum": "9"}


@pytest.fixture
def shop(room: Room) -> Room:
    """A room with an action of every sort of end."""
    write(
        room,
        command("work", "/bin/sh", "work.sh", "{level}", "{word}", **LEVEL, **WORD),
        command("fail", "/bin/sh", "-c", "echo no; exit 7"),
        command("late", "/bin/sleep", "30", deadline='"1s"'),
        command("soft", "/bin/sh", "work.sh", danger='"moderate"', word='"flush"'),
        command("hard", "/bin/sh", "work.sh", danger='"severe"'),
        command("freeze", "/bin/true") + TOGGLE,
        command("writable", "/bin/true"),
    )
    return room


WORD = {"parameters.word.default": '"plain"'}


def run(room: Room, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
    return shell(room, "run", *arguments, code=code)


def test_what_is_printed_goes_to_stdout_and_what_is_said_to_stderr(shop: Room) -> None:
    done = run(shop, "work", "--set", "level=3", "--set", "word=$(id) x=y;", "--confirm", "y")
    assert done.stdout == "it begins: 3 $(id) x=y;\nit ends\n"
    assert "Do work: mild" in done.stderr
    assert "'$(id) x=y;'" in done.stderr
    assert "Do work SUCCEEDED after " in done.stderr
    (line,) = ran(shop)
    assert line.endswith(" 3 $(id) x=y;")
    (body,) = started(shop)
    assert body.values == {"level": "3", "word": "$(id) x=y;"}
    assert f"sha256    {body.digest}" in done.stderr


def test_a_dry_run_shows_exactly_what_would_run_and_runs_nothing(shop: Room) -> None:
    done = run(shop, "work", "--set", "level=3", "--dry-run")
    assert "/bin/sh work.sh 3 plain" in done.stdout
    assert "where     test (" in done.stdout
    assert "way back  nothing takes it back" in done.stdout
    as_json = json.loads(run(shop, "work", "--set", "level=3", "--dry-run", "--json").stdout)
    assert as_json["run"] is None
    assert as_json["plan"]["steps"][0]["lines"][0] == "/bin/sh work.sh 3 plain"
    assert f"sha256    {as_json['plan']['digest']}" in done.stdout
    assert (ran(shop), started(shop)) == ([], [])


NOT_RUN = [
    ("work --set level=3", REFUSED, 'or --confirm "y"'),
    ("work --set level=3 --confirm yes", REFUSED, 'not run: "y" was to be typed'),
    ("soft --confirm y", REFUSED, 'not run: "flush" was to be typed'),
    ("hard --confirm Test", REFUSED, 'not run: "test" was to be typed'),
    ("work --set level=10 --confirm y", REFUSED, "the most is 9"),
    ("work --set level=3 --set other=1 --confirm y", REFUSED, "no parameter other"),
    ("nothing --confirm y", REFUSED, "no action nothing"),
    ("work --set level --confirm y", USAGE, "write it as KEY=VALUE"),
    ("work --set level=3 --set level=4 --confirm y", USAGE, "--set level: it is given twice"),
    ("work --set level=3 --stdin level --confirm y", USAGE, "it is given with --set too"),
]


def test_what_is_not_confirmed_or_makes_no_sense_is_not_run(shop: Room) -> None:
    for arguments, code, words in NOT_RUN:
        done = run(shop, *arguments.split(), code=code)
        assert done.stdout == ""
        assert words in done.stderr
    assert (ran(shop), started(shop)) == ([], [])


def test_each_end_has_its_status(shop: Room) -> None:
    failed = run(shop, "fail", "--confirm", "y", code=FAILED)
    assert failed.stdout == "no\n"
    assert "Do fail FAILED after" in failed.stderr
    assert ": exit 7" in failed.stderr
    late = run(shop, "late", "--confirm", "y", code=UNKNOWN)
    assert "Do late TIMED OUT after" in late.stderr
    assert run(shop, "soft", "--confirm", "flush").stdout.endswith("it ends\n")
    assert run(shop, "hard", "--confirm", "test").stdout.endswith("it ends\n")
    assert [one.outcome for one in finished(shop)] == [
        *("failed", "timed out", "succeeded", "succeeded"),
    ]


def test_as_json_it_is_one_document_and_nothing_else(shop: Room) -> None:
    incident = declare(shop, "checkout is down")
    done = run(shop, "work", "--set", "level=1", "--confirm", "y", "--json")
    found = json.loads(done.stdout)
    assert found["run"]["outcome"] == "succeeded"
    assert found["run"]["head"] == ["it begins: 1 plain", "it ends"]
    assert found["plan"]["digest"] == found["run"]["digest"]
    assert found["plan"]["incident"] == incident  # the only one that is open
    failed = run(shop, "fail", "--confirm", "y", "--json", code=FAILED)
    assert json.loads(failed.stdout)["run"]["outcome"] == "failed"
    assert "Do work" in shell(shop, "log").stdout


def test_what_there_is_what_ran_and_what_is_on_is_listed(shop: Room) -> None:
    run(shop, "freeze", "--confirm", "y")
    listed = shell(shop, "actions")
    assert listed.stderr == ""
    assert "work                     mild      Do work" in listed.stdout
    assert "--set level=INTEGER" in listed.stdout
    assert "--set word=STRING (plain if not given)" in listed.stdout
    assert "Do freeze SUCCEEDED after" in listed.stdout
    assert "ON read-only since " in listed.stdout
    found = json.loads(shell(shop, "actions", "--json").stdout)
    assert [one["name"] for one in found["on"]] == ["read-only"]
    assert len(found["actions"]) == 7
    assert found["runs"][0]["outcome"] == "succeeded"


def test_a_room_without_actions_says_how_to_write_them(room: Room) -> None:
    done = shell(room, "actions")
    assert done.stdout == ""
    assert "[actions.NAME]" in done.stderr


def in_background(room: Room, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "warroom", "run", "--config", str(room.config), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_when_the_engine_is_killed_nobody_knows(shop: Room) -> None:
    held = hold(shop)
    process = in_background(shop, "work", "--set", "level=3", "--confirm", "y")
    until(lambda: ran(shop))
    kill_engine(shop)
    held.unlink()
    _, err = process.communicate(timeout=30)
    assert process.returncode == UNKNOWN, err.decode()
    assert b"whether it was run is not known" in err
    until(lambda: [one.outcome for one in finished(shop)] == ["unknown"])
    assert len(ran(shop)) == 1


def test_ended_by_its_person_the_run_goes_on(shop: Room) -> None:
    held = hold(shop)
    process = in_background(shop, "work", "--set", "level=3", "--confirm", "y")
    until(lambda: ran(shop))
    process.terminate()
    process.communicate(timeout=30)
    assert "Do work RUNNING" in shell(shop, "actions").stdout
    # and nobody runs it besides
    refused = run(shop, "work", "--set", "level=3", "--confirm", "y", code=REFUSED)
    assert "runs it since" in refused.stderr
    held.unlink()
    until(lambda: [one.outcome for one in finished(shop)] == ["succeeded"])


def at_a_terminal(room: Room, typed: bytes, *arguments: str) -> tuple[int, str, str]:
    """Run it with a keyboard and a screen, its output redirected: the status, what came out of it,
    what stood on the screen."""
    main, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "warroom", "run", "--config", str(room.config), *arguments],
        stdin=other,
        stdout=subprocess.PIPE,
        stderr=other,
        start_new_session=True,
    )
    os.close(other)
    screen = bytearray()

    def watch() -> None:
        try:
            while data := os.read(main, 4096):
                screen.extend(data)
                if b"to run it" in screen and not answered.is_set():
                    answered.set()
                    os.write(main, typed)
        except OSError:
            return  # the screen is gone with its program

    answered = threading.Event()
    watching = threading.Thread(target=watch)
    watching.start()
    out, _ = process.communicate(timeout=30)
    watching.join(10)
    os.close(main)
    return process.returncode, out.decode(), screen.decode()


def test_at_a_terminal_it_asks_there_and_not_in_the_output(shop: Room) -> None:
    for typed, code in ((b"y\n", REFUSED), (b"\n", REFUSED), (b"flush\n", 0)):
        status, out, screen = at_a_terminal(shop, typed, "soft")
        assert (status, 'Type "flush" to run it' in screen) == (code, True)
        assert out == ("it begins:\nit ends\n" if code == 0 else "")
        assert len(ran(shop)) == (code == 0)


async def test_a_command_that_stays_for_long_is_still_answered(
    shop: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's beats come all the while, to one who takes none of them."""
    monkeypatch.setattr("warroom.attach.client.BACKLOG", 1)
    engine = Engine(shop.paths)
    try:
        await engine.welcome()
        for _ in range(2):
            answer = await asyncio.wait_for(engine.done(GetActing(ref=0)), 10)
            assert answer.acting is not None
            await asyncio.sleep(1.2)
    finally:
        await engine.close()
