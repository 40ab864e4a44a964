"""What the linter finds in single words: blanks, secrets, internal hosts, people, levels. Pure.

Each gives the rule's name, what is wrong in words, and where. All patterns are RE2's: they take
time in proportion to the text, whatever stands in it; and none goes on into the next line.
"""

import fnmatch
import ipaddress
from collections.abc import Iterator
from functools import cache

import msgspec

from warroom.regex import Pattern
from warroom.secretlike import SECRET
from warroom.severity import Level, Scale
from warroom.text import safe

Hit = tuple[str, str, int, int]


class LintFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What must not stand in public text: the ``hosts`` that the room watches, names that fit the
    patterns ``internal``, ``people`` and their accounts. ``public_hosts`` may."""

    hosts: frozenset[str] = frozenset()
    internal: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    public_hosts: frozenset[str] = frozenset()


INTERNAL = (
    "localhost", "*.internal", "*.local", "*.lan", "*.corp", "*.intranet", "*.home.arpa",
    "*.svc.cluster.local", "*.svc", "*.compute.internal", "*.ec2.internal",
)  # fmt: skip
"""Names that mean nothing, or too much, to anybody outside."""

ORDINARY = frozenset(
    {"art", "april", "bill", "case", "chase", "christian", "dean", "deploy", "drew", "faith"}
    | {"frank", "grace", "grant", "hope", "jack", "joy", "june", "mark", "max", "may", "page"}
    | {"pat", "rich", "rob", "rose", "root", "sue", "wade", "will"}
)
"""Names of people, and accounts, that are words of every day."""

NOBODY = frozenset(
    {"admin", "alerts", "api", "app", "backend", "billing", "business", "communications", "company"}
    | {"customer", "customers", "data", "database", "desk", "devops", "duty", "engineer", "group"}
    | {"engineering", "frontend", "guest", "head", "help", "hosting", "incident", "incidents", "it"}
    | {"infrastructure", "lead", "leadership", "legal", "mail", "management", "manager", "network"}
    | {"marketing", "office", "on-call", "oncall", "operations", "operator", "ops", "owner", "the"}
    | {"payments", "people", "platform", "press", "primary", "product", "provider", "public", "qa"}
    | {"relations", "release", "reliability", "responder", "sales", "secondary", "security", "web"}
    | {"service", "services", "site", "sre", "status", "support", "system", "team", "technical"}
    | {"test", "tier", "user", "users", "vendor", "vendors"}
)
"""What teams, offices and accounts are called: a contact of that name is no person's."""

PORTS = frozenset(
    {"1433", "1521", "3000", "3306", "4222", "5000", "5432", "5672", "6379", "6432", "8000", "8080"}
    | {"8443", "9000", "9090", "9092", "9200", "9300", "11211", "15672", "26379", "27017"}
)
"""Where something listens, mostly: behind a word and a colon this is no count."""

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_WORD = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{2,5}})?"
_SIX = r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"
"""What may be an IPv6 address: two colons at least."""
_BLANK = (
    r"\[[^\[\]\n]{1,60}\?\]|\{\{|\}\}|\{%|%\}|\b(?:TBD|TODO|XXX|FIXME)\b"
    r"|<[A-Za-z][A-Za-z _-]{1,40}>"
)
_LEVEL = r"(?i)\bSEV-?[0-9]{1,2}\b|\b(?-i:[PS][0-9])\b"
_HANDLE = r"@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])"
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"


@cache
def compiled(text: str) -> Pattern:
    """Compiled once a process: the same few of them are used for every message."""
    return Pattern(text)


def _found(text: str, pattern: str) -> Iterator[tuple[str, int, int]]:
    for start, end in compiled(pattern).spans(text):
        yield text[start:end], start, end


def blanks(line: str) -> Iterator[Hit]:
    """Fields that nobody has filled."""
    for word, start, end in _found(line, _BLANK):
        yield "unfilled", f"{safe(word, 60)} is still to be filled in", start, end


def secrets(line: str) -> Iterator[Hit]:
    """What looks like a secret stands in no message, inside or outside; nor does it in what is
    said of it, which is recorded."""
    for word, start, end in _found(line, SECRET):
        shown = "a password in an address" if word.startswith("://") else f"{safe(word[:4], 8)}…"
        yield "secret", f"{shown} looks like a secret: take it out", start, end


def levels(line: str, scale: Scale, present: Level) -> Iterator[Hit]:
    """A level that the scale has not, or that the incident is not at."""
    for word, start, end in _found(line, _LEVEL):
        named = next((name for name in scale.names if name.casefold() == word.casefold()), None)
        if named is None:
            if _alike(word, scale):
                names = ", ".join(scale.names)
                yield "level", f"{word} is no level here; there are {names}", start, end
        elif present and named != present:
            yield "level", f"it says {word}; the incident is {present}", start, end


