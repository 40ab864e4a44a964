"""The base of every entry's body."""

import msgspec


class Tagged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every kind of entry shares: that it is tagged."""
