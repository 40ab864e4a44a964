"""What consoles ask for: whether they may, and what came of it."""

from collections.abc import Awaitable, Callable

from warroom.engine.actions.actions import Actions
from warroom.engine.attached import Attached
from warroom.engine.board import Board
from warroom.engine.gate import allows
from warroom.engine.incidents import Incidents
from warroom.engine.keeper import WaitsError
from warroom.engine.messages.messages import Messages
from warroom.engine.playbooks.playbooks import Playbooks
from warroom.engine.watch import Watch
from warroom.errors import WarroomError
from warroom.incident.actor import Actor
from warroom.text import safe, short_duration
from warroom.wire import (
    Acknowledge,
    Answer,
    Arm,
    CancelRun,
    CheckMessage,
    Declare,
    GetActing,
    GetDraft,
    GetEntries,
    GetIncidents,
    GetPlaybooks,
    GetStatus,
    Grant,
    Inspect,
    KeepOn,
    PlanAction,
    Post,
    Probe,
    Redeliver,
    Reload,
    Request,
    Resolve,
    RunAction,
    RunCheck,
    SendMessage,
    Status,
    Stop,
    TellTerminal,
    TickStep,
    Unacknowledge,
)

NEEDS: dict[type[Request], Grant] = {
    GetStatus: "watch",
    TellTerminal: "watch",
    Acknowledge: "note",
    Unacknowledge: "note",
    GetEntries: "watch",
    GetIncidents: "watch",
    Probe: "note",
    Inspect: "note",
    Declare: "note",
    Post: "note",
    Resolve: "note",
    GetDraft: "watch",
    CheckMessage: "watch",
    SendMessage: "act",
    Redeliver: "act",
    PlanAction: "note",
    RunAction: "act",
    CancelRun: "act",
    TickStep: "act",
    KeepOn: "act",
    GetActing: "watch",
    Arm: "act",
    GetPlaybooks: "watch",
    RunCheck: "note",
    Reload: "act",
    Stop: "act",
}


ACTING = (GetActing, PlanAction, RunAction, Arm, CancelRun, TickStep, KeepOn)


class Desk:
    """Answers the requests of one engine; what concerns the engine as a whole is handed on."""

    def __init__(
        self,
        board: Board,
        watch: Watch,
        incidents: Incidents,
        messages: Messages,
        actions: Actions,
        playbooks: Playbooks,
        reload: Callable[[], Awaitable[str]],
        stop: Callable[[Actor, Stop], str],
        status: Callable[[], Status],
    ) -> None:
        self._board, self._watch = board, watch
        self._incidents, self._messages = incidents, messages
        self._actions, self._playbooks = actions, playbooks
        self._reload, self._stop, self._status = reload, stop, status

    async def handle(self, attached: Attached, request: Request) -> Answer:
        """Do what is asked, if it is granted; what goes wrong is answered in words."""
        needed = NEEDS[type(request)]
        if not allows(attached.granted, needed):
            words = f"this console may {attached.granted}, this needs {needed}"
            return Answer(ref=request.ref, ok=False, message=words)
        try:
            if isinstance(request, TellTerminal):
                attached.terminal = request.terminal
                return Answer(ref=request.ref, ok=True)
            if isinstance(request, ACTING):
                return await self._act(attached, request)
            return await self._answer(attached.actor, request)
        except WaitsError as error:
            return Answer(ref=request.ref, ok=False, message=error.explain(), waits=True)
        except WarroomError as error:
            return Answer(ref=request.ref, ok=False, message=error.explain())

    async def _act(self, attached: Attached, request: Request) -> Answer:
        """What is about actions: there it matters which console asks."""
        actions, actor = self._actions, attached.actor
        match request:
            case GetActing():
                acting = actions.told(attached, None)
                return Answer(ref=request.ref, ok=True, acting=acting)
            case PlanAction():
                return await actions.plan(attached, request)
            case RunAction():
                return await actions.run(attached, request)
            case Arm(on=on):
                return Answer(ref=request.ref, ok=True, message=actions.arm(attached, on=on))
            case CancelRun():
                actions.may_act(attached)
                return actions.cancel(actor, request)
            case TickStep():
                actions.may_act(attached)
                return actions.tick(actor, request)
            case KeepOn():
                actions.may_act(attached)
                return await actions.keep_on(actor, request)
        raise AssertionError(request)

    async def _answer(self, actor: Actor, request: Request) -> Answer:
        match request:
            case GetStatus():
                return Answer(ref=request.ref, ok=True, status=self._status())
            case Probe():
                return await self._probe(request)
            case Inspect():
                text = await self._watch.inspect(request.source, request.key)
                return Answer(ref=request.ref, ok=True, text=text)
            case Declare():
                return await self._incidents.declare(actor, request)
            case Post():
                return await self._incidents.post(actor, request)
            case Resolve():
                return await self._incidents.resolve(actor, request)
            case GetEntries():
                return await self._incidents.entries(request)
            case GetIncidents():
                return await self._incidents.all(request)
            case GetDraft():
                return await self._messages.draft(actor, request)
            case CheckMessage():
                return await self._messages.check(actor, request)
            case SendMessage():
                return await self._messages.send(actor, request)
            case Redeliver():
                return await self._messages.redeliver(actor, request)
            case GetPlaybooks():
                return Answer(ref=request.ref, ok=True, shelf=self._playbooks.shelf())
            case RunCheck():
                return await self._playbooks.checks.run(actor, request)
            case _:
                return Answer(ref=request.ref, ok=True, message=await self._do(actor, request))

    async def _do(self, actor: Actor, request: Request) -> str:
        match request:
            case Acknowledge(source=source, level=shown, reason=reason, seconds=seconds):
                done = self._board.acknowledge(source, actor, shown, reason, seconds)
                self._incidents.noted(actor, f"{done}: {reason}", source)
                return done
            case Unacknowledge(source=source):
                done = self._board.unacknowledge(source)
                self._incidents.noted(actor, done, source)
                return done
            case Reload():
                return await self._reload()
            case Stop():
                return self._stop(actor, request)
        raise AssertionError(request)

    async def _probe(self, request: Probe) -> Answer:
        name = safe(request.source, 60)
        poll = await self._watch.probe(request.source)
        if poll.failure is not None:
            words = f"{name} could not be asked: {poll.failure.reason}"
            return Answer(ref=request.ref, ok=False, message=words)
        words = f"{name} answered in {short_duration(poll.took)}"
        return Answer(ref=request.ref, ok=True, message=words)
