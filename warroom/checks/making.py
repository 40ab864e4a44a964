"""Every configured check by its kind. Loaded late: drivers take their time."""

import asyncio
from collections.abc import Mapping

from warroom.checks.burst import BurstRunner
from warroom.checks.check import Check, Tools
from warroom.checks.command import CommandRunner
from warroom.checks.logs import LogsRunner
from warroom.checks.redis import RedisRunner
from warroom.checks.sql import SqlRunner
from warroom.config.checks_settings import (
    BurstCheck,
    CheckSettings,
    CommandCheck,
    LogsCheck,
    RedisCheck,
    SqlCheck,
)


def make_checks(checks: Mapping[str, CheckSettings], tools: Tools) -> dict[str, Check]:
    """By name."""
    turns: dict[str, asyncio.Lock] = {}
    return {name: _check(settings, tools, turns) for name, settings in checks.items()}


def _check(settings: CheckSettings, tools: Tools, turns: dict[str, asyncio.Lock]) -> Check:
    match settings:
        case CommandCheck():
            return CommandRunner(settings, tools)
        case SqlCheck(source=source):
            return SqlRunner(settings, tools, turns.setdefault(source, asyncio.Lock()))
        case RedisCheck():
            return RedisRunner(settings, tools)
        case BurstCheck():
            return BurstRunner(settings, tools)
        case LogsCheck():
            return LogsRunner(settings, tools)
    raise AssertionError(settings)
