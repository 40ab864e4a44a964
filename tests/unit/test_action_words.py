"""How the entries of actions read: what was done, what came of it, on any terminal."""

from datetime import timedelta
from typing import get_args

import pytest
from rich.cells import cell_len

from tests.unit.incidents import NOON
from tests.unit.test_still_on import entry
from warroom.incident.acting.bodies import (
    ActionFinished,
    ActionStarted,
    ActionVerdict,
    StillOn,
    Switched,
)
from warroom.incident.acting.kinds import OutcomeWord, VerdictWord
from warroom.incident.acting.plan import PlanStep, Target
from warroom.incident.entries import Acted, Body, kind_of
from warroom.incident.words import _LOOKS, told

DIGEST = "0123456789abcdef" * 4
STEP = PlanStep(
    action="kill",
    title="End",
    lines=("SELECT 1", "in /srv"),
    targets=(Target("4711 since 12:00", "shop@db"), Target("4712 since 12:01")),
    reach="2 sessions of 41",
)
RUN = {"run": "r1", "action": "kill", "title": "End sessions"}
TEXTS: list[tuple[Body, str]] = [
    (
        ActionStarted(**RUN, danger="severe", digest=DIGEST, steps=(STEP,), environment="prod"),
        "End sessions in prod, 2 sessions of 41\nSELECT 1\nin /srv\non 4711 since 12:00: shop@db\n"
        "on 4712 since 12:01\nSHA-256 0123456789ab",
    ),
    (
        ActionStarted(**RUN, danger="mild", digest=DIGEST),
        "End sessions\nSHA-256 0123456789ab",
    ),
    (
        ActionFinished(**RUN, outcome="succeeded", text="exit 0", seconds=1.25, output=("a", "b")),
        "End sessions SUCCEEDED after 1.2 s: exit 0\na\nb",
    ),
    (
        ActionFinished(**RUN, outcome="unknown", text="it was sent"),
        "End sessions UNKNOWN: it was sent",
    ),
    (
        ActionFinished(**RUN, outcome="failed", refused=("4711: another one by now",)),
        "End sessions FAILED\nleft alone: 4711: another one by now",
    ),
    (
        ActionFinished(
            **RUN,
            outcome="succeeded",
            on=Switched(name="workers", detail="1 → 4", until=NOON + timedelta(minutes=30)),
            off=("read-only",),
        ),
        "End sessions SUCCEEDED\non now: workers (1 → 4), until 12:30Z\noff again: read-only",
    ),
    (
        ActionVerdict(**RUN, verdict="NO EFFECT", text="depth 9 → 9 within 60 s"),
        "End sessions NO EFFECT: depth 9 → 9 within 60 s",
    ),
    (ActionVerdict(**RUN, verdict="HELPED"), "End sessions HELPED"),
    (StillOn(name="workers", state="kept", text="for now"), "workers is kept on: for now"),
    (
        StillOn(name="workers", state="off", text="by kubectl"),
        "workers is off, switched off by hand: by kubectl",
    ),
]


@pytest.mark.parametrize(("body", "text"), TEXTS, ids=lambda each: str(each)[:40])
def test_it_reads_well(body: Body, text: str) -> None:
    assert told(entry(body)).text == text


def test_every_kind_is_tried() -> None:
    assert {type(body) for body, _ in TEXTS} == set(get_args(Acted))


@pytest.mark.parametrize("kind", [kind_of(body) for body, _ in TEXTS])
def test_its_sign_has_one_cell_and_is_nobody_elses(kind: str) -> None:
    look = _LOOKS[kind]
    assert cell_len(look.sign) == 1
    assert len(look.ascii_sign) == 1
    assert look.ascii_sign.isascii()
    assert look.ascii_sign.isprintable()
    assert 0 < cell_len(look.word) <= 9
    others = [each for name, each in _LOOKS.items() if name != kind]
    for part in ("sign", "ascii_sign", "word"):
        assert getattr(look, part) not in {getattr(each, part) for each in others}


@pytest.mark.parametrize("outcome", get_args(OutcomeWord))
def test_every_outcome_is_a_word_not_a_colour(outcome: OutcomeWord) -> None:
    assert outcome.upper() in told(entry(ActionFinished(**RUN, outcome=outcome))).text


@pytest.mark.parametrize("word", get_args(VerdictWord))
def test_every_verdict_is_a_word_not_a_colour(word: VerdictWord) -> None:
    assert word in told(entry(ActionVerdict(**RUN, verdict=word))).text


def test_only_what_nobody_asked_for_is_automatic() -> None:
    """That an action ran, and what came of it, is not to be folded away with the watch's own."""
    assert not any(told(entry(body)).automatic for body, _ in TEXTS)
