"""The words by which people and machines of this room are known, and those that stay. Pure.

What no pattern tells (``db1``, ``alice``) is masked in running text too once a field that is a
person's or a machine's has had it.
"""

import re

from warroom.sharing.pseudonyms import What
from warroom.text import slug

ORDINARY = frozenset(
    [
        "postgres",
        "postgresql",
        "redis",
        "pgbouncer",
        "root",
        "default",
        "admin",
        "user",
        "nobody",
        "system",
        "warroom",
        "local",
        "team",
        "oncall",
        "on-call",
    ]
)
"""Words that are names of accounts everywhere: masked where they stand as a name, and left alone
in running text, which would be nothing but stand-ins."""
SHORTEST = 2
MOST_TITLES = 300
MOST = 5_000
"""Words that are known; more are masked where they stand as a name only."""
_SIMPLE = re.compile(r"\w[\w.-]*\Z")
_PROPER = re.compile(r"[A-ZÀ-Þ]\w+(?:[ -][A-ZÀ-Þ]\w+)+\Z")


class Words:
    """What is known. ``version`` rises with every new word: what was masked before may be masked
    otherwise now."""

    def __init__(self) -> None:
        self.version = 0
        self._known: dict[str, What] = {}
        self._phrases: re.Pattern[str] | None = None
        self._stays: set[str] = set()
        self.slugs: dict[str, str] = {}
        """Titles as they stand in names of channels and in addresses, and the masked ones."""

    def learn(self, what: What, value: str) -> None:
        """This value is one of those wherever it is written."""
        folded = value.casefold()
        if folded in self._known or len(self._known) >= MOST or len(value) < SHORTEST:
            return
        if folded in ORDINARY or folded.isdigit():
            return
        self._add(folded, what)
        if what == "user" and _PROPER.match(value):
            # Of a whole name each part is said alone, too.
            for part in re.split(r"[ -]", value):
                if len(part) > SHORTEST:
                    self._add(part.casefold(), what)

    def titled(self, title: str, seen: str) -> None:
        """A title, and as it may be seen."""
        whole, masked = slug(title), slug(seen)
        if whole != masked and whole not in self.slugs and len(self.slugs) < MOST_TITLES:
            self.slugs[whole] = masked
            self.version += 1

    def starts(self, beginning: str) -> bool:
        """Whether a word that is known begins so: this one was cut off."""
        folded = beginning.casefold()
        return any(word.startswith(folded) for word in self._known)

    def stay(self, name: str) -> None:
        """The team calls something so: it stays."""
        if name and name not in self._stays and len(self._stays) < 4 * MOST:
            self._stays.add(name)
            self.version += 1

    def stays(self, word: str) -> bool:
        return word in self._stays

    def what(self, word: str) -> What | None:
        """Whose word it is, whatever the case of its letters; None for nobody's."""
        return self._known.get(word.casefold())

    @property
    def phrases(self) -> re.Pattern[str] | None:
        """Those of several words; None when there are none."""
        if self._phrases is None:
            found = [word for word in self._known if not _SIMPLE.match(word)]
            if not found:
                return None
            longest = sorted(found, key=len, reverse=True)
            whole = "|".join(map(re.escape, longest))
            self._phrases = re.compile(rf"(?<!\w)(?:{whole})(?!\w)", re.IGNORECASE)
        return self._phrases

    def _add(self, folded: str, what: What) -> None:
        if folded not in self._known:
            self._known[folded] = what
            self._phrases = None
            self.version += 1
