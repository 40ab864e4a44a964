"""Tells of a run by traps: what was done to walk into each, and what that showed."""

from typing import Any

import pytest

from tests.traps import DOCUMENT, TRAPS, Walk, document, walks


class Trapping:
    """What came of every test that walks into a trap; ends the run with an error unless each was
    walked into and none sprang. It lives where the reports come together, not in the workers."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}
        self.measured: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("@")[0].partition("[")[0]
        good = report.passed or (report.when != "call" and not report.failed and not report.skipped)
        self.passed[test] = self.passed.get(test, True) and good
        if report.when == "call":
            said = [str(words) for name, words in report.user_properties if name == "measured"]
            self.measured.setdefault(test, []).extend(said)

    def sprung(self) -> set[str]:
        """The tests that failed, were skipped or did not run."""
        return {walk.test for walk in walks() if not self.passed.get(walk.test)}

    def problems(self) -> list[str]:
        every = walks()
        said = [
            f"trap {walk.trap}: {'sprung' if walk.test in self.passed else 'not run'}: {walk.test}"
            for walk in every
            if not self.passed.get(walk.test)
        ]
        return said + [f"trap {n}: no test" for n in TRAPS if n not in {w.trap for w in every}]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.problems() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        DOCUMENT.write_text(document(self.sprung()), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("traps")
        every = walks()
        for number, words in TRAPS.items():
            terminalreporter.write_line(f"{number:2} {words.partition('. ')[0]}")
            for walk in every:
                if walk.trap == number:
                    terminalreporter.write_line(self._told(walk))
        for problem in self.problems():
            terminalreporter.write_line(f"ERROR {problem}", red=True)

    def _told(self, walk: Walk) -> str:
        state = "held" if self.passed.get(walk.test) else "SPRUNG"
        if walk.test not in self.passed:
            state = "NOT RUN"
        figures = "; ".join(self.measured.get(walk.test, ()))
        return f"   {state}: {walk.done}: {walk.showed}" + (f" ({figures})" if figures else "")
