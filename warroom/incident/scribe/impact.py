"""``/impact users 1200 share 40% services web,api data-loss no``: what is hit. Pure."""

import re
from typing import Any

from warroom.incident.entries import Impact
from warroom.incident.scribe.types import Piece, ScribeContext, WrongError

USAGE = "/impact users 1200 share 40% services web,api regions eu money $5k data-loss no exposed no"
WORDS = (
    *("users", "share", "services", "features", "regions", "money"),
    *("data-loss", "exposed", "legal"),
)
_LISTS = ("services", "features", "regions")
_FLAGS = {"data-loss": "data_loss", "exposed": "exposed", "legal": "legal"}
_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_NUMBER = re.compile(r"(\d{1,10}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,3}))?([kKmM]?)", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%?", re.ASCII)


def read(piece: Piece, context: ScribeContext) -> Impact:
    """Raises ``WrongError``. Words that are no keyword, or a keyword whose figure is none, are
    free text from there on."""
    if piece.blank:
        raise WrongError(f"what is hit? {USAGE}", piece.at)
    said: dict[str, Any] = {}
    while not piece.blank:
        word, rest = piece.word()
        key = word.casefold().rstrip(":").replace("_", "-")
        if key not in WORDS or rest.blank:
            if key in WORDS and rest.blank:
                raise WrongError(f"{key}: how much, or which? {USAGE}", piece.at)
            said["text"] = piece.text
            break
        piece = _take(key, rest, said)
    return Impact(**said)


def _take(key: str, rest: Piece, said: dict[str, Any]) -> Piece:
    value, after = rest.word()
    if key in _LISTS:
        while value.endswith(",") and not after.blank:
            more, after = after.word()
            value += more
        names = tuple(name for name in value.split(",") if name)
        said[key] = () if value in ("-", "none") else names
    elif key == "money":
        said[key] = "" if value == "-" else value
    elif key == "users":
        said[key] = _users(value, rest.at)
    elif key == "share":
        said[key], after = _share(value, rest.at), _unit(after)
    else:
        said[_FLAGS[key]] = _flag(key, value, rest.at)
    return after


def _unit(after: Piece) -> Piece:
    """``40 %`` is ``40%``."""
    word, rest = after.word()
    return rest if word == "%" else after


def _users(word: str, at: int) -> int:
    found = _NUMBER.fullmatch(word)
    if found is None:
        raise WrongError(f"users {word[:40]}: write a number, 1200 or 1.2k", at)
    scale = {"": 1, "k": 1_000, "m": 1_000_000}[found[3].casefold()]
    return round(float(f"{found[1].replace(',', '')}.{found[2] or 0}") * scale)


def _share(word: str, at: int) -> float:
    found = _SHARE.fullmatch(word)
    if found is None or float(found[1]) > 100:
        raise WrongError(f"share {word[:40]}: write a percentage, 0 to 100", at)
    return float(found[1])


def _flag(key: str, word: str, at: int) -> bool:
    value = _YES.get(word.casefold().rstrip(",;."))
    if value is None:
        raise WrongError(f"{key} {word[:40]}: yes or no?", at)
    return value
