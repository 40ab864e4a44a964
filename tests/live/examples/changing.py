"""A configuration's table with some of it changed: for a room of a test, by where values stand."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

GONE = object()
"""As a value: the key is taken away."""
PACE = {
    "http": "250ms",
    "postgres": "400ms",
    "pgbouncer": "400ms",
    "redis": "250ms",
    "prometheus": "300ms",
    "dns": "1s",
    "tls": "1s",
}
"""By kind of source: how often it is asked in a test. All others every second."""
SHORTER: dict[str, Any] = {
    "sources.*.raise_after": "500ms",
    "sources.*.clear_after": "500ms",
    "sources.*.window": "10s",
    "sources.*.queues.*.stuck_after": "1s",
    "rules.*.raise_after": "500ms",
    "rules.*.clear_after": "500ms",
    "playbooks.*.symptoms.*.for": "500ms",
    "resolve.well_for": "1s",
}
"""Spans of time, and what they are in a test: where the file has such a text, not elsewhere. What
is counted in polls stays as it is."""


def places(table: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """Each container and key that ``path`` (``sources.*.interval``) leads to; the last key need
    not be there."""
    first, _, rest = path.partition(".")
    if isinstance(table, list):
        keys: list[Any] = list(range(len(table))) if first == "*" else [int(first)]
    elif isinstance(table, dict):
        keys = list(table) if first == "*" else [first]
    else:
        return
    for key in keys:
        if not rest:
            yield table, key
        elif isinstance(table, list) or key in table:
            yield from places(table[key], rest)


def put(table: dict[str, Any], path: str, value: Any) -> None:
    """``value`` at every place of ``path``; fails where there is none, for then the file has
    changed."""
    found = list(places(table, path))
    assert found, f"nothing of the configuration is at {path}"
    for container, key in found:
        if value is GONE:
            del container[key]
        else:
            container[key] = value


def shorten(table: dict[str, Any]) -> None:
    """Its times as a test can wait for them."""
    for path, value in SHORTER.items():
        for container, key in places(table, path):
            if key in container and isinstance(container[key], str):
                container[key] = value
    for source in table.get("sources", {}).values():
        if not source.get("on_request"):
            source["interval"] = PACE.get(source["kind"], "1s")
            source["timeout"] = "2s"
        if source["kind"] == "prometheus" and "url" in source:
            source["window"] = "3s"


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with ``change`` made of every text in it; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [mapped(inner, change) for inner in value]
    return value


def moved(table: dict[str, Any], addresses: Mapping[str, str]) -> dict[str, Any]:
    """The table with every text that begins with one of ``addresses`` beginning with what stands
    in for it. Each of them must be in it: one that is not is a leftover."""
    used: set[str] = set()

    def change(text: str) -> str:
        for address in sorted(addresses, key=len, reverse=True):
            if text.startswith(address):
                used.add(address)
                return addresses[address] + text[len(address) :]
        return text

    found: dict[str, Any] = mapped(table, change)
    assert used == set(addresses), f"not in the configuration: {set(addresses) - used}"
    return found


def variables(value: Any) -> Iterator[str]:
    """The names of the environment variables that it takes secrets from."""
    if isinstance(value, dict):
        if set(value) == {"env"} and isinstance(value["env"], str):
            yield value["env"]
        for inner in value.values():
            yield from variables(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from variables(inner)


def texts(value: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
