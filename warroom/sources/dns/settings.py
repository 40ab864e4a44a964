"""What ``[sources.NAME]`` with ``kind = "dns"`` may hold."""

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    WithJsonSchema,
    model_validator,
)

from warroom.config.endpoint import endpoint
from warroom.config.types import Duration
from warroom.connect.names.talk import Where
from warroom.sources.down import NO_RULE, DownSettings

ADDRESSES = ("A", "AAAA")
PORT = 53
MOST = 4
"""Resolvers that one source asks."""
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\Z")


def _name(value: str) -> str:
    bare = value.removesuffix(".")
    if not bare or len(bare) > 253 or not all(map(_LABEL.match, bare.split("."))):
        raise ValueError("not a name of DNS, such as www.example.com (one not ASCII as xn--…)")
    return bare.lower()


def parse_resolver(value: object) -> Where:
    """``1.1.1.1``, ``8.8.8.8:5353``, ``2606:4700::1111`` or ``[2606:4700::1111]:53``."""
    if isinstance(value, Where):
        return value
    found = endpoint(value.strip(), PORT) if isinstance(value, str) else None
    if found is None:
        words = 'write it as "1.1.1.1", "10.0.0.2:5353" or "[fd00::2]:53"'
        raise ValueError(f"not the IP address of a resolver; {words}")
    address, port = found
    shown = f"[{address}]" if ":" in address and port != PORT else address
    return Where(shown if port == PORT else f"{shown}:{port}", address, port)


Resolver = Annotated[
    Where,
    BeforeValidator(parse_resolver),
    PlainSerializer(lambda where: where.text, when_used="json"),
    WithJsonSchema({"type": "string"}),
]


class DnsSettings(DownSettings):
    """One name and record, whom to ask, and what the answer should be."""

    interval: Duration = Field(30.0, ge=1.0, description="from the start of one poll to the next")
    name: Annotated[str, AfterValidator(_name)] = Field(description="the name to ask for")
    record: Literal["A", "AAAA", "CNAME", "MX", "TXT", "NS"] = Field(
        "A", description="the type of record"
    )
    system: StrictBool = Field(
        True, description="ask as programs here do (getaddrinfo); for A and AAAA only"
    )
    resolvers: tuple[Resolver, ...] = Field(
        (), max_length=MOST, description='resolvers to ask besides: "1.1.1.1", "10.0.0.2:5353"'
    )
    expect: tuple[str, ...] = Field(
        (), max_length=50, description="the right answers; for addresses networks too: 10.0.0.0/8"
    )
    differs: str = Field(
        NO_RULE, description='step of the scale that resolvers that differ mean, or "none"'
    )

    @property
    def asks_system(self) -> bool:
        """Whether the system is asked: it tells addresses only."""
        return self.system and self.record in ADDRESSES

    @model_validator(mode="after")
    def _together(self) -> "DnsSettings":
        wrong = []
        if not self.asks_system and not self.resolvers:
            why = "" if not self.system else f": the system's way does not tell {self.record}"
            wrong.append(f"nobody would be asked{why}; name them in resolvers")
        texts = [where.text for where in self.resolvers]
        wrong += [
            f"{text} is named twice" for text in dict.fromkeys(texts) if texts.count(text) > 1
        ]
        if self.record in ADDRESSES:
            wrong += filter(None, (_unfit(each, self.record) for each in self.expect))
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def _unfit(expected: str, record: str) -> str:
    try:
        network = ipaddress.ip_network(expected)
    except ValueError as error:
        return f"expect: {error}"
    if network.version != (4 if record == "A" else 6):
        return f"expect: {expected} can be no answer to {record}"
    return ""
