"""Some customers are sent to an old address: one of two name servers was not updated."""

from warroom.demo import renewals
from warroom.demo.faults.fault import Fault
from warroom.demo.outside.address import OLD_SHOP
from warroom.demo.parts import Parts
from warroom.demo.private_file import write_private


class StaleName(Fault):
    """The second name server gives an address at which nobody has answered for long."""

    name = "stale-name"
    title = "Some customers reach nobody: one name server still has an old address"

    async def switch_on(self, parts: Parts) -> str:
        write_private(parts.settings.folder.stale_zone, OLD_SHOP.encode())
        return f"The second name server was given an old zone, in which the shop is at {OLD_SHOP}"

    async def switch_off(self, parts: Parts) -> str:
        if not renewals.zone(parts):
            return "The second name server had been given the right zone before"
        return "The second name server was given the zone that the first one has"
