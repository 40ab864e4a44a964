"""The built-in playbooks: each is proposed first for its scenario, and not for what is only near.

What is fed is what sources see, poll by poll: the board's rules, the matching and the ranking make
the rest of it.
"""

import re
from pathlib import Path

import pytest

from tests.unit.shop_rooms import Look, Room, down, figures, shop
from warroom.config.load import Config
from warroom.config.names import installed
from warroom.config.playbooks_settings import PlaybookSettings
from warroom.playbooks.library import built_in
from warroom.playbooks.words import words

NAMES = (
    "cache-failure", "certificate", "database-trouble", "deployment-failure", "high-error-rate",
    "high-memory", "mail", "outage", "payments", "performance", "pool-exhausted", "queue-backlog",
    "rate-limited", "security",
)  # fmt: skip
REFUSED = down("status 503, not 2xx", status=503)
ENDED = down("certificate: it ended 2 h ago", certificate_days=-0.1)
DEEP = dict(emails__depth=12_400, emails__oldest=900, emails__drain=None)
STUCK = figures(**DEEP, emails__stuck=110, emails__workers=0)
FAILING = figures(error_rate=20, errors_per_minute=200, latency_p95=900)
TOLD = figures(issues_new=3, events_per_minute=90)
DARK = Look({"unanswered": 5}, silent="connection refused")
DEPLOYED = Look(change=("deployment", "1.43.0 deployed by ana", 120))


@pytest.fixture(scope="module")
def config() -> Config:
    return shop()


@pytest.fixture
def room(config: Config) -> Room:
    """One in which all has been well for some polls."""
    return Room(config).poll(3)


SCENARIOS = [
    ("outage", dict(web=REFUSED, api=REFUSED, checkout=REFUSED, metrics=figures(error_rate=100))),
    ("outage", dict(web=Look(silent="no answer within 5.0 s"), api=REFUSED)),
    (
        "outage",  # the database is why, and nothing works: first of all it is an outage
        dict(
            web=REFUSED,
            api=down("checks.database is down, not ok"),
            checkout=REFUSED,
            worker=down("status 503"),
            db=DARK,
            metrics=figures(error_rate=98, errors_per_minute=900),
        ),
    ),
    (
        "database-trouble",  # the same, while pages that need no database are well
        dict(
            api=down("checks.database is down, not ok"),
            db=DARK,
            metrics=FAILING,
            tracker=TOLD,
        ),
    ),
    (
        "database-trouble",
        dict(
            db=figures(waiting=9, lock_wait=40, longest_query=320),
            web=figures(latency_p95=2600),
            metrics=figures(latency_p95=2400, error_rate=6),
        ),
    ),
    (
        "pool-exhausted",
        dict(
            api=down("status 503, not 2xx"),
            db=figures(connections_used=97, idle_in_transaction=12),
            metrics=figures(connections_pool=100, error_rate=30, latency_p95=1200),
        ),
    ),
    (
        "pool-exhausted",
        dict(db=down("FATAL: sorry, too many clients already"), metrics=figures(error_rate=9)),
    ),
    (
        "database-trouble",  # what was deployed is under suspicion, who waits for a lock is seen
        dict(
            db=figures(waiting=3),
            web=figures(latency_p95=900),
            metrics=figures(latency_p95=800),
            tracker=figures(issues_new=1),
            releases=DEPLOYED,
        ),
    ),
    (
        "pool-exhausted",  # every page waits for a connection and fails; some requests get one
        dict(
            web=REFUSED,
            api=REFUSED,
            checkout=REFUSED,
            db=figures(idle_in_transaction=12),
            metrics=figures(connections_pool=100, error_rate=70, errors_per_minute=90),
            tracker=TOLD,
        ),
    ),
    ("outage", dict(web=REFUSED, api=REFUSED, db=DARK)),
    ("queue-backlog", dict(redis=STUCK, worker=down("status 503, not 2xx"))),
    ("queue-backlog", dict(redis=figures(**DEEP))),
    (
        "high-error-rate",
        dict(
            metrics=figures(error_rate=8, errors_per_minute=40),
            tracker=figures(issues_new=2, events_per_minute=40),
        ),
    ),
    ("high-error-rate", dict(web=REFUSED)),
    ("security", dict(metrics=figures(sign_ins_failed=240, rate_limited=80, error_rate=1))),
    (
        "performance",
        dict(web=figures(latency_p95=2600), metrics=figures(latency_p95=2400, cpu=95)),
    ),
    (
        "cache-failure",
        dict(
            redis=Look(silent="connection refused"),
            checkout=down("checks.redis is down, not ok"),
            api=REFUSED,
            metrics=FAILING,
            tracker=TOLD,
        ),
    ),
    ("cache-failure", dict(redis=figures(memory_used=98, evictions=400, rejected=3))),
    (
        "payments",
        dict(checkout=figures(payments_stuck=14), payments_webhook=down("status 500, not 2xx")),
    ),
    (
        "mail",
        dict(
            test_mail=down("SMTP 535: authentication failed"),
            worker=down("SMTP 535: authentication failed"),
            redis=figures(emails__stuck=120, emails__depth=400, emails__drain=None),
        ),
    ),
    (
        "high-memory",
        dict(
            api=down("checks.memory is 96, not under 90"),
            metrics=figures(memory=96, latency_p95=900),
        ),
    ),
    ("certificate", dict(front=down("the certificate ended 2 h ago", days=-0.1))),
    ("certificate", dict(web=ENDED, api=ENDED, checkout=ENDED, front=ENDED)),
    ("certificate", dict(front=figures(days=9))),
    ("rate-limited", dict(metrics=figures(rate_limited=300, error_rate=2))),
    ("rate-limited", dict(api=down("status 429, not 2xx", status=429))),
    ("deployment-failure", dict(releases=figures(failed=1))),
    (
        "deployment-failure",
        dict(releases=DEPLOYED, metrics=figures(latency_p95=900, error_rate=2)),
    ),
]


