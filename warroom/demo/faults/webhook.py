"""Payments get stuck: the provider signs its events with a secret the shop does not have."""

import msgspec

from warroom.demo.calling import post
from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts
from warroom.demo.secret_files import SecretFiles, follow


class Webhook(Fault):
    """The shop answers every event with 400, and no order is paid any more.

    The provider goes on trying, at longer and longer intervals; what is stuck goes through
    when the shop has the new secret and the events are sent again.
    """

    name = "webhook"
    title = "Payments stuck: the provider has rolled the webhook's signing secret"

    async def switch_on(self, parts: Parts) -> str:
        await _order(parts, "/v1/webhook-secret/roll")
        return "The payments provider signs with a new secret; the shop still checks with the old"

    async def switch_off(self, parts: Parts) -> str:
        held = SecretFiles(parts.settings.folder.secrets)
        follow(held.webhook, held.webhook_at_provider)
        told = msgspec.json.decode(await _order(parts, "/v1/events/resend"), type=dict[str, int])
        return f"The shop was given the new secret, and {told['resent']} stuck events were resent"


async def _order(parts: Parts, path: str) -> bytes:
    return await post(parts.settings.provider_port, path, parts.settings.provider_key)
