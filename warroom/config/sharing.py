"""``[share]``, and the machines and people that the rest of the file names."""

import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, Field

from warroom.config.settings import Settings
from warroom.sharing.allow import checked

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:(?P<user>[^:@/?#\s]*)(?::[^@/?#\s]*)?@)?(?P<hosts>[^/?#\s]+)", re.I
)
_PAIR = re.compile(r"\b(?P<name>host|hostaddr|user)\s*=\s*(?P<value>[^\s'\"]+)")
_PORT = re.compile(r":\d+\Z")
_HOSTS = frozenset({"host", "address", "sentinels", "resolvers", "server_name", "public_hosts"})
_PEOPLE = frozenset({"username", "sentinel_user", "people", "user"})


class ShareSettings(Settings):
    """``[share]``: what a shared screen may show. Everything else that is a host's name, an
    address, a token, a mail address or somebody's name is masked there."""

    allow: tuple[Annotated[str, AfterValidator(checked)], ...] = Field(
        (),
        max_length=500,
        description="what is not masked on a shared screen: values, patterns with *, networks",
    )


class Known(NamedTuple):
    """Machines and people by name."""

    hosts: tuple[str, ...]
    people: tuple[str, ...]


def known_in(text: str) -> Known:
    """The machines and people that an address or a connection string names."""
    hosts: list[str] = []
    people: list[str] = []
    for found in _ADDRESS.finditer(text):
        hosts += [_PORT.sub("", one) for one in found["hosts"].rpartition("@")[2].split(",")]
        people += [found["user"]] if found["user"] else []
    for pair in _PAIR.finditer(text):
        (people if pair["name"] == "user" else hosts).extend(pair["value"].split(","))
    return Known(tuple(filter(None, hosts)), tuple(filter(None, people)))


def known_of(settings: object) -> Known:
    """Those that a section names: in addresses, and in the options that hold nothing else."""
    hosts: list[str] = []
    people: list[str] = []
    for name, text in _strings(settings, ""):
        if name in _HOSTS and "://" not in text:
            hosts.append(_PORT.sub("", text))
        elif name in _PEOPLE:
            people.append(text)
        else:
            found = known_in(text)
            hosts += found.hosts
            people += found.people
    return Known(tuple(hosts), tuple(people))


def _strings(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _strings(getattr(value, field), field)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(one, str(key))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one, name)
