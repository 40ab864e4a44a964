"""What reaches the console from outside, as Textual messages; and who brings it."""

from typing import Protocol

from textual.message import Message
from textual.message_pump import MessagePump

from warroom.wire import Acting, Answer, Board, Changed, Request, Timeline, Welcome

Part = Welcome | Board | Changed | Timeline | Acting


class Link(Protocol):
    """Brings the engine's messages to a target, and takes requests to the engine."""

    async def run(self, target: MessagePump) -> None:
        """Bring messages until there is no engine to be had, which is said too."""
        ...

    async def request(self, request: Request) -> Answer:
        """Ask the engine. Raises ``EngineError`` when it is not there."""
        ...

    def share(self, on: bool) -> None:
        """From now on bring what others may see, too, or what is so: by another connection, so
        that nothing that was under way comes behind."""
        ...


class EngineSaid(Message):
    """What the engine said since the last hand-over, in order. ``shared`` is whether it was said
    to a shared screen, and is masked."""

    def __init__(self, parts: tuple[Part, ...], *, shared: bool = False) -> None:
        super().__init__()
        self.parts, self.shared = parts, shared


class LinkLost(Message):
    """The engine is gone; it is being started again."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class LinkEnded(Message):
    """There will be no engine: it cannot start, refused us, or was stopped on purpose."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__()
        self.reason = reason
        self.code = code
