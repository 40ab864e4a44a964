"""What one poll asks the admin console, and what is kept from one poll to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warroom.clock import Clock
from warroom.connect.pgbouncer import Console, SaidError
from warroom.errors import ProbeError
from warroom.sources.pgbouncer import rows
from warroom.sources.pgbouncer.looked import Looked
from warroom.sources.pgbouncer.rows import Row

RARELY = 60.0
"""Seconds between two readings of what moves only when somebody moves it."""
_UNKNOWN = "invalid command"
"""What the console says of a SHOW that its version does not have."""
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "POOLS": ("database", "user"),
    "LISTS": ("list", "items"),
    "DATABASES": ("name", "paused"),
    "STATE": ("key", "value"),
    "CONFIG": ("key", "value"),
    "USERS": ("name",),
    "VERSION": ("version",),
}
"""Without these an answer says nothing; and none is ever empty, for we are in it ourselves."""


class Reader:
    """Reads one console; what it keeps holds for one connection, for behind the next one there
    may be another version with other settings."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._console: Console | None = None
        self._lacks: set[str] = set()
        self._rare: _Rare | None = None

    async def read(self, console: Console) -> Looked:
        """All there is, in the order of what it is worth. Raises ProbeError, LostError."""
        if console is not self._console:
            self._console, self._lacks, self._rare = console, set(), None
        asking = Asking(console, self._lacks)
        try:
            pools = rows.pools(asking.usable("POOLS", await console.show("POOLS")))
        except SaidError as error:
            hint = "is this PgBouncer's own port, and not PostgreSQL's?"
            raise ProbeError("answer", f"no admin console of PgBouncer: {error}", hint) from error
        lists = rows.pairs(await asking.rows("LISTS"), "list", "items")
        databases = await asking.rows("DATABASES")
        state = rows.pairs(await asking.rows("STATE"), "key", "value")
        rare = await self._rarely(console)
        clients = rows.count(lists, "used_clients")
        if lists and clients is None:
            asking.blind.append(_odd("LISTS"))
        if any(None in pool.figures for pool in pools):
            asking.blind.append(_odd("POOLS"))
        return Looked(
            address=console.peer,
            version=rare.version,
            pools=tuple(pools),
            databases=rows.databases(databases) if databases else None,
            clients=clients,
            most_clients=rare.most_clients,
            halted=_halted(state),
            sizes=rare.sizes,
            blind=(*asking.blind, *rare.blind),
        )

    async def _rarely(self, console: Console) -> "_Rare":
        """Settings, which SET and RELOAD change."""
        now = self._clock.monotonic()
        if self._rare is None or now - self._rare.read_at >= RARELY:
            self._rare = await _Rare.read(Asking(console, self._lacks), now)
        return self._rare


class Asking:
    """Asks one thing after the other. ``blind`` are words for what failed; what the version
    does not have goes into ``lacks``, is asked for once, and is nothing to complain of."""

    def __init__(self, console: Console, lacks: set[str]) -> None:
        self._console = console
        self._lacks = lacks
        self.blind: list[str] = []

    async def rows(self, what: str) -> Sequence[Row]:
        """The answer to ``SHOW what``; empty when it failed. Raises LostError."""
        if what in self._lacks:
            return ()
        try:
            return self.usable(what, await self._console.show(what))
        except SaidError as error:
            if str(error).startswith(_UNKNOWN):
                self._lacks.add(what)
            else:
                self.blind.append(f"SHOW {what}: {error}")
            return ()

    @staticmethod
    def usable(what: str, found: Sequence[Row]) -> Sequence[Row]:
        """``found``, if it is what ``SHOW what`` gives. Raises SaidError."""
        if not found:
            raise SaidError("an empty answer")
        for column in _COLUMNS[what]:
            if column not in found[0]:
                raise SaidError(f"no column {column} in the answer")
        return found


@dataclass(frozen=True)
class _Rare:
    """What was read at ``read_at``, in the clock's monotonic seconds, and holds for a while."""

    read_at: float
    version: str
    most_clients: int | None
    sizes: Mapping[str, int]
    blind: tuple[str, ...]

    @classmethod
    async def read(cls, asking: Asking, now: float) -> "_Rare":
        config = rows.pairs(await asking.rows("CONFIG"), "key", "value")
        most_clients = rows.count(config, "max_client_conn")
        if config and most_clients is None:
            asking.blind.append(_odd("CONFIG"))
        sizes = rows.sizes_of_users(await asking.rows("USERS"))
        blind = tuple(asking.blind)
        # Before 1.12 it is told in a notice, and not in a row: then it is just not known.
        versions = await asking.rows("VERSION")
        version = next((row["version"] or "" for row in versions), "")
        return cls(now, version, most_clients, sizes, blind)


def _halted(state: Mapping[str, str]) -> str | None:
    """``paused``, ``suspended`` or empty; None where the version does not tell."""
    if not state:
        return None
    return next((each for each in ("paused", "suspended") if state.get(each) == "yes"), "")


def _odd(what: str) -> str:
    """Every version has it, and this one did not say."""
    return f"SHOW {what}: a count is missing, or no number"
