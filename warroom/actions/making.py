"""Every configured action by its kind. Loaded late: drivers take their time."""

from collections.abc import Mapping

from warroom.actions.command import CommandHand
from warroom.actions.hand import Hand, Tools
from warroom.actions.http import HttpHand
from warroom.actions.manual import ManualHand
from warroom.actions.queues import QueueHand
from warroom.actions.redis import RedisHand
from warroom.actions.sessions import SessionsHand
from warroom.actions.sql import SqlHand
from warroom.config.actions_settings import (
    ActionSettings,
    CommandAction,
    HttpAction,
    ManualAction,
    RedisAction,
    SqlAction,
    StepsAction,
)
from warroom.incident.acting.kinds import ActionView


def make_hands(
    actions: Mapping[str, ActionSettings], views: Mapping[str, ActionView], tools: Tools
) -> dict[str, Hand]:
    """By name; what has steps is made of the hands of its steps, and has none itself."""
    return {
        name: _hand(name, settings, views[name], tools)
        for name, settings in actions.items()
        if not isinstance(settings, StepsAction)
    }


def _hand(name: str, settings: ActionSettings, view: ActionView, tools: Tools) -> Hand:
    match settings:
        case CommandAction():
            return CommandHand(name, settings, view.parameters, tools)
        case HttpAction():
            return HttpHand(name, settings, view.parameters, tools)
        case SqlAction():
            return (SessionsHand if settings.builtin else SqlHand)(name, settings, tools)
        case RedisAction():
            return (QueueHand if settings.builtin else RedisHand)(name, settings, tools)
        case ManualAction():
            return ManualHand(name, settings, view.parameters, tools)
    raise AssertionError(settings)
