"""What gives a value away that nobody has named before. Pure."""

import re

from warroom.sharing.pseudonyms import PSEUDONYM

_SECRET_WORDS = (
    r"pass(?:word|wd|phrase)?|pwd|pw|secret(?:[_-]?key(?:[_-]?base)?)?|token|api[_-]?key|"
    r"access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|"
    r"routing[_-]?key|client[_-]?secret|auth(?:orization)?|credentials?|"
    r"session[_-]?id|sid|signature|sig|otp|pin"
)
_OWNED = r"(?:[A-Za-z][A-Za-z0-9]*[_-]){0,4}(?:PG|DB|[a-z]{1,20}(?=[A-Z]))?"
"""Whose secret it is: ``DB_PASSWORD``, ``X-Api-Key``, ``PGPASSWORD``, ``clientSecret``."""
_SCHEME = r"(?:[Bb]earer|[Bb]asic|[Dd]igest|[Tt]oken|[Aa]pi[Kk]ey)"
_SECTIONS = (
    r"room|review|severity|console|share|vantage|keys|pages|sources|rules|incident|assessment|"
    r"escalation|contacts|checklists|messages|receivers|actions|checks|playbooks|library|resolve"
)
"""Of a configuration file, behind the number of a line: which setting is wrong must be told."""
_PORTS = (
    r"443|3000|3306|5432|5433|5672|6379|6380|6432|8000|8080|8443|9042|9090|9092|9200|11211|26379|"
    r"27017|50051"
)
"""Of servers. ``pid:12345`` is no host's."""
_PREFIXED = (
    r"[spr]k[_-](?:live|test|proj|ant)[_-]|gh[pousr]_|github_pat_|xox[a-z]-|xapp-|glpat-|npm_|"
    r"hv[sb]\.|AKIA|ASIA|AIza|SG\.|dop_v1_|whsec_|pypi-"
)
"""How tokens of well-known makers begin."""
_DIALLED = r"(?:\d[ ()/-]{0,2}){6,14}\d(?!\w)"
_DATED = r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}"
SCAN = re.compile(
    rf"""
      (?P<pseudo>{PSEUDONYM})
    | (?P<setting>(?<=:)\d+:\ (?:{_SECTIONS})[.\[][\w.\[\]"-]+(?=:\ ))
    | (?P<url>(?<![\w.+-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://[^\s"'<>`|\\]*)
    | (?P<login>\b(?P<scheme>[Bb]earer|[Bb]asic|[Dd]igest)\s+(?P<given>[\w.~+/=-]{{8,}}))
    | (?P<cookie>(?<!\w)(?i:(?:set-)?cookie)(?P<cookie_glue>:\ ?)
        (?P<baked>[\w.-]+=[^"'<>\n\u240a]+))
    | (?P<secret>(?<![^\W_])(?=[\w-]{{2,80}}+(?:\\?["']?\s?[:=]|\s))
        (?P<key>{_OWNED}(?i:{_SECRET_WORDS}|cookie))
        (?P<glue>\\?["']?\s?[:=]\s?\\?["']?(?:{_SCHEME}\s+)?
            |(?<=--password)\s+|(?<=--token)\s+)
        (?!{_SCHEME}\s)
        (?P<value>(?<=")[^"<>?]+|(?<=')[^'<>?]+|[^\s"',;&<>?\\][^\s"',;&<>\\]*))
    | (?P<row>\)=\((?P<cells>[^()]*(?:\([^()]*\)[^()]*)*)\))
    | (?P<failing>\((?<=row\ contains\ \()(?:.*\)|.*\Z))
    | (?P<refused>(?P<refusal>\b(?:invalid\ input\ (?:syntax|value)\ for\ (?:type|enum)\ [\w\ ]+:
        |out\ of\ range:|at\ or\ near|value(?=\ "[^"]*"\ is\ out))\ )"[^"]*"?)
    | (?P<given_value>'(?<=\$\d\ =\ ')(?:[^']|'')*(?:'|\Z))
    | (?P<said>\b(?P<role>(?i:host|hostaddr|hostname|host\ name|server|server\ at|user|username|
        user[ _-]name|role|login|account|enotfound|CN))
        (?P<said_glue>\s?=\s?["']?|\ ["']|\\?["']\s?:\s?\\?["']|(?<=ENOTFOUND)[ ]
            |(?<=--host)\ |(?<=--user)\ |(?<=--username)\ |(?<=username):\ |(?<=hostname):\ )
        (?P<who>[^\s"',;&<>()=\\]+))
    | (?P<box>(?<=\ -h\ )[A-Za-z][\w.-]*|(?<=\blookup\ )[\w.-]+(?=\ on\ \S+:53\b|:\ no\ such))
    | (?P<ported>(?<![\w./-])[A-Za-z][\w-]*(?=:(?:{_PORTS})(?![\w:]|\.\d)))
    | (?P<home>(?<=/home/)[\w.-]+|(?<=/Users/)[\w.-]+|(?<=\\Users\\)[\w.-]+
        |(?<=\ -U\ )[A-Za-z][\w.-]*|(?<=:user/)[\w.-]+|(?<=(?<![\w/])~)[a-z][\w-]*(?=/))
    | (?P<cut>[\w.:@/+-]+…)
    | (?P<mail>[\w.+%-]{{1,64}}@(?:\[[0-9A-Fa-f:.]+\]|[\w-]+(?:\.[\w-]+)*))
    | (?P<prefixed>(?<!\w)(?:{_PREFIXED})[\w-]{{8,}})
    | (?P<base>(?<![\w/+.-])[A-Za-z0-9+/]{{40,}}={{0,2}}(?![\w/+.-]))
    | (?P<inner>(?<![\w.-])ip(?:-\d{{1,3}}){{4}}(?![\w.-]*\w))
    | (?P<jwt>\beyJ[\w-]{{4,400}}\.[\w-]+(?:\.[\w-]*)?)
    | (?P<uuid>(?<![\w-])[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?![\w-]))
    | (?P<mac>(?<![\w:-])[0-9A-Fa-f]{{2}}(?:[:-][0-9A-Fa-f]{{2}}){{5}}(?![\w:-]))
    | (?P<six>(?<![\w:.])(?:[0-9A-Fa-f]{{1,4}}:|:(?=:)):?(?:[0-9A-Fa-f]{{0,4}}:)*
        [0-9A-Fa-f]{{0,4}}(?:\.\d{{1,3}}){{0,3}}(?:%\w+)?(?!\w|[.-]\w))
    | (?P<four>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w.]*\w))
    | (?P<phone>(?<![\w.])\+\d(?:[ ()/.-]{{0,2}}\d){{6,14}}(?!\w))
    | (?P<called>(?P<calling>\b(?i:(?:tele)?phone(?:\ number)?|tel|mobile|cell|fax|ext|extension)\b
            (?:\ ?[.:])?\ ?(?=\d[\d ()/-]{{2,17}}\d(?!\w))
        |\b(?i:call|dial|ring)\b(?:\ (?:me|him|her|us|them))?(?:\ (?:on|at))?:?\ (?={_DIALLED}))
        (?!{_DATED})(?P<dialled>\d[\d ()/-]{{1,17}}\d)(?![\w:]|[.,]\d))
    | (?P<local>(?:(?<![\w.,:/#$-])(?:
            (?:0[1-9]\d{{1,4}}|00[1-9]\d{{1,3}})[ /-](?=[\d -]{{5,12}}(?![\d-]))
                \d{{2,9}}(?:[ -]\d{{2,7}}){{0,3}}
            |(?:1[-. ])?\d{{3}}-\d{{3}}-\d{{4}}|(?:1\.)?\d{{3}}\.\d{{3}}\.\d{{4}})
        |\(\d{{3}}\)\ ?\d{{3}}[-. ]\d{{4}}|\(0\d{{2,4}}\)\ ?\d{{3,8}}(?:[ -]\d{{2,6}})?
        )(?![\w:-]|[.,/]\d))
    | (?P<table>\b(?:(?i:table|relation|index|sequence|vacuum|truncate|reindex)|ANALYZE)\s+
        (?P<relation>[A-Za-z_]\w*\.[A-Za-z_]\w*)(?![\w@:/-]|\.\w))
    | (?P<word>\w(?:[\w.+-]*\w)?(?:={{1,2}}(?!\w))?)
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
_CASES = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PIECES = re.compile(r"[^A-Za-z0-9]+")
LONG = 20
"""Characters from which letters and digits mixed are taken for a token."""
SENTENCE = re.compile(
    r"\b(?:select\b.{1,2000}?\bfrom|insert_+into|update_+(?:only_+)?(?:\"[^\"]*\"|\S+)_+set|"
    r"delete_+from|with_+(?:recursive_+)?\w+_+as_*\(|merge_+into|copy_+\S+_+(?:from|to)|"
    r"(?:alter|create)_+(?:role|user)|values_*\(|select_+(?:\w+\()?[eE]?'|"
    r"(?:call|execute|perform)_+[\w.]+_*\(|notify_+\w+_*,_*'|set_+[\w.]+_+to_+'|"
    r"where_+[\w.\"]+_*(?:[<>=]|i?like\b|in_*\(|between\b))".replace("_", r"[\s\u2400-\u241f]"),
    re.IGNORECASE | re.DOTALL,
)
"""Where a statement begins within a text, in which the ends of lines may be pictures of them."""
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


DOMAINS = frozenset(
    ["com", "net", "org", "io", "dev", "internal", "local", "lan", "corp", "intra", "example"]
)
"""Endings that are a domain's in whatever case."""
SCHEMAS = re.compile(
    r"(?:public|dbo|pg_catalog|pg_toast|pg_temp(?:_\d+)?|information_schema|performance_schema)"
    r"\.(?P<name>[A-Za-z]\w*)\Z"
)
"""A table in one of the schemas that every server has."""
# fmt: off
ENDINGS = DOMAINS | frozenset([
    "app", "biz", "cloud", "cluster", "consul", "docker", "edu", "gov", "home", "host", "info",
    "int", "localdomain", "localhost", "mil", "name", "online", "page", "prod", "pro", "site",
    "staging", "svc", "tech", "test", "xyz",
])
"""Of domains, and of what teams call parts of their networks."""
VALUES = frozenset([
    "ok", "no", "yes", "none", "null", "nil", "true", "false", "on", "off", "up", "down",
    "error", "failed", "missing", "invalid", "expired", "unknown", "required", "empty", "wrong",
    "denied", "rejected", "refused", "disabled", "enabled", "unset", "not", "is", "the", "a",
    "an", "and", "or",
])
# fmt: on
"""What stands behind ``auth:`` or ``server =`` and is nobody's name and no secret."""


def is_host(word: str) -> bool:
    """Whether it reads as a name with dots: labels as host names have them, the last one of one
    case and no ending of a file."""
    if not _LABELS.match(word):
        return False
    last = word.rpartition(".")[2]
    if last.lower() in DOMAINS:
        return True
    if len(last) < 2 or not (last.islower() or last.isupper()):
        return False
    return last.lower() not in FILES


def is_domain(word: str) -> bool:
    """Whether it ends as names of hosts do, and as hardly any table is called."""
    last = word.rpartition(".")[2].lower()
    return len(last) == 2 or last in ENDINGS


def is_table(word: str) -> bool:
    """Whether it is a table's name behind its schema's."""
    return SCHEMAS.match(word) is not None and not is_domain(word)


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


def is_key(run: str) -> bool:
    """Whether it is base64 that no path is like: digits among letters of both cases, often."""
    both = any(map(str.islower, run)) and any(map(str.isupper, run))
    digits = len(_TURNS.findall(run))
    return both and (digits >= 3 or (digits > 0 and len(_CASES.findall(run)) >= 4))
