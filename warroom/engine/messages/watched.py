"""The hosts that a room watches, by the addresses in its sources' settings. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from warroom.connect.dsn import hosts_of

_NAMED = ("host", "hosts", "server", "servers", "server_name", "sentinels", "address", "resolvers")
"""Settings that hold a host, with a port or without."""


def watched_hosts(settings: Iterable[Any]) -> Iterator[str]:
    """Each in small letters, without its port. A vendor's status page is nobody's secret. What
    stands in a secret (``dsn = { env = … }``) is not known here."""
    for one in settings:
        if getattr(one, "kind", "") == "statuspage":
            continue
        for host in _hosts_in("", one):
            yield host.strip("[]").rstrip(".").casefold()


def _hosts_in(name: str, value: object) -> Iterator[str]:
    """Not of a dump of the settings: some hold what no dump can take (an assertion)."""
    if isinstance(value, BaseModel):
        for inner in (*type(value).model_fields, *(value.model_extra or ())):
            yield from _hosts_in(inner, getattr(value, inner))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _hosts_in(name, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _hosts_in(name, inner)
    if not isinstance(value, str) or not value:
        return
    if name == "dsn" and not value.startswith(("redis", "unix")):
        yield from _of_database(value)
    elif "://" in value:
        try:
            host = urlsplit(value).hostname
        except ValueError:
            return  # its kind has judged it already
        if host:
            yield host
    elif name in _NAMED:
        head, colon, port = value.rpartition(":")
        yield head if colon and port.isdigit() and (head[-1:] == "]" or ":" not in head) else value


def _of_database(dsn: str) -> Iterator[str]:
    """Of an address or of ``host=… port=…``; there may be several."""
    try:
        found = hosts_of(dsn)
    except ValueError:
        return  # its kind has judged it already
    for host, _ in found:
        if host and not host.startswith("/"):
            yield host
