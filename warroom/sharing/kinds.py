"""What a string of a message is, said beside its field; whoever reads only types sees ``str``.

A string without one of these is text of whatever origin, and masked by patterns: what is forgotten
is masked, not shown.
"""

from typing import Annotated, Literal

import msgspec

Kind = Literal[
    "ident", "name", "person", "host", "sql", "phone", "explained", "commit", "titled", "line"
]
KEY = "share"
"""Under which the kind stands in ``msgspec.Meta.extra``."""

Ident = Annotated[str, msgspec.Meta(extra={KEY: "ident"})]
"""Our own word: an id, a digest, a unit, a state of a server's list. Never touched."""

Name = Annotated[str, msgspec.Meta(extra={KEY: "name"})]
"""A name that the team gave to something of its room: a source, a signal, a role, an action. It
stays, in running text too."""

Person = Annotated[str, msgspec.Meta(extra={KEY: "person"})]
"""Who: an account, a person, an address in a chat. Whole, and wherever else it is written."""

Host = Annotated[str, msgspec.Meta(extra={KEY: "host"})]
"""A machine: a name or an address, with or without its port. Whole, and wherever else it is
written."""

Phone = Annotated[str, msgspec.Meta(extra={KEY: "phone"})]
"""A number to call or to page. Whole, and wherever else it is written."""

Sql = Annotated[str, msgspec.Meta(extra={KEY: "sql"})]
"""A statement: its literals and comments are masked, the names of tables stay."""

Explained = Annotated[str, msgspec.Meta(extra={KEY: "explained"})]
"""Text of several lines that may be a query's plan (EXPLAIN): there the figures stay."""

Commit = Annotated[str, msgspec.Meta(extra={KEY: "commit"})]
"""Text, but where it is a commit's whole digest: that stays."""

Titled = Annotated[str, msgspec.Meta(extra={KEY: "titled"})]
"""What an incident is called: text, of which names of channels and addresses of links are made."""

Line = Annotated[str, msgspec.Meta(extra={KEY: "line"})]
"""A line of what is run: text, which may be one of a statement's lines."""
