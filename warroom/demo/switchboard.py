"""Which faults are on, and the one way to change it."""

import asyncio
import logging
from collections.abc import Sequence
from difflib import get_close_matches

from warroom.demo import switches
from warroom.demo.errors import DemoError, UnchangedError
from warroom.demo.faults import KNOWN
from warroom.demo.messages import FaultState
from warroom.demo.parts import Parts

log = logging.getLogger(__name__)


class Switchboard:
    """Switches faults one at a time, and remembers which are on."""

    def __init__(self, parts: Parts, turn: asyncio.Lock | None = None) -> None:
        """`turn` is shared with who must not act while a fault is switched."""
        self._parts = parts
        self._faults = {fault.name: fault() for fault in KNOWN}
        self._on: set[str] = set()
        self._turn = turn or asyncio.Lock()

    def states(self) -> tuple[FaultState, ...]:
        """Every fault, in the order they are listed."""
        return tuple(
            FaultState(fault.name, fault.title, fault.name in self._on)
            for fault in self._faults.values()
        )

    def in_order(self, names: Sequence[str]) -> list[str]:
        """These faults so that each can begin: those that take a store away come last."""
        return sorted(names, key=lambda name: self._faults[name].stops_store)

    async def switch(self, name: str, on: bool) -> str:
        """Switch a fault and say what was done; DemoError for a name nobody knows."""
        require_known(name)
        fault = self._faults[name]
        async with self._turn:
            if (name in self._on) == on:
                return f"{name} is {'on' if on else 'off'} already"
            if on:
                self._on.add(name)  # what fails half way is on too: off heals it
                try:
                    done = await fault.switch_on(self._parts)
                except UnchangedError:
                    self._on.discard(name)
                    raise
                except DemoError as error:
                    log.warning("%s failed half way: %s; %s", name, error, error.hint)
                    words = f"what it began is undone by: warroom demo fault {name} off"
                    raise DemoError(str(error), words) from error
            else:
                done = await fault.switch_off(self._parts)
                self._on.discard(name)
        standing = switches.read(self._parts.settings.folder.switches).words()
        if on and standing:
            done += f" (what operators have switched holds on: {standing})"
        log.info("%s %s: %s", name, "on" if on else "off", done)
        return done


def require_known(name: str) -> None:
    """DemoError, naming the nearest and all, unless there is a fault of that name."""
    names = [fault.name for fault in KNOWN]
    if name in names:
        return
    nearest = get_close_matches(name, names, n=1, cutoff=0.4)
    guess = f"did you mean {nearest[0]}? " if nearest else ""
    raise DemoError(f"the demo knows no fault {name!r}", f"{guess}it knows: {', '.join(names)}")
