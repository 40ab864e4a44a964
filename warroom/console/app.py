"""The console itself: it joins link, state, screens and commands, and holds none of them.

The first frame is painted from the few sections of the configuration the console reads by
itself; the link to the engine starts after it.
"""

import gc
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker, WorkerFailed, WorkerState

from warroom.clock import Clock
from warroom.config.key_ids import given
from warroom.config.local import LocalConfig
from warroom.console.bound import bound
from warroom.console.calling import Caller, notification
from warroom.console.commands import COMMANDS, FIRST, LAST
from warroom.console.commands.base import Command
from warroom.console.look import Look
from warroom.console.messages import EngineSaid, Link, LinkEnded, LinkLost
from warroom.console.output.telling import EVERY, Telling
from warroom.console.paged import Paged
from warroom.console.pages import Pages
from warroom.console.playbooks.books import Books
from warroom.console.screens.room import RoomScreen, Watching
from warroom.console.scribe.kept import Unsaved
from warroom.console.scribe.wiring import desk_of, hold, take_paste
from warroom.console.state import RoomState
from warroom.console.themes.made import THEMES
from warroom.console.themes.mono import Uncoloured
from warroom.console.turns import Turns
from warroom.errors import WarroomError
from warroom.incident.entries import Said
from warroom.incident.incident import Incident
from warroom.text import safe
from warroom.wire import Board, Request, SourceView
from warroom.zone import IN_UTC, Zone, zone_named

if TYPE_CHECKING:
    from warroom.console.panels import PanelTypes
    from warroom.console.scribe.keeper import Drafts


