"""``[assessment]``: what is asked about an incident, and the matrix of levels."""

from msgspec.structs import replace

from warroom.config.lines import Path as Place
from warroom.config.problems import Problems
from warroom.config.procedures_names import known, once, step
from warroom.config.procedures_settings import AssessmentSettings, MatrixSettings
from warroom.incident.assessment import MatrixRow
from warroom.incident.procedures import Procedures
from warroom.severity import Scale


def assessment_parts(
    settings: AssessmentSettings, ours: Procedures, scale: Scale | None, problems: Problems
) -> Procedures:
    """``ours`` with what ``settings`` gives in its place."""
    once(settings.impacts or (), ("assessment", "impacts"), "impact", problems)
    once(settings.scopes or (), ("assessment", "scopes"), "scope", problems)
    impacts = ours.impacts if settings.impacts is None else settings.impacts
    scopes = ours.scopes if settings.scopes is None else settings.scopes
    if settings.matrix is None:
        matrix = tuple(row for row in ours.matrix if _possible(row, impacts, scopes))
    else:
        matrix = tuple(
            _row(at, row, impacts, scopes, scale, problems)
            for at, row in enumerate(settings.matrix)
        )
    return replace(ours, impacts=impacts, scopes=scopes, currency=settings.currency, matrix=matrix)


def _possible(row: MatrixRow, impacts: tuple[str, ...], scopes: tuple[str, ...]) -> bool:
    """Whether the answers it asks for can be given at all."""
    asked = ((row.impact, impacts), (row.scope, scopes))
    return all(not wanted or set(wanted) & set(given) for wanted, given in asked)


def _row(
    at: int,
    row: MatrixSettings,
    impacts: tuple[str, ...],
    scopes: tuple[str, ...],
    scale: Scale | None,
    problems: Problems,
) -> MatrixRow:
    place = ("assessment", "matrix", at)
    step(row.level, (*place, "level"), scale, problems)
    return MatrixRow(
        level=row.level,
        impact=_answers(row.impact, impacts, (*place, "impact"), problems),
        scope=_answers(row.scope, scopes, (*place, "scope"), problems),
        share=row.share,
        down=row.down,
        money=row.money,
        data=row.data,
        security=row.security,
    )


def _answers(
    written: str | tuple[str, ...], given: tuple[str, ...], place: Place, problems: Problems
) -> tuple[str, ...]:
    """The answers a row is for, as they are spelled among those that can be given."""
    listed = isinstance(written, tuple)
    names = written if isinstance(written, tuple) else (written,)
    what = str(place[-1])
    spelled = (
        known(name, given, (*place, at) if listed else place, what, problems)
        for at, name in enumerate(names)
    )
    return tuple(name for name in spelled if name is not None)
