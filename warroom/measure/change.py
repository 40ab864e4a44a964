"""Something that is not as it was."""

from datetime import datetime

import msgspec


class Change(msgspec.Struct, frozen=True):
    """Something of a server changed: a setting, its role, its start. ``at`` is when it was
    noticed, or when the server says it happened."""

    at: datetime
    what: str