@pytest.mark.parametrize(("wanted", "bad"), SCENARIOS, ids=lambda one: str(one)[:18])
def test_its_scenario_has_it_first(room: Room, wanted: str, bad: dict[str, Look]) -> None:
    room.poll(3, **bad)
    assert room.names[:1] == [wanted], room.proposals
    assert all(len(words) <= 180 for words in room.evidence)
    assert not any("{" in words for one in room.proposals for words in one.evidence)


def test_every_one_has_a_scenario_and_a_near_miss() -> None:
    assert {name for name, _ in SCENARIOS} == set(NAMES) == set(built_in())
    assert {name for name, _, _ in NEAR} == set(NAMES)


WORKED_ON = Look({"up": None, "status": 503}, maintenance=True)
LATE = Look(change=("deployment", "1.43.0 deployed by ana", 2400))

NEAR = [
    ("outage", 5, dict(web=WORKED_ON, api=WORKED_ON, metrics=figures(error_rate=100))),
    ("outage", 1, dict(web=REFUSED, api=REFUSED, checkout=REFUSED)),
    ("outage", 5, dict(api=REFUSED, metrics=figures(error_rate=40))),
    ("database-trouble", 5, dict(db=figures(connections_used=84, waiting=1, longest_query=50))),
    ("database-trouble", 1, dict(db=Look(silent="no answer within 5.0 s"))),
    ("pool-exhausted", 5, dict(db=figures(connections_used=84), pooler=figures(longest_wait=1))),
    (
        "queue-backlog",
        5,
        dict(redis=figures(emails__depth=12_400, emails__drain=500, emails__oldest=120)),
    ),
    ("queue-backlog", 5, dict(redis=figures(emails__workers=0))),
    ("high-error-rate", 5, dict(metrics=figures(error_rate=4))),
    ("high-error-rate", 1, dict(web=REFUSED)),
    ("high-error-rate", 5, dict(stripe=figures(impact=3, incidents=1))),
    ("security", 5, dict(metrics=figures(sign_ins_failed=40, rate_limited=300, error_rate=30))),
    ("performance", 5, dict(web=figures(latency_p95=480), metrics=figures(cpu=89))),
    ("performance", 2, dict(web=figures(latency=9000))),
    ("cache-failure", 5, dict(redis=STUCK)),
    ("cache-failure", 5, dict(redis=figures(memory_used=88, hit_rate=60))),
    ("payments", 5, dict(stripe=figures(impact=1), checkout=figures(payments_stuck=3))),
    ("payments", 5, dict(stripe=figures(impact=3), db=figures(payments_open=90))),
    ("mail", 5, dict(mail_service=figures(impact=3, incidents=1))),
    ("mail", 5, dict(redis=figures(**DEEP))),
    ("high-memory", 5, dict(metrics=figures(memory=88), redis=figures(memory_used=98))),
    ("certificate", 5, dict(front=figures(days=40), web=figures(certificate_days=40))),
    ("certificate", 5, dict(front=Look(silent="no route to host"))),
    ("rate-limited", 5, dict(metrics=figures(rate_limited=20))),
    ("deployment-failure", 5, dict(releases=DEPLOYED)),
    ("deployment-failure", 5, dict(releases=DEPLOYED, redis=DARK, api=REFUSED, metrics=FAILING)),
    ("deployment-failure", 5, dict(releases=DEPLOYED, front=ENDED)),
    ("deployment-failure", 5, dict(releases=DEPLOYED, db=figures(waiting=9, longest_query=320))),
    ("deployment-failure", 5, dict(releases=LATE, metrics=figures(error_rate=30))),
]


@pytest.mark.parametrize(("unwanted", "times", "bad"), NEAR, ids=lambda one: str(one)[:18])
def test_what_is_only_near_does_not_match(
    room: Room, unwanted: str, times: int, bad: dict[str, Look]
) -> None:
    room.poll(times, **bad)
    assert unwanted not in room.names, room.proposals


def test_while_all_is_well_nothing_is_proposed(config: Config) -> None:
    room = Room(config)
    for _ in range(6):
        assert room.poll().proposals == ()


