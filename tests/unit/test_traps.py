"""docs/faults.md tells of every trap, and of tests that there are."""

from tests.traps import DOCUMENT, TRAPS, document, walks


def test_every_trap_is_walked_into_and_told() -> None:
    assert sorted({walk.trap for walk in walks()}) == list(TRAPS) == list(range(1, 29))
    told = DOCUMENT.read_text(encoding="utf-8")
    assert told == document(), "docs/faults.md is behind the tests: make faults writes it"
