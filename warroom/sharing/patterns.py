"""What gives a value away that nobody has named before. Pure."""

import re

from warroom.sharing.pseudonyms import PSEUDONYM

_SECRET_WORDS = (
    r"pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"routing[_-]?key|client[_-]?secret|auth(?:orization)?|credentials?|cookie|set-cookie|"
    r"session[_-]?id|sid|signature|sig|otp|pin"
)
SCAN = re.compile(
    rf"""
      (?P<pseudo>{PSEUDONYM})
    | (?P<url>(?<![\w.+-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://[^\s"'<>`|\\]*)
    | (?P<login>\b(?P<scheme>[Bb]earer|[Bb]asic|[Dd]igest)\s+(?P<given>[\w.~+/=-]{{8,}}))
    | (?P<secret>(?<![^\W_])(?P<key>(?i:{_SECRET_WORDS}))
        (?P<glue>\\?["']?\s?[:=]\s?\\?["']?(?:(?:[Bb]earer|[Bb]asic|[Dd]igest)\s+)?
            |(?<=--password)\s+|(?<=--token)\s+)
        (?!(?:[Bb]earer|[Bb]asic|[Dd]igest)\s)
        (?P<value>(?<=")[^"<>?]+|(?<=')[^'<>?]+|[^\s"',;&<>?\\][^\s"',;&<>\\]*))
    | (?P<row>\)=\((?P<cells>[^()]*(?:\([^()]*\)[^()]*)*)\))
    | (?P<said>\b(?P<role>(?i:host|hostaddr|hostname|server|server\ at|user|username|role|login|
        account))(?P<said_glue>\s?=\s?["']?|\ ["'])(?P<who>[^\s"',;&<>()=]+))
    | (?P<home>(?<=/home/)[\w.-]+|(?<=/Users/)[\w.-]+)
    | (?P<cut>[\w.:@/+-]+…)
    | (?P<mail>[\w.+%-]{{1,64}}@[\w-]+(?:\.[\w-]+)*)
    | (?P<jwt>\beyJ[\w-]{{4,400}}\.[\w-]+(?:\.[\w-]*)?)
    | (?P<uuid>(?<![\w-])[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?![\w-]))
    | (?P<mac>(?<![\w:-])[0-9A-Fa-f]{{2}}(?:[:-][0-9A-Fa-f]{{2}}){{5}}(?![\w:-]))
    | (?P<six>(?<![\w:.])(?:[0-9A-Fa-f]{{1,4}}:|:(?=:)):?(?:[0-9A-Fa-f]{{0,4}}:)*
        [0-9A-Fa-f]{{0,4}}(?:\.\d{{1,3}}){{0,3}}(?:%\w+)?(?!\w|[.-]\w))
    | (?P<four>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w.]*\w))
    | (?P<phone>(?<![\w.])\+\d(?:[ ()/.-]{{0,2}}\d){{6,14}}(?!\w))
    | (?P<word>\w(?:[\w.=+-]*[\w=])?)
    """,
    re.VERBOSE,
)
"""One pass from left to right; what comes first here is tried first at each place."""

FILES = frozenset(
    [
        "toml",
        "yaml",
        "yml",
        "json",
        "jsonl",
        "log",
        "txt",
        "sql",
        "csv",
        "tsv",
        "conf",
        "cfg",
        "ini",
        "html",
        "htm",
        "xml",
        "svg",
        "css",
        "scss",
        "js",
        "jsx",
        "tsx",
        "ts",
        "go",
        "java",
        "kt",
        "rb",
        "php",
        "lua",
        "tmpl",
        "lock",
        "gz",
        "bz2",
        "xz",
        "tar",
        "png",
        "jpg",
        "jpeg",
        "pdf",
        "db",
        "sqlite",
        "sock",
        "pid",
        "service",
        "pem",
        "crt",
    ]
)
"""Endings of files that are no domains."""

_LABELS = re.compile(r"(?:[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*\Z")
_TURNS = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_PIECES = re.compile(r"[^A-Za-z0-9]+")
LONG = 20
"""Characters from which letters and digits mixed are taken for a token."""
SENTENCE = re.compile(
    r"\b(?:select\b.{1,2000}?\bfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|"
    r"with\s+\w+\s+as\s*\(|merge\s+into|copy\s+\S+\s+(?:from|to)|"
    r"(?:alter|create)\s+(?:role|user)|values\s*\()",
    re.IGNORECASE | re.DOTALL,
)
"""Where a statement begins within a text."""
CLAUSE = re.compile(
    r"\s*(?:select|from|where|and|or|set|values|join|left|inner|on|having|returning|limit|order|group|"
    r"union|insert|update|delete|with|when|then|else|case|in|\(|\)|,|'|--|/\*|\$\d)(?:\b|(?<=\W))",
    re.IGNORECASE,
)
"""How a line begins that belongs to a statement."""
BOUND = re.compile(r"\s*\$\d+ = ")
"""A value that is handed to a statement."""
QUOTED_AGAIN = re.compile(r"""'"'"'.*?(?:'"'"'|\Z)""", re.DOTALL)
"""A literal in a statement that is an argument, as a shell would have it (``shlex.quote``)."""
CAST = re.compile(r"'(?:[^']|'')*'(?=::)")
"""A literal in the server's own words."""
PLANNED = re.compile(r"\bcost=|\brows=|^\s*(?:Buffers|Planning|Execution|Settings|JIT)\b")
"""A line of a query's plan that has figures."""
CONDITION = re.compile(r"^\s*(?:[\w ]*(?:Cond|Filter|Key|Keys|Output|Condition|Pruned))\b[^:]*: ")
"""A line of a query's plan that has literals."""
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def is_host(word: str) -> bool:
    """Whether it reads as a name with dots: labels as host names have them, the last one of one
    case and no ending of a file."""
    if not _LABELS.match(word):
        return False
    last = word.rpartition(".")[2]
    if len(last) < 2 or not (last.islower() or last.isupper()):
        return False
    return last.lower() not in FILES


def is_token(word: str) -> bool:
    """Whether it is long, and mixed as no word, date or version is."""
    if len(word) < LONG:
        return False
    return any(map(_is_mixed, _PIECES.split(word)))


def _is_mixed(piece: str) -> bool:
    turns = len(_TURNS.findall(piece))
    if turns >= 3 or (turns >= 1 and len(piece) >= 12):
        return True
    return piece.isdigit() and len(piece) >= 16
