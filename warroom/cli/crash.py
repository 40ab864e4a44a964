"""The crash file of a command or a console: without the secrets that its configuration names."""

import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from warroom.crash import CrashFile
from warroom.errors import ConfigError, ProbeError


def crash_file(config: str | None = None) -> CrashFile:
    """The file of this process, on the configuration that was named, or is found."""
    return CrashFile(_about, _Known(config))


def config_named(arguments: Sequence[str]) -> str | None:
    """What follows ``--config``, however the command line goes on."""
    for at, word in enumerate(arguments):
        if word.startswith("--config="):
            return word.partition("=")[2]
        if word == "--config":
            return next(iter(arguments[at + 1 : at + 2]), None)
    return None


def _about() -> Iterator[str]:
    from warroom.about import about_lines
    from warroom.console.start import first_environ

    yield from about_lines(first_environ())


class _Known:
    """Masks what the configuration refers to by ``env`` and ``file``; read when first needed."""

    def __init__(self, config: str | None) -> None:
        self._config = config
        self._mask: Callable[[str], str] | None = None

    def __call__(self, text: str) -> str:
        if self._mask is None:
            self._mask = _masker(self._config)
        return self._mask(text)


def _masker(config: str | None) -> Callable[[str], str]:
    from warroom.config.find import find_config
    from warroom.config.masker import Masker

    masker = Masker()
    try:
        path = find_config(config, os.environ, Path.cwd())
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (ConfigError, OSError, ValueError, RecursionError):
        return masker.mask  # what looks like a secret is left out all the same
    from warroom.config.clear import clear_secrets
    from warroom.config.secrets import Secret, SecretRef, at_hand

    for _, value in clear_secrets(table):
        masker.add(Secret(value))
    for kind, name in _references(table):
        try:
            masker.add(at_hand(SecretRef.model_validate({kind: name}), path.parent))
        except (ProbeError, ValueError):
            continue  # it is not to be had, so it was not had
    return masker.mask


def _references(table: Any) -> Iterator[tuple[str, str]]:
    """``{ env = "NAME" }`` and ``{ file = "PATH" }``, wherever they stand; no command is run."""
    if isinstance(table, dict):
        for kind in ("env", "file"):
            if set(table) == {kind} and isinstance(table[kind], str):
                yield kind, table[kind]
        for inner in table.values():
            yield from _references(inner)
    elif isinstance(table, list):
        for inner in table:
            yield from _references(inner)
