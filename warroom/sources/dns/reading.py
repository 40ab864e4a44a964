"""What the replies of all resolvers say together: what is not as it should be. Pure."""

import ipaddress
from collections.abc import Sequence

from warroom.connect.names.reply import Reply
from warroom.measure.names import Resolved
from warroom.sources.dns.recent import Recent, shown
from warroom.sources.dns.settings import ADDRESSES, DnsSettings

MOST = 50
"""Answers of one resolver that are shown."""


def faults(replies: Sequence[Reply], settings: DnsSettings, recent: Recent) -> list[str]:
    """Why the name is DOWN, in words; ``recent`` is as it was before this poll.

    It is when nobody has an answer. When some could not be asked, those who say so must have
    had one lately: an outer resolver never knew an inner name.
    """
    replied = [reply for reply in replies if reply.said != "silent"]
    if replied and not any(reply.answers for reply in replied):
        all_asked = len(replied) == len(replies)
        if all_asked or any(recent.answered(reply.resolver) for reply in replied):
            return [_all_say(replied, settings)]
        return []
    return [wrong for reply in replied if (wrong := _unexpected(reply, settings))]


def blind(replies: Sequence[Reply]) -> tuple[str, ...]:
    """The resolvers that could not be asked, and why."""
    return tuple(f"{r.resolver}: {r.trouble}" for r in replies if r.said == "silent")


def resolved(replies: Sequence[Reply]) -> tuple[Resolved, ...]:
    """The replies as they are shown."""
    return tuple(
        Resolved(
            resolver=reply.resolver,
            answers=tuple(sorted(reply.answers)[:MOST]),
            more=max(len(reply.answers) - MOST, 0),
            trouble=reply.trouble,
            replied=reply.said != "silent",
            took=reply.took,
            ttl=reply.ttl,
        )
        for reply in replies
    )


def figures(replies: Sequence[Reply], agree: bool | None, down: bool) -> dict[str, float | None]:
    """All but ``unanswered``, by their names without the source's."""
    ttls = [reply.ttl for reply in replies if reply.ttl is not None and reply.answers]
    times = [reply.took for reply in replies if reply.took is not None]
    known = [reply for reply in replies if reply.definite]
    count = len(frozenset[str]().union(*(reply.answers for reply in known)))
    found = any(reply.answers for reply in replies)
    return {
        "answers": float(count) if known else None,
        "agree": None if agree is None else float(agree),
        "resolvers_failed": float(len(replies) - len(known)),
        "up": 0.0 if down else 1.0 if found else None,
        "lookup": max(times) * 1000 if times else None,
        "ttl": float(min(ttls)) if ttls else None,
    }


def _all_say(replied: Sequence[Reply], settings: DnsSettings) -> str:
    by: dict[str, list[str]] = {}
    for reply in replied:
        by.setdefault(reply.trouble, []).append(reply.resolver)
    told = "; ".join(f"{words} by {', '.join(whom)}" for words, whom in by.items())
    return f"{settings.record} {settings.name}: {told}"


def _unexpected(reply: Reply, settings: DnsSettings) -> str:
    """What of a resolver's answers is not as expected. Of TXT, where others put theirs beside
    ours, all that is expected must be there; else nothing else may be."""
    if not settings.expect or reply.said == "failed":
        return ""
    if reply.said == "none":
        return f"{reply.resolver}: {reply.trouble}, not {shown(settings.expect)}"
    if settings.record == "TXT":
        missing = [text for text in settings.expect if text not in reply.answers]
        return f"{reply.resolver} does not have {shown(missing)}" if missing else ""
    if settings.record in ADDRESSES:
        networks = [ipaddress.ip_network(each) for each in settings.expect]
        found = [ipaddress.ip_address(answer) for answer in reply.answers]
        wrong = [str(one) for one in found if not any(one in network for network in networks)]
    else:
        right = {each.lower().removesuffix(".") for each in settings.expect}
        wrong = [answer for answer in reply.answers if answer not in right]
    if not wrong:
        return ""
    return f"{reply.resolver} answers {shown(wrong)}, not {shown(settings.expect)}"
