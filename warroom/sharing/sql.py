"""SQL without its literals and comments (PostgreSQL documentation, "Lexical Structure"). Pure.

A statement that the server has cut short ends within a literal: then everything from its first
quote on is the literal.
"""

import re
from collections.abc import Callable

_PART = re.compile(
    r"""
      (?P<line>--[^\n\u240a]*)
    | (?P<block>/\*)
    | (?P<dollar>\$(?P<tag>[^\W\d]\w*)?\$)
    | (?P<escaped>\b[eE]'(?:[^'\\]|\\.|'')*(?:'|\\?\Z))
    | (?P<quoted>(?:\b[uU]&|\b[bBnNxX])?'(?:[^']|'')*(?:'|\Z))
    | (?P<ident>"(?:[^"]|"")*(?:"|\Z))
    | (?P<pseudo><(?:host|addr|mail|user|token|phone)(?:-\d+)?>)
    | (?P<param>[$:]\d+\b)
    | (?P<number>(?<![\w.$])(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)(?!\w))
    | (?P<word>[^\W\d][\w$]*)
    """,
    re.VERBOSE | re.DOTALL,
)
COMMENT = "/*?*/"


def masked(sql: str, word: Callable[[str], str], *, numbers: bool = True) -> str:
    """The statement with ``?`` for every literal. ``word`` is asked for each name, and for what is
    between double quotes. Without ``numbers`` those stay."""
    out: list[str] = []
    at = 0
    while (found := _PART.search(sql, at)) is not None:
        out.append(sql[at : found.start()])
        at = found.end()
        match found.lastgroup:
            case "line":
                out.append(COMMENT)
            case "block":
                at = _comment_end(sql, at)
                out.append(COMMENT)
            case "dollar" | "tag":
                end = sql.find(found["dollar"], at)
                at = len(sql) if end < 0 else end + len(found["dollar"])
                out.append("?")
            case "quoted" if "\\'" in found[0]:
                # By the server's setting the quote behind it ends the literal, or does not.
                out.append("?")
                at = len(sql)
            case "escaped" | "quoted":
                out.append("?")
            case "number":
                out.append("?" if numbers else found[0])
            case "word" | "ident":
                out.append(word(found[0]))
            case _:
                out.append(found[0])
    out.append(sql[at:])
    return "".join(out)


_NESTED = re.compile(r"/\*|\*/")


def _comment_end(sql: str, at: int) -> int:
    """Where the comment ends that begins before ``at``: they nest."""
    depth = 1
    while depth:
        found = _NESTED.search(sql, at)
        if found is None:
            return len(sql)
        depth += 1 if found[0] == "/*" else -1
        at = found.end()
    return at
