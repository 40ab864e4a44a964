"""A room with every kind of source, polled by hand, and what its playbooks make of it.

The configuration is a real one, read as a file is; the board judges each poll by its rules, and
the sights are made of the board's views, as in an engine.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.unit.fakes import FakeClock
from warroom.config.load import Config, load
from warroom.engine.board import Board
from warroom.engine.playbooks.sights import sight
from warroom.engine.poll import Poll
from warroom.engine.watch import kind_of
from warroom.measure.change import Change, ChangeKind
from warroom.measure.snapshot import CUT_OFF, Failure, GenericSeen, Signal
from warroom.playbooks.matching import Matching, matched
from warroom.playbooks.ranking import proposals, seen
from warroom.playbooks.standing import Proposal, SymptomSeen
from warroom.sources.registry import discover

SHOP = Path(__file__).parents[1] / "data/playbooks/shop.toml"

WELL: dict[str, dict[str, float]] = {
    "http": {"up": 1, "status": 200, "latency": 90, "latency_p95": 120, "availability": 100},
    "prometheus": {
        "error_rate": 0.05,
        "errors_per_minute": 1,
        "requests": 40,
        "latency_p95": 150,
        "rate_limited": 0,
        "sign_ins_failed": 2,
        "memory": 55,
        "cpu": 30,
        "connections_pool": 40,
    },
    "postgres": {
        "up": 1,
        "connections_used": 40,
        "idle_in_transaction": 0,
        "waiting": 0,
        "lock_wait": 0,
        "longest_query": 0.2,
        "deadlocks": 0,
        "replication_lag": 0,
        "wraparound": 10,
        "payments_open": 2,
    },
    "pgbouncer": {"up": 1, "clients_waiting": 0, "longest_wait": 0, "servers_used": 40},
    "redis": {
        "up": 1,
        "ping": 1,
        "memory_used": 40,
        "evictions": 0,
        "hit_rate": 95,
        "clients_used": 5,
        "rejected": 0,
        "emails.depth": 12,
        "emails.oldest": 1,
        "emails.stuck": 0,
        "emails.workers": 4,
        "emails.drain": 3,
        "emails.failed": 0,
    },
    "sentry": {"events_per_minute": 2, "issues_new": 0},
    "statuspage": {"impact": 0, "indicator": 0, "incidents": 0},
    "command": {"failed": 0, "age": 7200, "count": 10},
    "dns": {"up": 1, "agree": 1, "lookup": 9},
    "tls": {"up": 1, "days": 60, "handshake": 30},
}
"""By kind of source: its figures while all is well."""


class Look(NamedTuple):
    """What one poll sees that is not as when all is well: figures (None: not known), faults that
    make it DOWN, maintenance, a change; or that it has no answer at all."""

    figures: dict[str, float | None] = {}
    faults: tuple[str, ...] = ()
    maintenance: bool = False
    silent: str = ""
    change: tuple[ChangeKind, str, float] | None = None
    """Its kind, its words, and how many seconds it was ago when it was first seen."""


def down(why: str, **figures: float | None) -> Look:
    return Look({"up": 0, **figures}, (why,))


def figures(**values: float | None) -> Look:
    return Look({name.replace("__", "."): value for name, value in values.items()})


class Room:
    """The shop's room; ``poll`` is one poll of every source, five seconds after the last."""

    def __init__(self, config: Config) -> None:
        kinds = discover()
        self.config, self.clock = config, FakeClock()
        self.board = Board(config, self.clock)
        declared = {
            name: kind_of(kinds, settings).signals(name, settings)
            for name, settings in config.sources.items()
        }
        self.declared = declared
        self.board.configure(config, declared, set())
        self.matching = Matching()
        self.cut_off = False
        self._changes: dict[tuple[str, str], Change] = {}

    def poll(self, times: int = 1, every: float = 5.0, **bad: Look) -> "Room":
        for _ in range(times):
            self.clock.pass_(every)
            for name, settings in self.config.sources.items():
                asked = name.replace("-", "_") in bad
                if settings.on_request and not asked:
                    continue
                look = bad.get(name.replace("-", "_"), Look())
                self.board.take(name, self._poll(name, settings.kind, look), 0)
            for view in self.board.views():
                self.matching = matched(
                    self.matching,
                    self.config.playbooks,
                    sight(view),
                    self.config.scale,
                    self.clock.monotonic(),
                )
        return self

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return proposals(*self._all())

    @property
    def names(self) -> list[str]:
        """The playbooks that are proposed, the best first."""
        return [one.playbook for one in self.proposals]

    @property
    def evidence(self) -> tuple[str, ...]:
        """That of the first."""
        return self.proposals[0].evidence

    def seen(self, playbook: str) -> tuple[SymptomSeen, ...]:
        return seen(*self._all())[playbook]

    def _all(self) -> tuple[Any, ...]:
        sights = tuple(sight(view) for view in self.board.views())
        past, now = self.board.past(), self.clock.monotonic()
        scale = self.config.scale
        return self.matching, self.config.playbooks, sights, past, scale, now, self.board.wall

    def _poll(self, name: str, kind: str, look: Look) -> Poll:
        at = self.clock.now()
        if self.cut_off:
            return Poll(taken_at=at, took=0.01, failure=CUT_OFF)
        if look.silent:
            counted = tuple(Signal(f"{name}.{one}", value) for one, value in look.figures.items())
            failure = Failure("connect", look.silent)
            return Poll(taken_at=at, took=0.01, failure=failure, signals=counted)
        known = {**WELL[kind], **look.figures}
        units = self.declared[name]
        signals = tuple(
            Signal(f"{name}.{figure}", value, units.get(f"{name}.{figure}", ""))
            for figure, value in known.items()
            if f"{name}.{figure}" in units
        )
        changes = ()
        if look.change is not None:
            sort, what, ago = look.change
            found = Change(at - timedelta(seconds=ago), what, sort)
            changes = (self._changes.setdefault((name, what), found),)
        told = GenericSeen(faults=look.faults, maintenance=look.maintenance, changes=changes)
        return Poll(taken_at=at, took=0.01, seen=told, signals=signals)


def shop() -> Config:
    return load(SHOP, discover())
