"""The example rooms: where they are, what each is, and writing one down whole or not at all."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import warroom
from warroom.config.document import contents
from warroom.config.problems import choice
from warroom.config.starter import write_new
from warroom.errors import UsageError
from warroom.text import safe

ROOM = "warroom.toml"
_BESIDE = ("playbooks", "templates")
"""Folders that belong to a room."""


@dataclass(frozen=True)
class Example:
    """One of them: its letter, the folder in which it is, and what it says it is."""

    name: str
    folder: Path
    about: str

    @property
    def room(self) -> Path:
        return self.folder / ROOM

    def files(self) -> dict[str, str]:
        """All its files, by their place beside the room's own, which comes first."""
        paths = [self.room]
        for beside in _BESIDE:
            paths += sorted(path for path in (self.folder / beside).rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): _text(path) for path in paths}


def examples() -> dict[str, Example]:
    """All of them, by letter. Raises ``UsageError`` where this installation has none."""
    here = Path(warroom.__file__).parent
    # In a wheel they are inside the package; in the repository they stand beside it.
    for folder in (here / "examples", here.parent / "examples"):
        found = {
            path.name: Example(path.name, path, _about(path / ROOM))
            for path in sorted(folder.glob("[a-z]"))
            if (path / ROOM).is_file()
        }
        if found:
            return found
    raise UsageError("this installation has no example rooms", "install warroom again")


def named(name: str) -> Example:
    """The example of that letter, in either case. Raises ``UsageError`` with what there is."""
    known = examples()
    if name.casefold() not in known:
        words = f"there is no example {safe(name, 60)}".rstrip()
        raise UsageError(words, choice(name, known, "there is"))
    return known[name.casefold()]


def write_all(texts: Mapping[Path, str]) -> None:
    """Write all of them, none of which may exist yet, or none. Raises ``UsageError``."""
    there = [path for path in texts if os.path.lexists(path)]
    if there:
        listed = ", ".join(safe(str(path), 200) for path in there[:4])
        words = "exists already" if len(there) == 1 else "exist already"
        raise UsageError(
            f"{listed} {words}, and init never overwrites", "give another place with --out FILE"
        )
    made: list[Path] = []
    try:
        for path, text in texts.items():
            _folder(path.parent, made)
            write_new(path, text)
            made.append(path)
    except (OSError, UsageError) as error:
        for path in reversed(made):
            with suppress(OSError):  # a folder somebody has put something into stays
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, UsageError):
            raise
        where = error.filename or "the example"
        raise UsageError(f"{where} cannot be written: {error.strerror}") from error


def _folder(path: Path, made: list[Path]) -> None:
    """Make a folder beside the room's file, ours alone; the one it stands in must be there."""
    if path.name not in _BESIDE:
        return
    if path.is_symlink():
        raise UsageError(
            f"{path} is a link, and init follows none", "give another place with --out"
        )
    if not path.exists():
        path.mkdir(mode=0o700)
        made.append(path)
        path.chmod(0o700)  # whatever the umask took away


def _about(room: Path) -> str:
    """What a room says it is: the comment at the head of its file, up to its first gap."""
    lines = []
    for line in _text(room).splitlines():
        if not line.startswith("# "):
            break
        lines.append(line[2:].strip())
    return " ".join(lines)


def _text(path: Path) -> str:
    try:
        return contents(path)[0].decode()
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {words}", "install warroom again") from error
