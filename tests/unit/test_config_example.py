"""``config.toml.example``: it loads, and it mentions every key there is."""

import re
import tomllib
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from warroom.config.actions_settings import KINDS as ACTIONS
from warroom.config.checks_settings import KINDS as CHECKS
from warroom.config.document import parse
from warroom.config.file import FileSettings
from warroom.config.load import validate
from warroom.config.playbooks_settings import PlaybookSettings
from warroom.config.receivers_settings import KINDS
from warroom.config.secrets import SecretRef
from warroom.config.settings import SourceSettings
from warroom.connect import program
from warroom.sources.registry import discover

EXAMPLE = Path(__file__).parents[2] / "config.toml.example"


def uncommented() -> str:
    """The example with every option that is off switched on."""
    return re.sub(r"^#(?=[a-z\[])", "", EXAMPLE.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("text", [EXAMPLE.read_text(), uncommented()], ids=["as it is", "all on"])
def test_it_loads(text: str) -> None:
    config = validate(parse(EXAMPLE, text.encode(), mode=0o644), discover())
    assert set(config.sources) == {
        *("web", "api", "admin", "metrics", "prom", "db", "pooler", "jobs", "cache"),
        *("name", "certificate"),
        *("vercel", "mail-provider"),
        *("releases", "commits", "backup", "disk"),
        "errors",
    }
    assert len(config.rules) >= 2
    assert len(config.actions) in (0, 28)
    assert len(config.checks) in (0, 6)
    own = [one for one in config.playbooks if one.origin == EXAMPLE.name]
    assert [(one.name, one.needs) for one in own] in ([], [("emails-late", ())])


def test_it_tells_the_whole_environment_of_a_command() -> None:
    told = re.search(r"It sees ([^.]*) of the\n# engine's environment", EXAMPLE.read_text())
    assert told is not None
    names = {name.removesuffix("*") for name in re.findall(r"[A-Z][A-Z_]+\*?", told[1])}
    assert names == {*program._PASSED, *program._PREFIXES}


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models which a value of this type may be, or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) is typing.Annotated:
        yield from models(typing.get_args(annotation)[0])
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType, tuple, list, dict):
        for inner in typing.get_args(annotation):
            yield from models(inner)


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of ``model`` and of the models inside; names of one's own are ``*``."""
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        yield here
        if typing.get_origin(field.annotation) is dict:
            here = (*here, "*")
        for inner in models(field.annotation):
            if inner is not SecretRef:
                yield from keys(inner, here)


def has(value: object, path: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return any(has(inner, path) for inner in value)
    if not path:
        return True
    if not isinstance(value, dict):
        return False
    if path[0] == "*":
        return any(has(inner, path[1:]) for inner in value.values())
    return path[0] in value and has(value[path[0]], path[1:])


def all_keys() -> list[tuple[str, ...]]:
    found = list(keys(FileSettings))
    for kind in discover().values():
        assert not isinstance(kind, Exception)
        found += keys(kind.Settings, ("sources", "*"))
    for receiver in KINDS.values():
        found += keys(receiver, ("receivers", "*"))
    for action in ACTIONS.values():
        found += keys(action, ("actions", "*"))
    for check in CHECKS.values():
        found += keys(check, ("checks", "*"))
    found += keys(PlaybookSettings, ("playbooks", "*"))
    return found


@pytest.mark.parametrize("path", all_keys(), ids=".".join)
def test_it_mentions_every_key(path: tuple[str, ...]) -> None:
    assert has(tomllib.loads(uncommented()), path)


@pytest.mark.parametrize("way", SecretRef.model_fields)
def test_it_shows_every_way_to_a_secret(way: str) -> None:
    assert re.search(rf"= {{ {way} = ", EXAMPLE.read_text())


def test_the_defaults_it_shows_are_the_defaults() -> None:
    """An option that is off and said to stand at its default does."""
    plain, full = (tomllib.loads(text) for text in (EXAMPLE.read_text(), uncommented()))
    web = validate(parse(EXAMPLE, EXAMPLE.read_bytes()), discover()).sources["web"]
    on = validate(parse(EXAMPLE, uncommented().encode()), discover()).sources["web"]
    off = set(full["sources"]["web"]) - set(plain["sources"]["web"])
    differ = {name for name in off if getattr(web, name) != getattr(on, name)}
    assert differ == {"title", "timeout", "clear_after"}  # a name, none, and the other form
    assert isinstance(web, SourceSettings)
