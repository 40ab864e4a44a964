"""The address of a canary, as ``[vantage]`` writes it."""

import ipaddress
from typing import Annotated

from pydantic import AfterValidator


def canary_of(written: str) -> tuple[str, int]:
    """Address and port from ``192.0.2.1:443`` or ``[2001:db8::1]:443``; raises ValueError.

    Addresses only: with names, a name server that fails would look like being cut off.
    """
    host, colon, port = written.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        address = ""
    if not address or not colon or not port.isascii() or not port.isdigit():
        example = 'write an IP address and a port, "192.0.2.1:443" or "[2001:db8::1]:443"'
        raise ValueError(f"not an address to connect to; {example}")
    if not 0 < int(port) < 65536:
        raise ValueError(f"{port} is no port: they go from 1 to 65535")
    return address, int(port)


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
