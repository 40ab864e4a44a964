"""The demo's actions as they are typed: how many keys it takes from a red room to a mitigation."""

from pathlib import Path
from typing import Any

import pytest

from warroom.config.keys import key_named
from warroom.demo.configuration.actions import actions
from warroom.demo.faults import KNOWN
from warroom.demo.folder import Folder
from warroom.demo.supervisor import settings

EIGHT = 8
"""The leader, the action's key, four letters, Tab, Space; or three letters and Enter before."""
MENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "outage": (("restart_postgres", ""),),
    "error-rate": (("mend_prices", ""), ("flush_cache", "")),
    "slow": (("restart_warehouse", ""), ("flag_off", "")),
    "memory": (("pictures_off", ""), ("block_agent", "p"), ("restart_web", "")),
    "slow-database": (("kill_slow", ""),),
    "pool-exhausted": (("flag_off", "e"),),
    "queue-backlog": (("scale_workers", ""), ("restart_worker", "")),
    "redis-down": (("restart_redis", ""),),
    "bad-deploy": (("rollback", ""),),
    "rate-limit": (("block_agent", ""), ("rate_limit_on", "")),
    "webhook": (("renew_webhook", ""),),
    "mail": (("renew_mail", ""),),
    "certificate": (("renew_certificate", ""),),
    "stale-name": (("restore_dns", ""),),
    "intruder": (("block_address", "127.0.0.66"),),
}
"""By fault: what mends it, and what is chosen or typed where the first choice is another."""


@pytest.fixture
def configured(tmp_path: Path) -> dict[str, dict[str, Any]]:
    folder = Folder(tmp_path)
    return actions(folder, settings(folder))


def keys(action: dict[str, Any], chosen: str) -> list[str]:
    """What is typed, key by key: a letter goes to the next choice that begins with it, and on to
    the plan where it is the only one that does, and there is nothing else to choose."""
    parameters = [*action.get("parameters", {}).values()]
    values = [*chosen, "Enter"] if any("default" not in one for one in parameters) else []
    choices = parameters[0].get("choices", []) if len(parameters) == 1 else []
    if chosen and sum(choice.startswith(chosen) for choice in choices) == 1:
        values = [chosen]
    answer = ["y"] if action.get("danger") == "mild" else [*action["word"], "Tab", "Space"]
    return ["a", action["key"], *values, *answer]


def test_every_fault_is_mended_by_eight_keys_and_what_must_be_chosen(
    configured: dict[str, dict[str, Any]],
) -> None:
    assert {*MENDS, "cut-off"} == {fault.name for fault in KNOWN}
    for fault, mends in MENDS.items():
        for name, chosen in mends:
            typed = keys(configured[name], chosen)
            assert len(typed) <= EIGHT + len(chosen), (fault, name, typed)


def test_each_has_a_key_of_its_own_and_a_short_word(configured: dict[str, dict[str, Any]]) -> None:
    given = [key_named(action["key"]) for action in configured.values()]
    assert len(set(given)) == len(given)
    for name, action in configured.items():
        assert ("word" in action) == (action.get("danger", "moderate") == "moderate"), name
        assert 3 <= len(action.get("word", "four")) <= 4, name


def test_one_letter_is_enough_for_every_other_choice(
    configured: dict[str, dict[str, Any]],
) -> None:
    """From the first on, which nobody need choose."""
    for action in configured.values():
        for one in action.get("parameters", {}).values():
            others = one.get("choices", [""])[1:]
            assert len({choice[0] for choice in others}) == len(others)


def test_what_stays_on_has_its_way_back_and_an_end(configured: dict[str, dict[str, Any]]) -> None:
    for name, action in configured.items():
        if "turns_on" in action:
            undo = action["undo"]
            assert (undo if isinstance(undo, str) else undo["action"]) in configured, name
            assert action["ttl"], name


def test_the_table_of_the_page_counts_right(configured: dict[str, dict[str, Any]]) -> None:
    """By fault: the action, what is typed, and how many keys that is."""
    page = (Path(__file__).parents[2] / "docs/demo.md").read_text()
    told = [line.strip("| ").split(" | ") for line in page.splitlines() if "Tab Space |" in line]
    told += [line.strip("| ").split(" | ") for line in page.splitlines() if "`y` |" in line]
    assert len(told) == len(MENDS)
    for fault, title, _, count in told:
        mends = [(name, chosen) for name, chosen in MENDS[fault]]
        found = [len(keys(configured[n], c)) for n, c in mends if configured[n]["title"] == title]
        assert found == [int(count)], fault
