"""The procedures of a room whose file says nothing of them: ours, for any scale."""

from warroom.incident.assessment import MatrixRow
from warroom.incident.procedures import (
    Checklist,
    DueStep,
    Item,
    MilestoneStep,
    PhaseStep,
    Procedures,
    RoleKind,
    Rung,
    StatusStep,
)
from warroom.measure.comparison import Threshold
from warroom.severity import HOUR, MINUTE, Level, Scale

STATUSES = (
    StatusStep(name="Investigating", phase="investigate"),
    StatusStep(name="Identified", phase="mitigate"),
    StatusStep(name="Mitigating", phase="mitigate"),
    StatusStep(name="Monitoring", phase="recover"),
    StatusStep(name="Resolved", phase="after", final=True),
)
PHASES = (
    PhaseStep(name="detect", begins=0.0, ends=5 * MINUTE),
    PhaseStep(name="respond", begins=5 * MINUTE, ends=15 * MINUTE),
    PhaseStep(name="investigate", begins=15 * MINUTE, ends=30 * MINUTE),
    PhaseStep(name="mitigate", begins=30 * MINUTE, ends=HOUR),
    PhaseStep(name="recover", begins=HOUR, ends=2 * HOUR),
    PhaseStep(name="after", begins=2 * HOUR, ends=24 * HOUR),
)
MILESTONES = tuple(
    MilestoneStep(name=name, key=key)
    for key, name in (
        ("r", "alert received"),
        ("a", "acknowledged"),
        ("c", "commander assigned"),
        ("i", "investigation started"),
        ("d", "cause identified"),
        ("m", "mitigation deployed"),
        ("s", "service restored"),
    )
)
ROLES = (
    RoleKind(name="commander", leads=True),
    RoleKind(name="technical lead", fixes=True),
    RoleKind(name="communications lead"),
    RoleKind(name="scribe"),
)
RESOLUTIONS = ("rollback", "hotfix", "configuration", "scale", "feature flag")
SORTS = ("prevent", "detect", "respond", "communicate")
IMPACTS = (
    "outage",
    "core feature down",
    "core degraded",
    "minor feature down",
    "slowness",
    "non-critical",
)
SCOPES = ("all", "a region", "a feature")


def _checklist(name: str, *items: str, phase: str = "", recovery: bool = False) -> Checklist:
    return Checklist(
        name=name,
        items=tuple(Item(text=item) for item in items),
        phases=(phase or name,),
        recovery=recovery,
    )


def _alone(name: str, *items: Item | str) -> Checklist:
    listed = (item if isinstance(item, Item) else Item(text=item) for item in items)
    return Checklist(name=name, items=tuple(listed), alone=True)


CHECKLISTS = (
    _checklist(
        "detect",
        "Acknowledge the alert",
        "Verify that it is real",
        "Classify: level, by the assessment",
        "Impact: users, features, regions",
    ),
    _checklist(
        "respond",
        "Open the channel",
        "Assign the roles",
        "Begin the log",
        "Give the first notice",
    ),
    _checklist(
        "investigate",
        "Recent deployments",
        "Error logs",
        "Health of services",
        "Database",
        "Dependencies and vendors",
        "Changes of configuration",
        "What triggered it, why did safeguards fail, how far does it reach",
    ),
    _checklist(
        "mitigate",
        "Stop the bleeding",
        "The fix is really deployed",
        "Error rate goes down",
        "Seen from the customers' side",
        "Reports stop",
    ),
    _checklist(
        "recover",
        "All services are healthy",
        "Error rate is normal",
        "Performance is normal",
        "No new complaints",
        "Monitoring is green",
        "Smoke tests pass",
        "Maintenance mode is off",
        recovery=True,
    ),
    _checklist(
        "after",
        "Stability confirmed",
        "Timeline is complete",
        "Customers and stakeholders are told",
        "Follow-ups have owners",
        "Post-mortem is planned",
        "Channel is archived",
    ),
    _alone(
        "before a deployment",
        "Tests pass",
        "Review is done",
        "Seen on staging",
        "Rollback plan",
        "Migrations are safe",
        "Monitoring is in place",
    ),
    _alone(
        "during a deployment",
        "Traffic is low",
        "Error rate",
        "Performance",
        "Health",
        "Critical paths",
    ),
    _alone(
        "after a deployment",
        "Smoke tests pass",
        Item(text="Watch error rate, logs and alerts", watch=30 * MINUTE),
        "Error rate is normal",
        "Logs are quiet",
        "No alerts",
    ),
)


