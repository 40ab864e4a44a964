"""What the executor writes into the journal, and what it reads there of what is still on."""

from warroom.clock import Clock
from warroom.engine.actions.log import ActionLog
from warroom.engine.book import provisional
from warroom.engine.history import Journal
from warroom.incident.acting.bodies import ActionFinished, StillOn
from warroom.incident.acting.still_on import On, after
from warroom.incident.actor import Actor
from warroom.incident.entries import Body, Draft, Entry


class Writing:
    """Entries go to the keeper; ``log`` is what came back durable."""

    def __init__(self, keeper: Journal, clock: Clock) -> None:
        self._keeper, self._clock = keeper, clock
        self.log = ActionLog()

    @property
    def on(self) -> tuple[On, ...]:
        """What is still on; with what waits for room on the disk, for that is on as well."""
        on = self.log.on
        for draft in self._keeper.waiting:
            if isinstance(draft.body, ActionFinished | StillOn):
                on = after(on, provisional(draft, 0))
        return on

    def on_named(self, name: str) -> On | None:
        return next((one for one in self.on if one.name == name), None)

    async def write(self, incident: str, actor: Actor, body: Body, once: str = "") -> Entry:
        """Make it durable. Raises ``JournalError``, ``WaitsError`` as the keeper does."""
        entries = await self._keeper.write([self._draft(incident, actor, body, once)])
        return entries[0]

    def keep(self, incident: str, actor: Actor, body: Body) -> None:
        """Make it durable; nobody waits for it."""
        self._keeper.keep([self._draft(incident, actor, body, "")])

    def _draft(self, incident: str, actor: Actor, body: Body, once: str) -> Draft:
        return Draft(
            incident=incident, happened=self._clock.now(), actor=actor, body=body, once=once
        )
