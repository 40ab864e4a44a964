"""Who waits for whom: the sessions of one server as a tree, its roots the ones to blame. Pure."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from warroom.measure.postgres import Session


class Node(msgspec.Struct, frozen=True):
    """One session in the tree. ``session`` is None for one that is not in the list: a prepared
    transaction (``pid`` 0), or one that may not be seen. ``others`` are more it waits for."""

    depth: int
    pid: int
    session: Session | None = None
    others: tuple[int, ...] = ()
    behind: int = 0

    @property
    def called(self) -> str:
        """``4711``, or what stands for it."""
        return "a prepared transaction" if self.pid == 0 else str(self.pid)


def tree(sessions: Iterable[Session]) -> tuple[Node, ...]:
    """Each root blocker, those that hold up most first, and under each those behind it. A
    session that waits for several stands once, under the one that holds up most."""
    known = {session.pid: session for session in sessions}
    waiting = {pid: s.blocked_by for pid, s in known.items() if s.blocked_by}
    if not waiting:
        return ()
    behind = _behind(waiting)
    children: dict[int, list[int]] = {}
    for pid, blockers in waiting.items():
        worst = max(blockers, key=lambda blocker: (behind.get(blocker, 0), -blocker))
        children.setdefault(worst, []).append(pid)
    done: set[int] = set()
    found: list[Node] = []
    for root in _roots(waiting, behind):
        found.extend(_under(root, 0, known, children, behind, done))
    return tuple(found)


def _roots(waiting: Mapping[int, tuple[int, ...]], behind: Mapping[int, int]) -> Iterator[int]:
    """Those that wait for nobody; then, for a circle that has no beginning, any of it."""
    blockers = {pid for pids in waiting.values() for pid in pids}
    most = sorted(blockers, key=lambda pid: (-behind.get(pid, 0), pid))
    yield from (pid for pid in most if pid not in waiting)
    yield from (pid for pid in most if pid in waiting)


def _under(
    pid: int,
    depth: int,
    known: Mapping[int, Session],
    children: Mapping[int, list[int]],
    behind: Mapping[int, int],
    done: set[int],
) -> Iterator[Node]:
    left = [(pid, depth)]
    while left:
        at, deep = left.pop()
        if at in done:
            continue
        done.add(at)
        session = known.get(at)
        others = session.blocked_by if session is not None else ()
        yield Node(deep, at, session, tuple(others), behind.get(at, 0))
        order = sorted(children.get(at, ()), key=lambda child: (behind.get(child, 0), -child))
        left += [(child, deep + 1) for child in order]


def _behind(waiting: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """How many wait for each, directly or behind others."""
    direct: dict[int, set[int]] = {}
    for pid, blockers in waiting.items():
        for blocker in blockers:
            direct.setdefault(blocker, set()).add(pid)
    counts = {}
    for blocker in direct:
        seen: set[int] = set()
        left = [blocker]
        while left:
            for pid in direct.get(left.pop(), ()):
                if pid not in seen and pid != blocker:
                    seen.add(pid)
                    left.append(pid)
        counts[blocker] = len(seen)
    return counts
