"""Playbooks: those that fit first, then all, with a search; and one to be read."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.bound import bound
from warroom.console.commands.sources import may_only_watch
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.incident.searched import Searched
from warroom.console.playbooks.asking import ask
from warroom.console.playbooks.list_rows import Listing, list_rows
from warroom.console.playbooks.one_rows import copied, one_rows
from warroom.console.playbooks.walk import walks
from warroom.console.table.clipboard import copy_text

AGAIN = 5.0
"""Seconds between two askings of how they stand, while they are looked at."""

LIST_KEYS = (
    "{list.take} opens, {book.follow} follows, {book.aside} not this one, {dialog.find} finds, "
    "{book.go} to the followed, Esc"
)
ONE_KEYS = "{book.follow} follows it, {dialog.copy} copies, Esc goes back"
SEEN_LIST_KEYS = "{list.take} opens, {dialog.find} finds, {book.go} to the followed, Esc"
SEEN_KEYS = "{dialog.copy} copies, Esc goes back"
FEW_LIST_KEYS = "{book.follow} follows, {book.aside} not this, {dialog.find} finds, Esc closes"


class Fresh(Dialog[str | None]):
    """What both have: how the playbooks stand is asked again and again, and when others fit. The
    result says what is wished: ``follow:NAME``, ``go``, or None."""

    def on_mount(self) -> None:
        self.fitting = tuple((one.playbook, one.score) for one in self.room.proposals)
        self.watch(self.app, "books", self.redraw, init=False)
        self.set_interval(AGAIN, lambda: ask(self.console))

    fitting: tuple[tuple[str, int], ...] = ()
    """What fitted when it was last asked, and how well; not in which words: they count seconds."""

    def follow(self) -> None:
        fitting = tuple((one.playbook, one.score) for one in self.room.proposals)
        if fitting != self.fitting:
            self.fitting = fitting
            ask(self.console)
        super().follow()

    def action_go(self) -> None:
        """To the one that is followed."""
        if self.listing().walks:
            self.finish("go")
        else:
            key = self.console.key_of("book.follow")
            self.console.say(f"No playbook is followed: {key} follows the one under the cursor")

    def listing(self, wanted: str = "") -> Listing:
        """Everything as it is now."""
        books = self.console.books
        return Listing(
            books=books,
            proposals=self.room.proposals,
            walks=walks(self.console.incident, books.sent),
            now=self.now,
            look=self.look,
            wanted=wanted,
        )


class PlaybooksScreen(Searched[str | None], Fresh):
    """Enter opens one, f follows it, x sets a proposal aside, p goes to what is followed."""

    BINDINGS = [
        bound("book.follow", "follow"),
        bound("book.aside", "aside"),
        bound("book.go", "go"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(id="playbooks", classes="dialog incident") as box:
            watches = may_only_watch(self.console)
            keys = (SEEN_LIST_KEYS, SEEN_LIST_KEYS) if watches else (LIST_KEYS, FEW_LIST_KEYS)
            self.titled(box, "Playbooks", *keys)
            yield RowsView(self._rows, self.look)
            yield Field(id="wanted", hint="words of a title or of a step; Enter goes to it")

    def _rows(self, width: int) -> list[Row]:
        return list_rows(self.listing(self.wanted), width)

    @property
    def _under(self) -> str:
        return self.query_one(RowsView).cursor

    @on(RowsView.Taken)
    def taken(self, event: RowsView.Taken) -> None:
        """Enter on one: all of it."""

        def read(wish: str | None) -> None:
            if wish:
                self.finish(wish)

        self.app.push_screen(PlaybookScreen(event.key), read)

    def action_follow(self) -> None:
        """Follow the one under the cursor."""
        if self._under:
            self.finish(f"follow:{self._under}")

    def action_aside(self) -> None:
        """What is proposed is not it: no word of it for this trouble; again takes that back."""
        books, name = self.console.books, self._under
        one = next((p for p in self.room.proposals if p.playbook == name), None)
        if one is None:
            self.console.say("It is not proposed: nothing is to be set aside", bad=True)
        elif books.aside(one):
            self.console.books = books.taking_back(name)
        else:
            self.console.books = books.setting_aside(one)


class PlaybookScreen(Fresh):
    """All of one: f follows it, y copies the step or the address under the cursor."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("book.follow", "follow"),
        bound("book.go", "go"),
        bound("dialog.copy", "copy"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_of_it = name

    def compose(self) -> ComposeResult:
        known = self.console.books.playbook(self.name_of_it)
        with Vertical(id="one-playbook", classes="dialog incident") as box:
            title = known.title if known is not None else self.name_of_it
            keys = SEEN_KEYS if may_only_watch(self.console) else ONE_KEYS
            self.titled(box, f"Playbook: {title}", keys)
            yield RowsView(self._rows, self.look)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(RowsView))

    def _rows(self, width: int) -> list[Row]:
        playbook, listing = self.console.books.playbook(self.name_of_it), self.listing()
        if playbook is None:
            return list_rows(listing, width)[:1]
        return one_rows(listing, playbook, self.room.procedures, width)

    def action_follow(self) -> None:
        """Follow it."""
        self.finish(f"follow:{self.name_of_it}")

    def action_copy(self) -> None:
        """What is under the cursor, to the terminal's clipboard."""
        playbook = self.console.books.playbook(self.name_of_it)
        text = copied(playbook, self.query_one(RowsView).cursor) if playbook is not None else ""
        if text:
            copy_text(self.console, text)
        else:
            self.console.say("There is nothing to copy here", bad=True)
