"""What consoles ask about incidents, done: declared, written down, resolved, read."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.engine.board import Board
from warroom.engine.book import Book, Loaded, told_of
from warroom.engine.chronicle import Chronicle
from warroom.engine.declaration import declaration, happened_at, together
from warroom.engine.facts import facts
from warroom.engine.fitting import newest, oldest
from warroom.engine.history import Journal, lately, load, read_entries, read_line
from warroom.engine.keeper import Keeper, WaitsError
from warroom.errors import IncidentError, JournalError
from warroom.incident.acting.still_on import On
from warroom.incident.actor import Actor
from warroom.incident.dues import asked, latest
from warroom.incident.entries import Entry, Resolved, Said
from warroom.incident.gate import Condition, conditions
from warroom.incident.incident import Incident
from warroom.incident.outbox import outgoing
from warroom.incident.procedures import Procedures
from warroom.incident.settle import entered_with, settled
from warroom.journal.store import Store
from warroom.text import safe
from warroom.wire import Answer, Declare, GetEntries, GetIncidents, Post, Resolve


class Incidents:
    """The incidents of one room. What is written goes to the keeper, and comes back durable."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        open_store: Callable[[], Store],
        changed: Callable[[bool], None],
        troubled: Callable[[str], None],
        heard: Callable[[tuple[Entry, ...]], None] = lambda entries: None,
    ) -> None:
        """``changed`` is called when there is something to tell the consoles; with true when all of
        it is to be told anew. ``heard`` gets what became durable, and once what is written of
        actions already."""
        self._board, self._clock, self._changed = board, clock, changed
        self._heard = heard
        self.on: Callable[[], tuple[On, ...]] = tuple
        """What is still on, as the gate wants it."""
        self.completed: Callable[[Said], Said] = lambda body: body
        """What is said of things that the incident knows nothing of, looked up: playbooks."""
        self.began: Callable[[], None] = lambda: None
        """Called once the journal was read."""
        self.book = Book()
        self.keeper: Journal = Keeper(
            open_store, self._load, self._take_up, self._written, troubled
        )
        self._chronicle = Chronicle(board, clock, self.book, self.keeper)
        self.one = asyncio.Lock()
        """Held from the look at an incident until what follows from it is durable."""
        self._procedures, self._scale = Procedures(), board.scale
        self._loaded = False

    @property
    def procedures(self) -> Procedures:
        return self._procedures

    @property
    def waiting(self) -> int:
        """Entries that are not durable yet."""
        return len(self.keeper.waiting)

    def configure(self, config: Config) -> None:
        """Take the team's procedures."""
        self._procedures, self._scale = config.procedures, config.scale
        self._chronicle.procedures = config.procedures

    async def start(self) -> None:
        """Open the journal and tell what it holds. A journal that cannot be opened keeps nobody
        from watching: it is said, and tried again."""
        await self.keeper.start()

    def look(self) -> None:
        """What time alone brings; to be called about twice a second."""
        self._chronicle.look()
        written = {draft.incident for draft in self.keeper.waiting}
        if self.book.forget(self._clock.now(), lambda i: i.id in written or self._stays(i)):
            self._changed(False)

    def saw(self) -> None:
        """The board's past has news."""
        self._chronicle.saw()

    def noted(self, actor: Actor, words: str, source: str) -> None:
        """Somebody did something to the watch itself: acknowledged a red, say."""
        self._chronicle.noted(actor, words, source)

    async def close(self, reason: str) -> None:
        """Write down that the watch ends, and close the journal."""
        self._chronicle.ends(reason)
        await self.keeper.close(1.0)

    # what is asked --------------------------------------------------------------------

    async def declare(self, actor: Actor, request: Declare) -> Answer:
        """Declare an incident, with the half hour before it."""
        known = self.known(request.once)
        if known is not None:
            return self.answer(request.ref, known, "it was declared already")
        async with self.one:
            self.must_be_open()
            now = self._clock.now()
            taken = self.book.ids | {draft.incident for draft in self.keeper.waiting}
            name, drafts = declaration(
                request,
                actor,
                now,
                taken=taken,
                board=self._board.room().worst,
                procedures=self._procedures,
                scale=self._scale,
                before=self._chronicle.before,
            )
            entries = await self.keeper.write(drafts)
        words = f"{name} is declared"
        return self.answer(request.ref, entries[0], words)

    async def post(self, actor: Actor, request: Post) -> Answer:
        """Write an entry, and what follows from it."""
        known = self.known(request.once)
        if known is not None:
            return self.answer(request.ref, known, "")
        async with self.one:
            self.must_be_open()
            incident = await self.ahead(request.incident) if request.incident else None
            now = self._clock.now()
            happened = happened_at(request.happened, now)
            body = self.completed(request.body)
            done = settled(
                incident, body, self._procedures, self._scale, happened=happened, now=now
            )
            bodies = (done.body, *done.also)
            drafts = together(request.incident, happened, actor, request.once, bodies)
            entries = await self.keeper.write(drafts)
        return self.answer(request.ref, entries[0], done.warning)

    async def resolve(self, actor: Actor, request: Resolve) -> Answer:
        """Resolve an incident if the gate lets it; with a reason even if not."""
        known = None if request.only_ask else self.known(request.once)
        if known is not None:
            return self.answer(request.ref, known, "it was resolved already")
        async with self.one:
            self.must_be_open()
            incident = await self.ahead(request.incident)
            if incident.resolved is not None:
                raise IncidentError(f"{incident.id} is resolved already")
            now = self._clock.now()
            found = self._conditions(incident, now)
            unmet = tuple(f"{c.name}: {c.words}" if c.words else c.name for c in found if not c.met)
            override = request.override.strip()
            if request.only_ask or (unmet and not override):
                words = "" if request.only_ask else "not yet: " + "; ".join(unmet)
                ok = request.only_ask
                return Answer(ref=request.ref, ok=ok, message=words, conditions=found)
            body = Resolved(
                how=request.how.strip(),
                text=request.text.strip(),
                status=self._procedures.final,
                unmet=unmet,
                override=override if unmet else "",
            )
            after = entered_with(self._procedures.final, incident, self._procedures)
            drafts = together(incident.id, now, actor, request.once, (body, *after))
            entries = await self.keeper.write(drafts)
        return self.answer(request.ref, entries[0], f"{incident.id} is resolved")

    async def entries(self, request: GetEntries) -> Answer:
        """Some of an incident's entries, and the incident."""
        name = request.incident
        known = self.book.entries(name, request.before, request.after)
        incident = self.book.incident(name)
        if known is None:
            self._must_exist(name)
            found, incident = await self.keeper.read(partial(read_entries, request=request))
        else:
            found = known
        fitting = newest if request.after is None else oldest
        return Answer(ref=request.ref, ok=True, incident=incident, entries=fitting(found))

    async def all(self, request: GetIncidents) -> Answer:
        """Every incident there ever was. Those that nobody has asked for yet are read one by one:
        notes that are written meanwhile wait for none of it."""
        for name in self.book.unread:
            line = await self.keeper.read(partial(read_line, name=name))
            self.book.learn(() if line is None else (line,))
        return Answer(ref=request.ref, ok=True, incidents=self.book.summaries)

    # how ------------------------------------------------------------------------------

    def _conditions(self, incident: Incident, now: datetime) -> tuple[Condition, ...]:
        gate = self._procedures.gate
        known = facts(self._board, gate, self._chronicle.wellness, self.on())
        return conditions(incident, self._procedures, known, now)

    async def ahead(self, name: str) -> Incident:
        """The incident with what waits to be written; read from the journal if need be."""
        if self.book.incident(name) is None and name in self.book.ids:
            self.book.adopt(await self.keeper.read(lambda store: told_of(store.all_of(name))))
        waiting = [draft for draft in self.keeper.waiting if draft.incident == name]
        incident = self.book.with_drafts(name, waiting)
        if incident is None:
            self._must_exist(name)
            raise JournalError(f"{safe(name, 60)} cannot be read")
        return incident

    def _must_exist(self, name: str) -> None:
        if name not in self.book.ids:
            raise IncidentError(
                f"there is no incident {safe(name, 60)}", "warroom incidents lists them"
            )

    def must_be_open(self) -> None:
        """While the journal could not be read, what there is is not known: nothing is numbered."""
        if not self._loaded:
            raise JournalError(
                "the journal has not been read yet", "the room says above what is wrong with it"
            )

    def known(self, once: str) -> Entry | None:
        """What was written under that name already. Raises ``WaitsError`` when it waits to be."""
        if not once:
            return None
        if any(draft.once == once for draft in self.keeper.waiting):
            raise WaitsError("it waits in memory, NOT on disk; see above")
        return self.book.by_once(once)

    def answer(self, ref: int, entry: Entry, words: str) -> Answer:
        incident = self.book.incident(entry.incident)
        return Answer(ref=ref, ok=True, message=words, entry=entry, incident=incident)

    def _written(self, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            self.book.take(entry)
        self._heard(entries)
        self._changed(False)

    def _load(self, store: Store) -> Loaded:
        now = self._clock.now()
        return load(store, lately(now, latest(self._procedures)), self._stays)

    def _stays(self, incident: Incident) -> bool:
        """Whether there is still something to be done about one that is over: a message is to be
        sent, or what is due afterwards is not done, and that is not too long ago."""
        left = asked(incident, self._procedures, self._clock.now())
        return bool(left or outgoing(incident))

    def _take_up(self, loaded: Loaded) -> None:
        self.book.load(loaded)
        self._loaded = True
        self._heard(loaded.acts)
        self.began()
        self._chronicle.begins()
        self._changed(True)
