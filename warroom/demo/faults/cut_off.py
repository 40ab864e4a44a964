"""Nothing of the world is reached from here: both canaries are silent, the shop is not at fault."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class CutOff(Fault):
    """The neighbours are gone. The shop itself goes on as before."""

    name = "cut-off"
    title = "This room is cut off: no canary answers, and nothing is called down"

    async def switch_on(self, parts: Parts) -> str:
        await parts.neighbours.stop()
        return "The canaries are silent: the room can tell nothing of the world"

    async def switch_off(self, parts: Parts) -> str:
        await parts.start_neighbours()
        return "The canaries answer again"
