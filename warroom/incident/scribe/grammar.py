"""The scribe's grammar: what a line means, what it may become, and what to say meanwhile. Pure.

Plain text is a note. A line that begins with ``/`` is a command, and is never posted as a note by
mistake: ``//`` is how a note begins with a slash. A time at the beginning says when it happened.
Nothing here raises, whatever is typed or pasted.
"""

from datetime import datetime
from typing import NamedTuple

from warroom.incident.body_words import text_of
from warroom.incident.bounds import LONGEST
from warroom.incident.entries import Note, Said
from warroom.incident.nearest import nearest, quoted
from warroom.incident.procedures import Procedures
from warroom.incident.scribe import todo as todo
from warroom.incident.scribe.commands import ALSO_CALLED, AT, AT_USAGE, COMMANDS, NAMES, Command
from warroom.incident.scribe.names import name_first
from warroom.incident.scribe.times import leading_time
from warroom.incident.scribe.types import Ask, Piece, Posting, ScribeContext, Wrong, WrongError
from warroom.incident.words import word_of
from warroom.zone import both

_FOR_A_NOTE = "for a note that begins with a slash, type // "
_SHOWN = 12


class _Line(NamedTuple):
    """A line without the time at its beginning."""

    piece: Piece
    happened: datetime | None


def parse(text: str, context: ScribeContext) -> Posting | Ask | Wrong:
    """What the line means."""
    try:
        return _parsed(_readable(text), context)
    except WrongError as error:
        return error.wrong


def hint(text: str, context: ScribeContext) -> str:
    """What to say while this is typed: what comes next, what is missing, what Enter would do."""
    bare = _readable(text)
    if not bare.strip():
        return "a note, or / for commands"
    try:
        line = _timed(Piece(bare, 0).cut(0), context)
    except WrongError as error:
        return error.wrong.words
    command, rest = _command_typed(line.piece)
    if command is None and line.piece.text[:1] == "/" and line.piece.text[:2] != "//":
        return _names_hint(line.piece)
    meaning = parse(text, context)
    when = f" at {_when(line.happened, context)}" if line.happened is not None else ""
    if isinstance(meaning, Posting) and context.incident is None:
        return "no incident is open to write it into: /declare TITLE"
    if isinstance(meaning, Posting):
        shown = f": {_short(meaning.text_shown)}" if command is not None else ""
        return f"Enter writes: {word_of(meaning.body)}{when}{shown}"
    if isinstance(meaning, Ask):
        return f"Enter: {command.tells}" if command is not None else "Enter"
    if command is None:
        return meaning.words
    begun = len(line.piece.text) - len(rest.text)
    offers = [whole[begun:].strip() for whole in _completed(line.piece, context)]
    told = f": {', '.join(offers[:_SHOWN])}" if offers else f": {command.tells}"
    return f"{command.usage}{told}" if rest.blank or offers else meaning.words


def complete(text: str, context: ScribeContext) -> tuple[str, ...]:
    """The whole lines this one may become, the likeliest first. Each begins with ``text``."""
    if not text or len(text) > LONGEST:
        return ()
    try:
        piece = _timed(Piece(text, 0).cut(0), context).piece
    except WrongError:
        return ()
    begun = text[: piece.at]
    return tuple(f"{begun}{whole}" for whole in _completed(piece, context))


def resolution(rest: str, procedures: Procedures) -> tuple[str, str]:
    """What stands after ``/resolve``: how it was resolved, if it begins with one of the team's
    words for it, and the text."""
    known, piece = procedures.resolutions, Piece(rest, 0).cut(0)
    try:
        how, left = name_first(piece, known, "resolution", "/resolve")
    except WrongError:
        return "", piece.text
    return how, left.text


# --- how -----------------------------------------------------------------------------------


def _parsed(text: str, context: ScribeContext) -> Posting | Ask:
    if len(text) > LONGEST:
        words = f"it has {len(text):,} characters, {LONGEST:,} is the most: post it in parts"
        raise WrongError(words, LONGEST)
    whole = Piece(text, 0)
    if whole.blank:
        raise WrongError("there is nothing to write down")
    line = _timed(whole.cut(0), context)
    if line.piece.blank:
        raise WrongError("a time, and what happened then?", line.piece.at)
    body = _body(line.piece, context)
    if isinstance(body, Ask):
        if line.happened is not None:
            raise WrongError(f"/{body.what} takes no time before it", line.piece.at)
        return body
    return Posting(body, line.happened, text_of(body, line.happened or context.now))


