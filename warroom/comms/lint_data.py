"""What a text says on data loss. Pure.

People say it in many ways (``No customer data was lost``, ``Data loss: none``, ``we lost no
orders``), so it is read sentence by sentence: whether that is said of data, and whether denied.
"""

from collections.abc import Iterator

from warroom.comms.lint_words import compiled

_LOSS = r"(?:lost|loss|losses|lose|losing)"
_THINGS = r"(?:records?|orders?|messages|files|entries|transactions?)"
_ABOUT = (
    rf"\bdata(?: [^ ]+){{0,3}} {_LOSS}\b|\b{_LOSS}(?: [^ ]+){{0,3}} data\b"
    rf"|\b{_THINGS}(?: (?:was|were|is|are|has|have|been|not)){{0,3}} lost\b"
    rf"|\b(?:lost|lose|loss of)(?: (?:no|any|some|few|your|customer|user)){{0,2}} {_THINGS}\b"
    r"|\bnothing (?:was|has been|is|got) lost\b|\blose anything\b"
)
_SAFE = (
    r"\bdata (?:is|was|are|were|remains?|stayed) (?:all |still )?(?:safe|intact|complete)\b"
    r"|\bnone of (?:your|our|the) data\b"
)
_DENIED = r"\b(?:no|not|none|nothing|never|without|zero)\b|n't\b"
_UNSURE = (
    r"\b(?:whether|unknown|unclear|possibl[ey])\b|\b(?:may|might) (?:have|be)\b"
    r"|\bnot (?:yet )?(?:know|sure)"
)
_ELSE = (
    r"\[[^\[\]]*\?\]|\bdata[ -]?(?:cent(?:re|er)s?|bases?)\b"
    r"|\b(?:lost|lose|losing|loss of) (?:access|contact|connections?|connectivity|power)\b"
)
"""What only looks like it; and blanks that nobody has filled."""


def said_of_data(text: str) -> tuple[bool, bool]:
    """Whether it says that some was lost, and whether it says that none was; neither where it
    leaves that open."""
    some = none = False
    for sentence in _sentences(text):
        if compiled(_UNSURE).found_in(sentence):
            continue
        told = compiled(_ABOUT).found_in(sentence)
        denied = compiled(_DENIED).found_in(sentence)
        some = some or (told and not denied)
        none = none or (told and denied) or compiled(_SAFE).found_in(sentence)
    return some, none


def _sentences(text: str) -> Iterator[str]:
    """In small letters, with single blanks, without what only looks like data. A line goes on in
    the next one that begins with a small letter; a number's point ends no sentence."""
    joined: list[str] = []
    for line in text.replace("\u2019", "'").split("\n"):
        line = line.strip()
        if joined and line[:1].islower():
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    for line in joined:
        plain = line.casefold()
        for start, end in reversed(list(compiled(_ELSE).spans(plain))):
            plain = f"{plain[:start]}-{plain[end:]}"
        plain = plain.translate({ord("!"): ".", ord("?"): ".", ord(";"): ".", ord(":"): " "})
        for part in plain.translate({ord(","): " ", ord("*"): " "}).split(". "):
            yield " ".join(part.rstrip(".").split())
