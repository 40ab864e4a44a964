"""Quoted strings of PromQL, as Go writes them.

Prometheus' manual, "Querying basics", string literals: in single or double quotes a
backslash begins an escape sequence (``\\a \\b \\f \\n \\r \\t \\v \\\\``, the quote itself,
octal ``\\nnn``, ``\\xnn``, ``\\unnnn``, ``\\Unnnnnnnn``); in backticks nothing is escaped.
"""

import re

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_NUMBER = re.compile(r"([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})")
_QUOTES = "\"'`"


class NotAStringError(ValueError):
    """``at`` is the index of the character at fault."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def read_string(text: str, at: int) -> tuple[str, int]:
    """The string that begins at ``text[at]``, and the index after it. Raises NotAStringError."""
    quote = text[at : at + 1]
    if not quote or quote not in _QUOTES:
        raise NotAStringError(at, "a value in quotes is needed")
    begun, raw = at, quote == "`"
    at += 1
    # Escapes by number are bytes in Go: "\xc3\xa4" is one letter.
    said = bytearray()
    while at < len(text) and text[at] != quote:
        if text[at] == "\n" and not raw:
            break
        if text[at] == "\\" and not raw:
            piece, at = _escape(text, at, quote)
            said += piece
        else:
            said += text[at].encode("utf-8", "surrogatepass")
            at += 1
    if text[at : at + 1] != quote:
        raise NotAStringError(begun, "the quote is not closed")
    try:
        return said.decode(), at + 1
    except UnicodeDecodeError:
        raise NotAStringError(begun, "the value is not UTF-8") from None


def write_string(text: str) -> str:
    """``text`` in double quotes, to be read by ``read_string`` and by Prometheus."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _escape(text: str, at: int, quote: str) -> tuple[bytes, int]:
    letter = text[at + 1 : at + 2]
    if letter and (letter == quote or letter in _SIMPLE):
        return _SIMPLE.get(letter, letter).encode(), at + 2
    match = _NUMBER.match(text, at + 1)
    if match and match.lastindex is not None:
        value = int(match[match.lastindex], 8 if match.lastindex == 1 else 16)
        if match.lastindex <= 2 and value < 256:
            return bytes([value]), match.end()
        if match.lastindex > 2 and value <= 0x10FFFF and not 0xD800 <= value < 0xE000:
            return chr(value).encode(), match.end()
    raise NotAStringError(at, rf"\{letter} is no escape sequence; a backslash is written \\")
