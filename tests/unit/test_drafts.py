"""What a console holds of its own: nothing of it is lost, and nothing is taken from the living."""

import multiprocessing
import os
import stat
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import until
from warroom.attach.room import drafts_folder, room_paths
from warroom.config.local import LocalConfig, LocalConsole, LocalRoom
from warroom.console.message.half import Half
from warroom.console.scribe.desk import Desk
from warroom.console.scribe.keeper import FileDrafts
from warroom.console.scribe.kept import MOST_FORMS, REMEMBERED, Kept, Unsaved, merged
from warroom.console.scribe.store import DraftFile
from warroom.incident.bounds import LONGEST
from warroom.incident.entries import Note, Status

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def unsaved(once, **more):
    more = {"incident": "INC-1", "body": Note(text=once), "typed_at": NOON, "typed": once, **more}
    return Unsaved(once=once, **more)


# the fold ----------------------------------------------------------------------------------


def test_what_is_durable_is_no_longer_on_its_way():
    kept = Kept().sending(unsaved("a")).sending(unsaved("b"))
    assert [one.once for one in kept.saved(["a", "x"]).outgoing] == ["b"]
    assert kept.saved(["x"]) is kept


def test_what_is_refused_comes_back_into_an_empty_line_else_into_the_history():
    kept = Kept().sending(unsaved("a", incident="INC-7"))
    assert kept.refused("a") == Kept(text="a", incident="INC-7")
    assert kept.typing("more", "INC-8").refused("a") == Kept(
        text="more", incident="INC-8", history=("a",)
    )
    by_key = Kept().sending(unsaved("a", typed="", body=Status(status="Fixed")))
    assert by_key.refused("a") == Kept()


def test_what_had_to_wait_happened_when_it_was_typed():
    one = unsaved("a")
    assert one.when(NOON) is None
    assert one.when(NOON + timedelta(seconds=5)) == NOON
    (again,) = Kept().sending(one).waiting("a", "no engine").outgoing
    assert again.when(NOON) == NOON
    early = NOON - timedelta(minutes=3)
    assert unsaved("b", happened=early).when(NOON) == early


def test_a_letter_that_comes_once_the_screen_is_shared_is_put_aside_too():
    held = []
    desk = Desk(None, send=None, spawn=None, say=None, changed=lambda kept: None)
    desk.adopt(Kept(), held.append)
    desk.hide(True)
    desk.keep_half(Half(incident="INC-1", purpose="first", text="db1"), shared=False)
    assert desk.kept == Kept()
    assert held[-1].halves[0].text == "db1"
    desk.hide(False)
    assert desk.kept.halves[0].text == "db1"


def test_the_first_words_choose_the_incident():
    kept = Kept().typing("a", "INC-1").typing("ab", "INC-2")
    assert kept.incident == "INC-1"
    assert kept.typing("", "INC-2") == Kept()


KEPT = st.builds(
    Kept,
    text=st.text(max_size=20),
    history=st.lists(st.text(min_size=1, max_size=9), max_size=5).map(tuple),
    outgoing=st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(
        lambda names: tuple(map(unsaved, names))
    ),
)


@given(found=st.lists(KEPT, max_size=4))
def test_of_what_several_left_nothing_is_lost(found):
    whole = merged(found)
    drafts = [one.text for one in found if one.text]
    assert whole.text == (drafts[0] if drafts else "")
    assert set(drafts[1:]) <= {whole.text, *whole.history}
    assert {o.once for o in whole.outgoing} == {o.once for one in found for o in one.outgoing}
    assert len({o.once for o in whole.outgoing}) == len(whole.outgoing)


def test_forms_that_were_begun_are_kept_the_newest_of_each():
    mine = Kept().with_form("declare", {"title": "half"}).with_form("role", {"who": "ana"})
    older = Kept(forms={"declare": {"title": "older"}, "resolve 1": {"words": "x"}})
    assert mine.with_form("declare", {}).with_form("role", {}).empty
    whole = merged((mine, older))
    assert whole.forms == {**older.forms, **mine.forms}
    assert whole.forms["declare"] == {"title": "half"}
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Kept) == whole
    many = Kept()
    for n in range(MOST_FORMS + 1):
        many = many.with_form(str(n), {"a": "b"})
    assert len(many.forms) == MOST_FORMS
    assert "0" not in many.forms


def test_the_history_is_bounded():
    kept = Kept().remembering(*(f"note {n}" for n in range(2 * REMEMBERED)))
    assert len(kept.history) == REMEMBERED
    assert kept.history[-1] == f"note {2 * REMEMBERED - 1}"
    long = Kept().remembering(*(f"{n}" * LONGEST for n in range(1, 10)))
    assert 0 < len(long.history) < 9


# the files ---------------------------------------------------------------------------------

FULL = Kept(text="half a\nnote", incident="INC-1", history=("one",), outgoing=(unsaved("a"),))


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


def die_with(folder, kept):
    """Another process holds this, and is killed."""
    ready = multiprocessing.get_context("fork").Event()

    def hold():
        DraftFile(folder).write(kept)
        ready.set()
        os.kill(os.getpid(), 9)

    process = multiprocessing.get_context("fork").Process(target=hold)
    process.start()
    process.join()
    assert ready.is_set()


