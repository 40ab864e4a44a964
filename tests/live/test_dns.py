"""The dns source against name servers that agree, differ, rotate, lie, cut and keep silent."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.live.held import failure, figures, holding, truth
from tests.live.name_servers import NameServer, closed_port, name_server
from tests.live.probing import loop_watched
from warroom.connect.network import Network
from warroom.measure.names import DnsSeen
from warroom.severity import SEV
from warroom.sources.base import Sample
from warroom.sources.dns import DnsSettings, DnsSource

NAME = "www.harbour.example"
ONE, TWO, THREE = "203.0.113.7", "203.0.113.9", "203.0.113.20"


@contextlib.asynccontextmanager
async def asking(*servers: NameServer | str, **table: Any) -> AsyncIterator[DnsSource]:
    where = [each if isinstance(each, str) else each.where for each in servers]
    network = table.pop("network", None)
    whole = {"name": NAME, "system": False, "resolvers": where, "timeout": "2s", **table}
    async with holding(DnsSource, "site", whole, network=network) as source:
        yield source


def known(lookup: dict[str, tuple[str, ...] | OSError]) -> Network:
    """A machine that knows these names."""

    def look(host: str) -> tuple[str, ...]:
        found = lookup[host]
        if isinstance(found, OSError):
            raise found
        return found

    return Network(look)


def seen(sample: Sample) -> DnsSeen:
    assert isinstance(sample.seen, DnsSeen)
    return sample.seen


def whats(sample: Sample) -> list[str]:
    return [change.what for change in seen(sample).changes]


# good ----------------------------------------------------------------------------------------


@truth("answers", "agree", "up", "ttl", "resolvers_failed", "unanswered")
async def test_what_all_say_alike_is_up() -> None:
    async with (
        name_server([ONE, TWO], ttl=90) as first,
        name_server([TWO, ONE]) as second,
        asking(first, second) as source,
    ):
        sample = await source.sample()
    found = figures(sample)
    assert found.pop("lookup") is not None
    expected = {"answers": 2, "agree": 1, "up": 1, "ttl": 90, "resolvers_failed": 0}
    assert found == {**expected, "unanswered": 0}
    assert [one.answers for one in seen(sample).resolved] == [(ONE, TWO)] * 2
    assert [one.resolver for one in seen(sample).resolved] == [first.where, second.where]
    assert (seen(sample).faults, seen(sample).blind, seen(sample).changes) == ((), (), ())
    assert [str(query.question[0]) for query in first.heard] == [f"{NAME}. IN A"]


@truth("lookup")
async def test_the_slowest_that_answers_is_the_figure() -> None:
    """The second answers only when it is asked again: a third of the time later."""
    async with (
        name_server([ONE]) as quick,
        name_server([ONE], loses=1) as slow,
        asking(quick, slow, timeout="1s") as source,
    ):
        sample = await source.sample()
    took = {one.resolver: one.took or 0.0 for one in seen(sample).resolved}
    assert figures(sample)["lookup"] == took[slow.where] * 1000
    assert took[slow.where] > took[quick.where]
    assert slow.asked == {"udp": 2, "tcp": 0}


@pytest.mark.parametrize(
    ("record", "says", "answers"),
    [
        ("AAAA", ["2001:db8::1"], ("2001:db8::1",)),
        ("CNAME", ["Edge.CDN.example."], ("edge.cdn.example",)),
        ("MX", ["10 mx1.example.", "20 mx2.example."], ("10 mx1.example", "20 mx2.example")),
        ("NS", ["ns1.example."], ("ns1.example",)),
        ("TXT", ['"v=spf1 -all"', '"a" "b"'], ("ab", "v=spf1 -all")),
    ],
)
async def test_every_record_is_read_as_people_write_it(
    record: str, says: list[str], answers: tuple[str, ...]
) -> None:
    async with (
        name_server(says, record=record) as server,
        asking(server, record=record, expect=list(answers)) as source,
    ):
        sample = await source.sample()
    assert seen(sample).resolved[0].answers == answers
    assert seen(sample).faults == ()


# the system ----------------------------------------------------------------------------------


async def test_the_system_is_asked_as_programs_ask() -> None:
    network = known({NAME: (ONE, "2001:db8::1")})
    async with name_server([ONE]) as server, asking(server, system=True, network=network) as source:
        sample = await source.sample()
    assert [one.resolver for one in seen(sample).resolved] == ["system", server.where]
    assert seen(sample).resolved[0].answers == (ONE,)
    assert figures(sample)["agree"] == 1


async def test_localhost_by_this_machine() -> None:
    async with asking(name="localhost", system=True) as source:
        sample = await source.sample()
    assert "127.0.0.1" in seen(sample).resolved[0].answers
    assert figures(sample)["agree"] is None


@pytest.mark.parametrize(
    ("code", "replied", "failed"),
    [(socket.EAI_NONAME, True, 0), (socket.EAI_AGAIN, False, 1), (socket.EAI_FAIL, True, 1)],
)
async def test_what_the_system_has_no_answer_for(code: int, replied: bool, failed: int) -> None:
    network = known({NAME: socket.gaierror(code, "no")})
    async with name_server([ONE]) as server, asking(server, system=True, network=network) as source:
        sample = await source.sample()
    assert seen(sample).resolved[0].replied is replied
    assert bool(seen(sample).blind) is not replied
    assert figures(sample)["resolvers_failed"] == failed
    assert figures(sample)["up"] == 1


async def test_a_system_that_hangs_costs_only_itself() -> None:
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(host: str) -> tuple[str, ...]:
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result()
        return (ONE,)

    async with (
        name_server([ONE]) as server,
        asking(server, system=True, network=Network(hang), timeout="300ms") as source,
    ):
        begun = time.monotonic()
        sample = await source.sample()
        assert time.monotonic() - begun < 2
        held.set()
    assert seen(sample).blind == ("system: no answer within 240 ms",)
    assert seen(sample).resolved[1].answers == (ONE,)


# they differ ---------------------------------------------------------------------------------


async def test_answers_with_nothing_in_common_differ() -> None:
    async with (
        name_server([ONE]) as first,
        name_server([TWO]) as second,
        asking(first, second) as source,
    ):
        sample = await source.sample()
    assert (figures(sample)["agree"], figures(sample)["answers"]) == (0, 2)
    assert seen(sample).faults == ()


async def test_one_address_in_common_is_enough_but_not_one_mail_server() -> None:
    async with (
        name_server([ONE, TWO]) as first,
        name_server([TWO, THREE]) as second,
        asking(first, second) as source,
    ):
        assert figures(await source.sample())["agree"] == 1
    mails = (["1 a.example.", "2 b.example."], ["2 b.example."])
    async with (
        name_server(mails[0], record="MX") as first,
        name_server(mails[1], record="MX") as second,
        asking(first, second, record="MX") as source,
    ):
        assert figures(await source.sample())["agree"] == 0


async def test_who_still_gives_the_old_address_differs_at_once() -> None:
    async with (
        name_server([ONE], [TWO]) as moved,
        name_server([ONE]) as stale,
        asking(moved, stale) as source,
    ):
        assert figures(await source.sample())["agree"] == 1
        sample = await source.sample()
    assert figures(sample)["agree"] == 0
    assert whats(sample) == [f"A {NAME} {ONE} → {TWO} by {moved.where}"]
    assert [change.kind for change in seen(sample).changes] == ["answers"]


async def test_addresses_that_take_turns_neither_differ_nor_change() -> None:
    turns = [[ONE], [TWO], [THREE]] * 3
    async with (
        name_server(*turns) as first,
        name_server(*turns[1:], [ONE]) as second,
        asking(first, second) as source,
    ):
        for _ in range(4):
            learning = await source.sample()
        later = [await source.sample() for _ in range(5)]
    assert {figures(sample)["agree"] for sample in later} == {1}
    assert whats(later[-1]) == whats(learning)
    assert seen(later[-1]).notes == ("its answers rotate: 3 in the last 20 polls",)


async def test_a_rule_on_resolvers_that_differ_only_when_wanted() -> None:
    table = {"kind": "dns", "name": NAME}
    (down,) = DnsSource.rules("site", DnsSettings.model_validate(table), SEV)
    assert (down.signal, down.levels[0][0]) == ("site.up", "SEV1")
    wanted = DnsSettings.model_validate({**table, "differs": "SEV3", "down": "none"})
    (differs,) = DnsSource.rules("site", wanted, SEV)
    assert (differs.name, differs.means(0.0), differs.means(1.0)) == (
        "site: resolvers differ",
        "SEV3",
        "OK",
    )
    wrong = DnsSettings.model_validate({**table, "differs": "SEV9"})
    with pytest.raises(ValueError, match="differs: SEV9 is no step"):
        DnsSource.rules("site", wrong, SEV)


# no answer to be had -------------------------------------------------------------------------


async def test_a_name_that_is_gone_is_down_and_a_change() -> None:
    async with (
        name_server([ONE], "NXDOMAIN") as first,
        name_server([ONE], "NXDOMAIN") as second,
        asking(first, second) as source,
    ):
        await source.sample()
        sample = await source.sample()
    both = f"{first.where}, {second.where}"
    assert seen(sample).faults == (f"A {NAME}: no such name (NXDOMAIN) by {both}",)
    assert whats(sample) == [f"A {NAME} {ONE} → no such name (NXDOMAIN) by {both}"]
    assert (figures(sample)["up"], figures(sample)["answers"]) == (0, 0)
    assert figures(sample)["agree"] == 1


async def test_a_name_without_such_a_record_is_down() -> None:
    async with name_server([]) as server, asking(server) as source:
        sample = await source.sample()
    assert seen(sample).faults == (f"A {NAME}: the name has no such record by {server.where}",)


async def test_a_resolver_that_fails_says_so_itself() -> None:
    async with name_server([ONE]) as good, name_server("SERVFAIL") as bad:
        async with asking(good, bad) as source:
            sample = await source.sample()
        async with asking(bad) as source:
            alone = await source.sample()
    words = "it failed to find out (SERVFAIL)"
    assert (seen(sample).faults, seen(sample).blind) == ((), ())
    assert seen(sample).notes == (f"{bad.where}: {words}",)
    assert (figures(sample)["resolvers_failed"], figures(sample)["up"]) == (1, 1)
    assert figures(sample)["agree"] is None
    assert seen(alone).faults == (f"A {NAME}: {words} by {bad.where}",)
    assert (figures(alone)["up"], figures(alone)["answers"]) == (0, None)


@pytest.mark.parametrize("rcode", ["REFUSED", "NOTIMP", "FORMERR", "YXDOMAIN"])
async def test_one_that_will_not_be_asked_says_nothing_of_the_name(rcode: str) -> None:
    async with name_server([ONE]) as good, name_server(rcode) as bad, asking(good, bad) as source:
        sample = await source.sample()
    assert seen(sample).faults == ()
    assert rcode in seen(sample).blind[0]
    assert (figures(sample)["resolvers_failed"], figures(sample)["up"]) == (1, 1)


async def test_an_outer_resolver_that_never_knew_an_inner_name_does_not_make_it_down() -> None:
    gone = f"127.0.0.1:{closed_port()}"
    async with name_server("NXDOMAIN") as outer, asking(gone, outer) as source:
        sample = await source.sample()
    assert seen(sample).faults == ()
    assert seen(sample).blind == (f"{gone}: connection refused",)
    assert figures(sample)["up"] is None


async def test_but_one_that_knew_it_does() -> None:
    gone = f"127.0.0.1:{closed_port()}"
    async with name_server([ONE], "NXDOMAIN") as outer, asking(gone, outer) as source:
        await source.sample()
        assert figures(await source.sample())["up"] == 0


# what is expected ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expect", "faults"),
    [
        ([ONE], ()),
        (["203.0.113.0/24"], ()),
        ([TWO, ONE], ()),
        ([TWO], (f"{{}} answers {ONE}, not {TWO}",)),
    ],
)
async def test_other_answers_than_expected_are_down(
    expect: list[str], faults: tuple[str, ...]
) -> None:
    async with name_server([ONE]) as server, asking(server, expect=expect) as source:
        sample = await source.sample()
    assert seen(sample).faults == tuple(fault.format(server.where) for fault in faults)
    assert figures(sample)["up"] == float(not faults)


async def test_a_resolver_that_does_not_know_what_is_expected_is_down() -> None:
    async with (
        name_server([ONE]) as good,
        name_server("NXDOMAIN") as bad,
        asking(good, bad, expect=[ONE]) as source,
    ):
        sample = await source.sample()
    assert seen(sample).faults == (f"{bad.where}: no such name (NXDOMAIN), not {ONE}",)


async def test_of_texts_others_may_stand_beside() -> None:
    says = ['"v=spf1 -all"', '"site-verification=1"']
    for expect, down in ((["v=spf1 -all"], False), (["v=spf1 ~all"], True)):
        async with (
            name_server(says, record="TXT") as server,
            asking(server, record="TXT", expect=expect) as source,
        ):
            sample = await source.sample()
        assert bool(seen(sample).faults) is down


# hostile -------------------------------------------------------------------------------------


async def test_what_does_not_fit_is_asked_for_by_tcp() -> None:
    many = [f"10.1.{n // 250}.{n % 250}" for n in range(4000)]
    # The server needs a while to write so much down, and the driver to be loaded.
    async with (
        name_server(many, truncated=True) as server,
        asking(server, timeout="5s") as source,
    ):
        await source.sample()
        async with loop_watched():
            sample = await source.sample()
    assert server.asked == {"udp": 2, "tcp": 2}
    assert figures(sample)["answers"] == 500
    assert (len(seen(sample).resolved[0].answers), seen(sample).resolved[0].more) == (50, 450)


async def test_what_does_not_fit_and_is_not_to_be_had_by_tcp_says_so() -> None:
    async with name_server([ONE], truncated=True, by_tcp=False) as server, asking(server) as source:
        error = await failure(source)
    words = "its answer does not fit in UDP, and by TCP: connection refused"
    assert str(error) == f"nobody could be asked: {server.where}: {words}"


async def test_a_silent_resolver_costs_only_itself() -> None:
    async with (
        name_server(None) as silent,
        name_server([ONE]) as good,
        asking(silent, good, timeout="300ms") as source,
    ):
        sample = await source.sample()
    assert seen(sample).blind == (f"{silent.where}: no answer within 240 ms",)
    assert seen(sample).resolved[1].answers == (ONE,)
    assert silent.asked["udp"] >= 3
    assert (figures(sample)["resolvers_failed"], figures(sample)["up"]) == (1, 1)


async def test_when_nobody_can_be_asked_it_cannot_be_seen() -> None:
    gone = f"127.0.0.1:{closed_port()}"
    async with name_server([ONE], None) as server, asking(server, gone, timeout="200ms") as source:
        await source.sample()
        error = await failure(source)
        counted = {s.name: s.value for s in source.after_failure(error)}
    assert error.phase == "answer"
    assert f"{server.where}: no answer within 160 ms; {gone}: connection refused" in str(error)
    assert counted["site.unanswered"] == 1


async def test_a_forged_answer_is_passed_over() -> None:
    async with name_server([ONE], forged="198.51.100.66") as server, asking(server) as source:
        sample = await source.sample()
    assert seen(sample).resolved[0].answers == (ONE,)


async def test_what_cannot_be_read_is_passed_over_and_named_when_nothing_else_comes() -> None:
    rubbish = b"\xff" * 40
    async with name_server([ONE], before=rubbish) as server, asking(server) as source:
        assert seen(await source.sample()).resolved[0].answers == (ONE,)
    async with (
        name_server(None, before=rubbish) as server,
        asking(server, timeout="200ms") as source,
    ):
        error = await failure(source)
    assert "no answer within 160 ms; its answer cannot be read" in str(error)


async def test_hostile_text_in_a_record_is_visible() -> None:
    says = [r'"[/]\027[2J\226\128\174evil\000"']
    async with name_server(says, record="TXT") as server, asking(server, record="TXT") as source:
        sample = await source.sample()
    assert seen(sample).resolved[0].answers == ("[/]␛[2J\\u202eevil␀",)


async def test_cancelled_it_leaves_nothing_running() -> None:
    async with name_server(None) as server, asking(server) as source:
        polling = asyncio.create_task(source.sample())
        while not server.asked["udp"]:
            await asyncio.sleep(0.002)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        assert asyncio.all_tasks() == {asyncio.current_task()}


def test_every_figure_has_a_ground_truth() -> None:
    shown = {name for test in globals().values() for name in getattr(test, "shows", ())}
    settings = DnsSettings.model_validate({"kind": "dns", "name": NAME})
    assert {f"site.{name}" for name in shown} == set(DnsSource.signals("site", settings))
