"""What guards an action guards it as a step of another one, too."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from warroom.config.actions import Around, build_actions
from warroom.config.problems import Problems

FLAG = {"turns_on": "read-only", "undo": "thaw"}


def found(whole: dict[str, Any], **step: Any) -> list[str]:
    """What is wrong with an action of two steps, of which the second is so."""
    common = {"kind": "command", "argv": ["true"], "danger": "mild"}
    table = {
        "look": {**common, "title": "Look"},
        "thaw": {**common, "title": "Thaw"},
        "freeze": {**common, "title": "Freeze", **step},
        "all": {"kind": "steps", "title": "All", "danger": "mild", "steps": ["look", "freeze"]}
        | whole,
    }
    document: Any = SimpleNamespace(path=Path("room.toml"), text="")
    problems = Problems(document)
    signals: Any = SimpleNamespace(signals={}, unsure=frozenset())
    build_actions(table, Around({}, signals, ("commander", "scribe")), problems)
    return [problem.message for problem in problems.error().problems] if problems else []


def test_steps_without_guards_need_none() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("step", "words", "enough"),
    [
        ({"danger": "severe"}, "freeze is severe", {"danger": "severe"}),
        (
            {"danger": "moderate"},
            "freeze is moderate",
            {"danger": "severe"},
        ),
        (
            {"roles": ["commander"]},
            "only commander may run freeze",
            {"roles": ["commander"]},
        ),
        (FLAG, "freeze turns on read-only", {"turns_on": "read-only", "undo": "thaw"}),
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_guard_of_a_step_is_asked_of_the_whole(
    step: dict[str, Any], words: str, enough: dict[str, Any]
) -> None:
    (problem,) = found({}, **step)
    assert problem.startswith(words)
    assert found(enough, **step) == []


def test_nobody_runs_the_whole_who_may_not_run_its_step() -> None:
    assert found({"roles": ["commander", "scribe"]}, roles=["commander"])
    assert found({"roles": ["commander"]}, roles=["commander", "scribe"]) == []
