"""``TODO text @owner due 2026-12-01 #prevent TICKET-1``: a follow-up. Pure."""

import re
from datetime import date, timedelta

from warroom.incident.entries import FollowUp
from warroom.incident.nearest import hint, meant, quoted
from warroom.incident.scribe.types import Piece, ScribeContext, WrongError

USAGE = "/todo TEXT @owner due 2026-12-01 #sort TICKET-1"
_LINE = re.compile(r"TODO(?::|(?=\s|\Z))\s*")
_OWNER = re.compile(r"(?:^|(?<=\s))@([\w.+-]{1,200})(?=\s|\Z)")
_DUE = re.compile(r"(?:^|(?<=\s))due[ :]\s*([\w-]{1,40})(?=\s|\Z)", re.IGNORECASE)
_SORT = re.compile(r"(?:^|(?<=\s))#([A-Za-z][\w-]{0,60})(?=\s|\Z)")
_TICKET = re.compile(r"(?:^|(?<=\s))([A-Z][A-Z0-9]{1,15}-\d{1,9}|https?://\S{1,200})(?=\s|\Z)")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def marked(text: str) -> int | None:
    """How many characters the ``TODO`` at the beginning has; None where there is none."""
    found = _LINE.match(text)
    return found.end() if found else None


def read(piece: Piece, context: ScribeContext) -> FollowUp:
    """Raises ``WrongError``. Owner, due date, sort and ticket may stand anywhere; only the first
    of each is taken out, the others stay in the text."""
    text, at = piece.text, piece.at
    text, owner = _out(_OWNER, text)
    text, due = _due(text, at, context)
    text, sort = _out(_SORT, text)
    text, ticket = _out(_TICKET, text)
    if not text.strip():
        raise WrongError(f"{USAGE}: the text is missing", at)
    owner = context.me if owner == "me" and context.me else owner
    return FollowUp(
        text=text.strip(), owner=owner, due=due, sort=_sort(sort, at, context), ticket=ticket
    )


def _out(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what the pattern finds first, and that."""
    found = pattern.search(text)
    return (text, "") if found is None else (_without(text, found), found[1])


def _without(text: str, found: re.Match[str]) -> str:
    before, after = text[: found.start()], text[found.end() :]
    return before.rstrip(" ") + after if before else after.lstrip(" ")


def _due(text: str, at: int, context: ScribeContext) -> tuple[str, date | None]:
    """A day; ``due`` before anything that does not look like one is a word like any other."""
    for found in _DUE.finditer(text):
        word = found[1].casefold()
        day = _day(word, context.now.astimezone(context.zone).date())
        if day is not None:
            return _without(text, found), day
        if word[:1].isdigit():
            raise WrongError(f"due {word}: write the day as 2026-12-01", at + found.start())
    return text, None


def _day(word: str, today: date) -> date | None:
    try:
        if word in ("today", "tomorrow"):
            return today + timedelta(days=int(word == "tomorrow"))
        if word in _DAYS:
            return today + timedelta(days=(_DAYS.index(word) - today.weekday() - 1) % 7 + 1)
        return date.fromisoformat(word) if len(word) == 10 else None
    except (ValueError, OverflowError):
        return None


def _sort(word: str, at: int, context: ScribeContext) -> str:
    known = context.procedures.sorts
    if not word or not known:
        return word
    found = meant(word, known)
    if found is None:
        raise WrongError(f"#{quoted(word)} is no kind of follow-up; {hint(word, known)}", at)
    return found
