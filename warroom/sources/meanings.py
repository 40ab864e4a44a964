"""Which line of a kind's ``meanings`` explains a figure."""

import re

from warroom.sources.base import Source

PART = re.compile(r"(<\w+>)")
"""What stands in a name for whatever the configuration calls it: ``<queue>`` of
``<queue>.depth``."""


def explaining(kind: type[Source], figure: str) -> str | None:
    """The name under which ``kind.meanings`` explains this figure (given without its source's
    name): its own, or else the first pattern it fits; None when nothing is said of it."""
    if figure in kind.meanings:
        return figure
    return next((name for name in kind.meanings if pattern(name).fullmatch(figure)), None)


def pattern(name: str) -> re.Pattern[str]:
    """A name as a regular expression, each ``<part>`` of it a group."""
    pieces = PART.split(name)
    return re.compile("".join("(.+)" if PART.match(p) else re.escape(p) for p in pieces))
