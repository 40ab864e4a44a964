"""Messages through a real engine: drafted, checked, sent once, and kept through kills."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.ending import ended
from tests.live.bad_server import BadServer, answer, bad_server, serving
from tests.live.comms.receiving import CANARY
from tests.live.rooms import Room, room
from tests.live.shells import REFUSED, shell
from tests.live.watchers import Watcher
from tests.waiting import until_async
from warroom.incident.entries import Impact, Role
from warroom.incident.incident import Incident
from warroom.incident.outward import CLIPBOARD
from warroom.wire import Answer, CheckMessage, GetDraft, Redeliver, SendMessage

__all__ = ["room"]

RECEIVERS = """
[receivers.chat]
kind = "slack"
url = {{ file = "hook" }}
[receivers.status]
kind = "http"
url = "{base}/status"
public = true
[messages]
people = ["Robin"]
"""


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BadServer]:
    async with bad_server() as made:
        made.says(f"/{CANARY}", answer(b"ok"))
        made.says("/status", answer(b"ok"))
        yield made


@pytest.fixture
def told(room: Room, server: BadServer) -> Room:
    """A room with receivers at ``server``."""
    configure(room, server.url("").rstrip("/"))
    return room


def configure(room: Room, base: str) -> None:
    hook = room.config.parent / "hook"
    hook.write_text(f"{base}/{CANARY}")
    hook.chmod(0o600)
    text = room.config.read_text()
    room.config.write_text(text + RECEIVERS.format(base=base))


class Teller(Watcher):
    """Somebody who sends messages."""

    async def draft(self, name: str, purpose: Any = "") -> Any:
        made = (await self.ask(GetDraft(ref=0, incident=name, purpose=purpose))).draft
        assert made is not None
        return made

    async def send(self, name: str, *receivers: str, text: str = "we look", **more: Any) -> Answer:
        known = dict(incident=name, purpose="update", text=text, receivers=receivers)
        known |= {k: more.pop(k) for k in ("purpose", "next", "subject") if k in more}
        checked = (await self.ask(CheckMessage(ref=0, **known))).checked  # type: ignore[arg-type]
        assert checked is not None
        digest = more.pop("digest", checked.digest)
        once = more.pop("once", "") or self.once()
        return await self.ask(SendMessage(ref=0, once=once, digest=digest, **known, **more))  # type: ignore[arg-type]

    async def until_stands(self, name: str, receiver: str, *states: str) -> str:
        """Until the newest message stands so at that receiver; what is said of it."""

        def look(state: Any) -> str:
            found = state.incident(name)
            assert found is None or isinstance(found, Incident)
            for message in found.messages[-1:] if found is not None else ():
                for one in message.deliveries:
                    said = bool(one.text) or one.state != "waiting"
                    if one.receiver == receiver and one.state in states and said:
                        return f"{one.state}: {one.text}"
            return ""

        return str(await self.until(look, 20))


@pytest_asyncio.fixture
async def ana(told: Room) -> AsyncIterator[Teller]:
    watcher = await Teller.at(told, claimed="ana")
    assert isinstance(watcher, Teller)
    yield watcher
    await watcher.close()


async def test_a_message_is_drafted_sent_once_and_told(server: BadServer, ana: Teller) -> None:
    name = await ana.declare(level="SEV1")
    await ana.post(name, Role(role="commander", person="ana"))
    await ana.post(name, Impact(services=("checkout",), share=40.0, text="payments fail"))
    draft = await ana.draft(name)
    assert (draft.purpose, draft.receivers) == ("first", ("chat",))
    assert draft.text.startswith("SEV1: checkout is down")
    sent = await ana.send(name, "chat", text=draft.text, next=draft.next, override="blanks")
    assert sent.ok, sent.message
    assert await ana.until_stands(name, "chat", "sent") == "sent: 200 ok"
    assert len(server.heard) == 1
    assert json.loads(server.heard[0].body)["text"].startswith("SEV1: checkout is down")
    told = ana.incident(name)
    assert told.update is not None
    assert told.update.next == draft.next


async def test_what_was_not_shown_is_not_sent(server: BadServer, ana: Teller) -> None:
    name = await ana.declare()
    refused = await ana.send(name, "chat", digest="0" * 64)
    assert not refused.ok
    assert "not the message that was shown" in refused.message
    assert server.heard == []


async def test_the_linter_keeps_it_back_until_there_is_a_reason(
    server: BadServer, ana: Teller
) -> None:
    name = await ana.declare()
    text = "Robin looks at db.internal"
    refused = await ana.send(name, "status", text=text, purpose="status")
    assert not refused.ok
    assert refused.checked is not None
    assert [one.rule for one in refused.checked.findings] == ["person", "host"]
    assert server.heard == []
    sent = await ana.send(name, "status", text=text, purpose="status", override="it is known")
    assert sent.ok
    await ana.until_stands(name, "status", "sent")
    body = sent.entry.body if sent.entry else None
    assert getattr(body, "override", "") == "it is known"


async def test_sent_twice_by_one_name_it_goes_once(server: BadServer, ana: Teller) -> None:
    name = await ana.declare()
    first = await ana.send(name, "chat", once="mine")
    again = await ana.send(name, "chat", once="mine")
    assert first.entry == again.entry
    await ana.until_stands(name, "chat", "sent")
    assert len(server.heard) == 1


async def test_two_people_send_the_same_at_once(told: Room, server: BadServer, ana: Teller) -> None:
    bob = await Teller.at(told, claimed="bob")
    assert isinstance(bob, Teller)
    name = await ana.declare()
    await bob.until(lambda s: s.incident(name))
    await asyncio.gather(ana.send(name, "chat", once="x"), bob.send(name, "chat", once="x"))
    await ana.until_stands(name, "chat", "sent")
    assert len(server.heard) == 1
    await bob.close()


@pytest.mark.trap(6, "a message's answer lost", "unknown, one message at the receiver")
async def test_cut_off_after_it_was_sent_it_is_unknown_and_never_sent_again(
    told: Room, server: BadServer, ana: Teller
) -> None:
    """TRAPS 6, through everything: the counter is exactly 1, also for the next engine."""
    server.says(f"/{CANARY}", b"", then="reset")
    name = await ana.declare()
    await ana.send(name, "chat")
    assert "nobody knows" in await ana.until_stands(name, "chat", "unknown")
    (engine,) = told.engines()
    os.kill(engine.pid, signal.SIGKILL)
    await until_async(lambda: ana.connection.lost)
    again = await Teller.at(told)
    assert isinstance(again, Teller)
    await again.until_stands(name, "chat", "unknown")
    server.says(f"/{CANARY}", answer(b"ok"))
    assert len(server.heard) == 1
    number = again.incident(name).messages[-1].entry
    request = Redeliver(
        ref=0, once="r", incident=name, message=number, receiver="chat", what="send"
    )
    assert (await again.ask(request)).ok
    await again.until_stands(name, "chat", "sent")
    assert len(server.heard) == 2
    assert not (await again.ask(request)).message
    assert len(server.heard) == 2
    await again.close()


async def test_an_engine_killed_while_it_sends_says_that_nobody_knows(
    told: Room, server: BadServer, ana: Teller
) -> None:
    server.says(f"/{CANARY}", b"", then="silence")
    name = await ana.declare()
    await ana.send(name, "chat")
    await until_async(lambda: server.heard, 10)
    (engine,) = told.engines()
    os.kill(engine.pid, signal.SIGKILL)
    await until_async(lambda: ana.connection.lost)
    again = await Teller.at(told)
    assert isinstance(again, Teller)
    assert "was killed while it was being sent" in await again.until_stands(name, "chat", "unknown")
    assert len(server.heard) == 1
    await again.close()


async def test_out_of_reach_it_waits_over_a_kill_and_is_sent_once(room: Room) -> None:
    bad = BadServer()
    async with serving(bad):
        port = bad.port
    configure(room, f"http://127.0.0.1:{port}")
    ana = await Teller.at(room)
    assert isinstance(ana, Teller)
    name = await ana.declare()
    await ana.send(name, "chat")
    assert "refused" in await ana.until_stands(name, "chat", "waiting")
    assert ana.incident(name).messages
    outbox = json.loads(shell(room, "status", "--json").stdout)["outbox"]
    assert outbox == 1
    assert "WAITS" in shell(room, "outbox").stdout
    (engine,) = room.engines()
    os.kill(engine.pid, signal.SIGKILL)
    await until_async(lambda: ana.connection.lost)
    await ana.close()
    bad = BadServer()  # one that has ended answers nobody
    server = await asyncio.start_server(bad.serve, "127.0.0.1", port)
    bad.says(f"/{CANARY}", answer(b"ok"))
    again = await Teller.at(room)
    assert isinstance(again, Teller)
    await again.until_stands(name, "chat", "sent")
    assert len(bad.heard) == 1
    await again.close()
    await ended(server)
    await bad.finish()
    await server.wait_closed()


async def test_copied_by_hand_it_is_noted_and_the_promise_runs(ana: Teller) -> None:
    name = await ana.declare(level="SEV1")
    draft = await ana.draft(name, "update")
    done = await ana.send(name, CLIPBOARD, text=draft.text, next=draft.next, override="x")
    assert done.ok
    await ana.until_stands(name, CLIPBOARD, "copied")
    update = ana.incident(name).update
    assert update is not None
    assert update.next == draft.next


@pytest.mark.parametrize("want", ["watch", "note"])
async def test_who_may_not_act_sends_nothing(
    told: Room, server: BadServer, ana: Teller, want: Any
) -> None:
    name = await ana.declare()
    other = await Teller.at(told, want=want)
    assert isinstance(other, Teller)
    refused = await other.send(name, "chat")
    assert "this needs act" in refused.message
    assert server.heard == []
    await other.close()


async def test_no_secret_is_kept_or_told(told: Room, server: BadServer, ana: Teller) -> None:
    name = await ana.declare()
    repeated = answer(f"Cannot POST /{CANARY}".encode(), status=403)
    for then in ("reset", "keep"):
        server.says(f"/{CANARY}", b"" if then == "reset" else repeated, then=then)
        await ana.send(name, "chat", text=f"it is {then}")
        await ana.until_stands(name, "chat", "unknown", "failed")
    files = [p for p in Path(told.paths.folder).rglob("*") if p.is_file()]
    assert any(path.name == "journal.db" for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path
    for command in ("log", "outbox", "status", "logs"):
        done = shell(told, command)
        assert CANARY not in done.stdout + done.stderr


async def test_from_a_shell_it_is_shown_and_sent_only_when_it_is_meant(
    told: Room, server: BadServer, ana: Teller
) -> None:
    name = await ana.declare(level="SEV1")
    typed = ("send", name, "--purpose", "update", "--text", "We look.", "--next", "15m")
    loop = asyncio.get_running_loop()

    async def run(*arguments: str, code: int = 0) -> Any:
        return await loop.run_in_executor(None, lambda: shell(told, *arguments, code=code))

    draft = await run("draft", name)
    assert draft.stdout.startswith("SEV1: checkout is down")
    assert "goes to: chat" in draft.stderr
    refused = await run(*typed, code=REFUSED)
    assert "to chat:\n  We look." in refused.stderr
    assert "the text does not say when" in refused.stderr
    refused = await run(*typed, "--override", "it is plain", code=REFUSED)
    assert "nobody to ask" in refused.stderr
    assert server.heard == []
    done = await run(*typed, "--override", "it is plain", "--yes")
    assert done.stdout.startswith(name)
    await ana.until_stands(name, "chat", "sent")
    assert len(server.heard) == 1
    assert "sent     chat" in (await run("outbox", name)).stdout