class Console(Paged):
    """One person's view of a room."""

    TITLE = "warroom"
    CSS_PATH = "console.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = []
    BINDINGS = [
        *(command.binding() for command in COMMANDS),
        bound("room.leave", "app.leave_room", priority=True),
        bound("room.close", "app.close"),
        bound("room.palette", "app.palette"),
        *(bound(f"room.panel_{n}", f"app.focus_panel({n})") for n in range(1, 11)),
    ]

    chosen: reactive[str] = reactive("", init=False, repaint=False)
    """The id of the incident that was chosen to be shown; empty for the one that is open."""
    outgoing: reactive[tuple[Unsaved, ...]] = reactive((), init=False, repaint=False)
    """What was posted here and is not known to be durable, the oldest first."""
    in_local: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the timeline tells its times in the person's own zone, and a bare one is read so."""
    books: reactive[Books] = reactive(Books, init=False, repaint=False)
    """The playbooks as they were asked for, and what this console does with them."""

    def __init__(
        self,
        local: LocalConfig,
        link: Callable[[], Link],
        panels: Callable[[], "PanelTypes"],
        clock: Clock,
        *,
        look: Look | None = None,
        extra: Sequence[Command] = (),
        drafts: "Callable[[], Drafts] | None" = None,
        shared: bool = False,
        recorded: bool = False,
        themes: Sequence[Theme] = THEMES,
        uncoloured: str = "",
        greeting: str = "",
        report: Callable[[Exception], str],
    ) -> None:
        """``link`` and ``panels`` are called after the first paint: what they load may take
        its time.
        ``shared`` is whether others see the screen from the start, ``recorded`` whether it is so
        because it is recorded.
        ``drafts`` holds what is typed; without it, it is lost with the console.
        ``themes`` are those to choose from, of which the file names one, or else it is the
        first. ``uncoloured`` says why there are no colours; it is empty where there are.
        ``greeting`` is said once the first frame is painted.
        ``report`` keeps an exception somewhere and says where, in a line."""
        super().__init__()
        self.local = local
        self.link: Link | None = None
        self._make_link = link
        self._make_drafts = drafts
        self.clock = clock
        self.desk = desk_of(self)
        self.turns = Turns(self, self._hear)
        self.commands = (*FIRST, *extra, *LAST)
        self.keys = given(local.keys)
        self.look = replace(look or Look(), keys=self.keys)
        self.pages = Pages(local.pages, panels)
        self._report = report
        self._failed = False
        self._telling = Telling()
        self.zone = IN_UTC
        """The zone that is told beside UTC; known after the first paint."""
        self.painted = False
        """Whether the first frame was painted: what it need not have waits for it."""
        self.leaving = False
        """Whether it was told to end: a screen that is not whole yet never will be."""
        self.caller = Caller()
        self.recorded = recorded
        """Whether a recorder of terminals runs, as far as the environment tells."""
        self.set_reactive(Console.room, RoomState(shared=shared))
        self.desk.hide(shared)
        self.last_words = ""
        """What to say on standard error once the terminal is as it was."""
        # Before the stylesheet is read: it uses the themes' variables.
        self.themes = tuple(theme.name for theme in themes)
        for theme in themes:
            self.register_theme(theme)
        # Without its watcher, which would read the stylesheet a second time at the start.
        named = local.console.theme
        self.set_reactive(App.theme, named if named in self.themes else self.themes[0])
        self.uncoloured: str = uncoloured
        self._greeting = greeting
        self._uncolour = (Uncoloured(),) if uncoloured else ()
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(not self.look.unicode, "-ascii")
        # What slides or scrolls smoothly sends many frames for one.
        self.animation_level = "none"
        for command in extra:
            self.bind(command.key, f"app.command({command.id!r})", show=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return (*super().get_line_filters(), *self._uncolour)

    # life ------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[None]:
        # Empty frames at first: the panels are looked for after the first paint.
        return RoomScreen(self.pages.frames())

    def on_mount(self) -> None:
        self.set_keymap(self.keys)
        # After the first paint: a person sees the room at once, whatever the engine does.
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        if self.leaving:
            return
        gc.freeze()
        gc.enable()
        self.painted = True
        self.zone = zone_named(self.local.console.zone, os.environ)
        if self.zone.problem:
            self.say(self.zone.problem, bad=True)
        for screen in self.watching_screens:
            screen.fill()
        self.show_page()
        self._tick()
        if self._greeting:
            self.say(self._greeting, bad=True)
        self.set_interval(EVERY, self._tell_terminal)
        try:
            self.link = self._make_link()
            if self.room.shared:
                self.link.share(True)
        except WarroomError as error:
            self.post_message(LinkEnded(error.explain(), error.exit_code))
        else:
            self.run_worker(self.link.run(self), name="link", exit_on_error=False)
        if self._make_drafts is not None:
            hold(self, self._make_drafts())

    def _tick(self) -> None:
        """Once a second, just after the second turned."""
        now = self.clock.now()
        for screen in self.watching_screens:
            # Those under a dialog too: people copy times from what is behind it.
            screen.tick(now)
        self._call_if_worse()
        if self.output is not None and self.watching:
            self.set_class(self.output.flow.slow, "-slow")
        self.set_timer(1.02 - now.microsecond / 1e6, self._tick)

    def leave(self, code: int = 0) -> None:
        """End the console; the engine lives on by its own rules."""
        self.leaving = True
        self.last_words = self.last_words or self.desk.farewell()
        self.exit(code, return_code=code)

    def ask_to_leave(self) -> None:
        """``leave``, after a question where an incident is open, an action runs or something is
        still on. A signal never asks."""
        from warroom.console.leaving import under_way  # not before it is needed

        if not under_way(self.room):
            self.leave()
            return
        from warroom.console.screens.leave import LeaveScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self.leave()

        self.push_screen(LeaveScreen(), answered)

    def action_leave_room(self) -> None:
        """The key that leaves from every screen; on the question, the answer."""
        again = getattr(self.screen, "again", None)
        if again is None:
            self.ask_to_leave()
        else:
            again()

    def leave_from_thread(self, code: int) -> None:
        """``leave``, from a signal handler or another thread; returns at once."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.leave, code)

    def _handle_exception(self, error: Exception) -> None:
        # Told to end while a screen is being opened, Textual composes none of it any more, but
        # says that it is there; and a key that is typed then looks for a screen where none is
        # left. Nothing of ours has failed, and the exit code stands.
        if not (self.leaving and isinstance(error, (NoMatches, ScreenStackError))):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print the traceback with every local variable, secrets included. It
        # comes here for every widget that fails on the way out; the first one counts.
        if not self._failed:
            self._failed = True
            self.last_words = self._words_for(self._exception)
        self._close_messages_no_wait()

    def _words_for(self, error: BaseException | None) -> str:
        if isinstance(error, WorkerFailed):
            error = error.error  # which has the traceback
        if not isinstance(error, Exception):
            return f"warroom: the console failed ({type(error).__name__})"
        told = f"{self._report(error)}\nThe engine is unharmed; type warroom to come back."
        return self._own(told)

    def _own(self, words: str) -> str:
        """Words that no engine has masked: paths of crash files, drafts, themes."""
        if not self.room.shared:
            return words
        from warroom.sharing.telling import homeless  # not before the first frame

        return homeless(words)

    def panic(self, *renderables: object) -> None:
        # Textual's input thread comes here with a ready traceback when it cannot read the
        # terminal any more; what it knows is in the exception, and the terminal is gone.
        self.last_words = "warroom: the terminal could not be read any more"
        self._close_messages_no_wait()

    # the engine ------------------------------------------------------------------------

    def on_engine_said(self, message: EngineSaid) -> None:
        state = self.room
        if message.shared != state.shared:
            return  # it was on its way when the screen was shared
        for part in message.parts:
            state = state.taking(part, self.clock.monotonic())
        self.room = state.lean(self.chosen, self.clock.now())
        self.desk.hear(message.parts)
        self._call_if_worse()
        if self.books.was_asked and any(isinstance(part, Board) for part in message.parts):
            from warroom.console.playbooks.asking import ask  # not before one has asked

            ask(self, anew=True)

    def on_link_lost(self, message: LinkLost) -> None:
        self.room = self.room.losing(self._own(message.reason))
        self._telling.forget()

    def on_link_ended(self, message: LinkEnded) -> None:
        """The engine cannot be had: say why once the screen is gone."""
        self.last_words = self._own(message.reason)
        self.leave(message.code)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """No background task fails unheard; without the link there is no console."""
        if event.state is not WorkerState.ERROR:
            return
        words = self._words_for(event.worker.error)
        if event.worker.name == "link":
            self.last_words = words
            self.leave(1)
        else:
            self.say(words, bad=True)

    def watch_room(self, state: RoomState) -> None:
        for screen in self.watching_screens:
            screen.show(state)

    def watch_chosen(self) -> None:
        self.watch_room(self.room)

    @property
    def zone_shown(self) -> Zone:
        """The zone of the timeline's times, and of one that is typed and does not say its own."""
        return self.zone if self.in_local else IN_UTC

    def _call_if_worse(self) -> None:
        call = self.caller.hear(self.room, self.clock.monotonic())
        if call is not None:
            self.call_out(call)

    def call_out(self, source: SourceView) -> None:
        """Ring, once, in the way the configuration chose."""
        kind = self.local.console.call
        if kind == "bell":
            self.bell()
        elif kind == "osc9" and self._driver is not None:
            self._driver.write(notification(source, self.look))

    def copy_to_clipboard(self, text: str) -> None:
        # Textual's own fields come here too: with whatever was pasted into them, and on terminals
        # that would print it.
        from warroom.console.table.clipboard import to_paste

        text = to_paste(text)
        if self.look.no_clipboard:
            self._clipboard = text
        else:
            super().copy_to_clipboard(text)

    def ask(self, request: Request) -> None:
        """Send a request; its answer is shown when it comes."""
        self.run_worker(self._ask(request), exit_on_error=False)

    async def _ask(self, request: Request) -> None:
        if self.link is None:
            return
        try:
            answer = await self.link.request(request)
        except WarroomError as error:
            self.say(error.explain(), bad=True)
            return
        if answer.message:
            self.say(answer.message, bad=not answer.ok)

    @property
    def incident(self) -> Incident | None:
        """The incident that is shown."""
        return self.room.shown(self.chosen, self.clock.now())

    def post(
        self, body: Said, *, happened: datetime | None = None, incident: str = "", shown: str = ""
    ) -> None:
        """Write an entry into ``incident``, or into the one that is shown; until it is durable it
        is ``outgoing``, where it reads as ``shown``. What is said of it is said when it comes."""
        one = self.incident
        name = incident or (one.id if one else "")
        self.desk.post(body, name, happened=happened, shown=shown)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            self.forget_screen()  # terminals wrap or cut what they showed, each in its way
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.turns.take(event)
        else:
            await super().on_event(event)

    async def _hear(self, event: events.Event) -> None:
        if not (isinstance(event, events.Paste) and take_paste(self, event)):
            await super().on_event(event)

    async def _tell_terminal(self) -> None:
        if self.output is not None and self.link is not None:
            await self._telling.tell(self.output, self.link, self.size)

    def say(self, words: str, *, bad: bool = False) -> None:
        """A short word to the person, gone after a while."""
        words = self._own(words)
        text = self.look.plain(" ".join(safe(line, 400) for line in words.splitlines()))
        self.notify(text, severity="warning" if bad else "information", markup=False, timeout=8)

    # commands --------------------------------------------------------------------------

    def action_command(self, name: str) -> None:
        """Run a command by its id, or say why it is refused."""
        command = next(command for command in self.commands if command.id == name)
        reason = command.refused(self)
        if reason:
            self.say(reason, bad=True)
        else:
            command.run(self)

    def action_palette(self) -> None:
        """All commands by name."""
        if self.watching:
            from warroom.console.screens.palette import PaletteScreen  # not before it is asked for

            def run(name: str | None) -> None:
                if name is not None:
                    self.action_command(name)

            refusals = {one.id: one.refused(self) for one in self.commands}
            self.push_screen(PaletteScreen(refusals), run)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under a dialog no command of the room runs: its keys are the dialog's."""
        if action in ("command", "focus_panel", "close", "palette"):
            return isinstance(self.screen, Watching)
        return super().check_action(action, parameters)