def test_in_a_room_that_is_cut_off_nothing_is(room: Room) -> None:
    room.poll(3, web=REFUSED, api=REFUSED, redis=STUCK)
    assert room.names
    room.cut_off = True
    room.board.cut_off("no canary answers")
    assert room.names == []
    room.poll(3)
    assert room.names == []
    assert {one.holds for one in room.seen("outage")} <= {"unknown", "unwatched", "no"}


def test_a_playbook_is_proposed_no_more_once_it_is_over(room: Room) -> None:
    room.poll(3, redis=STUCK)
    assert "queue-backlog" in room.names
    assert room.poll(4).names == []


def test_the_evidence_of_a_queue_says_what_an_engineer_would(room: Room) -> None:
    room.poll(26, redis=figures(**DEEP, emails__stuck=95, emails__workers=0))
    assert room.evidence == (
        "emails: no job finished for 95 s",
        "emails: depth 12,400 over 10,000 for 2 min",
        "emails: the oldest job has waited 15 min",
        "emails: no worker",
    )


def test_a_worker_that_says_the_mail_server_refuses_it_is_mail_first(room: Room) -> None:
    why = "status is degraded, not ok; checks.mail is 535 refused, not ok"
    room.poll(3, worker=down(why), redis=figures(emails__stuck=95, emails__drain=None))
    assert room.names == ["mail", "queue-backlog"]
    assert room.evidence == (f"worker: {why}", "no mail of the queue emails finished for 95 s")


def test_a_cause_below_an_outage_is_proposed_after_it(room: Room) -> None:
    bad = dict(web=REFUSED, api=REFUSED, metrics=figures(error_rate=99))
    room.poll(3, db=DARK, **bad)
    assert room.names == ["outage", "database-trouble"]
    assert room.evidence[0] == "every page fails; api: status 503, not 2xx, and 1 more"


def test_what_was_deployed_just_before_is_evidence_of_an_outage(room: Room) -> None:
    room.poll(3, web=REFUSED, api=REFUSED, releases=DEPLOYED)
    assert room.names == ["outage", "deployment-failure"]
    assert room.evidence[-1] == "1.43.0 deployed by ana, 2 min before it began"


def test_a_deployment_that_failed_is_told_beside_what_else_is_ill(room: Room) -> None:
    room.poll(3, redis=DARK, releases=figures(failed=1))
    assert room.names == ["cache-failure", "deployment-failure"]


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_a_tired_engineer_needs(name: str) -> None:
    book = PlaybookSettings.model_validate(built_in()[name])
    assert len(book.about) >= 40
    assert len(book.look) >= 4
    assert len(book.mitigations) >= 4
    assert book.escalation
    assert len(book.checklist) >= 3
    assert len(book.prevention) >= 2
    assert {who for one in book.escalation for who in one.tell} <= {
        "on-call", "team lead", "leadership", "security", "legal",
    }  # fmt: skip


def test_what_its_steps_name_is_there_or_is_a_word_with_its_meaning(config: Config) -> None:
    panels, known = set(installed().panels), words()
    for name, table in built_in().items():
        for step in (one for one in table["look"] if isinstance(one, dict)):
            assert step.get("panel", "health") in panels, (name, step)
            assert step.get("check", "dig") in known.checks, (name, step)
            assert re.fullmatch(r"\{(\w+)\}|", step.get("probe", "")), (name, step)
        for step in (one for one in table["mitigations"] if isinstance(one, dict)):
            assert step["action"] in known.actions, (name, step)
            assert step["needs"].startswith(f"[actions.{step['action']}]: ")
        for symptom in table["symptoms"]:
            source = symptom.get("source", "*")
            assert source == "*" or source.strip("{}") in known.sources, (name, symptom)


OURS = (
    "error_rate", "errors_per_minute", "latency_p95", "rate_limited", "sign_ins_failed",
    "logins_failed", "unauthorized", "forbidden", "secrets_exposed", "memory", "cpu", "load",
    "swap", "connections_pool", "queue_depth", "payments_stuck", "webhooks_failed",
    "subscriptions_stuck", "mails_failed", "smtp_errors", "mails_bounced", "answers_429",
    "rate_limit_remaining", "emails.stuck", "emails.failed",
)  # fmt: skip
"""Figures that a team names itself, as the documents call them."""


def test_every_figure_is_one_that_a_kind_gives_or_a_team_usually_names() -> None:
    documents = Path(__file__).parents[2].joinpath("docs/sources.md").read_text("utf-8")
    given = re.findall(r"^\| `([a-z0-9_<>.]+)` \|", documents, re.MULTILINE)
    known = {one.replace("<queue>", "emails") for one in given} | set(OURS)
    for name, table in built_in().items():
        for symptom in table["symptoms"]:
            if "signal" in symptom:
                pattern = symptom["signal"].partition(".")[2].replace(".", r"\.").replace("*", ".*")
                assert any(re.fullmatch(pattern, one) for one in known), (name, symptom["signal"])
