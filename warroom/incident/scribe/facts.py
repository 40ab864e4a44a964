"""``/note /cause /decision /key /report /update /link /title /fix``, read. Pure."""

import re

from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    Mark,
    Note,
    Report,
    SetLink,
    Title,
    Update,
)
from warroom.incident.scribe.names import number_first, text_left
from warroom.incident.scribe.times import span
from warroom.incident.scribe.types import Piece, ScribeContext, WrongError
from warroom.incident.spans import after

CAUSE = "/cause [trigger:|safeguards:|radius:] TEXT"
NOTE = "/note TEXT"
DECISION = "/decision TEXT"
KEY = "/key NUMBER [no]"
REPORT = "/report [COUNT] VIA [TEXT]"
UPDATE = "/update [next 30m] TEXT"
LINK = "/link NAME ADDRESS"
TITLE = "/title TITLE"
FIX = "/fix NUMBER TEXT"
PARTS = ("trigger:", "safeguards:", "radius:")
_FIELDS = {"trigger": "trigger", "safeguards": "safeguards", "radius": "blast_radius"}
_PARTS = re.compile(r"(?:^|(?<=\s))(trigger|safeguards|radius):\s*", re.IGNORECASE)


def cause(piece: Piece, context: ScribeContext) -> Cause:
    """Free text, and after it any of the parts, each by its name."""
    text_left(piece, CAUSE)
    found = list(_PARTS.finditer(piece.text))
    free = piece.text[: found[0].start()] if found else piece.text
    said: dict[str, str] = {"text": free.strip()} if free.strip() else {}
    for at, part in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(piece.text)
        value, field = piece.text[part.end() : end].strip(), _FIELDS[part[1].casefold()]
        if not value:
            raise WrongError(f"{part[1]}: what was it?", piece.at + part.start())
        said[field] = f"{said[field]}; {value}" if field in said else value
    return Cause(**said)


def note(piece: Piece, context: ScribeContext) -> Note:
    return Note(text=text_left(piece, NOTE))


def decision(piece: Piece, context: ScribeContext) -> Decision:
    return Decision(text=text_left(piece, DECISION))


def key(piece: Piece, context: ScribeContext) -> Mark:
    number, rest = number_first(piece, "entry", KEY)
    word = rest.text.strip().casefold()
    if word not in ("", "no", "yes"):
        raise WrongError(f"{KEY}, and nothing after it", rest.at)
    _must_exist(number, piece, context)
    return Mark(entry=number, key=word != "no")


def fix(piece: Piece, context: ScribeContext) -> Correction:
    number, rest = number_first(piece, "entry", FIX)
    _must_exist(number, piece, context)
    if rest.blank:
        raise WrongError(f"how should entry {number} read? {FIX}; - withdraws it", rest.at)
    return Correction(entry=number, text="" if rest.text.strip() == "-" else rest.text)


def _must_exist(number: int, piece: Piece, context: ScribeContext) -> None:
    incident = context.incident
    if incident is not None and not 1 <= number <= incident.number:
        raise WrongError(
            f"there is no entry {number}: its entries are 1 to {incident.number}", piece.at
        )


def report(piece: Piece, context: ScribeContext) -> Report:
    """``/report 12 support many cannot pay``; without a number, one report."""
    word, rest = piece.word()
    count, source = (int(word), rest) if _is_count(word) else (1, piece)
    via, text = source.word()
    if via.casefold() == "via":  # as it reads in the timeline
        via, text = text.word()
    via = via.rstrip(":")
    if not via:
        raise WrongError(f"from where? {REPORT}: support, social media, a customer", source.at)
    if count == 0:
        raise WrongError("0 reports are none", piece.at)
    return Report(count=count, via=via, text=text.text)


def _is_count(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 9


def update(piece: Piece, context: ScribeContext) -> Update:
    """``next 30m`` promises the next word in half an hour."""
    word, rest = piece.word()
    until = None
    if word.casefold() == "next":
        said, text = rest.word()
        wait = span(said)
        if wait is not None and wait > 0:
            until, piece = after(context.now, wait), text
        elif said[:1].isdigit():
            raise WrongError(f"next {said[:40]}: write a span, 30m or 1h", rest.at)
    return Update(text=text_left(piece, UPDATE), next=until)


def link(piece: Piece, context: ScribeContext) -> SetLink:
    """The last word is the address, what stands before it the name."""
    words = piece.text.split()
    if len(words) < 2:
        raise WrongError(f"{LINK}: the {'address' if words else 'name'} is missing", piece.at)
    address = "" if words[-1] == "-" else words[-1]
    return SetLink(name=" ".join(words[:-1]), address=address)


def title(piece: Piece, context: ScribeContext) -> Title:
    return Title(title=" ".join(text_left(piece, TITLE).split()))
