"""Names of several words at the beginning of what is left of a line. Pure."""

from collections.abc import Callable, Iterable

from warroom.incident.nearest import hint, meant, quoted
from warroom.incident.scribe.types import Piece, WrongError


def name_first(
    piece: Piece,
    known: tuple[str, ...],
    what: str,
    usage: str,
    spelled: Callable[[str, tuple[str, ...]], str | None] = meant,
) -> tuple[str, Piece]:
    """The known name the piece begins with, the longest that fits, and the rest. Raises
    ``WrongError`` with the nearest."""
    if piece.blank:
        raise WrongError(f"{usage}: {what} is missing, {hint('', known)}", piece.at)
    most = max((len(name.split()) for name in known), default=1) + 1  # "SEV 1" is SEV1
    places = list(_ends(piece.text, most))
    for exact in (True, False):
        for end in reversed(places):
            words = " ".join(piece.text[:end].split())
            found = spelled(words, known)
            if found is not None and (not exact or found.casefold() == words.casefold()):
                return found, piece.cut(end)
    word = piece.text[: places[0]]
    raise WrongError(f"{quoted(word)} is no {what} here; {hint(word, known)}", piece.at)


def _ends(text: str, most: int) -> Iterable[int]:
    """Where the first word ends, the second, and so on; but a dash by itself is part of none."""
    at = 0
    for count, word in enumerate(text.split(maxsplit=most)[:most]):
        at = text.index(word, at) + len(word)
        if count and not any(char.isalnum() for char in word):
            return
        yield at


def rest_of(names: Iterable[str], piece: Piece) -> Iterable[str]:
    """The names that what is typed of the piece may become."""
    typed = piece.text.casefold()
    return [
        name for name in names if name.casefold().startswith(typed) and name.casefold() != typed
    ]


def number_first(piece: Piece, what: str, usage: str) -> tuple[int, Piece]:
    """The number the piece begins with (``3`` or ``#3``), and the rest. Raises ``WrongError``."""
    word, rest = piece.word()
    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        told = f"{quoted(word)} is no number" if word else f"which {what}?"
        raise WrongError(f"{told}: {usage}", piece.at)
    return int(digits), rest


def text_left(piece: Piece, usage: str) -> str:
    """All that is left, with its lines. Raises ``WrongError`` where there is nothing."""
    if piece.blank:
        raise WrongError(f"{usage}: the text is missing", piece.at)
    return piece.text
