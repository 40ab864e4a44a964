"""What is made late: it loads drivers, which no engine should pay for at its start."""

from collections.abc import Callable, Mapping
from pathlib import Path

from warroom.actions.hand import Hand, Live
from warroom.actions.hand import Tools as HandTools
from warroom.checks.check import Check
from warroom.checks.check import Tools as CheckTools
from warroom.clock import Clock
from warroom.comms.sender import Sender
from warroom.config.load import Config
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.engine.aside import aside
from warroom.incident.acting.kinds import ActionView


class Making:
    """``folder`` is the configuration's."""

    def __init__(self, folder: Path, clock: Clock, masker: Masker) -> None:
        self._folder, self._clock, self._masker = folder, clock, masker
        self._network = Network()

    def senders(self, config: Config) -> Mapping[str, Sender]:
        """What sends messages; blocks. httpx and the mail library take 60 ms to load (measured)."""
        from warroom.comms.senders.making import make_senders

        return make_senders(
            config.receivers,
            config.procedures.receivers,
            self._network,
            self._folder,
            self._masker.add,
        )

    async def hands(
        self,
        config: Config,
        views: Mapping[str, ActionView],
        live: Callable[[str], tuple[Live, ...] | None],
        age: Callable[[str], float | None],
    ) -> dict[str, Hand]:
        """What does the work of the configured actions; ``live`` and ``age`` are of sources."""
        tools = HandTools(
            network=self._network,
            folder=self._folder,
            mask=self._masker.add,
            masked=self._masker.mask,
            clock=self._clock,
            settings=lambda name: config.sources[name],
            live=live,
            age=age,
            identity={one.source: one.wanted for one in config.room.expect_identity},
        )

        def make() -> dict[str, Hand]:
            from warroom.actions.making import make_hands

            return make_hands(config.actions, views, tools)

        return await aside(make, "warroom-hands")

    async def checks(self, config: Config) -> dict[str, Check]:
        """What does the work of the configured checks."""
        tools = CheckTools(
            network=self._network,
            folder=self._folder,
            mask=self._masker.add,
            masked=self._masker.mask,
            clock=self._clock,
            settings=lambda name: config.sources[name],
        )

        def make() -> dict[str, Check]:
            from warroom.checks.making import make_checks

            return make_checks(config.checks, tools)

        return await aside(make, "warroom-checks")
