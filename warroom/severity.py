"""The team's severity scale: its steps, their order, and what each one asks of people.

A *level* is a plain name: a step of the scale (``SEV1``), or one of the three that every
room has: ``OK``, ``MAINTENANCE`` and ``CAN'T SEE``. Only a ``Scale`` knows their order.
"""

from collections.abc import Iterable

import msgspec

from warroom.sharing.kinds import Name

Level = Name
OK: Level = "OK"
MAINTENANCE: Level = "MAINTENANCE"
UNSEEN: Level = "CAN'T SEE"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the scale. ``response`` is in seconds; None where the team names none."""

    name: Name
    meaning: str = ""
    examples: tuple[str, ...] = ()
    response: float | None = None
    cover: str = ""
    told: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


class Scale(msgspec.Struct, frozen=True):
    """The steps, worst first; at least one."""

    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[Level, ...]:
        return tuple(step.name for step in self.steps)

    def index(self, level: Level) -> int | None:
        """0 for the worst step; None for a level that is no step of the scale."""
        return next((i for i, step in enumerate(self.steps) if step.name == level), None)

    def rank(self, level: Level) -> int:
        """How much attention a level wants, more is worse.

        The two worst steps stand above CAN'T SEE, the lower ones below it: not knowing is
        worse than a known small trouble and better than a known great one.
        """
        if level == OK:
            return 0
        if level == MAINTENANCE:
            return 1
        if level == UNSEEN:
            return 500
        at = self.index(level)
        if at is None:
            return 400
        return 1000 - at if at < 2 else 400 - at

    def exit_code(self, level: Level) -> int:
        """For scripts: 0 OK or maintenance, 1 a lower step, 2 one of the two worst, 3 unseen."""
        if level in (OK, MAINTENANCE):
            return 0
        if level == UNSEEN:
            return 3
        at = self.index(level)
        return 2 if at is not None and at < 2 else 1

    def worst(self, levels: Iterable[Level]) -> Level:
        """The level that wants most attention; OK when there is none."""
        return max(levels, key=self.rank, default=OK)


MINUTE = 60.0
HOUR = 3600.0

SEV = Scale(
    (
        Step(
            name="SEV1",
            meaning="Production is down, data is being lost or exposed, a core function is gone",
            examples=("complete outage", "data breach", "payments impossible"),
            response=15 * MINUTE,
            cover="round the clock",
            told=("on-call", "team lead", "leadership"),
            first=("page on-call", "open the channel and the bridge", "post the first notice"),
        ),
        Step(
            name="SEV2",
            meaning="A major feature is broken or severely slow for many users",
            examples=("sign-in fails for some", "error rate over 5 %", "data inconsistent"),
            response=30 * MINUTE,
            cover="round the clock",
            told=("on-call", "team lead"),
            first=("page on-call", "open the channel", "post to the status page"),
        ),
        Step(
            name="SEV3",
            meaning="A minor feature is impaired, or things are slow for a few",
            examples=("non-critical feature", "raised error rate", "slowness"),
            response=HOUR,
            cover="business hours",
            told=("the team",),
            first=("write a thread", "fix in this day's work"),
        ),
        Step(
            name="SEV4",
            meaning="Cosmetic, or an alert without an effect on users",
            examples=("cosmetic", "monitoring alert", "minor bug"),
            response=4 * HOUR,
            cover="business hours",
            told=("the team",),
            first=("open a ticket",),
        ),
    )
)
P = Scale(
    tuple(
        msgspec.structs.replace(step, name=name)
        for step, name in zip(SEV.steps, ("P0", "P1", "P2", "P3"), strict=True)
    )
)
BUILT_IN = {"sev": SEV, "p": P}
