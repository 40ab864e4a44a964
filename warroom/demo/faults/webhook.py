"""Payments get stuck: the provider signs its events with a secret the shop does not have."""

from warroom.demo import renewals
from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class Webhook(Fault):
    """The shop answers every event with 400, and no order is paid any more.

    The provider goes on trying, at longer and longer intervals; what is stuck goes through
    when the shop has the new secret and the events are sent again.
    """

    name = "webhook"
    title = "Payments stuck: the provider has rolled the webhook's signing secret"

    async def switch_on(self, parts: Parts) -> str:
        await renewals.ask_provider(parts, "/v1/webhook-secret/roll")
        return "The payments provider signs with a new secret; the shop still checks with the old"

    async def switch_off(self, parts: Parts) -> str:
        shared = renewals.webhook_secret_is_shared(parts)
        resent = await renewals.webhook_secret(parts)
        given = "had been given the new secret before" if shared else "was given the new secret"
        return f"The shop {given}, and {resent} stuck events were resent"
