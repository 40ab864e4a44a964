"""What the words around a word tell of it, in running text. Pure.

``user alice``, ``ssh kraken``, ``on web-3``: nothing about the word itself says whose it is, or
not enough. Only of that text it is known then: elsewhere the same word may be any.
"""

import re
from collections.abc import Iterator

from warroom.sharing.ordinary import is_ordinary
from warroom.sharing.pseudonyms import What
from warroom.sharing.words import ORDINARY

_SHORT = r"(?!['’](?:t|m|re|ve|ll|d)\b)"
_LABEL = r"[A-Za-z][\w-]*(?<!-)(?![\w@]|[./\\=(\[]\w|-\w|:(?!\d{2,5}\b|\s|\Z))" + _SHORT
"""A word that is no part of a path, an address or a name with dots; a port may follow."""
_NUMBERED = r"(?=[\w-]*\d)" + _LABEL
_MORE = rf"(?:(?:,|\ and|\ or|,\ and|\ to|\ &)\ {_NUMBERED})*"
_PERSON = r"[^\W\d][\w.-]*(?<![.-])(?![\w@]|[./\\=(\[]\w|-\w|:[^\s])" + _SHORT
_WHOLE = r"[A-Z][a-z]+\ [A-Z][a-z]+(?![\w@]|[.-]\w)"
HINT = re.compile(
    rf"""(?<![\w./@<-])(?=[A-Za-z])(?:
      (?i:user(?:name)?|login|account|role|owner|author|assignee|operator)\ ?:\ *
        (?P<person>{_WHOLE}|{_PERSON})
    | (?i:log(?:s|ged|ging|in)?(?:\ ?(?:in|on))?|connect(?:s|ed|ing)?|sign(?:s|ed)?\ in|ssh|
        authenticat(?:e|es|ed|ing)|su|runs?|ran|running|act(?:s|ed|ing)?)\ as\ (?:user\ )?
        (?P<acting>{_PERSON})
    | (?i:user(?:name)?)\s+(?P<user>{_WHOLE}|{_PERSON})
    | (?i:login|account|role|owner|operator)\s+(?P<account>{_PERSON})
    | (?:ssh\ -l|sudo\ -u|su\ -l?|mysql\ -u)\ (?P<option>{_PERSON})
    | (?i:hosts?|hostname|bastion|server|node|machine|vm|box)\ ?:\ *(?P<place>{_LABEL})
    | (?:[Ss]sh|[Pp]ing|telnet|traceroute|nslookup|dig|rsync|scp)\ (?:(?:to|into)\ )?
        (?:-\w+\ )?(?P<reached>{_LABEL})
    | (?i:hosts?|hostname|bastion)\s+(?P<host>{_LABEL}{_MORE})
    | (?i:servers?|nodes?|machines?|vms?|box(?:es)?|instances?|replicas?|primary|standby|pods?|
        containers?)\s+(?P<node>{_LABEL}{_MORE})
    | (?i:on|from|at|to|via|between|against|behind|into|onto|off|reach(?:es|ed|ing)?|
        (?:restart|reboot|drain|cordon|promot|demot|fail|replac|restor|isolat)(?:e|s|es|ed|ing)?
        (?:\ over)?)\ (?P<where>{_NUMBERED}{_MORE})
    | (?P<down>{_NUMBERED})(?=\ (?:(?:is|was|are|were|went|looks|seems|has)\ (?:been\ )?
        (?:up|down|unreachable|offline|gone|back|dead|slow|full|overloaded|unhealthy|healthy|hung|
        not\ (?:ready|reachable|responding)|(?:re(?:boot|start)|crash|drain|replac|fail)\w*)\b
        |restarted|rebooted|crashed|died|hangs|refuses\ connections|does\ not\ (?:answer|respond)))
    | (?P<called>(?i:node|host|server|srv|vm|machine|bastion)-?\d+[a-z]?)
        (?![\w@]|[./\\=(\[]\w|-\w)
    )""",
    re.VERBOSE,
)
"""Where words tell so. What comes first here is tried first at each place."""

