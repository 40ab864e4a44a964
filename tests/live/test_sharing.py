"""A shared screen of a real room that is full of what must not be seen: its very bytes."""

import io
import json
import tarfile

import pytest

from tests.live.planted_room import HOST, PERSON, SECRETS, SHORT, TELLING, planted_room
from tests.rooms import WARROOM
from tests.terminal import Terminal, until
from warroom import __version__
from warroom.attach.client import connect
from warroom.attach.room import room_paths
from warroom.config.local import read_local
from warroom.wire import PROTOCOL, Hello, PlanAction, RunAction

pytestmark = pytest.mark.long

ESC = "\x1b"
WALK = (
    ("1", (), ""),
    ("z", ("request",), ""),
    (ESC, ("2 Signals",), ""),
    ("2z", ("range",), ""),
    (ESC, ("3 Onset",), ""),
    ("]", ("1 Deployments",), ""),
    ("1z", (), "2 Timeline"),
    (ESC, ("2 Timeline",), ""),
    ("2z", ("Enter whole",), "1 Deployments"),
    (ESC, ("3 Resources",), "Enter whole"),
    ("a", ("mild", "Actions"), ""),
    ("c", ("SHA-256", "printf"), ""),
    (ESC, (), "SHA-256"),
    ("X", ("Done lately", "Calm"), ""),
    (ESC, (), "Done lately"),
    ("u", ("first notice", "<mail-"), ""),
    (ESC, (), "first notice"),
    ("U", ("No message was sent",), ""),
    (ESC, (), "No message was sent"),
    ("p", ("Slow on <host-", "All others"), ""),
    ("\r", ("Symptoms",), ""),
    (ESC, (), "Symptoms"),
    (ESC, (), "All others"),
    ("B", ("Brief",), ""),
    (ESC, (), "Brief"),
)
"""Keys, what stands on the screen then, and what does not any more."""


def leaked(text):
    """What of the planted values is in it, whatever the case of its letters."""
    folded = text.casefold()
    return [secret for secret in SECRETS if secret.casefold() in folded]


def furnish(room):
    """An incident whose title, note, action's output and check name everything."""
    room.run("declare", f"All slow on {HOST}", "--sev", "SEV2")
    room.run("note", TELLING, "--name", PERSON)
    room.run("run", "calm", "--confirm", "y")
    room.run("playbook", "check", "look")


def test_no_byte_of_a_shared_session_gives_a_planted_value_away():
    with planted_room() as room:
        furnish(room)
        argv = [*WARROOM, "--share", "--name", PERSON]
        with Terminal(argv, env=room.env, columns=120, rows=40) as terminal:
            terminal.wait_for("SHARED", "All slow on <host-", seconds=40)
            for keys, words, gone in WALK:
                terminal.type(keys)
                terminal.wait_for(*words, seconds=30)
                if gone:
                    terminal.wait_gone(gone, seconds=30)
                assert leaked(terminal.text) == []
            before = room.engine
            room.run("restart")
            until(lambda: room.engine not in (None, before), 30)
            terminal.wait_for("All slow on <host-", "note", seconds=30)
            raw = bytes(terminal.raw).decode("utf-8", "replace")
        assert leaked(raw) == []


def pressed(terminal, key):
    """The key, once the dialog takes it: at first it is deaf."""

    def gone():
        if "Stop masking?" in terminal.text:
            terminal.type(key)
        return "Stop masking?" not in terminal.text

    until(gone, 20, lambda: terminal.text)


def test_s_masks_at_once_and_only_a_yes_shows_again():
    with planted_room() as room:
        furnish(room)
        with Terminal(WARROOM, env=room.env, columns=120, rows=40) as terminal:
            terminal.wait_for(HOST, "note", seconds=40)
            terminal.type(f"i{PERSON} saw it on {SHORT}\x1b")
            terminal.wait_for(f"saw it on {SHORT}")
            terminal.wait_gone("Enter writes")  # an Esc and a letter in one read are another key
            seen = len(terminal.raw)
            terminal.type("S")
            terminal.wait_for("SHARED", "All slow on <host-", seconds=30)
            after = bytes(terminal.raw[seen:])
            # What was painted before S was read is before the screen was blanked.
            masked = after[after.index(b"\x1b[2J") :].decode("utf-8", "replace")
            assert leaked(masked) == []
            terminal.type("S")
            terminal.wait_for("Stop masking?")
            pressed(terminal, "\r")
            assert "SHARED" in terminal.text
            assert leaked(terminal.text) == []
            terminal.type("S")
            terminal.wait_for("Stop masking?")
            terminal.type("\t")
            pressed(terminal, " ")
            terminal.wait_gone("SHARED")
            terminal.wait_for(HOST, f"saw it on {SHORT}", seconds=30)


