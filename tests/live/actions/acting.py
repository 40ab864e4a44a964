"""One configured action, as the engine has it: from the file to its plan, its check and its run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from warroom.actions.hand import Hand, Live, Result, Stage, Tools, Work
from warroom.actions.making import make_hands
from warroom.actions.values import checked
from warroom.clock import SystemClock
from warroom.config.actions_facts import action_views
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.connect.output import Output
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import PlanStep
from warroom.sources.registry import discover

CANARY = "canary-7f3a91-secret"
"""Stands in every secret; nobody may ever see it."""
ITEMS = '[sources.deploys]\nkind = "command"\nargv = ["true"]\n'
"""A source whose rows can be chosen."""


@dataclass
class Run:
    """What a person is shown of a run, and what came of it."""

    step: PlanStep
    output: Output
    begun: int = 0
    work: Work | None = None
    result: Result | None = None
    by_hand: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """All that is told of it, everywhere."""
        return "\n".join([*map(repr, (self.step, self.result)), self.output.text])

    @property
    def came(self) -> str:
        assert self.result is not None
        return self.result.outcome


class Acting:
    """``[actions.it]``, and what it may use. ``rows`` is what its source shows."""

    def __init__(
        self, folder: Path, table: str, network: Network | None = None, **secrets: str
    ) -> None:
        for name, value in secrets.items():
            path = folder / name
            path.write_text(value)
            path.chmod(0o600)
        head = f'version = 1\n[room]\nname = "shop"\n{ITEMS}'
        text = f'{head}[actions.it]\ntitle = "It"\n{table}\n'
        config = validate(parse(folder / "warroom.toml", text.encode(), mode=0o600), discover())
        self.masker = Masker()
        for secret in config.clear:
            self.masker.add(secret)
        self.rows: tuple[Live, ...] | None = ()
        self.view: ActionView = action_views(config.actions, {"deploys": "command"})[0]
        tools = Tools(
            network=network or Network(),
            folder=folder,
            mask=self.masker.add,
            masked=self.masker.mask,
            clock=SystemClock(),
            settings=lambda name: config.sources[name],
            live=lambda _: self.rows,
            age=lambda _: 1.0,
        )
        self.hand: Hand = make_hands(config.actions, {"it": self.view}, tools)["it"]

    async def plan(self, **values: str) -> Run:
        """The values checked, and what it would do. Raises ``ActionError``."""
        known = checked(self.view.parameters, values, lambda _: self.rows)
        work = await self.hand.plan(known)
        return Run(work.step, Output(self.masker.mask, lambda: None), work=work)

    async def run(
        self,
        run: Run | None = None,
        *,
        refuses: Exception | None = None,
        by_hand: Callable[[], bool] = bool,
        **values: str,
    ) -> Run:
        """Planned, looked at again, and run."""
        run = run or await self.plan(**values)

        async def begins() -> None:
            run.begun += 1
            if refuses is not None:
                raise refuses

        async def asked(words: str) -> bool:
            run.by_hand.append(words)
            return by_hand()

        assert run.work is not None
        await run.work.check()
        run.result = await run.work.run(Stage(output=run.output, begins=begins, by_hand=asked))
        return run
