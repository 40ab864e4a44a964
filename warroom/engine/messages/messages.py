"""What consoles ask about messages, done: drafted, checked, confirmed, sent again."""

from collections.abc import Callable, Mapping

from warroom.clock import Clock
from warroom.comms.digest import digest_of
from warroom.comms.sender import Outgoing, Sender
from warroom.config.load import Config
from warroom.engine.aside import aside
from warroom.engine.board import Board
from warroom.engine.declaration import together
from warroom.engine.incidents import Incidents
from warroom.engine.messages.drafting import Drafting
from warroom.engine.messages.outbox import Outbox
from warroom.engine.messages.outgoing import Setting, outgoing_of
from warroom.errors import IncidentError, MessageError
from warroom.incident.actor import Actor
from warroom.incident.bounds import LONGEST_NAME, within_bounds
from warroom.incident.drafted import Checked, Preview
from warroom.incident.entries import Body
from warroom.incident.incident import Incident
from warroom.incident.outbox import AGAIN, delivery_of, overtaken
from warroom.incident.outward import CLIPBOARD, Delivery, Message
from warroom.text import safe
from warroom.wire import Answer, CheckMessage, GetDraft, Redeliver, SendMessage


class Messages:
    """The messages of one room; ``senders`` makes its ways to send from its configuration."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        incidents: Incidents,
        senders: Callable[[Config], Mapping[str, Sender]],
    ) -> None:
        self._board, self._clock, self._incidents = board, clock, incidents
        self._make_senders = senders
        self._senders: Mapping[str, Sender] | None = None
        """None until the first message wants one: their libraries are not loaded before."""
        self._config: Config | None = None
        self._drafting = Drafting()
        self.outbox = Outbox(incidents.book, incidents.keeper, clock, self._ways, self._setting)

    def configure(self, config: Config) -> None:
        """Take the room's receivers and templates. What is under way ends as it began."""
        self._config, self._senders = config, None
        self._drafting.configure(config)

    # what is asked --------------------------------------------------------------------

    async def draft(self, actor: Actor, request: GetDraft) -> Answer:
        """The next message, or the one that is asked for."""
        incident = await self._incidents.ahead(request.incident)
        name = request.incident
        entries = await self._incidents.keeper.read(lambda store: tuple(store.all_of(name)))
        now = self._clock.now()
        case = self._drafting.case(incident, entries, self._board, now, actor.person)
        made = await aside(lambda: self._drafting.draft(case, request.purpose), "warroom-draft")
        return Answer(ref=request.ref, ok=True, draft=made)

    async def check(self, actor: Actor, request: CheckMessage) -> Answer:
        """What the linter says of it, and what would go out."""
        incident = await self._incidents.ahead(request.incident)
        checked = await self._checked(incident, request, actor)
        return Answer(ref=request.ref, ok=True, checked=checked)

    async def send(self, actor: Actor, request: SendMessage) -> Answer:
        """Write it down, to be sent. Refused where it is not what was shown, and where the linter
        has something against it that nobody has overridden."""
        known = self._incidents.known(request.once)
        if known is not None:
            return self._incidents.answer(request.ref, known, "it was written down already")
        # Looked through first: nobody's note waits for that.
        incident = await self._incidents.ahead(request.incident)
        checked = await self._checked(incident, request, actor)
        if checked.digest != request.digest:
            raise MessageError("this is not the message that was shown", "look at it again")
        refused = [p for p in checked.previews if p.refused]
        if refused:
            raise MessageError(f"{refused[0].receiver}: {refused[0].refused}")
        if not request.receivers:
            raise MessageError("to whom?", "choose a receiver, or copy it by hand")
        override = request.override.strip()
        if checked.findings and not override:
            words = "not sent: " + "; ".join(finding.text for finding in checked.findings)
            return Answer(ref=request.ref, ok=False, message=words, checked=checked)
        odd = tuple(finding.text[:LONGEST_NAME] for finding in checked.findings)
        body = _message(request, odd, override if odd else "")
        within_bounds(body)
        async with self._incidents.one:
            self._incidents.must_be_open()
            known = self._incidents.known(request.once)
            if known is not None:
                return self._incidents.answer(request.ref, known, "it was written down already")
            # Again: what came meanwhile has taken numbers.
            incident = await self._incidents.ahead(request.incident)
            bodies = (body, *self._also(incident, request))
            drafts = together(incident.id, self._clock.now(), actor, request.once, bodies)
            entries = await self._incidents.keeper.write(drafts)
        self.outbox.look()
        return self._incidents.answer(request.ref, entries[0], "")

    async def redeliver(self, actor: Actor, request: Redeliver) -> Answer:
        """Do what a person says with one delivery."""
        known = self._incidents.known(request.once)
        if known is not None:
            return self._incidents.answer(request.ref, known, "")
        key = (request.incident, request.message, request.receiver)
        async with self._incidents.one:
            self._incidents.must_be_open()
            incident = await self._incidents.ahead(request.incident)
            _, delivery = delivery_of(incident, request.message, request.receiver)
            if delivery.state not in AGAIN[request.what]:
                raise IncidentError(
                    f"entry {request.message} is {delivery.state} at {safe(request.receiver, 60)}",
                    "nothing is done with it now",
                )
            if request.what == "send" and delivery.state == "waiting":
                self.outbox.hurry(key)
                self.outbox.look()
                words = f"{safe(request.receiver, 60)} is tried again now"
                return Answer(ref=request.ref, ok=True, message=words, incident=incident)
            body = _redelivered(request, delivery.state)
            drafts = together(incident.id, self._clock.now(), actor, request.once, (body,))
            entries = await self._incidents.keeper.write(drafts)
        self.outbox.hurry(key)
        self.outbox.look()
        return self._incidents.answer(request.ref, entries[0], "")

    # how ------------------------------------------------------------------------------

    async def _checked(
        self, incident: Incident, request: CheckMessage | SendMessage, actor: Actor
    ) -> Checked:
        digest = digest_of(
            incident.id,
            request.purpose,
            request.subject,
            request.text,
            request.next,
            request.receivers,
        )
        receivers = {r.name: r for r in self._incidents.procedures.receivers}
        public = request.purpose in ("customers", "status") or any(
            name in receivers and receivers[name].public for name in request.receivers
        )
        findings = await aside(
            lambda: self._drafting.lint(
                incident, request, self._clock.now(), self._board.scale, public=public
            ),
            "warroom-lint",
        )
        ways = await self._ways()
        previews = await aside(
            lambda: self._previews(incident, request, actor, ways), "warroom-preview"
        )
        return Checked(findings=findings, previews=previews, digest=digest)

    async def _ways(self) -> Mapping[str, Sender]:
        """The ways to send, made when they are first wanted."""
        config = self._config
        if self._senders is None and config is not None:
            made = await aside(lambda: self._make_senders(config), "warroom-senders")
            if config is not self._config:
                return await self._ways()  # it was reloaded meanwhile
            self._senders = made
        return self._senders or {}

    def _previews(
        self,
        incident: Incident,
        request: CheckMessage | SendMessage,
        actor: Actor,
        ways: Mapping[str, Sender],
    ) -> tuple[Preview, ...]:
        body = _message(request, (), "")
        message = outgoing_of(incident, body, actor.person, self._clock.now(), self._setting())
        return tuple(_preview(name, message, ways) for name in request.receivers)

    def _also(self, incident: Incident, request: SendMessage) -> tuple[Body, ...]:
        """What follows from it: what a person takes along is out already, and what waits and is
        overtaken by it is not sent any more."""
        number = incident.number + 1
        copied = (
            Delivery(message=number, receiver=CLIPBOARD, state="copied")
            if CLIPBOARD in request.receivers
            else None
        )
        dropped = tuple(
            Delivery(
                message=message.entry,
                receiver=delivery.receiver,
                state="dropped",
                text=f"overtaken by entry {number}",
            )
            for message, delivery in overtaken(incident, request.purpose, request.receivers)
        )
        return (*((copied,) if copied else ()), *dropped)

    def _setting(self) -> Setting:
        room = self._board.room()
        return Setting(room.name, room.environment, self._board.scale)


def _message(request: CheckMessage | SendMessage, odd: tuple[str, ...], override: str) -> Message:
    return Message(
        purpose=request.purpose,
        text=request.text,
        receivers=tuple(dict.fromkeys(request.receivers)),
        subject=" ".join(request.subject.split()),
        next=request.next,
        odd=odd,
        override=override,
        digest=getattr(request, "digest", ""),
    )


def _redelivered(request: Redeliver, before: str) -> Delivery:
    states = {"send": "waiting", "drop": "dropped", "copied": "copied"}
    words = {"send": f"to be sent again, it was {before}", "drop": "", "copied": ""}
    return Delivery(
        message=request.message,
        receiver=request.receiver,
        state=states[request.what],  # type: ignore[arg-type]
        text=words[request.what],
    )


def _preview(name: str, message: Outgoing, ways: Mapping[str, Sender]) -> Preview:
    if name == CLIPBOARD:
        return Preview(receiver=name, text=message.text)
    sender = ways.get(name)
    if sender is None:
        return Preview(receiver=name, refused=f"there is no receiver {safe(name, 60)}")
    try:
        return Preview(receiver=name, text=sender.preview(message))
    except MessageError as error:
        return Preview(receiver=name, refused=error.explain())
