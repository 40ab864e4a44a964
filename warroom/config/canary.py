"""The address of a canary, as ``[vantage]`` writes it."""

from typing import Annotated

from pydantic import AfterValidator

from warroom.config.endpoint import endpoint


def canary_of(written: str) -> tuple[str, int]:
    """Address and port from ``192.0.2.1:443`` or ``[2001:db8::1]:443``; raises ValueError.

    Addresses only: with names, a name server that fails would look like being cut off.
    """
    found = endpoint(written)
    if found is None:
        example = 'write an IP address and a port, "192.0.2.1:443" or "[2001:db8::1]:443"'
        raise ValueError(f"not an address to connect to; {example}")
    return found


def _canary(value: str) -> str:
    canary_of(value)
    return value


def _enough(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) < 2:
        raise ValueError("two at least: one that fails alone does not cut a room off")
    if len({canary_of(canary) for canary in value}) < len(value):
        raise ValueError("the same canary twice proves no more than once")
    return value


Canaries = Annotated[tuple[Annotated[str, AfterValidator(_canary)], ...], AfterValidator(_enough)]
"""Addresses with ports, each once."""
