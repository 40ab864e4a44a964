"""Names and certificates, without a network: what is configured, remembered, read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from warroom.connect.certificate import EXPIRED, WRONG_NAME, RefusedError
from warroom.connect.handshake import Shown
from warroom.connect.names.message import FlawError, Question, TruncatedError
from warroom.connect.names.reply import Reply
from warroom.sources.dns import DnsSettings
from warroom.sources.dns.reading import faults
from warroom.sources.dns.recent import POLLS, Recent, shown
from warroom.sources.dns.settings import parse_resolver
from warroom.sources.tls import TlsSettings, reading

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def dns_settings(**table: Any) -> DnsSettings:
    return DnsSettings.model_validate({"kind": "dns", "name": "www.harbour.example", **table})


def said(resolver: str, *answers: str) -> Reply:
    if not answers:
        return Reply(resolver, "none", trouble="no such name (NXDOMAIN)")
    return Reply(resolver, "answers", frozenset(answers))


# configured ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("1.1.1.1", ("1.1.1.1", "1.1.1.1", 53)),
        ("10.0.0.2:5353", ("10.0.0.2:5353", "10.0.0.2", 5353)),
        ("10.0.0.2:53", ("10.0.0.2", "10.0.0.2", 53)),
        ("2606:4700::1111", ("2606:4700::1111", "2606:4700::1111", 53)),
        ("[2606:4700:0::1111]", ("2606:4700::1111", "2606:4700::1111", 53)),
        ("[fd00::2]:5353", ("[fd00::2]:5353", "fd00::2", 5353)),
    ],
)
def test_a_resolver_is_an_address_with_or_without_a_port(
    text: str, where: tuple[str, str, int]
) -> None:
    assert tuple(parse_resolver(text)) == where


@pytest.mark.parametrize(
    "text", ["dns.example", "", "1.1.1.1:", "1.1.1.1:0", "1.1.1.1:65536", "[::1]x", "1.1.1.1:٣", 53]
)
def test_nothing_else_is(text: object) -> None:
    with pytest.raises(ValueError, match=r"write it as .1\.1\.1\.1"):
        parse_resolver(text)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"name": "ex ample"}, "not a name of DNS"),
        ({"name": "bücher.example"}, "not ASCII as xn--"),
        ({"name": "a" * 64 + ".example"}, "not a name of DNS"),
        ({"record": "MX"}, "nobody would be asked: the system's way does not tell MX"),
        ({"system": False}, "nobody would be asked; name them in resolvers"),
        ({"resolvers": ["10.0.0.2", "10.0.0.2:53"]}, "10.0.0.2 is named twice"),
        ({"resolvers": [f"10.0.0.{n}" for n in range(1, 6)]}, "at most 4"),
        ({"expect": ["www.example"]}, "'www.example' does not appear to be an IPv4"),
        ({"expect": ["2001:db8::1"]}, "2001:db8::1 can be no answer to A"),
        ({"record": "PTR"}, "Input should be 'A', 'AAAA'"),
    ],
)
def test_a_name_that_cannot_be_asked_for_is_refused_in_words(
    table: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        dns_settings(**table)
    assert words in str(refused.value)


def test_nobody_is_asked_who_is_not_named() -> None:
    settings = dns_settings()
    assert (settings.asks_system, settings.resolvers, settings.interval) == (True, (), 30.0)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("www.example.com:443", "www.example.com", 443),
        ("www.example.com.:443", "www.example.com.", 443),
        ("bücher.example:443", "bücher.example", 443),
        ("[fd00::7]:8443", "fd00::7", 8443),
    ],
)
def test_an_address_is_host_and_port(address: str, host: str, port: int) -> None:
    settings = TlsSettings.model_validate({"kind": "tls", "address": address})
    assert (settings.host, settings.port) == (host, port)
    assert settings.verified_name == host.removesuffix(".")


@pytest.mark.parametrize(
    "table",
    [
        {"address": "www.example.com"},
        {"address": "https://www.example.com:443"},
        {"address": "fd00::7:443"},
        {"address": "www.example.com:0"},
        {"address": "www..example.com:443"},
        {"address": "www.example.com:443", "server_name": "a b"},
        {"address": "www.example.com:443", "server_name": ".example.com"},
        {"address": "www.example.com:443", "server_name": "a\0b"},
        {"address": "www.example.com:443", "server_name": f"{'x' * 64}.example.com"},
        {"address": "www.example.com:443", "client_key": "key.pem"},
        {"address": "www.example.com:443", "days": {"SEV2": "soon"}},
    ],
)
def test_what_is_no_address_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TlsSettings.model_validate({"kind": "tls", **table})


# remembered ----------------------------------------------------------------------------------


def changes(*polls: tuple[str, ...], rotates: bool = True) -> list[list[str]]:
    recent = Recent(rotates=rotates)
    return [recent.take([said("x", *answers)]) for answers in polls]


def test_the_first_answers_are_no_change_and_new_ones_are() -> None:
    assert changes(("a",), ("a",), ("b",), ("b",)) == [[], [], ["a → b by x"], []]
    assert changes(("a", "b"), ("b", "c")) == [[], ["a, b → b, c by x"]]


def test_fewer_of_the_same_are_no_change_of_addresses_but_of_all_else() -> None:
    assert changes(("a", "b"), ("a",)) == [[], []]
    assert changes(("a", "b"), ("a",), rotates=False) == [[], ["a, b → a by x"]]


def test_gone_and_back_are_changes() -> None:
    gone, back = changes(("a",), (), ("a",))[1:]
    assert gone == ["a → no such name (NXDOMAIN) by x"]
    assert back == ["(none) → a by x"]


def test_the_way_back_is_a_change_and_no_rotation() -> None:
    recent = Recent(rotates=True)
    told = [recent.take([said("x", answer)]) for answer in "aabba"]
    assert told == [[], [], ["a → b by x"], [], ["b → a by x"]]
    assert recent.turning() == 0


def test_two_that_take_turns_are_a_name_that_rotates() -> None:
    recent = Recent(rotates=True)
    told = [recent.take([said("x", "ab"[n % 2])]) for n in range(POLLS)]
    assert [len(each) for each in told] == [0, 1, 1, 1] + [0] * (POLLS - 4)
    assert recent.turning() == 2
    for _ in range(POLLS):
        recent.take([said("x", "b")])
    assert recent.take([said("x", "a")]) == ["b → a by x"]


def test_always_new_addresses_are_a_name_that_rotates() -> None:
    told = changes(*((str(n),) for n in range(10)))
    assert [len(each) for each in told] == [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_a_resolver_that_cannot_tell_changes_nothing() -> None:
    recent = Recent(rotates=True)
    recent.take([said("x", "a")])
    assert recent.take([Reply("x", "silent", trouble="no answer")]) == []
    assert recent.take([Reply("x", "failed", trouble="SERVFAIL")]) == []
    assert recent.take([said("x", "a")]) == []


def test_the_same_change_of_several_is_told_once() -> None:
    recent = Recent(rotates=True)
    recent.take([said("x", "a"), said("y", "a")])
    assert recent.take([said("x", "b"), said("y", "b")]) == ["a → b by x, y"]


ANSWERS = st.frozensets(st.sampled_from("abcd"), max_size=3)


@given(polls=st.lists(st.tuples(ANSWERS, ANSWERS), max_size=40), rotates=st.booleans())
def test_who_says_the_same_always_agrees_and_who_agrees_does_so_either_way_round(
    polls: list[tuple[frozenset[str], frozenset[str]]], rotates: bool
) -> None:
    one, other = Recent(rotates=rotates), Recent(rotates=rotates)
    for first, second in polls:
        pair = [said("x", *first), said("y", *second)]
        turned = [said("x", *second), said("y", *first)]
        assert one.agree(pair) == other.agree(turned)
        assert one.agree([pair[0], said("y", *first)]) is True
        if not first & second and not (first and second):
            assert one.agree(pair) == (first == second)
        one.take(pair)
        other.take(turned)


def test_fewer_than_two_neither_agree_nor_differ() -> None:
    silent = Reply("y", "silent", trouble="no answer")
    assert Recent(rotates=True).agree([said("x", "a"), silent]) is None


def test_of_many_answers_the_first_are_shown_and_the_others_counted() -> None:
    assert shown(["b", "a"]) == "a, b"
    assert shown(list("fedcba")) == "a, b, c, d and 2 more"


def test_an_answer_in_no_expected_network_is_a_fault() -> None:
    settings = dns_settings(expect=["10.0.0.0/8", "203.0.113.7"])
    recent = Recent(rotates=True)
    assert faults([said("x", "10.9.9.9", "203.0.113.7")], settings, recent) == []
    wrong = faults([said("x", "10.9.9.9", "203.0.113.8")], settings, recent)
    assert wrong == ["x answers 203.0.113.8, not 10.0.0.0/8, 203.0.113.7"]


# messages ------------------------------------------------------------------------------------


@given(wire=st.binary(max_size=300))
def test_whatever_comes_is_an_answer_or_a_flaw(wire: bytes) -> None:
    question = Question("www.harbour.example", "A")
    with pytest.raises((FlawError, TruncatedError)):
        question.read(question.wire[:2] + wire, "x")


@given(noise=st.binary(min_size=1, max_size=40), at=st.integers(12, 80))
def test_an_answer_with_bytes_changed_is_read_or_a_flaw(noise: bytes, at: int) -> None:
    question = Question("www.harbour.example", "TXT")
    reply = dns.message.make_response(dns.message.from_wire(question.wire))
    text = '"' + "x" * 60 + '"'
    name = reply.question[0].name
    reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", text))
    wire = reply.to_wire()
    assert question.read(wire, "x").answers == {"x" * 60}
    try:
        found = question.read(wire[:at] + noise + wire[at + len(noise) :], "x")
    except (FlawError, TruncatedError):
        return
    assert found.said in ("answers", "none", "failed", "silent")


def answered(*records: tuple[str, int, str, str], rcode: str = "NOERROR") -> Reply:
    """What a reply with these records (name, TTL, type, data) says of ``www.a.example``."""
    question = Question("www.a.example", "A")
    reply = dns.message.make_response(dns.message.from_wire(question.wire))
    reply.set_rcode(dns.rcode.from_text(rcode))
    for name, ttl, kind, data in records:
        reply.answer.append(dns.rrset.from_text(f"{name}.", ttl, "IN", kind, data))
    return question.read(reply.to_wire(), "x")


def test_an_alias_is_followed_and_lives_as_long_as_its_shortest_record() -> None:
    found = answered(
        ("www.a.example", 300, "CNAME", "edge.b.example."),
        ("edge.b.example", 30, "CNAME", "e7.b.example."),
        ("e7.b.example", 60, "A", "203.0.113.7"),
        ("e9.b.example", 5, "A", "203.0.113.9"),
    )
    assert (found.answers, found.ttl) == ({"203.0.113.7"}, 30)


def test_an_alias_to_nowhere_is_no_answer() -> None:
    alias = ("www.a.example", 300, "CNAME", "gone.b.example.")
    assert answered(alias).trouble == "the name has no such record"
    gone = answered(alias, rcode="NXDOMAIN")
    assert (gone.said, gone.trouble) == ("none", "no such name (NXDOMAIN)")


def test_aliases_in_a_ring_are_a_flaw() -> None:
    with pytest.raises(FlawError, match="its answer makes no sense"):
        answered(
            ("www.a.example", 300, "CNAME", "b.example."),
            ("b.example", 300, "CNAME", "www.a.example."),
        )


def test_each_question_has_a_number_of_its_own() -> None:
    numbers = {Question("www.harbour.example", "A").wire[:2] for _ in range(20)}
    assert len(numbers) > 15


# certificates --------------------------------------------------------------------------------


def issued(**more: Any) -> dict[str, Any]:
    name = ((("organizationName", "Harbour CA"),), (("commonName", "R11"),))
    return {
        "subject": ((("commonName", "www.harbour.example"),),),
        "issuer": name,
        "notBefore": "Jan  1 00:00:00 2026 GMT",
        "notAfter": "Mar  2 12:00:00 2026 GMT",
        "subjectAltName": (("DNS", "www.harbour.example"), ("URI", "spiffe://x")),
        **more,
    }


def shown_one(refused: RefusedError | None = None, **more: Any) -> Shown:
    return Shown(issued(**more), "ab" * 32, "TLSv1.3", 0.03, "10.0.0.7:443", refused)


def test_what_openssl_does_not_get_to_is_said_all_the_same() -> None:
    refused = RefusedError(WRONG_NAME, "Hostname mismatch")
    seen = reading.seen(shown_one(refused), "a:443", "shop.example", NOON)
    assert seen.faults == (
        "certificate is for www.harbour.example, not for shop.example",
        "certificate expired 2 days ago",
    )
    late = reading.seen(shown_one(RefusedError(EXPIRED, "expired")), "a:443", "x", NOON)
    assert late.faults == ("certificate expired 2 days ago",)
    assert (late.issuer, late.names) == ("Harbour CA R11", ("www.harbour.example",))


@pytest.mark.parametrize("text", ["", "Foo 99", "Jan  1 00:00:00 99999 GMT", 7, None])
def test_a_date_that_is_none_is_not_known(text: object) -> None:
    seen = reading.seen(shown_one(notAfter=text), "a:443", "x", NOON)
    assert seen.not_after is None
    assert seen.not_before == datetime(2026, 1, 1, tzinfo=UTC)


def test_an_issuer_is_called_by_what_tells_it_apart() -> None:
    both = {"organizationName": "Harbour", "commonName": "Harbour R3"}
    assert reading.person(both) == "Harbour R3"
    assert reading.person({"commonName": "R3"}) == "R3"
    assert reading.person({}) == ""


def test_a_certificate_that_could_not_be_read_is_still_replaced() -> None:
    known = reading.seen(shown_one(), "a:443", "x", NOON - timedelta(days=9))
    unread = reading.seen(Shown({}, "cd" * 32, "", 0.1, ""), "a:443", "x", NOON)
    words = reading.replaced(known, unread)
    assert words == (
        "certificate of x issued by (not told), until (not told), replaces the one until 2026-03-02"
    )
