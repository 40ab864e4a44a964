"""The demo's faults and their playbooks: which is proposed first, how soon, and that it is gone."""

from dataclasses import dataclass, field

from tests.live.rooms import Follower
from warroom.wire import SourceView

POLLS = 3
"""Intervals of the source that shows a fault first, from the poll on that saw it."""
LONG = 90.0
"""Seconds after which a test gives up: the crawler fills the memory picture by picture, and what
looks back looks back 20 s."""


@dataclass(frozen=True)
class Case:
    """A fault's playbook, a source that shows the fault, and the action that mends it."""

    playbook: str
    source: str
    action: str
    values: dict[str, str] = field(default_factory=dict)


CASES = {
    "outage": Case("outage", "web", "restart_postgres"),
    "error-rate": Case("high-error-rate", "shop", "mend_prices"),
    "slow": Case("performance", "web", "restart_warehouse"),
    "memory": Case("high-memory", "shop", "pictures_off"),
    "slow-database": Case("database-trouble", "db", "kill_slow", {"seconds": "5"}),
    "pool-exhausted": Case("pool-exhausted", "shop", "flag_off", {"flag": "export"}),
    "redis-down": Case("cache-failure", "redis", "restart_redis"),
    "rate-limit": Case("rate-limited", "shop", "block_agent", {"agent": "price-robot"}),
    "webhook": Case("payments", "payments-provider", "renew_webhook"),
    "mail": Case("mail", "worker", "renew_mail"),
    "certificate": Case("certificate", "front", "renew_certificate"),
    "stale-name": Case("old-address", "name", "restore_dns"),
    "intruder": Case("security", "shop", "block_address"),
    "bad-deploy": Case("deployment-failure", "shop", "rollback"),
    "queue-backlog": Case("queue-backlog", "redis", "scale_workers", {"workers": "4"}),
}
"""All but cut-off, which has none: it is the room that is cut off. An address cannot be known
before. Last come a deployment, for a minute long it is what went out just before, and a queue that
takes minutes to be worked off."""


def troubled(view: SourceView) -> bool:
    """Whether its newest poll saw anything that is counted, or stands."""
    return view.state != "UP" or view.level != "OK" or bool(view.pending)


async def proposed_first(room: Follower, name: str) -> list[str]:
    """Wait until the fault's own playbook is the first that is proposed: what there is to say where
    it was not so within three polls of its source."""
    case, seen = CASES[name], list[int]()

    def look(now: Follower) -> bool:
        view = now.sources[case.source]
        if troubled(view):
            seen.append(view.polls)
        return bool(now.proposals) and now.proposals[0].playbook == case.playbook

    try:
        await room.until(look, LONG)
    except TimeoutError:
        raise AssertionError(f"{name}: {case.playbook} is not first; {stands(room)}") from None
    polls = room.sources[case.source].polls - seen[0] + 1 if seen else 1
    late = f"{name}: first after {polls} polls of {case.source}; {stands(room)}"
    return [late] if polls > POLLS else []


async def gone(room: Follower, name: str) -> None:
    """Wait until nothing is proposed any more, and all is well; but for a queue that is on its
    way to be empty, and is no trouble any more while it is red."""

    def look(now: Follower) -> bool:
        well = all(view.level == "OK" for view in now.sources.values())
        return not now.proposals and (well or name == "queue-backlog")

    try:
        await room.until(look, LONG)
    except TimeoutError:
        raise AssertionError(f"after {name}: {stands(room)}") from None


def stands(room: Follower) -> str:
    """What is proposed and what is not well."""
    proposed = [(one.playbook, one.score, one.evidence) for one in room.proposals]
    bad = [(v.name, v.level, v.cause) for v in room.sources.values() if v.level != "OK"]
    return f"proposed: {proposed}; not well: {bad}"