def _alike(word: str, scale: Scale) -> bool:
    """Whether it looks like a level of this team: another scale's may be anything (``P4`` a
    printer, ``S3`` a store)."""
    head = word.rstrip("0123456789").upper()
    return head.startswith("SEV") or any(name.rstrip("0123456789") == head for name in scale.names)


def hosts(line: str, facts: LintFacts) -> Iterator[Hit]:
    """Names and addresses of machines that are nobody's business outside."""
    words = "{} is an internal host: not in public text"
    patterns = (*INTERNAL, *(pattern.casefold() for pattern in facts.internal))
    taken: set[int] = set()
    for word, start, end in _found(line, _SIX):
        address = _six(line, start, end)
        if address is not None and (not address.is_global or str(address) in facts.hosts):
            taken.update(range(start, end))
            yield "host", words.format(safe(word, 80)), start, end
    for word, start, end in _found(line, _WORD):
        name, _, port = word.casefold().partition(":")
        name = name.strip("_")
        used = bool(port) or line[max(start - 3, 0) : start].endswith(("://", "@"))
        if name in facts.public_hosts or start in taken:
            continue
        if _is_ours(name, facts, used=used) or _fits(name, patterns) or _is_served(name, port):
            yield "host", words.format(safe(word, 80)), start, end


def _six(line: str, start: int, end: int) -> ipaddress.IPv6Address | None:
    """The IPv6 address that stands there by itself: ``std::abs`` is none."""
    if (line[start - 1 : start].isalnum() and start) or line[end : end + 1].isalnum():
        return None
    for text in (line[start:end], line[start:end].rstrip("."), line[start:end].rstrip(".:")):
        try:
            address = ipaddress.IPv6Address(text)
        except ValueError:
            continue
        return None if address.is_unspecified else address
    return None


def _is_ours(name: str, facts: LintFacts, *, used: bool) -> bool:
    """Whether it is a host that the room watches, or an address of no public network. A host that
    is called as a thing is (``api``, ``redis``) counts where it is ``used`` as one: with its port,
    or in an address."""
    if name in facts.hosts:
        return used or not name.isalpha()
    try:
        address = ipaddress.IPv4Address(name)
    except ValueError:
        return False
    # What begins with a zero is a version.
    return not (address.is_global or name.startswith("0."))


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether it is a name under one of the patterns."""
    whole = "." in name
    return any(
        fnmatch.fnmatchcase(name, pattern) for pattern in patterns if whole or "." not in pattern
    )


def _is_served(name: str, port: str) -> bool:
    """Whether it is ``host:port``, of whatever host: ``queue-1:6379``, ``redis:6379``. A count
    behind a colon is none (``users:12000``)."""
    if not name[:1].isalpha() or len(port) < len("1024"):
        return False
    return port in PORTS or any(char in "0123456789.-" for char in name)


def people(line: str, facts: LintFacts) -> Iterator[Hit]:
    """Names, handles and mail addresses of people."""
    for word, start, end in _found(line, _MAIL):
        host = word.rpartition("@")[2].casefold()
        if host not in facts.public_hosts:
            yield "person", f"{safe(word, 80)} is somebody's address", start, end
    for word, start, end in _found(line, _HANDLE):
        if start == 0 or line[start - 1] in " \t\n(,;:/[<\"'*_":
            yield "person", f"{safe(word, 60)} is somebody's handle", start, end
    for name in sorted(facts.people):
        if all(word.casefold() in NOBODY for word in name.split()):
            continue
        for start in _whole_words(line, name):
            yield "person", f"{safe(name, 60)} is somebody's name", start, start + len(name)


def _whole_words(line: str, name: str) -> Iterator[int]:
    """Where the name stands as a word of its own. One that is a word of every day, or of two
    letters, counts only as a name is written, and not where a sentence begins: ``Mark`` is a
    person, ``mark`` is none."""
    ordinary = name.casefold() in ORDINARY or (len(name) <= 2 and name.isalpha())
    for spelled in {name.capitalize()} if ordinary else {name, name.capitalize()}:
        start = line.find(spelled) if len(spelled) > 1 else -1
        while start >= 0:
            end = start + len(spelled)
            before, behind = line[start - 1 : start] if start else "", line[end : end + 1]
            alone = not (before.isalnum() or behind.isalnum() or before == "@")
            if alone and not (ordinary and _begins(line, start)):
                yield start
            start = line.find(spelled, end)


def _begins(line: str, start: int) -> bool:
    """Whether a sentence begins there: every word has a capital letter then."""
    before = line[max(start - 20, 0) : start].rstrip(" -*\"'")
    return not before or before[-1] in ".!?:\n"
