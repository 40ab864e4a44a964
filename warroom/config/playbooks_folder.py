"""The folder of ``[library] folder``: a playbook in each ``NAME.toml``."""

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from warroom.config.clear import check_mode
from warroom.config.document import Document, read
from warroom.config.problems import Problems
from warroom.errors import ConfigError

SUFFIX = ".toml"
MOST = 100
"""Files; more are no playbooks but a mistake."""
_PLACE = ("library", "folder")


def read_folder(folder: str, problems: Problems) -> tuple[Document, ...]:
    """The files of the folder, by name; none where none is named. A problem for each that cannot
    be read, that leads elsewhere, or that anybody can write."""
    if not folder:
        return ()
    path = Path(folder)
    try:
        names = sorted(
            name for name in os.listdir(path) if name.endswith(SUFFIX) and name[0] != "."
        )
        mode = path.stat().st_mode
    except OSError as error:
        reason = error.strerror or str(error)
        problems.add(_PLACE, f"the folder {path} cannot be read: {reason}")
        return ()
    if mode & stat.S_IWOTH:
        hint = f"chmod o-w {shlex.quote(str(path))}"
        problems.add(_PLACE, f"anybody can put files into the folder {path}", hint)
    if len(names) > MOST:
        problems.add(_PLACE, f"{len(names)} files in {path} are too many; {MOST} is the most")
    return tuple(_files(path, names[:MOST], problems))


def _files(folder: Path, names: list[str], problems: Problems) -> Iterator[Document]:
    home = folder.resolve()
    for name in names:
        path = folder / name
        # A link within the folder is how a file is mounted; one that leads out was planted.
        if not path.resolve().is_relative_to(home):
            problems.add(_PLACE, f"{path} is a link that leads out of the folder", "copy the file")
            continue
        try:
            document = read(path)
        except ConfigError as error:
            problems.take(error)
            continue
        check_mode(document, problems.beside(document), "it says what to do in an incident")
        yield document
