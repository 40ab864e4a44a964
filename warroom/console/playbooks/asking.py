"""Asking the engine for playbooks, and telling it what was done of one."""

from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from warroom.console.incident.asking import answer_of
from warroom.console.playbooks.books import ASKING, Result, Sent
from warroom.console.playbooks.facts import Scene
from warroom.console.playbooks.walk import Walk
from warroom.errors import EngineError, WarroomError
from warroom.incident.following import Followed, PlaybookStep, StepState
from warroom.incident.incident import Incident
from warroom.playbooks.playbook import Step
from warroom.wire import GetPlaybooks, RunCheck

if TYPE_CHECKING:
    from warroom.console.app import Console


def ask(console: "Console", *, anew: bool = False) -> None:
    """Have all playbooks and how they stand; one asking at a time is enough, but ``anew``: what
    was asked before may be answered from the configuration before."""
    if anew or console.books.said != ASKING:
        console.books = replace(console.books, said=ASKING)
        console.run_worker(_ask(console), exit_on_error=False)


async def _ask(console: "Console") -> None:
    answer = await answer_of(console, GetPlaybooks(ref=0))
    books = console.books
    if answer.shelf is not None:
        now = console.clock.now()
        console.books = replace(books, shelf=answer.shelf, said="", came=now)
    else:
        words = answer.message or "the engine has not said what playbooks there are"
        console.books = replace(books, said=words)


def begin(console: "Console", name: str, title: str, incident: str) -> None:
    """Somebody follows a playbook in this incident from now on; what held for it is kept."""
    fits = next((one for one in console.room.proposals if one.playbook == name), None)
    evidence = fits.evidence if fits is not None else ()
    body = Followed(playbook=name, title=title, evidence=evidence)
    _post(console, body, incident, f"follow {title}")
    console.books = replace(console.books, current=name)


def leave(console: "Console", walk: Walk, incident: str) -> None:
    """Nobody follows it any more; what was done of it stays known."""
    body = Followed(playbook=walk.name, title=walk.title, state="left")
    _post(console, body, incident, f"leave {walk.title}")


def tell(console: "Console", walk: Walk, step: Step, state: StepState, incident: Incident) -> None:
    """A step is done, did not help, was passed over, is watched, or is open again."""
    body = PlaybookStep(playbook=walk.name, step=step.text, state=state)
    _post(console, body, incident.id, f"{step.text}: {state}")


def _post(console: "Console", body: Followed | PlaybookStep, incident: str, shown: str) -> None:
    sent = Sent(incident, body, console.clock.now())
    console.books = console.books.sending(sent)
    console.post(body, incident=incident, shown=shown)


def check(console: "Console", scene: Scene, step: Step) -> None:
    """Have the step's check run, or its source asked; it goes on while one does other things."""
    key, shown = scene.key(step), scene.incident
    console.books = console.books.began(key)
    request = RunCheck(
        ref=0,
        once=uuid4().hex,
        check=step.check,
        probe=step.probe,
        incident=shown.id if shown is not None and shown.open else "",
        playbook=scene.walk.name,
        step=step.text,
    )
    console.run_worker(_check(console, key, request), exit_on_error=False)


async def _check(console: "Console", key: str, request: RunCheck) -> None:
    result = await _result(console, request)
    console.books = console.books.ended(key, result)
    if not result.ok:
        console.say(result.words, bad=True)


async def _result(console: "Console", request: RunCheck) -> Result:
    """What came of it: what was sent and not answered may have been run all the same."""
    try:
        if console.link is None:
            raise EngineError("the engine is not there")
        answer = await console.link.request(request)
    except WarroomError as error:
        words = f"no answer: {error}. A check only reads: Enter asks again"
        return Result(False, words, "", console.clock.now())
    words = answer.message
    if not answer.ok and answer.ran is None:
        words = f"not run: {words or 'the engine has refused it'}"
    return Result(answer.ok, words, answer.text, console.clock.now())
