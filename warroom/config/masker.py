"""Known secrets taken out of any text: for logs, tracebacks and crash files."""

import base64
import json
import re
from urllib.parse import quote, quote_plus

from warroom.config.secrets import Secret

SHORTEST = 4
"""Characters; a shorter value would be found in every other word."""
MASK = "***"


class Masker:
    """Collects resolved secrets, and masks them in whatever is about to be written."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.revealed: list[str] = []
        """The secrets themselves, each once, in the order they were looked up."""

    def add(self, secret: Secret, user: str | None = None) -> None:
        """Mask ``secret`` from now on, in the forms in which it travels: as it is, escaped,
        percent-encoded, and for Basic authentication together with ``user``."""
        value = secret.reveal()
        if len(value) < SHORTEST:
            return
        if value not in self.revealed:
            self.revealed.append(value)
        self._forms.update(_forms(value))
        if user is not None:
            self._forms.add(base64.b64encode(f"{user}:{value}".encode()).decode())
        # The longest first: a secret that begins another one must not leave its rest behind.
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def mask(self, text: str) -> str:
        """``text`` with ``***`` for every secret added so far."""
        return self._pattern.sub(MASK, text) if self._pattern is not None else text


def _forms(value: str) -> set[str]:
    lines = [line for line in value.splitlines() if len(line.strip()) >= SHORTEST]
    # Who shows the last words of a program leaves out the blanks round them.
    bare = [line.strip() for line in lines]
    shapes = {value, repr(value)[1:-1], json.dumps(value)[1:-1], *lines, *bare}
    return shapes | {quote(value, safe=""), quote(value), quote_plus(value)}