def built_in(scale: Scale) -> Procedures:
    """The default procedures, with this scale's levels in matrix, ladder and cadence."""
    return Procedures(
        statuses=STATUSES,
        phases=PHASES,
        milestones=MILESTONES,
        roles=ROLES,
        resolutions=RESOLUTIONS,
        cadence=_cadence(scale),
        impacts=IMPACTS,
        scopes=SCOPES,
        matrix=_matrix(scale),
        escalation=_ladder(scale),
        checklists=CHECKLISTS,
        sorts=SORTS,
        dues=_dues(scale),
    )


def _cadence(scale: Scale) -> dict[Level, float]:
    """The two worst every 15 and 30 minutes; below them nobody waits for a word."""
    return dict(zip(scale.names[:2], (15 * MINUTE, 30 * MINUTE), strict=False))


def _dues(scale: Scale) -> tuple[DueStep, ...]:
    """What teams do afterwards, and within which time; the two worst are reviewed."""
    worst = scale.names[:2]
    return (
        DueStep(name="channel archived", within=2 * HOUR),
        DueStep(name="first timeline", within=24 * HOUR),
        DueStep(name="post-mortem", within=48 * HOUR, levels=worst),
        DueStep(name="review", within=7 * 24 * HOUR, levels=worst),
    )


def _matrix(scale: Scale) -> tuple[MatrixRow, ...]:
    """The first that fits; what the scale has no step for falls to its last one."""

    def step(at: int) -> Level:
        return scale.names[min(at, len(scale.names) - 1)]

    half, quarter = Threshold(">", 50), Threshold(">", 25)
    return (
        MatrixRow(level=step(0), impact=("outage",)),
        MatrixRow(level=step(0), security=True),
        MatrixRow(level=step(0), data=True),
        MatrixRow(level=step(0), money=Threshold(">", 10_000)),
        MatrixRow(level=step(0), impact=("core feature down",), share=half),
        MatrixRow(level=step(0), impact=("core feature down",), down=Threshold(">", HOUR)),
        MatrixRow(level=step(1), impact=("core feature down",)),
        MatrixRow(level=step(1), impact=("core degraded",), share=quarter),
        MatrixRow(level=step(1), impact=("core degraded",), down=Threshold(">", 2 * HOUR)),
        MatrixRow(level=step(1), impact=("minor feature down",), share=half),
        MatrixRow(level=step(1), impact=("slowness",), down=Threshold(">", 4 * HOUR)),
        MatrixRow(level=step(2), impact=("core degraded", "minor feature down", "slowness")),
        MatrixRow(level=step(3), impact=("non-critical",)),
    )


def _ladder(scale: Scale) -> tuple[Rung, ...]:
    """Whom to tell, and when: by the names of roles, which the team's contacts fill."""
    worst, second = scale.names[:1], scale.names[1:2]
    rungs = [
        Rung(name="on-call", tell=("on-call",), after=0.0, levels=scale.names[:2]),
        Rung(name="team lead", tell=("team lead",), after=30 * MINUTE, levels=worst),
        Rung(name="leadership", tell=("leadership",), after=HOUR, levels=worst),
        Rung(name="security", tell=("security",), when="security at risk"),
        Rung(name="breach", tell=("security", "legal", "leadership"), when="breach"),
        Rung(name="data lost", tell=("team lead", "leadership"), when="data lost"),
        Rung(name="legal", tell=("legal", "leadership"), when="legal"),
    ]
    if second:
        rungs.insert(2, Rung(name="team lead", tell=("team lead",), after=2 * HOUR, levels=second))
    return tuple(rungs)
