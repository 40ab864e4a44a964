"""The demo's error tracker and what reports to it: counted once, bounded whatever comes."""

import msgspec
from msgspec.structs import replace

from tests.live.bad_server import answer, bad_server
from tests.waiting import until_async
from warroom.demo.error_report import PATH, ErrorReport, Frame
from warroom.demo.folder import Folder
from warroom.demo.outside.issues import MOST, STEPS, Issues
from warroom.demo.shop.error_reports import HELD, Reports
from warroom.demo.supervisor import settings


def report(kind: str = "KeyError", at: float = 1_000_000.0, line: int = 7) -> ErrorReport:
    frames = (
        Frame("shop/web.py", "cart", line),
        Frame("asyncpg/pool.py", "acquire", 1, in_app=False),
    )
    return ErrorReport(kind, "'size'", at, "1.42.0", frames)


def test_errors_of_one_type_at_one_place_are_one_issue() -> None:
    issues = Issues()
    for at, line in ((1_000_000.0, 7), (1_000_009.0, 9), (1_000_010.0, 7)):
        issues.take(report(at=at, line=line))
    issues.take(report("ValueError", at=1_000_011.0))
    first, second = issues.newest_first()
    assert (first.title, first.count) == ("ValueError: 'size'", 1)
    assert (second.count, second.first, second.last) == (3, 1_000_000.0, 1_000_010.0)
    assert second.latest.culprit == "shop/web.py in cart"
    issues.take(report(at=1_000_020.0))
    assert issues.newest_first() == [second, first]
    assert issues.by_id(second.id) is second
    assert issues.by_id(99) is None
    assert issues.counts(999_990, 1_000_015) == [(999_990, 0), (1_000_000, 2), (1_000_010, 2)]


def test_the_tracker_keeps_so_many_issues_and_an_hour() -> None:
    issues = Issues()
    for number in range(MOST + 50):
        issues.take(report(f"Error{number}", at=1_000_000.0 + 10 * number))
    kept = issues.newest_first()
    assert len(kept) == MOST
    assert kept[0].title.startswith(f"Error{MOST + 49}:")
    counts = issues.counts(0, 1_000_000 + 10 * (MOST + 50))
    assert len(counts) == STEPS + 1
    assert sum(count for _, count in counts) == STEPS
    assert issues.counts(1_000_000, 1_000_090) == [(1_000_000 + 10 * n, 0) for n in range(10)]


async def test_an_error_whose_words_are_no_unicode_is_reported_and_ends_nothing(tmp_path) -> None:
    async with bad_server() as server:
        server.says(PATH, answer(b"{}"))
        reports = Reports(replace(settings(Folder(tmp_path)), tracker_port=server.port))
        reports.open()
        try:
            reports.take(ValueError("no such size: \udc80"))
            await until_async(lambda: len(server.heard) == 1)
            reports.take(ValueError("another"))
            await until_async(lambda: len(server.heard) == 2)
            first = msgspec.json.decode(server.heard[0].body, type=list[ErrorReport])[0]
        finally:
            await reports.close()
    assert first.value == "no such size: \\udc80"


async def test_a_flood_of_errors_is_dropped_and_holds_nobody_up(tmp_path) -> None:
    reports = Reports(settings(Folder(tmp_path)))
    for number in range(HELD + 100):
        reports.take(ValueError("x" * 10_000 + str(number)))
    waiting = reports._waiting
    assert waiting.qsize() == HELD
    assert len(msgspec.json.encode(waiting.get_nowait())) < 1_000
    await reports.close()
