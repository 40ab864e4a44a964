"""What consoles ask for: whether they may, and what came of it."""

from collections.abc import Awaitable, Callable

from warroom.engine.attached import Attached
from warroom.engine.board import Board
from warroom.engine.gate import allows
from warroom.engine.watch import Watch
from warroom.errors import WarroomError
from warroom.incident.actor import Actor
from warroom.text import safe, short_duration
from warroom.wire import (
    Acknowledge,
    Answer,
    GetStatus,
    Grant,
    Inspect,
    Probe,
    Reload,
    Request,
    Status,
    Stop,
    Unacknowledge,
)

NEEDS: dict[type[Request], Grant] = {
    GetStatus: "watch",
    Acknowledge: "note",
    Unacknowledge: "note",
    Probe: "note",
    Inspect: "note",
    Reload: "act",
    Stop: "act",
}


class Desk:
    """Answers the requests of one engine; what concerns the engine as a whole is handed on."""

    def __init__(
        self,
        board: Board,
        watch: Watch,
        reload: Callable[[], Awaitable[str]],
        stop: Callable[[Actor, bool], str],
        status: Callable[[], Status],
    ) -> None:
        self._board, self._watch = board, watch
        self._reload, self._stop, self._status = reload, stop, status

    async def handle(self, attached: Attached, request: Request) -> Answer:
        """Do what is asked, if it is granted; what goes wrong is answered in words."""
        needed = NEEDS[type(request)]
        if not allows(attached.granted, needed):
            words = f"this console may {attached.granted}, this needs {needed}"
            return Answer(ref=request.ref, ok=False, message=words)
        if isinstance(request, GetStatus):
            return Answer(ref=request.ref, ok=True, status=self._status())
        if isinstance(request, Probe):
            return await self._probe(request)
        if isinstance(request, Inspect):
            return await self._inspect(request)
        try:
            message = await self._do(attached.actor, request)
        except WarroomError as error:
            return Answer(ref=request.ref, ok=False, message=error.explain())
        return Answer(ref=request.ref, ok=True, message=message)

    async def _do(self, actor: Actor, request: Request) -> str:
        match request:
            case Acknowledge(source=source, level=shown, reason=reason, seconds=seconds):
                return self._board.acknowledge(source, actor, shown, reason, seconds)
            case Unacknowledge(source=source):
                return self._board.unacknowledge(source)
            case Reload():
                return await self._reload()
            case Stop(restart=restart):
                return self._stop(actor, restart)
        raise AssertionError(request)

    async def _probe(self, request: Probe) -> Answer:
        name = safe(request.source, 60)
        try:
            poll = await self._watch.probe(request.source)
        except WarroomError as error:
            return Answer(ref=request.ref, ok=False, message=str(error))
        if poll.failure is not None:
            words = f"{name} could not be asked: {poll.failure.reason}"
            return Answer(ref=request.ref, ok=False, message=words)
        words = f"{name} answered in {short_duration(poll.took)}"
        return Answer(ref=request.ref, ok=True, message=words)

    async def _inspect(self, request: Inspect) -> Answer:
        try:
            text = await self._watch.inspect(request.source, request.key)
        except WarroomError as error:
            return Answer(ref=request.ref, ok=False, message=error.explain())
        return Answer(ref=request.ref, ok=True, text=text)
