"""On which line of a TOML text each key stands.

``tomllib`` says what a file holds, not where. This scanner says where, and nothing else: it
is meant for text that ``tomllib`` takes, gives its best for any other, and never raises.
"""

import re

Path = tuple[str | int, ...]
"""Keys from the root down; an integer is an index into an array (of tables, too)."""

_SPACE = re.compile(r"[ \t\r]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[^\s.=\[\]{},\"'#]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_MULTI = (
    # Up to two quotes may stand right before the closing three: they belong to the string.
    re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
)
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[btnfre"\\])')
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_DEEPEST = 60
"""Arrays and inline tables nested deeper are not looked into."""


def lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every key, table and array element of ``text``."""
    return _Scanner(text).scan()


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of its nearest ancestor that is written down; else 1."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._found: dict[Path, int] = {}
        self._last: dict[Path, int] = {}
        """The index of the newest element of each array of tables."""

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._take("[["):
                table = self._header(array=True)
            elif self._take("["):
                table = self._header(array=False)
            else:
                self._pair(table, 0)
                self._skip_line()
        return self._found

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        end = match.end() if match else self._at
        self._line += self._text.count("\n", self._at, end)
        self._at = end
        return end

    def _take(self, token: str) -> bool:
        if self._text.startswith(token, self._at):
            self._at += len(token)
            return True
        return False

    def _skip_line(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _header(self, array: bool) -> Path:
        parts = self._key()
        line = self._line
        path = self._resolve(parts[:-1], line)
        if parts:
            path += parts[-1:]
            if array:
                self._found.setdefault(path, line)
                self._last[path] = self._last.get(path, -1) + 1
                path += (self._last[path],)
            elif path in self._last:
                path += (self._last[path],)
            self._found[path] = line
        self._skip_line()
        return path

    def _resolve(self, parts: Path, line: int) -> Path:
        """``parts`` with the index of the newest element after each array of tables."""
        path: Path = ()
        for part in parts:
            path += (part,)
            self._found.setdefault(path, line)
            if path in self._last:
                path += (self._last[path],)
        return path

    def _key(self) -> Path:
        """A dotted key; empty when none stands here."""
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            part = self._part()
            if part is None:
                return tuple(parts)
            parts.append(part)
            self._skip(_SPACE)
            if not self._take("."):
                return tuple(parts)

    def _part(self) -> str | None:
        for pattern in (_BARE_KEY, _BASIC, _LITERAL):
            match = pattern.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                if pattern is _BASIC:
                    return _ESCAPE.sub(_unescape, match[1])
                return match[1] if pattern is _LITERAL else match[0]
        return None

    def _pair(self, table: Path, depth: int) -> None:
        """``key = value``. Whatever else stands here is left to the caller to skip."""
        key = self._key()
        for length in range(1, len(key)):
            self._found.setdefault(table + key[:length], self._line)
        if key:
            self._found.setdefault(table + key, self._line)
        if self._take("="):
            self._skip(_SPACE)
            self._value(table + key, depth)

    def _value(self, path: Path, depth: int) -> None:
        if depth > _DEEPEST:
            self._skip(_BARE_VALUE)
        elif self._take("{"):
            self._inside("}", path, depth)
        elif self._take("["):
            self._inside("]", path, depth)
        else:
            self._scalar()

    def _inside(self, end: str, path: Path, depth: int) -> None:
        """The rest of an inline table or an array, its end included."""
        index = 0
        while self._skip(_BLANK) < len(self._text) and not self._take(end):
            before = self._at
            if end == "}":
                self._pair(path, depth + 1)
            else:
                self._found.setdefault((*path, index), self._line)
                self._value((*path, index), depth + 1)
            self._skip(_BLANK)
            index += 1
            if not self._take(",") and self._at == before:
                self._at += 1

    def _scalar(self) -> None:
        for pattern in (*_MULTI, _BASIC, _LITERAL):
            if pattern.match(self._text, self._at):
                self._skip(pattern)
                return
        self._skip(_BARE_VALUE)


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU":
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _ESCAPES.get(code, code)