def test_a_dead_consoles_file_is_adopted_once(folder):
    die_with(folder, FULL)
    first, second = DraftFile(folder), DraftFile(folder)
    assert first.adopt() == (FULL, [])
    assert second.adopt() == (Kept(), [])
    assert list(folder.iterdir()) == [first.path]  # in ours, and nowhere else


def test_a_living_consoles_file_is_its_own(folder):
    living = DraftFile(folder)
    living.write(FULL)
    living.write(FULL.typing("more", ""))
    assert DraftFile(folder).adopt() == (Kept(), [])
    assert living.path.exists()


def test_the_newest_of_several_is_the_line(folder):
    for at, text in enumerate(("old", "newer", "newest")):
        die_with(folder, Kept(text=text))
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_ctime_ns)
        os.utime(newest, (at, at))
    found, _ = DraftFile(folder).adopt()
    assert (found.text, set(found.history)) == ("newest", {"old", "newer"})


def test_a_file_is_private_under_any_umask(folder):
    before = os.umask(0)
    try:
        file = DraftFile(folder)
        file.write(FULL)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_another_could_have_planted_is_refused_and_named(folder):
    (folder / "target").write_text('{"text": "planted"}')
    (folder / "1-a.json").symlink_to(folder / "target")
    (folder / "2-b.json").write_text('{"text": "planted"}')
    (folder / "2-b.json").chmod(0o644)
    (folder / "3-c.json").write_text("no json")
    (folder / "3-c.json").chmod(0o600)
    os.mkfifo(folder / "4-d.json", 0o600)
    found, refused = DraftFile(folder).adopt()
    assert found == Kept()
    assert len(refused) == 4
    assert all(name in " ".join(refused) for name in ("1-a", "2-b", "3-c", "4-d"))
    assert (folder / "2-b.json").exists()


def test_entries_of_another_version_cost_no_words(folder):
    file = folder / "1-a.json"
    file.write_text('{"text": "half", "history": ["one"], "outgoing": [{"body": {"kind": "x"}}]}')
    file.chmod(0o600)
    assert DraftFile(folder).adopt() == (Kept(text="half", history=("one",)), [])


class Followed:
    """A keeper, and what it said."""

    def __init__(self, folder):
        self.found, self.failed = [], []
        self.drafts = FileDrafts(folder)
        self.drafts.start(self.found.append, self.failed.append)


def test_the_last_words_are_held_and_found_again(tmp_path):
    folder = tmp_path / "room" / "drafts"
    first = Followed(folder)
    until(lambda: first.found)
    for at in range(50):
        first.drafts.keep(Kept(text=f"word {at}"))
    first.drafts.close()
    os.close(_lock_of(first))
    second = Followed(folder)
    until(lambda: second.found)
    assert second.found == [Kept(text="word 49")]
    second.drafts.keep(Kept())
    second.drafts.close()
    assert list(folder.iterdir()) == []  # nothing to hold, no file


def test_what_is_posted_does_not_wait_for_the_letters_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr("warroom.console.scribe.keeper.PACE", 600.0)
    folder = tmp_path / "room" / "drafts"
    writer = Followed(folder)
    until(lambda: writer.found)
    words = Kept(text="in flight", incident="INC-1")
    writer.drafts.keep(words)
    until(lambda: _written(folder) == words)
    posted = Kept().sending(unsaved("in flight"))
    writer.drafts.keep(posted)
    until(lambda: _written(folder) == posted)
    writer.drafts.keep(Kept())  # saved: it is not to be sent again by whoever comes next
    until(lambda: not list(folder.iterdir()))
    writer.drafts.close()


def _written(folder):
    (content,) = [path.read_bytes() for path in folder.glob("*.json")] or [b"{}"]
    return msgspec.json.decode(content, type=Kept)


def _lock_of(followed):
    """The descriptor that a process which ends lets go of."""
    (path,) = followed.drafts._folder.glob("*.json")
    held = [fd for fd in map(int, os.listdir("/proc/self/fd")) if _leads_to(fd, path)]
    return held[0]


def _leads_to(fd, path):
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except OSError:
        return False


def test_a_folder_that_is_not_to_be_trusted_is_named(tmp_path):
    tmp_path.chmod(0o755)
    followed = Followed(tmp_path / "drafts")
    until(lambda: followed.failed)
    assert "not kept on the disk" in followed.failed[0]
    assert "chmod" in followed.failed[0]
    assert not followed.found


def test_the_drafts_of_a_groups_room_are_the_users_own(tmp_path):
    local = LocalConfig(
        path=tmp_path / "warroom.toml",
        room=LocalRoom(name="r", dir="/srv/room", group="ops"),
        console=LocalConsole(),
        keys={},
        pages=(),
    )
    folder = drafts_folder(local, {"XDG_STATE_HOME": str(tmp_path)})
    assert tmp_path in folder.parents
    assert room_paths(local).folder not in folder.parents
