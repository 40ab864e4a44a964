"""The messages between engine and console: frozen structs, one JSON object a line.

A console says ``Hello``; the engine answers ``Welcome`` with what it grants, then the whole
``Board``, then ``Changed`` for every source that moved and ``Timeline`` for every incident that
did, and ``Acting`` for what is being done. ``Beat`` comes twice a second, so that silence means
something. Everything a console asks carries a ``ref`` of its choosing, and its ``Answer`` the same
one.
"""

import msgspec

from warroom.wire.answers import (
    Acting,
    Answer,
    Beat,
    Board,
    Changed,
    ConsoleStatus,
    EngineMessage,
    EngineStatus,
    Goodbye,
    SourceStatus,
    Status,
    Timeline,
    Welcome,
)
from warroom.wire.limits import (
    BEAT,
    HELLO_LIMIT,
    LINE_LIMIT,
    NEWEST,
    PROTOCOL,
    REQUEST_LIMIT,
    SILENCE,
)
from warroom.wire.requests import (
    Acknowledge,
    Arm,
    CancelRun,
    CheckMessage,
    ConsoleMessage,
    Declare,
    GetActing,
    GetDraft,
    GetEntries,
    GetIncidents,
    GetPlaybooks,
    GetStatus,
    Grant,
    Hello,
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
    Stop,
    TellTerminal,
    TickStep,
    Unacknowledge,
)
from warroom.wire.terminal import TerminalStatus
from warroom.wire.views import (
    Acknowledgement,
    Limit,
    Proof,
    RoomView,
    SignalView,
    SourceView,
    State,
)

__all__ = [
    "BEAT",
    "HELLO_LIMIT",
    "LINE_LIMIT",
    "NEWEST",
    "PROTOCOL",
    "REQUEST_LIMIT",
    "SILENCE",
    "Acknowledge",
    "Acknowledgement",
    "Acting",
    "Answer",
    "Arm",
    "Beat",
    "Board",
    "CancelRun",
    "Changed",
    "CheckMessage",
    "ConsoleMessage",
    "ConsoleStatus",
    "Declare",
    "EngineMessage",
    "EngineStatus",
    "GetActing",
    "GetDraft",
    "GetEntries",
    "GetIncidents",
    "GetPlaybooks",
    "GetStatus",
    "Goodbye",
    "Grant",
    "Hello",
    "Inspect",
    "KeepOn",
    "Limit",
    "PlanAction",
    "Post",
    "Probe",
    "Proof",
    "Redeliver",
    "Reload",
    "Request",
    "Resolve",
    "RoomView",
    "RunAction",
    "RunCheck",
    "SendMessage",
    "SignalView",
    "SourceStatus",
    "SourceView",
    "State",
    "Status",
    "Stop",
    "TellTerminal",
    "TerminalStatus",
    "TickStep",
    "Timeline",
    "Unacknowledge",
    "Welcome",
    "console_decoder",
    "encode",
    "engine_decoder",
]

_encoder = msgspec.json.Encoder()


def encode(message: EngineMessage | ConsoleMessage) -> bytes:
    """One message as one line, its newline included."""
    return _encoder.encode(message) + b"\n"


def engine_decoder() -> msgspec.json.Decoder[EngineMessage]:
    """Reads what an engine says; raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.json.Decoder(EngineMessage)


def console_decoder() -> msgspec.json.Decoder[ConsoleMessage]:
    """Reads what a console says; raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.json.Decoder(ConsoleMessage)
