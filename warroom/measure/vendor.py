"""What a vendor's own status page said at one moment."""

from datetime import datetime
from typing import ClassVar

import msgspec

from warroom.measure.sight import Sight
from warroom.sharing.kinds import Ident


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One component of the vendor's. ``status`` is Statuspage's word: ``operational``,
    ``degraded_performance``, ``partial_outage``, ``major_outage``, ``under_maintenance``.
    ``wanted`` is true for one the configuration names."""

    name: str
    status: Ident
    wanted: bool = False


class VendorIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that is not over, or maintenance under way. ``status`` is ``investigating``,
    ``identified``, ``monitoring``, ``in_progress`` ..., ``impact`` ``none``, ``minor``, ``major``,
    ``critical`` or ``maintenance``; ``text`` is its last update's, of several lines."""

    LINES: ClassVar[frozenset[str]] = frozenset({"text"})

    key: str
    name: str
    status: Ident
    impact: Ident = ""
    started_at: datetime | None = None
    updated_at: datetime | None = None
    text: str = ""
    components: tuple[str, ...] = ()
    url: str = ""


class StatuspageSeen(Sight, frozen=True, tag="statuspage", kw_only=True):
    """One look at a status page. ``indicator`` is ``none``, ``minor``, ``major``, ``critical`` or
    ``maintenance``, as the page says it of the whole; ``updated_at`` is the page's own time."""

    vendor: str
    url: str
    indicator: Ident = ""
    description: str = ""
    updated_at: datetime | None = None
    components: tuple[Component, ...] = ()
    incidents: tuple[VendorIncident, ...] = ()
