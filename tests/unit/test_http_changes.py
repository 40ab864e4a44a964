"""What has changed behind a URL, told once, and not each time that two machines take turns."""

from datetime import UTC, datetime

from warroom.measure.snapshot import Certificate, HttpSeen, Phases, Window
from warroom.sources.http.changes import Changes
from warroom.sources.turns import LATELY

NOW = datetime(2026, 3, 4, 14, 7, tzinfo=UTC)
OLD = Certificate(expires=NOW, issuer="A", names=("a.example",))
NEW = Certificate(expires=NOW, issuer="B", names=("a.example",))


def told(changes: Changes, version: str, certificate: Certificate | None = None) -> list[str]:
    """What is told that was not told before this answer."""
    seen = HttpSeen(
        url="https://a.example",
        method="GET",
        status=200,
        phases=Phases(),
        window=Window(),
        version=version,
        certificate=certificate,
    )
    before = len(changes._kept)
    return [change.what for change in changes.look(seen, NOW)[before:]]


def test_a_release_and_the_way_back_are_told() -> None:
    changes = Changes()
    assert told(changes, "1") == []
    assert told(changes, "2") == ["version 1 → 2"]
    assert told(changes, "") == told(changes, "2") == []
    assert told(changes, "1") == ["version 2 → 1"]


def test_two_versions_behind_one_address_are_not_told_at_each_turn() -> None:
    changes = Changes()
    found = [what for n in range(LATELY + 5) for what in told(changes, "12"[n % 2])]
    back, forth = "version 2 → 1", "version 1 → 2"
    assert found == [forth, back, forth, f"{back}, by turns"]
    assert told(changes, "3") == ["version 1 → 3"]


def test_a_release_long_after_is_told_again() -> None:
    changes = Changes()
    for n in range(10):
        told(changes, "12"[n % 2])
    for _ in range(LATELY):
        told(changes, "2")
    assert told(changes, "1") == ["version 2 → 1"]


def test_certificates_take_turns_too() -> None:
    changes = Changes()
    found = [told(changes, "", (OLD, NEW)[n % 2]) for n in range(10)]
    day = "2026-03-04 14:07Z"
    assert found[1] == [f"certificate until {day} → {day} by B"]
    assert sum(map(len, found)) == 4
