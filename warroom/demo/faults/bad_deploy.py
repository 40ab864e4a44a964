"""A release that should not have gone out, until it is rolled back."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts

VERSION = "1.43.0"


class BadDeploy(Fault):
    """The storefront gets slower, and a cart with nothing in it is answered with 500."""

    name = "bad-deploy"
    title = "Bad deployment: 1.43.0 breaks empty carts and slows the storefront down"

    async def switch_on(self, parts: Parts) -> str:
        await parts.deploy(VERSION, by="ci")
        return f"{VERSION} was deployed, and the web app runs from it"

    async def switch_off(self, parts: Parts) -> str:
        if parts.settings.version != VERSION:
            return f"{VERSION} was rolled back before; {parts.settings.version} runs"
        version = await parts.roll_back(by="on-call")
        return f"{VERSION} was rolled back; the web app runs from {version} again"
