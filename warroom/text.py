"""Outside text made safe to show, and figures made short to read: pure functions."""

import math
import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

LIMIT = 2_000
"""Characters of one outside text that are kept by default; a line of 1 MB becomes this."""

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
"""C0 controls and DEL as the Unicode "control pictures", so that they are seen, not obeyed."""

_INVISIBLE = frozenset(
    code
    # zero-width, joiners, bidi marks, embeddings, overrides, isolates, BOM, soft hyphen,
    # line and paragraph separators, interlinear annotation, Hangul and Mongolian fillers
    for codes in (
        (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *(range(0x200B, 0x2010), range(0x2028, 0x202F), range(0x2060, 0x2070)),
        *(range(0xFE00, 0xFE10), range(0xFFF9, 0xFFFC), range(0xE0000, 0xE0FFF)),
    )
    for code in codes
)

_DISPUTED = frozenset(
    code
    # Trigrams, monograms, hexagrams, tally marks and circled numbers that Unicode 16 has made
    # wide (or not); skin tones, which some terminals draw into the emoji before them; vowels and
    # finals of Hangul that make no syllable with what is before them.
    for codes in (
        *(range(0x2630, 0x2638), range(0x268A, 0x2690), range(0x3248, 0x3250)),
        *(range(0x4DC0, 0x4E00), range(0x1D300, 0x1D377), range(0x1F3FB, 0x1F400)),
        *(range(0x1160, 0x1200), range(0xD7B0, 0xD800)),
    )
    for code in codes
)
"""Characters of one cell here and of two there: what stands behind them would move. Found by
comparing Rich 15, wcwidth 0.9 (pyte) and glibc 2.36, character by character."""

_FLAG_LETTER = 0x1F1E6
"""The first of the 26 of which two are a flag, in two cells or in four: shown as letters."""


def _visible(char: str) -> str:
    code = ord(char)
    if code in _PICTURES:
        return _PICTURES[code]
    if _FLAG_LETTER <= code < _FLAG_LETTER + 26:
        return chr(ord("A") + code - _FLAG_LETTER)
    if 0x80 <= code < 0xA0 or code in _INVISIBLE or code in _DISPUTED or 0xD800 <= code < 0xE000:
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    if unicodedata.category(char) in ("Cf", "Cs", "Co", "Cn"):
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return char


_SYLLABLE = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
"""Hangul letter by letter, as macOS names its files."""
_PLAIN = re.compile(r"[ -~]*\Z")


def safe(text: str, limit: int = LIMIT) -> str:
    """Outside text with every character visible and none obeyed, on one line.

    Controls (newlines and escapes too), C1 bytes, bidi marks, zero-width characters and
    lone surrogates become pictures or ``\\uXXXX``, and so does what is wider on one terminal
    than on another. Combining marks past two in a row are dropped, so that a stack of them
    cannot reach into other lines, and marks of any kind past four. Longer than ``limit``
    characters, it is cut and ends in ``…``. Markup is not touched: what draws it must not
    parse markup (``Content``, ``Text``).
    """
    cut = len(text) > limit
    if cut:
        text = text[: max(limit - 1, 0)]
    if not _PLAIN.match(text):
        text = _SYLLABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
        text = _few_marks("".join(map(_visible, text)))
    return text + "…" if cut else text


def whole_line(text: str) -> str:
    """``safe``, and not cut."""
    return safe(text, max(len(text), 1))


def safe_lines(text: str) -> str:
    """Text of several lines with each made ``safe``; lines stay lines, and none is cut."""
    return "\n".join(map(whole_line, text.split("\n")))


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = stacked = 0
    for char in text:
        stacked = stacked + 1 if unicodedata.combining(char) else 0
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if stacked <= 2 and marks <= 4:
            kept.append(char)
    return "".join(kept)


def mask_url(url: str) -> str:
    """The address with any password in it replaced by ``***``, fit to be shown.

    The values of query parameters are masked as well: tokens travel there.
    """
    try:
        parts = urlsplit(url)
        netloc = parts.netloc
        if "@" in netloc:
            user, _, host = netloc.rpartition("@")
            name, colon, _ = user.partition(":")
            netloc = f"{name}:***@{host}" if colon else f"***@{host}"
        query = re.sub(r"=[^&]*", "=***", parts.query)
        return urlunsplit((parts.scheme, netloc, parts.path, query, ""))
    except ValueError:
        return "(an address that cannot be read)"


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")


def mask_urls(text: str) -> str:
    """A text with every address in it masked: ``--url=https://ana:***@host``. Of a text that is
    one address from its beginning on, blanks belong to it."""
    if _URL.match(text):
        return mask_url(text)
    return _URL.sub(lambda found: mask_url(found[0]), text)


def short_duration(seconds: float) -> str:
    """A span for people: ``41 ms``, ``2.1 s``, ``40 s``, ``3 min``, ``2 h 05``, ``4 d``."""
    if seconds < 0:
        return f"-{short_duration(-seconds)}"
    if seconds < 0.9995:
        return _milliseconds(seconds * 1000)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if seconds >= MOST_DAYS * 86400 or seconds != seconds:
        return f"{seconds:.2g} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    return f"{round(minutes / 1440)} d"


MOST_DAYS = 100_000
"""Days from which a span is written with an exponent."""


def _milliseconds(value: float) -> str:
    """Whole ones, and of less than one its first digit: it is not nothing."""
    if value == 0:
        return "0 ms"
    if value >= 0.95:
        return f"{value:.0f} ms"
    return f"{value:.1g} ms" if value >= 0.0095 else "<0.01 ms"


_STEPS = (10, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600)


def stepped_age(seconds: float) -> str:
    """An age in steps (10 s, 20 s, 30 s, 1 min …), so that it is repainted seldom."""
    if seconds < _STEPS[0]:
        return "a moment"
    passed = max((step for step in _STEPS if step <= seconds), default=_STEPS[0])
    if seconds >= 2 * _STEPS[-1]:
        passed = int(seconds // 3600) * 3600
    if passed < 60:
        return f"{passed} s"
    return f"{passed // 60} min" if passed < 3600 else f"{passed // 3600} h"


_UNIT_SPACE = {"%": " %", "": ""}


def short_figure(value: float | None, unit: str) -> str:
    """A figure with its unit in at most about eight characters; ``–`` for not known. The unit may
    be a stranger's: it is made safe."""
    if value is None or value != value:
        return "–"
    if math.isinf(value):
        return f"{value:g} {safe(unit)}".rstrip()
    if unit == "ms":
        return short_duration(value / 1000)
    if unit == "s":
        return short_duration(value)
    if unit == "B":
        return _scaled(value, 1024, ("B", "KiB", "MiB", "GiB", "TiB"))
    large = abs(value) >= 9_999.5
    number = (
        _scaled(value, 1000, ("", "k", "M", "G"))
        if large
        else f"{value:.{4 if abs(value) >= 0.001 else 2}g}"
    )
    unit = safe(_ONE.get(unit, unit) if number == "1" else unit)
    return number + _UNIT_SPACE.get(unit, f" {unit}")


_ONE = {
    f"{word}s": word
    for word in (
        *("poll", "answer", "error", "request", "job", "connection", "client", "server"),
        *("database", "replica", "slot", "worker", "row", "commit", "rollback"),
    )
}
"""Units that are counted, and what one of them is called."""
MOST_STEPS = 1_000
"""Of the largest unit, from which a figure is written with an exponent: cut digits would be
another figure."""


def _scaled(value: float, base: int, names: tuple[str, ...]) -> str:
    if abs(value) >= MOST_STEPS * float(base) ** (len(names) - 1):
        return f"{value:.2g} {names[0]}".rstrip()
    step = 0
    while round(abs(value)) >= base and step < len(names) - 1:
        value, step = value / base, step + 1
    text = f"{value:.0f}" if step == 0 or abs(value) >= 99.5 else f"{value:.1f}"
    return f"{text} {names[step]}".rstrip()


LONGEST_SLUG = 40
"""Characters of a title as a name."""


def slug(title: str) -> str:
    """A title fit for a channel's name or an address: ``sign-in-is-down``."""
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore")
    words = re.findall(r"[a-z0-9]+", plain.decode().casefold())
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        made = longer
    return made or "incident"
