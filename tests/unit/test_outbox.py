"""The outbox on a real journal: each message once to each receiver, what nobody knows is said."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.incident_rooms import ANA, IncidentRoom
from warroom.comms.sender import Begun, Outcome, Outgoing
from warroom.engine.declaration import together
from warroom.engine.keeper import WaitsError
from warroom.engine.messages.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox
from warroom.engine.messages.outgoing import Setting
from warroom.errors import JournalError
from warroom.incident.entries import Severity
from warroom.incident.outbox import overtaken
from warroom.incident.outward import Delivery, Message, Purpose, Receiver
from warroom.severity import SEV


class Scripted:
    """A receiver that does as it is told: ``script`` gives the outcome of each attempt. ``counter``
    is how many messages have come to it."""

    def __init__(self, name: str, *script: Any) -> None:
        self.name, self.script = name, list(script)
        self.counter, self.tries = 0, 0
        self.came: list[str] = []
        self.levels: list[str] = []
        self.hold: asyncio.Event | None = None

    @property
    def receiver(self) -> Receiver:
        return Receiver(name=self.name, kind="slack")

    def preview(self, outgoing: Outgoing) -> str:
        return outgoing.text

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        self.tries += 1
        found = self.script.pop(0) if self.script else Outcome(state="sent", text="200")
        if found.state == "waiting" and found.again is None:
            return found
        await begun()
        self.counter += 1
        self.came.append(outgoing.text)
        self.levels.append(outgoing.level)
        if self.hold is not None:
            await self.hold.wait()
        return found


WAITS = Outcome(state="waiting", text="connection refused")
SENT = Outcome(state="sent", text="200")
UNKNOWN = Outcome(state="unknown", text="cut off")
FAILED = Outcome(state="failed", text="403")


class Post:
    """A room with an outbox, by a clock that is told."""

    def __init__(self, room: IncidentRoom, *senders: Scripted) -> None:
        self.room = room
        self.senders = {one.name: one for one in senders}
        self.name = room.declare()
        self.anew()

    def anew(self) -> None:
        """As after a start of the engine."""
        incidents = self.room.incidents
        self.outbox = Outbox(
            incidents.book,
            incidents.keeper,
            self.room.clock,
            self.ways,
            lambda: Setting("shop", "production", SEV),
        )

    async def ways(self) -> dict[str, Scripted]:
        return self.senders

    def write(self, *receivers: str, text: str = "we look", purpose: Purpose = "update") -> int:
        """A message that a person has confirmed; the number of its entry."""
        body = Message(purpose=purpose, text=text, receivers=receivers)
        drafts = together(self.name, self.room.clock.now(), ANA, self.room.once(), [body])
        (entry,) = self.room.run(self.room.incidents.keeper.write(drafts))
        return entry.number

    def look(self, seconds: float = 0.5) -> None:
        """Time passes, and all that can be sent is."""
        self.room.clock.pass_(seconds)

        async def work() -> None:
            self.outbox.look()
            while self.outbox._tasks:
                await asyncio.sleep(0)
            while self.room.incidents.waiting:
                await asyncio.sleep(0.001)

        self.room.run(work())

    def states(self) -> dict[tuple[int, str], str]:
        return {
            (message.entry, delivery.receiver): delivery.state
            for message in self.room.live(self.name).messages
            for delivery in message.deliveries
        }

    def told(self) -> list[tuple[str, str]]:
        """The deliveries in the journal's order."""
        bodies = self.room.bodies(self.name)
        return [(b.receiver, b.state) for b in bodies if isinstance(b, Delivery)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[IncidentRoom]:
    found = IncidentRoom(tmp_path)
    yield found
    found.close()


def test_a_message_is_sent_once_to_each_and_that_it_begins_is_written_first(room):
    chat, mail = Scripted("chat"), Scripted("mail")
    post = Post(room, chat, mail)
    number = post.write("chat", "mail")
    assert post.outbox.count == 2
    post.look()
    post.look()
    assert post.states() == {(number, "chat"): "sent", (number, "mail"): "sent"}
    assert (chat.counter, mail.counter) == (1, 1)
    assert [state for name, state in post.told() if name == "chat"] == ["sending", "sent"]
    assert post.outbox.count == 0


def test_what_is_out_of_reach_waits_is_told_once_and_sent_when_it_can_be(room):
    chat = Scripted("chat", WAITS, WAITS, WAITS)
    post = Post(room, chat)
    number = post.write("chat")
    for _ in range(100):
        post.look(1.0)
    assert post.states() == {(number, "chat"): "sent"}
    assert chat.counter == 1
    assert post.told() == [("chat", "waiting"), ("chat", "sending"), ("chat", "sent")]


def test_pauses_grow_up_to_five_minutes(room):
    chat = Scripted("chat", *[WAITS] * 400)
    post = Post(room, chat)
    post.write("chat")
    for _ in range(3600):
        post.look(1.0)
    assert 3600 / LONGEST_PAUSE < chat.tries < 3600 / LONGEST_PAUSE + 10
    assert FIRST_PAUSE < 10


def test_what_nobody_knows_is_never_sent_again_by_itself(room):
    chat = Scripted("chat", UNKNOWN)
    post = Post(room, chat)
    number = post.write("chat")
    for _ in range(50):
        post.look(60.0)
    post.anew()
    post.look()
    assert (chat.counter, post.states()) == (1, {(number, "chat"): "unknown"})


def test_what_is_refused_stays_refused(room):
    chat = Scripted("chat", FAILED)
    post = Post(room, chat)
    number = post.write("chat")
    for _ in range(5):
        post.look(600.0)
    assert (chat.counter, post.states()) == (1, {(number, "chat"): "failed"})


def test_told_to_come_again_it_waits_so_long(room):
    busy = Outcome(state="waiting", text="429", again=120.0)
    chat = Scripted("chat", busy)
    post = Post(room, chat)
    number = post.write("chat")
    post.look()
    assert post.states() == {(number, "chat"): "waiting"}
    post.look(60.0)
    assert chat.tries == 1
    post.look(61.0)
    assert (chat.tries, post.states()) == (2, {(number, "chat"): "sent"})


def test_what_waited_is_sent_as_it_was_confirmed(room):
    """What a receiver's form says of the level is what was shown, and not what came since."""
    chat = Scripted("chat", WAITS)
    post = Post(room, chat)
    shown = room.live(post.name).level
    post.write("chat")
    post.look()
    changed = [Severity(level="SEV4", reason="most can pay again")]
    room.run(
        room.incidents.keeper.write(
            together(post.name, room.clock.now(), ANA, room.once(), changed)
        )
    )
    assert room.live(post.name).level == "SEV4" != shown
    post.look(61.0)
    assert chat.levels == [shown]


def test_an_engine_killed_while_it_sends_knows_that_it_does_not_know(room):
    """The entry that it begins is durable; the engine is gone before what came of it."""
    chat = Scripted("chat")
    post = Post(room, chat)
    number = post.write("chat")

    async def killed() -> None:
        chat.hold = asyncio.Event()
        post.outbox.look()
        while not chat.counter:
            await asyncio.sleep(0.001)

    room.run(killed())
    old = set(post.outbox._tasks.values())
    post.anew()
    post.outbox._tasks = {}
    room.clock.pass_(1)
    room.run(_looked(post))
    assert post.states() == {(number, "chat"): "unknown"}
    assert chat.counter == 1
    for task in old:
        task.cancel()
    room.run(_gone(old))


async def _looked(post: Post) -> None:
    post.outbox.look()
    while post.room.incidents.waiting:
        await asyncio.sleep(0.001)


async def _gone(tasks: set[Any]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


def test_an_engine_that_ends_says_that_nobody_knows(room):
    chat = Scripted("chat")
    post = Post(room, chat)
    number = post.write("chat")

    async def ended() -> None:
        chat.hold = asyncio.Event()
        post.outbox.look()
        while not chat.counter:
            await asyncio.sleep(0.001)
        await post.outbox.close()
        while room.incidents.waiting:
            await asyncio.sleep(0.001)

    room.run(ended())
    assert post.states() == {(number, "chat"): "unknown"}


def test_nothing_leaves_that_cannot_be_written_down(room, monkeypatch):
    """The journal refuses while a message is about to go: it does not go."""
    chat = Scripted("chat")
    post = Post(room, chat)
    number = post.write("chat")

    async def refuses(drafts: object) -> tuple[()]:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(room.incidents.keeper, "write", refuses)
        post.look()
    assert chat.counter == 0
    assert post.states() == {(number, "chat"): "waiting"}
    post.look(60.0)
    assert (chat.counter, post.states()) == (1, {(number, "chat"): "sent"})


def test_that_it_begins_may_be_written_later_and_is_then_taken_back(room, monkeypatch):
    """A full disk: the entry waits in memory, nothing was sent, and that stands behind it."""
    chat = Scripted("chat")
    post = Post(room, chat)
    number = post.write("chat")
    keeper = room.incidents.keeper

    async def waits(drafts: object) -> tuple[()]:
        keeper.keep(drafts)
        raise WaitsError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(keeper, "write", waits)
        for _ in range(3):
            post.look(400.0)
    assert chat.counter == 0
    assert post.states() == {(number, "chat"): "waiting"}
    assert post.told()[-1] == ("chat", "waiting")
    post.look(400.0)
    assert (chat.counter, post.states()) == (1, {(number, "chat"): "sent"})


def test_nothing_begins_while_the_journal_is_behind(room, monkeypatch):
    chat = Scripted("chat")
    post = Post(room, chat)
    post.write("chat")
    behind = property(lambda self: (object(),))
    with monkeypatch.context() as patched:
        patched.setattr(type(room.incidents.keeper), "waiting", behind)

        async def look() -> None:
            post.outbox.look()
            assert not post.outbox._tasks

        room.run(look())
    post.look()
    assert chat.counter == 1


def test_while_one_is_being_sent_the_next_to_it_waits(room):
    chat, mail = Scripted("chat"), Scripted("mail")
    post = Post(room, chat, mail)
    post.write("chat", text="one")

    async def both() -> None:
        chat.hold = asyncio.Event()
        post.outbox.look()
        while not chat.counter or room.incidents.waiting:
            await asyncio.sleep(0.001)

    room.run(both())
    post.write("chat", "mail", text="two")

    async def looked() -> None:
        for _ in range(3):
            post.outbox.look()
            await asyncio.sleep(0.01)
            while room.incidents.waiting:
                await asyncio.sleep(0.001)

    room.run(looked())
    assert (chat.came, mail.came) == (["one"], ["two"])

    async def go_on() -> None:
        assert chat.hold is not None
        chat.hold.set()

    room.run(go_on())
    post.look()
    post.look()
    assert chat.came == ["one", "two"]


def test_one_after_the_other_to_each_receiver(room):
    chat = Scripted("chat", WAITS)
    post = Post(room, chat)
    first, second = post.write("chat", text="one"), post.write("chat", text="two")
    post.look()
    post.look(30.0)
    post.look()
    assert chat.came == ["one", "two"]
    assert set(post.states()) == {(first, "chat"), (second, "chat")}


def test_a_receiver_that_is_gone_from_the_file_is_waited_for(room):
    post = Post(room)
    number = post.write("chat")
    post.look()
    assert post.states() == {(number, "chat"): "waiting"}
    chat = post.senders["chat"] = Scripted("chat")
    post.look(60.0)
    assert (chat.counter, post.states()) == (1, {(number, "chat"): "sent"})


@pytest.mark.parametrize(
    ("purpose", "gone"),
    [
        ("update", {"first", "update"}),
        ("resolution", {"first", "update", "acknowledge"}),
        ("acknowledge", {"acknowledge"}),
        ("customers", {"customers"}),
    ],
)
def test_what_a_newer_message_makes_needless(room, purpose, gone):
    post = Post(room, Scripted("chat", *[WAITS] * 50), Scripted("mail", *[WAITS] * 50))
    for one in ("first", "update", "acknowledge", "customers"):
        post.write("chat", purpose=one)
    post.write("mail", purpose="update")
    found = overtaken(room.live(post.name), purpose, ("chat",))
    assert {message.purpose for message, _ in found} == gone
    assert {delivery.receiver for _, delivery in found} == {"chat"}


@settings(max_examples=25, deadline=None)
@given(
    script=st.lists(st.sampled_from([WAITS, SENT, UNKNOWN, FAILED]), max_size=6),
    steps=st.lists(st.sampled_from(["look", "write", "restart"]), max_size=12),
)
def test_whatever_happens_no_message_comes_twice(tmp_path_factory, script, steps):
    room = IncidentRoom(tmp_path_factory.mktemp("outbox"))
    try:
        chat = Scripted("chat", *script)
        post = Post(room, chat)
        written = 0
        for step in steps:
            if step == "write":
                post.write("chat", text=f"message {written}")
                written += 1
            elif step == "restart":
                room.restart()
                post.anew()
            else:
                post.look(400.0)
        assert len(chat.came) == len(set(chat.came)) <= written
    finally:
        room.close()
