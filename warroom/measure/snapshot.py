"""What a source saw at one moment, or why it saw nothing.

The kinds are closed: one struct for each built-in way of looking, and ``GenericSeen``
for a stranger's source. All of them are frozen and travel over the wire as they are.
"""

from datetime import datetime
from typing import ClassVar

import msgspec

from warroom.measure.command import CommandSeen
from warroom.measure.names import DnsSeen, TlsSeen
from warroom.measure.postgres import PgbouncerSeen, PostgresSeen
from warroom.measure.redis import RedisSeen
from warroom.measure.sight import Sight
from warroom.measure.table import Table
from warroom.measure.tracker import SentrySeen
from warroom.measure.vendor import StatuspageSeen
from warroom.sharing.kinds import Host, Ident, Name


class Signal(msgspec.Struct, frozen=True):
    """One named figure: ``api.latency_p95``, 312.0, ``ms``.

    ``value`` is None when the figure is not known, which is never the same as zero; it is
    never NaN. ``unit`` is ``ms``, ``s``, ``%``, ``B``, empty, or a plural noun (``jobs``).
    ``of`` says which one it is where the figure is the worst of several: a path, a mount.
    """

    name: Name
    value: float | None
    unit: Ident = ""
    of: str = ""


class Failure(msgspec.Struct, frozen=True):
    """Why nothing was seen: how far the attempt came, and what happened, in words."""

    phase: Ident
    reason: str
    hint: str = ""


CUT_OFF = Failure("vantage", "this room is cut off")
"""That nothing of the world can be seen from here: it says nothing of the source."""


class Phases(msgspec.Struct, frozen=True):
    """How long each part of one HTTP exchange took, in seconds; None where it did not happen.

    A reused connection has neither ``dns`` nor ``connect`` nor ``tls``.
    """

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    total: float | None = None


class Window(msgspec.Struct, frozen=True):
    """What the recent polls say together.

    ``seconds`` is how far back they reach, ``polls`` how many there are. The percentiles
    are milliseconds over answered polls. ``availability`` is percent of the polls that say
    something of the target: UP or DOWN, and no answer from one that has answered before;
    maintenance, DNS and our own set-up stay out. Each is None while there is nothing to
    draw it from. ``statuses`` counts answers by HTTP status, ``unanswered`` the polls that
    got none, whatever the reason.
    """

    seconds: float = 0.0
    polls: int = 0
    p50: float | None = None
    p95: float | None = None
    availability: float | None = None
    statuses: dict[int, int] = {}
    unanswered: int = 0


class Certificate(msgspec.Struct, frozen=True):
    """The certificate the server showed; ``names`` are its subject alternative names."""

    expires: datetime
    issuer: str = ""
    names: tuple[Host, ...] = ()


class HttpSeen(Sight, frozen=True, tag="http", kw_only=True):
    """One answered HTTP probe.

    ``status`` is None when the server answered but could not be believed (a certificate
    that does not verify).
    """

    url: str
    method: Ident
    status: int | None
    phases: Phases
    window: Window
    size: int = 0
    address: Host = ""
    version: str = ""
    certificate: Certificate | None = None


class Part(msgspec.Struct, frozen=True):
    """One line of a breakdown: a label's value, and the figure it has."""

    label: str
    value: float | None


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """One figure by a label: errors by path, disk free by mount; the worst part first.

    ``figure`` is the signal that stands for its worst part, with the source's name in
    front. ``others`` counts the parts left out because there are too many.
    """

    figure: Name
    by: Ident
    unit: Ident = ""
    parts: tuple[Part, ...] = ()
    others: int = 0


class PrometheusSeen(Sight, frozen=True, tag="prometheus", kw_only=True):
    """One scrape of a metrics page, or one round of queries to a Prometheus server.

    ``format`` is ``text`` or ``openmetrics`` for a page, ``query`` for a server.
    ``lines`` and ``size`` (decoded bytes) are the whole page's, ``series`` those that were
    wanted. ``spans`` is how many seconds the rates really reach back, None before there
    are any. ``evaluated_at`` is the server's own time of evaluation.
    """

    url: str
    format: Ident
    lines: int = 0
    series: int = 0
    size: int = 0
    spans: float | None = None
    evaluated_at: datetime | None = None
    breakdowns: tuple[Breakdown, ...] = ()


class GenericSeen(Sight, frozen=True, tag="generic", kw_only=True):
    """What a stranger's source saw, beside its signals: tables, text."""

    LINES: ClassVar[frozenset[str]] = frozenset({"text"})

    tables: tuple[Table, ...] = ()
    text: str = ""


Seen = (
    HttpSeen
    | PrometheusSeen
    | PostgresSeen
    | PgbouncerSeen
    | RedisSeen
    | StatuspageSeen
    | CommandSeen
    | SentrySeen
    | DnsSeen
    | TlsSeen
    | GenericSeen
)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One poll of one source: ``seen`` with its signals, or ``failure``; never both.

    ``taken_at`` is when the poll ended, ``took`` how long it lasted in seconds.
    ``retry_after`` (seconds) is how long the watched system asked to be left alone.
    """

    taken_at: datetime
    took: float
    seen: Seen | None = None
    failure: Failure | None = None
    signals: tuple[Signal, ...] = ()
    retry_after: float | None = None

    def value(self, name: str) -> float | None:
        """The named signal's value; None when it is not known or not there."""
        return next((s.value for s in self.signals if s.name == name), None)
