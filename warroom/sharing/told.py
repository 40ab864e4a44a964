"""Secrets that are told in words, or typed behind a command: ``password is hunter2``, ``api key
x``, ``sshpass -p hunter2``. Pure."""

import re
from collections.abc import Callable

from warroom.sharing.ordinary import is_ordinary

_KEYS = (
    r"pass(?:word|wd|phrase|code)|pwd|token|secret|(?:api|access|secret|private|license)[ _-]?key|"
    r"credentials?|otp|pin"
)
_TOLD = re.compile(
    rf"""(?<![\w/.-])(?P<key>(?i:{_KEYS}))
    (?:(?:\ (?i:for|of)\ [\w.@<>-]+)?\s+(?i:is|was|are|were|be|becomes|=|:|->)
            (?:\ (?i:now|still))?\s+
        |(?<=\ key)\s?[:=]\s?
        |(?<!(?i:.pin|.otp))(?<!(?i:credential))(?<!(?i:credentials))\s+)
    (?P<quote>["'`])?(?P<value>(?(quote)[^"'`<>\n]+(?=["'`]|\Z)
        |(?=[^\w\s]{{0,3}}\w)[^\s"'`,;&<>()\[\]{{}}?=|\\-](?:[^\s"'`,;&<>()\\]|'(?=\w))*))
    """,
    re.VERBOSE,
)
_ASIDE = r"\b[^\n|;&]{0,200}?\ "
_TYPED = re.compile(
    rf"""(?P<command>\bsshpass\ -p\ ?|\b(?:redis|valkey)-cli{_ASIDE}(?:-a|--pass)\ |
        \b(?:mysql|mariadb)(?:dump|admin)?{_ASIDE}-p(?=\S)|
        \b(?:curl|https?|wget){_ASIDE}(?:-u|-a|--user|--auth|--proxy-user)[ =])
    (?P<value>"[^"]*"|'[^']*'|[^\s"'|;&<>-][^\s|;&<>]*)""",
    re.VERBOSE,
)
_STOPS = ".,;:!?)]}'\"…"
_SAID = re.compile(r"(?:\d{1,3}(?:[.,]\d)?|\w+:(?:read|write|admin))\Z")


def _is_said(word: str) -> bool:
    """Whether that is what is said of a secret, and not the secret: a plain word, a figure,
    what it allows (``event:read``)."""
    return is_ordinary(word) or _SAID.match(word) is not None


def masked(text: str, token: Callable[[str], str]) -> str:
    """The text with what ``token`` makes of each of them in its place."""
    text = _TYPED.sub(lambda found: found["command"] + token(found["value"]), text)
    out, at = "", 0
    while (found := _TOLD.search(text, at)) is not None:
        value = found["value"].rstrip(_STOPS)
        if value and (found["quote"] or not _is_said(value)):
            out += text[at : found.start("value")] + token(value)
            at = found.start("value") + len(value)
        else:
            out += text[at : found.end("key")]
            at = found.end("key")
    return out + text[at:]
