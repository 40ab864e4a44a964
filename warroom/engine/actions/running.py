"""One run: its task, its output, how it stands. It goes on whoever leaves."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from warroom.actions.hand import Result, Stage, Work
from warroom.clock import Clock
from warroom.connect.output import Output
from warroom.engine.actions.judging import Watcher
from warroom.engine.actions.planning import Held
from warroom.errors import ActionError
from warroom.incident.acting.kinds import OutcomeWord
from warroom.incident.acting.runs import RunState, RunView
from warroom.incident.actor import Actor
from warroom.measure.verdict import Judgement

LOOKED = 5.0
"""Seconds in which the world must have been looked at once more, right before a step."""
PATIENCE = 2.0
"""Seconds beyond a step's own deadline in which it may say by itself what came of it."""


class Run:
    """A plan that was confirmed, on its way. ``changed`` is called with every change."""

    def __init__(
        self,
        name: str,
        held: Held,
        actor: Actor,
        began: tuple[datetime, float],
        clock: Clock,
        masked: Callable[[str], str],
        changed: Callable[["Run"], None],
        watcher: Watcher,
    ) -> None:
        self.name, self.held, self.actor = name, held, actor
        self.began, self._monotonic = began
        self.watcher = watcher
        self.result: Result | None = None
        self.judgement: Judgement | None = None
        self.ended: float | None = None
        self.seq = 0
        self.task: asyncio.Task[None] | None = None
        self._clock, self._changed = clock, changed
        self.output = Output(masked, self.touch)
        self._state: RunState = "running"
        self._step = ""
        self._hand: asyncio.Future[bool] | None = None
        self._by = ""
        """Who had it ended; empty while nobody did."""
        self._inside = False
        """Whether a step is under way, which is ended by cancelling the task."""
        self._left = False
        """Whether a step said that from here on it may have an effect."""
        self.begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done when it is durable that it begins, with a warning perhaps; or why it does not."""
        self.begun.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._limit = sum(work.step.deadline for work in held.works)

    def touch(self) -> None:
        """Something of it changed."""
        self._changed(self)

    @property
    def seconds(self) -> float:
        return (self.ended or self._clock.monotonic()) - self._monotonic

    @property
    def actions(self) -> frozenset[str]:
        """The action, and those that are its steps."""
        plan = self.held.plan
        return frozenset((plan.action, *(step.action for step in plan.steps)))

    @property
    def ended_by(self) -> str:
        """Who had it ended; empty while nobody did."""
        return self._by

    @property
    def perhaps(self) -> bool:
        """Whether it may have done what it is for, and nobody knows."""
        result = self.result
        if result is None or result.outcome == "unknown":
            return result is not None
        return result.outcome in ("timed out", "cancelled") and self._left and result.touched != 0

    def cancel(self, by: str) -> None:
        """End it: what runs is ended, and what is known of its effect is said. One that has not
        begun yet does not."""
        if self.result is None and not self._by:
            self._by = by
            if self._inside and self.task is not None:
                self.task.cancel()

    def tick(self, done: bool, by: str) -> bool:
        """The step that waits for a person was done, or not; whether there is one."""
        if self._hand is None or self._hand.done():
            return False
        self.output.say(f"{by}: {'done' if done else 'not done'}")
        self._hand.set_result(done)
        return True

    async def go(self) -> Result:
        """Every step, until one does not succeed. Never raises but what is our own fault."""
        results: list[Result] = []
        works = self.held.works
        for at, work in enumerate(works, 1):
            self._step = f"{at} of {len(works)}: {work.step.title}" if len(works) > 1 else ""
            self.touch()
            if len(works) > 1:
                self.output.say(f"--- {self._step}")
            results.append(await self._step_of(work, first=at == 1))
            if results[-1].outcome != "succeeded":
                break
        self.result = _whole(results, [work.step.title for work in works])
        self.ended, self._state = self._clock.monotonic(), "ended"
        self.watcher.ends(self.ended)
        self.touch()
        return self.result

    async def _step_of(self, work: Work, *, first: bool) -> Result:
        """One step. The world was looked at right before the first; it is once more before each of
        the others, for the one before may have changed it."""
        if self._by:
            return self._not_begun()
        if not first:
            try:
                async with asyncio.timeout(LOOKED):
                    await work.check()
            except ActionError as error:
                return Result("failed", f"not done: {error}", 0)
            except TimeoutError:
                return Result("failed", f"not done: it could not be looked at in {LOOKED:g} s", 0)
        return await self._one(work)

    def fails(self, words: str) -> None:
        """It broke by our own fault: what of it was done, nobody knows."""
        self.result = Result("unknown", words)
        self.ended, self._state = self._clock.monotonic(), "ended"
        self.watcher.ends(self.ended)

    async def _one(self, work: Work) -> Result:
        stage = Stage(output=self.output, begins=self._leaves, by_hand=self._by_hand)
        self._inside = True
        try:
            async with asyncio.timeout(work.step.deadline + PATIENCE):
                return await work.run(stage)
        except TimeoutError:
            return work.cut("timed out")
        except asyncio.CancelledError:
            if not self._by:
                raise
            found = work.cut("cancelled")
            return Result(
                found.outcome, f"by {self._by}: {found.text}", found.touched, found.refused
            )
        finally:
            self._inside = False

    def _not_begun(self) -> Result:
        return Result("cancelled", f"by {self._by}: nothing was run", 0)

    async def _leaves(self) -> None:
        """A step's last word before its first byte. That it begins was made durable before."""
        self._left = True

    async def _by_hand(self, words: str) -> bool:
        self._hand = asyncio.get_running_loop().create_future()
        self._state = "waiting"
        self.output.say(words)
        try:
            return await self._hand
        finally:
            self._state = "running"
            self.touch()

    @property
    def view(self) -> RunView:
        """As consoles see it."""
        plan, result, judgement = self.held.plan, self.result, self.judgement
        left = None if result is not None else max(self._limit - self.seconds, 0.0)
        watching = result is not None and judgement is None and self.watches
        return RunView(
            run=self.name,
            action=plan.action,
            title=plan.title,
            danger=plan.danger,
            by=self.actor.person,
            began=self.began,
            seq=self.seq,
            incident=plan.incident,
            digest=plan.digest,
            reach=plan.reach,
            state=self._state,
            step=self._step,
            left=left,
            outcome=result.outcome if result else None,
            text=result.text if result else "",
            seconds=round(self.seconds, 2) if result else None,
            refused=result.refused if result else (),
            head=tuple(self.output.head),
            tail=tuple(self.output.tail),
            dropped=self.output.dropped,
            watching=self.watcher.picture if watching else "",
            verdict=judgement.word if judgement else None,
            verdict_text=judgement.words if judgement else "",
            undo=self.held.view.undo,
            undo_values=self.held.undo_values,
        )

    @property
    def watches(self) -> bool:
        """Whether the signals are asked what came of it: nobody asks after what was not done."""
        watched: tuple[OutcomeWord, ...] = ("succeeded", "unknown", "timed out")
        result = self.result
        return bool(self.watcher.sources) and result is not None and result.outcome in watched


def _whole(results: "list[Result]", titles: "list[str]") -> Result:
    """What several steps come to: the last one's outcome, with what was done before it."""
    last = results[-1]
    if len(titles) == 1:
        return last
    touched = [one.touched for one in results]
    count = None if None in touched else sum(one for one in touched if one is not None)
    refused = tuple(word for one in results for word in one.refused)
    if last.outcome == "succeeded":
        return Result("succeeded", f"all {len(titles)} steps; {last.text}", count, refused)
    done, left = len(results) - 1, titles[len(results) :]
    words = f"step {len(results)} of {len(titles)} ({titles[len(results) - 1]}): {last.text}"
    words += f"; {done} done before it" if done else "; nothing done before it"
    words += f"; not done: {', '.join(left)}" if left else ""
    return Result(last.outcome, words, count, refused)
