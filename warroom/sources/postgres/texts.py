"""The SQL this source sends: files named for the first server version they are for."""

import re
from pathlib import Path

from warroom.errors import ProbeError

FOLDER = Path(__file__).with_name("sql")
OLDEST, NEWEST = 13, 18
"""Major versions of PostgreSQL the texts are written for. Run in our tests: 15, 16 and 18; for
13, 14 and 17 they follow the documentation of these versions and were not run."""
_NAME = re.compile(r"(\w+)_(\d+)\.sql\Z")
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)


class Texts:
    """All texts, read from their files once; make one beside the loop."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._texts: dict[str, dict[int, str]] = {}
        for path in sorted(folder.iterdir()):
            match = _NAME.match(path.name)
            if match is not None:
                text = _COMMENT.sub("", path.read_text(encoding="utf-8")).strip()
                self._texts.setdefault(match[1], {})[int(match[2])] = text

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def get(self, name: str, version_number: int) -> str:
        """The text ``name`` for this server (``server_version_num``: 150018). A newer server
        than we know gets the newest text. Raises ProbeError ``answer`` for one too old."""
        major = version_number // 10_000
        fitting = [version for version in self._texts[name] if version <= major]
        if not fitting:
            raise ProbeError(
                "answer",
                f"PostgreSQL {major} is older than {OLDEST}, the oldest that can be read",
            )
        return self._texts[name][max(fitting)]
