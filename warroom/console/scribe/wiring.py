"""How the desk is joined to the console: what it sends through, and who follows it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

from warroom.console.commands.sources import may_only_watch
from warroom.console.scribe.desk import Desk
from warroom.console.scribe.kept import Kept
from warroom.errors import EngineError
from warroom.wire import Answer, Request

if TYPE_CHECKING:
    from warroom.console.app import Console
    from warroom.console.scribe.keeper import Drafts


def desk_of(console: "Console") -> Desk:
    """The console's desk."""

    async def send(request: Request) -> Answer:
        if console.link is None:
            raise EngineError("the engine is not there yet")
        return await console.link.request(request)

    return Desk(
        console.clock,
        send=send,
        spawn=lambda work: console.run_worker(work, name="desk", exit_on_error=False),
        say=lambda words, bad: console.say(words, bad=bad),
        changed=lambda kept: follow(console, kept),
    )


def follow(console: "Console", kept: Kept) -> None:
    """Every screen's line shows the same words, and the console what is not saved."""
    console.outgoing = kept.outgoing
    for screen in console.watching_screens:
        screen.scribe.follow(kept)


def hold(console: "Console", drafts: "Drafts") -> None:
    """From now on what is typed is held by ``drafts``; what was left behind comes back."""

    def found(kept: Kept) -> None:
        console.desk.adopt(kept, drafts.keep)

    def from_thread(call: Callable[[], None]) -> None:
        loop = console._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call)

    drafts.start(
        lambda kept: from_thread(lambda: found(kept)),
        lambda words: from_thread(lambda: console.say(words, bad=True)),
    )


def take_paste(console: "Console", event: events.Paste) -> bool:
    """A paste that no field awaits is a draft, at once: what is typed right behind belongs to it.
    Whether it was one; under a dialog it is the dialog's."""
    if console.watching is None or isinstance(console.focused, Input):
        return False
    refused = may_only_watch(console)
    if refused:
        console.say(refused, bad=True)
    elif event.text:
        console.watching.scribe.take(event.text)
    return True
