"""``[review]``: when it is due, and how an overdue one is told."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from warroom.cli import config as cli
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.review import overdue
from warroom.errors import EXIT_FAILED, ConfigError
from warroom.sources.registry import discover

SECRET = '[receivers.chat]\nkind = "slack"\nurl = { env = "NOT_SET_ANYWHERE" }\n'
HEAD = 'version = 1\n[room]\nname = "shop"\n[library]\nbuilt_in = false\n'


def said(lines: str, today: str) -> str:
    config = validate(parse(Path("/c.toml"), f"{HEAD}[review]\n{lines}\n".encode()), discover())
    return overdue(config.review, date.fromisoformat(today))


@pytest.mark.parametrize(
    ("lines", "today", "words"),
    [
        ("next = 2026-03-01\nowner = 'Ada'", "2026-03-13",
         "the review of this configuration was due on 2026-03-01, 12 days ago; owner: Ada"),
        ("next = '2026-03-01'", "2026-03-02",
         "the review of this configuration was due on 2026-03-01, yesterday"),
        ("next = 2026-03-01", "2026-03-01", ""),
        ("last = 2026-01-30\nevery = '30d'", "2026-03-01", ""),
        ("last = 2026-01-30\nevery = '30d'", "2026-03-03",
         "the review of this configuration was due on 2026-03-01, 2 days ago"),
        ("last = 2026-01-30\nevery = '30d'\nnext = 2026-03-10", "2026-03-03", ""),
        ("last = 2020-01-01\nowner = 'Ada'\nversion = '3.1'", "2026-03-01", ""),
    ],
)  # fmt: skip
def test_it_is_overdue_the_day_after(lines: str, today: str, words: str) -> None:
    assert said(lines, today) == words


def test_without_the_section_none_is_due() -> None:
    assert overdue(None, date(2026, 3, 1)) == ""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("next = 3", "/c.toml:7: review.next: not a day; write it as 2026-03-01"),
        ("next = 2026-03-01T10:00:00Z", "review.next: not a day"),
        ("next = '2026-02-30'", "review.next: not a day"),
        ("last = 0001-01-01", "review.last: is no day of our time"),
        ("every = '30d'", "/c.toml:6: review: every counts from the last review: write last"),
        ("last = 2026-01-01\nevery = '1h'", "review.every: must be at least 1d"),
        ("last = 2026-01-01\nnext = 2025-12-01", "review: next must be after last"),
        ("ownr = 'Ada'", "review.ownr: is not a known key (did you mean owner?)"),
        ("owner = 3", "review.owner: must be text, in quotes"),
    ],
)
def test_what_is_wrong_is_named(lines: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        said(lines, "2026-03-01")
    assert words in str(caught.value)


# --- warroom config check -----------------------------------------------------------------


class Noon:
    """A clock that stands at noon of a day."""

    def now(self) -> datetime:
        return datetime(2026, 3, 13, 12, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "SystemClock", Noon)
    path = tmp_path / "warroom.toml"
    path.write_text(HEAD + '[review]\nowner = "Ada"\nnext = 2026-03-01\n')
    path.chmod(0o600)
    return path


def run(file: Path, *more: str) -> Result:
    return CliRunner().invoke(cli.command, ["check", "--config", str(file), *more])


def test_an_overdue_one_is_a_warning_and_the_file_is_good(file: Path) -> None:
    done = run(file)
    assert done.exit_code == 0
    assert done.stdout == f"{file}: good: 0 sources, 0 rules\n"
    assert done.stderr == (
        f"WARNING: {file}:8: review.next: the review of this configuration was due on 2026-03-01, "
        "12 days ago; owner: Ada (look it through, then write the next day into next)\n"
    )


def test_it_is_a_failure_where_one_is_strict(file: Path) -> None:
    assert run(file, "--strict").exit_code == EXIT_FAILED
    file.write_text(file.read_text().replace("2026-03-01", "2026-03-13"))
    done = run(file, "--strict")
    assert (done.exit_code, done.stderr) == (0, "")


def test_json_has_it_in_a_list_of_its_own(file: Path) -> None:
    told = json.loads(run(file, "--json").stdout)
    assert (told["ok"], told["problems"]) == (True, [])
    (warning,) = told["warnings"]
    assert (warning["line"], warning["key"]) == (8, "review.next")
    assert "12 days ago; owner: Ada" in warning["message"]


@pytest.mark.parametrize("wrong", ['[console]\ncall = "loud"\n', SECRET])
def test_it_is_told_of_a_file_that_is_wrong_too(file: Path, wrong: str) -> None:
    file.write_text(file.read_text() + wrong)
    assert "12 days ago" in run(file).stderr
    told = json.loads(run(file, "--json").stdout)
    assert len(told["problems"]) == len(told["warnings"]) == 1


@pytest.mark.parametrize("review", ["3", "{}", "{ next = 3 }"])
def test_one_that_is_wrong_in_itself_is_a_problem_and_no_warning(file: Path, review: str) -> None:
    file.write_text(f"review = {review}\n{HEAD}")
    told = json.loads(run(file, "--json").stdout)
    assert (told["warnings"], told["ok"]) == ([], review == "{}")