def test_a_recorded_console_is_masked_from_the_first_byte_and_says_why():
    with planted_room() as room:
        furnish(room)
        env = {**room.env, "ASCIINEMA_SESSION": "1"}
        with Terminal(WARROOM, env=env, columns=80, rows=24) as terminal:
            terminal.wait_for("SHARED", "asciinema records this", "<host-", seconds=40)
            assert leaked(bytes(terminal.raw).decode("utf-8", "replace")) == []


COMMANDS = (
    ("status", "--json"),
    ("log",),
    ("incident", "--json"),
    ("incidents",),
    ("draft", "--json"),
    ("check",),
    ("actions",),
    ("outbox",),
    ("playbooks",),
    ("playbook", "show", "slow"),
    ("playbook", "check", "look"),
)
ALONE = ("log", "incident")
"""Of those that need no engine, two that read the journal."""


def test_no_command_or_export_gives_a_planted_value_away(tmp_path):
    with planted_room() as room:
        furnish(room)
        for command in COMMANDS:
            done = room.run(*command, "--share", check=False)
            assert "<" in done.stdout + done.stderr or command[0] == "outbox", command
            assert leaked(done.stdout + done.stderr) == [], command
        for engine in (True, False):
            exported(room, tmp_path, f"{engine}")
            if engine:
                room.run("stop", "--force")
        for command in COMMANDS:
            if command[0] in ALONE:
                done = room.run(*command, "--share", check=False)
                assert leaked(done.stdout + done.stderr) == [], command


def exported(room, folder, name):
    """Every document, and the bundle with its evidence."""
    path = folder / f"{name}.tar.gz"
    room.run("export", "--share", "--bundle", "--output", str(path))
    found = {}
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as packed:
        for member in packed.getmembers():
            file = packed.extractfile(member)
            found[member.name.partition("/")[2]] = file.read().decode()
    assert {name: leaked(text) for name, text in found.items() if leaked(text)} == {}
    assert "evidence/seen.jsonl" in found
    documents = [text for name, text in found.items() if name.startswith("post-mortem.")]
    assert len(documents) >= 2
    assert all("masked" in text for text in documents)
    head = json.loads(found["post-mortem.json"])["head"]
    assert head == found["HEAD"].strip()
    assert room.run("verify", "--head", head).returncode == 0


async def test_what_is_run_and_written_from_a_shared_console_is_what_was_meant():
    with planted_room() as room:
        furnish(room)
        paths = room_paths(read_local(room.config), room.env)
        hello = Hello(protocol=PROTOCOL, version=__version__, role="command", share=True)
        async with await connect(paths, hello) as console:
            plain = await console.request(PlanAction(ref=0, action="calm"))
            line = next(line for line in plain.plan.lines if "<host-" in line)
            stand_in = line[line.rindex("<host-") :].partition(">")[0] + ">"
            incident = json.loads(room.run("incidents", "--json").stdout)[0]["id"]
            values = {"what": f"it on {stand_in}"}
            asked = PlanAction(ref=0, action="calm", values=values, incident=incident)
            plan = (await console.request(asked)).plan
            assert leaked(str(plan)) == []
            done = await console.request(RunAction(ref=0, once="a", digest=plan.digest))
            assert done.ok
        lines = [json.loads(line) for line in room.run("log", "--json").stdout.splitlines()]
        begun = [one["body"] for one in lines if one["body"]["kind"] == "action-started"]
        assert begun[-1]["digest"] == plan.digest
        assert begun[-1]["values"] == {"what": f"it on {SHORT}"}
