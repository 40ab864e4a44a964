"""A stand-in until the grammar is there."""

from datetime import datetime, tzinfo

import msgspec

from warroom.incident.entries import Decision, Note, Said, Status
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.severity import Scale


class ScribeContext(msgspec.Struct, frozen=True, kw_only=True):
    incident: Incident | None
    procedures: Procedures
    scale: Scale
    now: datetime
    me: str
    zone: tzinfo


class Posting(msgspec.Struct, frozen=True):
    body: Said
    happened: datetime | None = None
    text_shown: str = ""


class Ask(msgspec.Struct, frozen=True):
    what: str
    rest: str = ""


class Wrong(msgspec.Struct, frozen=True):
    words: str
    at: int = 0


_KNOWN = ("/status", "/decision", "/declare", "/help", "/resolve")


def parse(text: str, context: ScribeContext) -> Posting | Ask | Wrong:
    if not text.startswith("/"):
        return Posting(Note(text=text), None, text)
    word, _, rest = text.partition(" ")
    if word in ("/declare", "/help", "/resolve"):
        return Ask(word[1:], rest)
    if word == "/status":
        return Posting(Status(status=rest), None, text)
    if word == "/decision":
        return Posting(Decision(text=rest), None, text)
    return Wrong(f"no command {word}; did you mean /status?", 0)


def hint(text: str, context: ScribeContext) -> str:
    return "Enter writes a note" if not text.startswith("/") else "/status NAME: another status"


def complete(text: str, context: ScribeContext) -> tuple[str, ...]:
    return tuple(f"{one} " for one in _KNOWN if one.startswith(text) and text)
