"""How much is on its way to a terminal, and whose answer is whose: pure, with times of our own."""

from hypothesis import given
from hypothesis import strategies as st

from warroom.console.output.answers import ANSWER, Answers
from warroom.console.output.flow import LEAST, PATIENCE, START, TRIES, UNKNOWN, WORTH, Flow
from warroom.console.output.outlet import Tally


class Line:
    """A link of so many bytes a second, so late each way, and a terminal that answers."""

    def __init__(self, rate, delay):
        self.rate, self.delay = rate, delay
        self.now = self.free = 0.0
        self.flow = Flow()
        self.answers = []
        self.oldest = 0.0

    def show(self, seconds):
        """As much as may be sent, all the time; something always moves."""
        end = self.now + seconds
        while self.now < end:
            while self.answers and self.answers[0] <= self.now:
                self.flow.answered(self.answers.pop(0))
                self.ask()
            if (room := self.flow.room()) > 64:
                self.send(min(room, 4000))
            self.now += 0.02

    def send(self, size):
        self.flow.wrote(size)
        self.free = max(self.free, self.now) + size / self.rate
        self.oldest = max(self.oldest, self.free + self.delay - self.now)
        self.ask()

    def ask(self):
        if self.flow.asks(self.now):
            self.answers.append(max(self.free, self.now) + 2 * self.delay)


def test_behind_a_slow_link_the_picture_stays_seconds_old():
    line = Line(rate=2000, delay=0.4)
    line.show(10)
    line.oldest = 0.0
    line.show(60)
    assert line.oldest < 2.5
    # And the link is used: most of what it could carry was sent.
    assert line.flow.sent > 0.5 * 2000 * 70


def test_a_quick_terminal_is_never_waited_for():
    line = Line(rate=10_000_000, delay=0.0005)
    line.show(2)
    assert line.flow.room() > 10_000


def test_a_link_that_gets_worse_is_believed_and_one_that_gets_better_too():
    line = Line(rate=1_000_000, delay=0.05)
    line.show(5)
    line.rate = 2000
    line.show(30)
    line.oldest = 0.0
    line.show(10)
    assert line.oldest < 2.5
    line.rate = 1_000_000
    before = line.flow.sent
    line.show(20)
    assert line.flow.sent - before > 20 * 20_000


def test_one_that_never_answers_is_waited_for_three_times():
    flow = Flow()
    now = 0.0
    for _ in range(TRIES):
        flow.wrote(START)
        flow.asks(now)
        assert flow.room() <= 0
        assert not flow.overdue(now + PATIENCE / 2)
        now += PATIENCE
        assert not flow.overdue(now)  # it is not asked again: it would not answer that either
    assert flow.blind
    assert flow.room() == UNKNOWN
    assert flow.due(now) is None


def test_an_answer_that_comes_after_all_is_believed():
    flow = Flow()
    flow.wrote(START)
    assert flow.asks(0.0)
    for n in range(TRIES):
        flow.overdue((n + 1) * PATIENCE)
    flow.wrote(100_000)
    flow.answered(20.0)
    assert not flow.blind
    assert flow.room() < 0  # so late that there is much on its way


def test_a_link_that_stands_gets_questions_and_no_frames():
    flow = Flow()
    flow.wrote(1000)
    assert flow.asks(0.0)
    flow.answered(3.0)
    flow.wrote(flow.room())
    assert flow.asks(3.0)
    asked, sent = 0, flow.sent
    for second in range(4, 124):
        asked += flow.overdue(float(second))
        assert flow.room() <= 0
    assert 1 <= asked <= 6
    assert flow.sent - sent == asked * 4
    flow.answered(124.0)
    assert flow.room() >= LEAST - WORTH
    # Each of them is answered now; none of that is the answer to what is asked next.
    flow.wrote(WORTH)
    assert flow.asks(124.0)
    for _ in range(asked):
        flow.answered(124.01)
    assert flow.waiting
    flow.answered(125.0)
    assert not flow.waiting
    assert flow.took == 1.0


@given(st.lists(st.text("ab[0n", max_size=5), max_size=6), st.lists(st.integers(1, 4)))
def test_answers_are_taken_out_however_they_are_cut(keys, cuts):
    stream = ANSWER.join(keys)
    answers, passed, found, at = Answers(), "", 0, 0
    for size in [*cuts, len(stream)]:
        text, count = answers.feed(stream[at : at + size], 0.0, due=True)
        passed, found, at = passed + text, found + count, at + size
    assert passed + answers.tick(10.0) == "".join(keys)
    assert found == max(len(keys) - 1, 0)


def test_esc_alone_is_a_key_soon_and_at_once_where_no_answer_is_due():
    answers = Answers()
    assert answers.feed("\x1b", 0.0, due=True) == ("", 0)
    assert answers.tick(0.05) == ""
    assert answers.tick(0.11) == "\x1b"
    assert answers.feed("\x1b", 1.0, due=False) == ("\x1b", 0)


def test_an_answer_cut_behind_its_first_byte_types_nothing():
    answers = Answers()
    answers.feed("\x1b", 0.0, due=True)
    assert answers.tick(0.2) == "\x1b"
    assert answers.feed("[0nabc", 0.3, due=True) == ("abc", 1)


def test_an_arrow_key_is_not_an_answer():
    assert Answers().feed("\x1b[A\x1b[0~", 0.0, due=True) == ("\x1b[A\x1b[0~", 0)


def test_bytes_are_counted_for_a_minute_and_for_ever():
    tally = Tally(0.0)
    for second in range(120):
        tally.wrote(10, float(second))
    assert tally.total == 1200
    assert tally.last_minute(119.5) == 600
    assert tally.last_minute(500.0) == 0