def _body(piece: Piece, context: ScribeContext) -> Said | Ask:
    if piece.text.startswith("//"):
        return Note(text=piece.text[1:])
    if piece.text.startswith("/"):
        command, rest = _command_typed(piece)
        if command is None:
            raise WrongError(_unknown(piece), piece.at)
        return command.read(rest, context)
    marked = todo.marked(piece.text)
    if marked is not None:
        return todo.read(piece.cut(marked), context)
    return Note(text=piece.text)


def _timed(piece: Piece, context: ScribeContext) -> _Line:
    """Without the time at its beginning, by itself or after ``/at``."""
    word, rest = piece.word()
    asked = word.casefold() == f"/{AT}"
    text = (rest if asked else piece).text
    found = leading_time(text, context.now, context.zone, context.local.tz)
    if found is None:
        if asked:
            said = f"{quoted(rest.word()[0])} is no time" if not rest.blank else "when was it?"
            ways = "12:05Z, 12:05local, 12:05+02:00, -5m, yesterday 23:50"
            raise WrongError(f"{said} {AT_USAGE}; also {ways}", rest.at)
        return _Line(piece, None)
    length, moment = found
    if isinstance(moment, str):
        raise WrongError(moment, (rest if asked else piece).at)
    return _Line((rest if asked else piece).cut(length), moment)


def _command_typed(piece: Piece) -> tuple[Command | None, Piece]:
    """The command a piece begins with, and the rest."""
    if not piece.text.startswith("/"):
        return None, piece
    word, rest = piece.word()
    return COMMANDS.get(word[1:].casefold()), rest


def _unknown(piece: Piece) -> str:
    word = piece.word()[0]
    if word[1:].casefold() == AT:
        return f"one time is enough: {AT_USAGE}"
    name = word[1:].casefold()
    near = ALSO_CALLED.get(name) or (nearest(name, NAMES) if "/" not in name else "")
    told = f"did you mean /{near}? " if near else ""
    return f"{quoted(word)} is no command: {told}/help lists them; {_FOR_A_NOTE}".rstrip()


def _names_hint(piece: Piece) -> str:
    """While the name of a command is typed: those that it may become."""
    word, rest = piece.word()
    typed = word[1:].casefold()
    fitting = [name for name in NAMES if name.startswith(typed)]
    if not fitting or not rest.blank or piece.text[-1:].isspace():
        return _unknown(piece)
    if len(fitting) == 1:
        command = COMMANDS.get(fitting[0])
        return f"{command.usage}: {command.tells}" if command is not None else AT_USAGE
    more = " …" if len(fitting) > _SHOWN else ""
    return " ".join(f"/{name}" for name in fitting[:_SHOWN]) + more


def _completed(piece: Piece, context: ScribeContext) -> list[str]:
    text = piece.text
    if text.startswith("/") and not text.startswith("//"):
        word, rest = piece.word()
        if len(word) == len(text):
            return _fitting(text, [f"/{name} " for name in NAMES])
        command, _ = _command_typed(piece)
        if command is None:
            return []
        begun = text[: rest.at - piece.at]
        return _fitting(text, [f"{begun}{offer}" for offer in command.offers(rest, context)])
    marked = todo.marked(text)
    if marked is None:
        return []
    rest = piece.cut(marked)
    begun = text[: rest.at - piece.at]
    return _fitting(text, [f"{begun}{offer}" for offer in COMMANDS["todo"].offers(rest, context)])


def _fitting(typed: str, wholes: list[str]) -> list[str]:
    """Those that begin with what is typed, in whatever case; what is typed stays as it is."""
    folded = typed.casefold()
    return [
        typed + whole[len(typed) :]
        for whole in dict.fromkeys(wholes)
        if whole[: len(typed)].casefold() == folded and whole.strip() != typed.strip()
    ]


def _when(moment: datetime, context: ScribeContext) -> str:
    """In UTC, and beside it in the scribe's own; each with the day where it is not today."""
    return both(moment, context.local, context.now)


def _short(text: str) -> str:
    first = " ".join(text[:200].split())
    return first if len(first) <= 100 else f"{first[:99]}…"


def _readable(text: str) -> str:
    """Half characters, which no journal can hold, as what they are: ``\\udc80``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
