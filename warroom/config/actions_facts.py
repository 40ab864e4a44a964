"""What everybody may know of the actions: no secret is in it."""

import re
from collections.abc import Mapping

from warroom.config.actions import ROWS
from warroom.config.actions_settings import (
    PLACEHOLDER,
    ActionSettings,
    ParameterSettings,
    StepsAction,
    UndoSettings,
)
from warroom.incident.acting.kinds import ActionView, Parameter
from warroom.measure.verdict import Expectation


def action_views(
    actions: Mapping[str, ActionSettings], kinds: Mapping[str, str]
) -> tuple[ActionView, ...]:
    """Each action; ``kinds`` are the sources' by name."""
    return tuple(
        _view(name, settings, parameters_of(settings, actions), kinds)
        for name, settings in actions.items()
    )


def parameters_of(
    settings: ActionSettings, actions: Mapping[str, ActionSettings]
) -> dict[str, ParameterSettings]:
    """Its parameters; those of its steps too, if it has any."""
    steps = settings.steps if isinstance(settings, StepsAction) else ()
    found: dict[str, ParameterSettings] = {}
    for step in steps:
        found |= actions[step].parameters
    return found | settings.parameters


def _view(
    name: str,
    settings: ActionSettings,
    parameters: Mapping[str, ParameterSettings],
    kinds: Mapping[str, str],
) -> ActionView:
    return ActionView(
        name=name,
        title=settings.title,
        kind=settings.kind,  # type: ignore[arg-type]
        key=settings.key,
        group=settings.group,
        danger=settings.danger,
        word=word_of(name, settings),
        help=settings.help,
        deadline=settings.deadline,
        cooldown=settings.cooldown or 0.0,
        parameters=tuple(parameter_of(each, one, kinds) for each, one in parameters.items()),
        roles=settings.roles,
        undo=settings.paired,
        turns_on=settings.turns_on,
        expects=tuple(one.words for one in expectations(settings)),
    )


def word_of(name: str, settings: ActionSettings) -> str:
    """What is typed to confirm a moderate one."""
    return settings.word or name.replace("-", "_").partition("_")[0]


def parameter_of(name: str, one: ParameterSettings, kinds: Mapping[str, str]) -> Parameter:
    return Parameter(
        name=name,
        title=one.title,
        type=one.type,
        choices=one.choices,
        pattern=one.pattern,
        minimum=one.minimum,
        maximum=one.maximum,
        longest=one.longest,
        default=None if one.default is None else str(one.default),
        source=one.source,
        gives=one.gives,
        secret=one.secret,
        rows=ROWS.get(kinds.get(one.source, ""), ""),  # type: ignore[arg-type]
    )


def expectations(settings: ActionSettings) -> tuple[Expectation, ...]:
    """What it should move."""
    return tuple(
        Expectation(signal=one.signal, moves=one.moves, within=one.within)
        for one in settings.expect
    )


def undo_values(settings: ActionSettings, values: Mapping[str, str], was: str) -> dict[str, str]:
    """The values with which the paired action is run, by the values of this run; ``was`` is the
    figure before, in digits."""
    if not isinstance(settings.undo, UndoSettings):
        return {}
    known = {**values, "was": was}
    return {key: put(str(value), known) for key, value in settings.undo.values.items()}


def put(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each ``{name}`` replaced by its value, and ``{{`` by a brace."""

    def one(match: "re.Match[str]") -> str:
        return values[match[1]] if match[1] else match[0][0]

    return PLACEHOLDER.sub(one, text)
