"""Something that is not as it was."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

ChangeKind = Literal["deployment", "version", "setting", "role", "start", "answers", "certificate"]
"""What sort of thing changed. A ``deployment`` or a new ``version`` of the watched program is a
mark in every graph."""


class Change(msgspec.Struct, frozen=True):
    """Something of a watched system changed: a setting, its role, what runs there. ``at`` is when
    it was noticed, or when the system says it happened."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    what: str
    kind: ChangeKind = "setting"
