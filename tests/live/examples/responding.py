"""Somebody who responds: proposals, playbooks, checks and messages, by the engine's socket."""

import asyncio
from typing import Any

from tests.live.actions.engines import Operator
from tests.live.rooms import Room, hello
from warroom.attach.client import Connection
from warroom.attach.spawn import reach
from warroom.console.state import RoomState
from warroom.incident.entries import Tick
from warroom.incident.following import Followed, PlaybookStep, StepState
from warroom.incident.outward import Purpose
from warroom.playbooks.playbook import Playbook
from warroom.playbooks.standing import Proposal, Shelf
from warroom.wire import (
    Acting,
    Answer,
    Board,
    Changed,
    CheckMessage,
    GetDraft,
    GetPlaybooks,
    Grant,
    RunCheck,
    SendMessage,
    Timeline,
)


class Responder(Operator):
    """One who does what the procedure says, and knows what a console would know."""

    def __init__(self, connection: Connection) -> None:
        self.proposals: tuple[Proposal, ...] = ()
        super().__init__(connection)

    @classmethod
    async def at(cls, room: Room, claimed: str = "", want: Grant = "act") -> "Responder":
        return cls(await reach(room.paths, hello(want, claimed=claimed)))

    async def _follow(self) -> None:
        async for message in self.connection.messages():
            if isinstance(message, Acting):
                self.acting, self.on = message, message.on
                self.runs = {} if message.whole else self.runs
                self.runs |= {run.run: run for run in message.runs}
            elif isinstance(message, Board | Changed | Timeline):
                self.state = self.state.taking(message, 0.0)
                told = getattr(message, "proposals", None)
                self.proposals = self.proposals if told is None else told

    # --- what is seen ---------------------------------------------------------------------

    def levels(self) -> dict[str, str]:
        """The level of every source that is asked by itself."""
        return {one.name: one.level for one in self.state.sources if not one.on_request}

    def not_well(self) -> dict[str, str]:
        """Those that are not OK, with what is said of them."""
        return {
            one.name: f"{one.level}: {self.why(one.name)}"
            for one in self.state.sources
            if not one.on_request and one.level != "OK"
        }

    def why(self, source: str) -> str:
        """Why a source is not well."""
        one = next(view for view in self.state.sources if view.name == source)
        failed = f"{one.failure.phase}: {one.failure.reason}" if one.failure else ""
        return "; ".join(filter(None, (one.cause, one.pending, failed)))

    async def until_green(self, seconds: float = 20.0) -> None:
        """Until every source is OK."""
        try:
            await self.until(lambda state: state.sources and not self.not_well(), seconds)
        except TimeoutError:
            raise AssertionError(f"not green: {self.not_well()}") from None

    async def until_level(self, source: str, level: str, seconds: float = 15.0) -> None:
        """Until the source stands at this level."""
        try:
            await self.until(lambda state: self.levels().get(source) == level, seconds)
        except TimeoutError:
            raise AssertionError(f"{source}: {self.not_well()}") from None

    async def proposed(self, playbook: str, seconds: float = 10.0) -> Proposal:
        """The first proposal, once it is this playbook."""

        def look(state: RoomState) -> Proposal | None:
            first = self.proposals[:1]
            return first[0] if first and first[0].playbook == playbook else None

        try:
            found: Proposal = await self.until(look, seconds)
        except TimeoutError:
            shelf = await self.shelf()
            raise AssertionError(f"{self.proposals}; {shelf.seen.get(playbook)}") from None
        return found

    # --- what is done ---------------------------------------------------------------------

    async def shelf(self) -> Shelf:
        """All playbooks, and how they stand."""
        answer = await self.ask(GetPlaybooks(ref=0))
        assert answer.shelf is not None, answer.message
        return answer.shelf

    async def playbook(self, name: str) -> Playbook:
        """One of them."""
        return next(one for one in (await self.shelf()).playbooks if one.name == name)

    async def follow(self, incident: str, proposal: Proposal) -> None:
        """Begin to follow what was proposed."""
        said = Followed(
            playbook=proposal.playbook, title=proposal.title, evidence=proposal.evidence
        )
        answer = await self.post(incident, said)
        assert answer.ok, answer.message

    async def step(
        self, incident: str, playbook: str, text: str, state: StepState = "done", why: str = ""
    ) -> None:
        """Tick a step."""
        said = PlaybookStep(playbook=playbook, step=text, state=state, text=why)
        answer = await self.post(incident, said)
        assert answer.ok, answer.message

    async def check(self, incident: str, name: str, playbook: str = "", step: str = "") -> Answer:
        """Run a check, and write it into the incident."""
        known: dict[str, Any] = {"playbook": playbook, "step": step}
        request = RunCheck(ref=0, once=self.once(), check=name, incident=incident, **known)
        return await self.ask(request)

    async def tell(self, incident: str, purpose: Purpose, **blanks: str) -> tuple[str, ...]:
        """Send the draft as it is, ``blanks`` filled, to those it is routed to; who they are."""
        draft = (await self.ask(GetDraft(ref=0, incident=incident, purpose=purpose))).draft
        assert draft is not None
        text = draft.text
        for blank, words in blanks.items():
            text = text.replace(f"[{blank.replace('_', ' ')}?]", words)
        known: dict[str, Any] = dict(
            incident=incident,
            purpose=purpose,
            text=text,
            subject=draft.subject,
            next=draft.next,
            receivers=draft.receivers,
        )
        checked = (await self.ask(CheckMessage(ref=0, **known))).checked
        assert checked is not None
        assert not checked.findings, (checked.findings, text)
        sent = await self.ask(SendMessage(ref=0, once=self.once(), digest=checked.digest, **known))
        assert sent.ok, sent.message
        await self.until(lambda state: self._came(incident, draft.receivers), 20)
        return tuple(draft.receivers)

    def _came(self, incident: str, receivers: tuple[str, ...]) -> bool:
        newest = self.incident(incident).messages[-1:]
        states = {one.receiver: one.state for each in newest for one in each.deliveries}
        return all(states.get(one) == "sent" for one in receivers)

    async def done(self, incident: str, checklist: str) -> None:
        """Tick every item of a checklist."""
        known = next(one for one in self.state.procedures.checklists if one.name == checklist)
        for item in known.items:
            answer = await self.post(incident, Tick(checklist=checklist, item=item.text))
            assert answer.ok, answer.message

    async def until_resolvable(self, incident: str, seconds: float = 15.0) -> None:
        """Until the gate lets it pass."""
        unmet: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    answer = await self.resolve(incident, only_ask=True)
                    unmet = [f"{one.name}: {one.words}" for one in answer.conditions if not one.met]
                    if not unmet:
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"not resolved: {unmet}") from None
