"""The JSON lines between the demo's supervisor, its caller and its control clients."""

from typing import Literal

import msgspec


class FaultState(msgspec.Struct, frozen=True):
    """One fault as it stands: what it does to the shop, and whether it is on."""

    name: str
    title: str
    on: bool


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a control client asks for.

    `name` is a fault to `switch`, or what to `operate`; `on` belongs to the one,
    `arguments` to the other.
    """

    do: Literal["faults", "switch", "stop", "operate"]
    name: str = ""
    on: bool = False
    arguments: tuple[str, ...] = ()


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer: `done` in words, or `error` with its `hint`."""

    done: str = ""
    faults: tuple[FaultState, ...] = ()
    error: str = ""
    hint: str = ""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """The supervisor's one line to its caller: ready (`folder` is set), or why not."""

    folder: str = ""
    error: str = ""
    hint: str = ""