_COMMIT = re.compile(r"[0-9a-f]{7,40}\Z")
_TICKET = re.compile(r"[A-Z]{2,10}-[1-9]\d*\Z")
_REGION = re.compile(r"(?:us|eu|ap|sa|ca|me|af|il|cn)-[a-z]+-\d[a-z]?\Z")
_BEGINS = re.compile(r"[A-Za-z]+")
_LIST = re.compile(r",? (?:and|or|to|&) |, ?")
_COUNTED_TEXT = """
alpha apr ascii attempt aug base beta bug build case ch chapter cp day dec deploy deployment epoch
eta eu experiment feb fig figure fix float gen group h hour hr http https id inc incident int ip
ipv iso issue iteration jan jul jun key latin layer level line lvl mar may md min minute mp mt nov
number oauth oct option p page part pass patch percentile phase pid plan point pr prio priority py
python qtr quarter ratio rc rel release rev revision round row rule run section sep sept sev sha
slot sql ssl stage step stream sum target task test ticket tier tls top try uint unit utf v ver
version w wave week x year
"""
_COUNTED = frozenset(_COUNTED_TEXT.split())
"""What is counted and is no machine: ``step-2``, ``p95``, ``utf8``."""


def hinted(text: str) -> dict[str, What]:
    """The words that are somebody's or some machine's by what stands around them, in small
    letters."""
    found: dict[str, What] = {}
    at = 0
    while (hint := HINT.search(text, at)) is not None:
        kind = hint.lastgroup
        assert kind is not None
        words = list(_named(kind, hint[kind]))
        for word in words:
            found.setdefault(word.casefold(), "user" if kind in _PEOPLE else "host")
        # A word that was not meant may itself tell of the next: "the host on db1".
        at = hint.end() if words else max(hint.start(kind), hint.start() + 1)
    return found


_PEOPLE = ("person", "acting", "user", "account", "option")


def _named(kind: str, words: str) -> Iterator[str]:
    match kind:
        case "person" | "acting" | "user" | "option":
            yield from filter(_is_name, words.split(" "))
        case "account":
            yield from (word for word in (words,) if _is_name(word) and not word.isalpha())
        case "place" | "reached":
            yield from (word for word in (words,) if _is_name(word) and not _is_counted(word))
        case "host":
            first, *more = _LIST.split(words)
            yield from (word for word in (first,) if _is_name(word) and not _is_counted(word))
            yield from filter(is_machine, more)
        case "node":
            first, *more = _LIST.split(words)
            yield from (word for word in (first,) if _is_dashed(word) or is_machine(word))
            yield from filter(is_machine, more)
        case "called":
            yield words
        case _:
            yield from filter(is_machine, _LIST.split(words))


def _is_name(word: str) -> bool:
    folded = word.casefold()
    if len(word) < 2 or folded in ORDINARY or folded.startswith("pg_"):
        return False
    return not is_ordinary(word)


def _is_dashed(word: str) -> bool:
    return "-" in word and _is_name(word) and not _is_counted(word)


def is_machine(word: str) -> bool:
    """Whether it is numbered as machines are (``db1``, ``web-prod-03a``), and is none of what else
    is: a commit, a ticket, a region, ``p95``."""
    if len(word) < 3 or "_" in word or not any(map(str.isdigit, word)):
        return False
    return not _is_counted(word) and not is_ordinary(word)


def _is_counted(word: str) -> bool:
    if _COMMIT.match(word) or _TICKET.match(word) or _REGION.match(word):
        return any(map(str.isdigit, word))
    begins = _BEGINS.match(word)
    if begins is None or not any(map(str.isdigit, word)):
        return False
    single = len(begins[0]) == 1 and word[1:2] != "-"
    return single or begins[0].casefold() in _COUNTED
