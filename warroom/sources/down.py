"""DOWN as a level: the options and the rule of every kind whose system can say no itself."""

from pydantic import Field

from warroom.config.problems import nearest
from warroom.config.settings import SourceSettings
from warroom.config.types import HoldTime
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule
from warroom.severity import Scale
from warroom.text import safe

NO_RULE = "none"


class DownSettings(SourceSettings):
    """Which step of the scale DOWN means, and how long it must last."""

    down: str | None = Field(
        None, description='step of the scale that DOWN means; the worst if not given, or "none"'
    )
    raise_after: HoldTime = Field(
        Hold(polls=2), description="DOWN polls in a row, or a duration, before the level is taken"
    )
    clear_after: HoldTime = Field(
        Hold(polls=2), description="UP polls in a row, or a duration, before it is let go"
    )


def down_rules(name: str, settings: DownSettings, scale: Scale) -> tuple[Rule, ...]:
    """``NAME is down``, on the figure ``up``. Raises ValueError for a step there is not."""
    if settings.down == NO_RULE:
        return ()
    down = step(settings.down if settings.down is not None else scale.names[0], scale, "down")
    return (
        Rule(
            name=f"{settings.title or name} is down",
            signal=f"{name}.up",
            levels=((down, Threshold("<", 1)),),
            raise_after=settings.raise_after,
            clear_after=settings.clear_after,
        ),
    )


def step(named: str, scale: Scale, option: str) -> str:
    """``named``, if the scale has that step; else raises ValueError about ``option``."""
    if scale.index(named) is None:
        hint = nearest(named, (*scale.names, NO_RULE), "steps")
        raise ValueError(f"{option}: {safe(named, 40)} is no step of the scale; {hint}")
    return named
