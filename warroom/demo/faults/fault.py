"""What every fault declares."""

from abc import ABC, abstractmethod
from typing import ClassVar

from warroom.demo.parts import Parts


class Fault(ABC):
    """Something that can really go wrong in the shop, and its way back.

    A fault acts on the shop's parts from outside, as the world would: it stops, loads or
    reconfigures them. Both ways return once it has happened, and say in words what was
    done. The switchboard never asks for a way that would change nothing.

    A `switch_on` that fails counts as on, for what it began must be healed: `switch_off`
    copes with half of it. `UnchangedError` alone says that nothing is left of it.
    """

    name: ClassVar[str]
    """As it is typed: lower case, words joined by hyphens."""
    title: ClassVar[str]
    """One line for a list: what people would call it, and its real cause."""

    stops_store: ClassVar[bool] = False
    """Whether it takes away a store that other faults need to begin."""

    @abstractmethod
    async def switch_on(self, parts: Parts) -> str: ...

    @abstractmethod
    async def switch_off(self, parts: Parts) -> str: ...
