"""What is worth saying of a poll, in words: what is paused, and who waits in vain."""

from collections.abc import Iterable, Sequence

from warroom.sources.pgbouncer.rows import DatabaseRow, PoolRow
from warroom.text import safe

NAMED = 5
"""How many are named in one line."""


def held(halted: str | None, databases: Iterable[DatabaseRow]) -> list[str]:
    """What somebody has paused or disabled. ``halted`` is ``paused`` or ``suspended`` when all
    of the pooler is."""
    listed = list(databases)
    words = [f"all databases are {halted}: RESUME lets them go on"] if halted else []
    paused = [database.name for database in listed if database.paused and not halted]
    disabled = [database.name for database in listed if database.disabled]
    if paused:
        words.append(f"paused: {_listed(paused)}; RESUME lets it go on")
    if disabled:
        words.append(f"disabled: {_listed(disabled)}; no new client is let in until ENABLE")
    return words


def stuck(pools: Sequence[PoolRow], *, told: bool) -> list[str]:
    """``pools`` have clients that wait and no server connection. ``told`` is whether the pooler
    would have said that all of it is paused."""
    if not pools:
        return []
    who = _listed([pool.label for pool in pools])
    why = "its server takes none" if told else "all is paused, or its server takes none"
    return [f"clients wait and there is no server connection: {who}; {why}"]


def _listed(names: Sequence[str]) -> str:
    """``app, jobs and 3 more``."""
    shown = ", ".join(safe(name, 60) for name in names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
