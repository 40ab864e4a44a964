"""The recent polls summed up: answered ones for the percentiles, gaps as gaps."""

from warroom.sources.http.window import CAPACITY, Poll, Recent


def test_nothing_is_known_of_no_polls() -> None:
    window = Recent(60).window()
    assert (window.polls, window.p50, window.p95, window.availability) == (0, None, None, None)


def test_percentiles_are_of_answers_and_availability_of_what_was_seen() -> None:
    recent = Recent(600)
    for at in range(20):
        recent.add(
            Poll(at, True, latency=float(at + 1), up=at >= 5, status=200 if at >= 5 else 503)
        )
    recent.add(Poll(20, False))
    recent.add(Poll(21, True, latency=1000.0, up=None, status=503))
    window = recent.window()
    assert (window.polls, window.seconds, window.unanswered) == (22, 21, 1)
    assert window.availability == 75
    assert (window.p50, window.p95) == (11, 20)
    assert window.statuses == {503: 6, 200: 15}


def test_a_target_that_gave_no_answer_was_not_available() -> None:
    recent = Recent(600)
    for at in range(3):
        recent.add(Poll(at, True, latency=1.0, up=True, status=200))
    recent.add(Poll(3, False, up=False))
    recent.add(Poll(4, False))
    window = recent.window()
    assert (window.availability, window.unanswered, window.p95) == (75, 2, 1)


def test_only_failures_leave_the_figures_unknown() -> None:
    recent = Recent(600)
    recent.add(Poll(0, False))
    window = recent.window()
    assert (window.unanswered, window.p50, window.availability) == (1, None, None)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    recent = Recent(10)
    recent.add(Poll(0, True, latency=900.0, up=False, status=500))
    recent.add(Poll(10, True, latency=1.0, up=True, status=200))
    assert recent.window().availability == 50
    recent.add(Poll(10.5, True, latency=1.0, up=True, status=200))
    assert (recent.window().availability, recent.window().polls) == (100, 2)


def test_memory_is_bounded() -> None:
    recent = Recent(1e9)
    for at in range(CAPACITY + 50):
        recent.add(Poll(at, True, latency=1.0, up=True, status=200))
    window = recent.window()
    assert (window.polls, window.seconds) == (CAPACITY, CAPACITY - 1)
