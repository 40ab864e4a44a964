"""What is known now of the room in which an action is planned and run."""

import math

from warroom.actions.hand import Live
from warroom.config.load import Config
from warroom.config.settings import RoomSettings
from warroom.engine.actions.identity import Proven, proven
from warroom.engine.actions.live import live
from warroom.engine.board import Board
from warroom.engine.incidents import Incidents
from warroom.errors import ActionError
from warroom.incident.incident import Incident
from warroom.severity import UNSEEN
from warroom.wire import SourceView


class Surroundings:
    """The configuration in force, the sources' newest snapshots, the incidents."""

    def __init__(self, board: Board, incidents: Incidents) -> None:
        self._board, self._incidents = board, incidents
        self._config: Config | None = None

    def configure(self, config: Config) -> None:
        self._config = config

    @property
    def config(self) -> Config:
        """Raises ``ActionError`` before there is one."""
        if self._config is None:
            raise ActionError("no configuration has been read yet")
        return self._config

    @property
    def room(self) -> RoomSettings:
        return self.config.room

    def unchanged(self, config: Config) -> None:
        """Raises ``ActionError`` unless that configuration is still the one in force."""
        if config is not self._config:
            raise ActionError("the configuration was reloaded meanwhile", "look again")

    def proof(self) -> Proven:
        """Whether this is the environment it is called."""
        return proven(self._board.room(), self._board.views(), self.room.expect_identity)

    def figure(self, signal: str) -> float | None:
        """A signal's figure; the last one that was known where it cannot be seen now, None where
        there never was one."""
        view = self.source(signal.partition(".")[0]) if signal else None
        found = view.signal(signal.partition(".")[2]) if view is not None else None
        if view is None or found is None:
            return None
        if view.state != UNSEEN and found.value is not None and math.isfinite(found.value):
            return found.value
        known = [value for value in found.trend if value is not None and math.isfinite(value)]
        return known[-1] if known else None

    def source(self, name: str) -> SourceView | None:
        return next(iter(self._board.views(frozenset((name,)))), None)

    def live(self, name: str) -> tuple[Live, ...] | None:
        """What that source shows now."""
        return live(self.source(name))

    def age(self, name: str) -> float | None:
        """How many seconds ago it was seen."""
        view = self.source(name)
        return view.age if view is not None else None

    async def incident(self, name: str) -> Incident | None:
        """The incident of that id as it stands; None where none is named. Raises ``ActionError``
        where nothing is to be done in it any more."""
        self._incidents.must_be_open()
        if not name:
            return None
        incident = await self._incidents.ahead(name)
        if incident.resolved is not None:
            raise ActionError(f"{incident.id} is resolved", "reopen it, or act without an incident")
        return incident

    @property
    def open(self) -> tuple[Incident, ...]:
        """The incidents that are open."""
        return self._incidents.book.open
