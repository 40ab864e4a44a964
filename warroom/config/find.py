"""Which file is the configuration. Light: the console asks before its first frame."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warroom.errors import ConfigError, Problem

VARIABLE = "WARROOM_CONFIG"
START = "warroom init writes a starter; warroom demo needs none"


@dataclass(frozen=True)
class Place:
    """One place that is looked at. ``named`` is true when a person asked for this very file
    (``--config``, ``$WARROOM_CONFIG``): then it is this one or none."""

    path: Path
    why: str
    named: bool = False

    @property
    def exists(self) -> bool:
        """Whether a file is there; false as well where we may not look."""
        return os.path.isfile(self.path)


def searched(given: str | None, environ: Mapping[str, str], cwd: Path) -> tuple[Place, ...]:
    """The places in the order they are looked at, each an absolute path."""
    places = []
    if given:
        places.append(Place(_absolute(given, cwd), "--config", named=True))
    if environ.get(VARIABLE):
        places.append(Place(_absolute(environ[VARIABLE], cwd), f"${VARIABLE}", named=True))
    places.append(Place(_absolute("warroom.toml", cwd), "this folder"))
    home = config_home(environ)
    if home is not None:
        places.append(Place(home / "warroom" / "config.toml", "yours"))
    places.append(Place(Path("/etc/warroom/config.toml"), "this machine's"))
    return tuple(places)


def find_config(given: str | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The configuration to use, as an absolute path; raises ConfigError when there is none.

    A file that was named is used or refused: falling through to another one would open
    another production's room.
    """
    places = searched(given, environ, cwd)
    for place in places:
        if place.exists:
            if not place.named:
                _trusted(place)
            return place.path
        if place.named:
            raise ConfigError((Problem(str(place.path), 0, "", _missing(place)),), START)
    looked = "\n".join(f"  {place.path}  ({place.why})" for place in places)
    nowhere = Problem("no configuration", 0, "", f"looked at\n{looked}")
    raise ConfigError((nowhere,), START)


def _absolute(path: str, cwd: Path) -> Path:
    return Path(os.path.normpath(cwd.absolute() / os.path.expanduser(path)))


def config_home(environ: Mapping[str, str]) -> Path | None:
    """``$XDG_CONFIG_HOME``; a relative one is to be ignored, says the XDG specification."""
    named = environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(named):
        return Path(named)
    home = environ.get("HOME") or os.path.expanduser("~")
    return Path(home, ".config") if os.path.isabs(home) else None


def _missing(place: Place) -> str:
    if os.path.isdir(place.path):
        return f"is a folder, named by {place.why}; a configuration is a file"
    if os.path.lexists(place.path):
        return f"is no regular file, or leads to none, named by {place.why}"
    return f"does not exist, named by {place.why}"


def _trusted(place: Place) -> None:
    """A configuration can run commands: one that somebody else laid down is not picked up."""
    owner = os.stat(place.path).st_uid
    if owner in (0, os.getuid()):
        return
    message = f"belongs to another user (uid {owner}), and a configuration can run commands"
    hint = f"read it, then name it: warroom --config {shlex.quote(str(place.path))}"
    raise ConfigError((Problem(str(place.path), 0, "", message, hint),))
