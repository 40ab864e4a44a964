"""A pager, by events in PagerDuty's form, version 2: one alert an incident.

https://developer.pagerduty.com/docs/send-alert-event: ``trigger`` makes or adds to the alert of
its ``dedup_key``, ``acknowledge`` and ``resolve`` move that one.
"""

import json
from dataclasses import dataclass
from typing import Any

from warroom.comms.sender import Begun, Outcome, Outgoing
from warroom.comms.senders.posting import Posting, post
from warroom.comms.senders.secret import Secrets, hiding
from warroom.config.receivers_settings import PagerSettings
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.incident.outward import Purpose, Receiver

ACTIONS: dict[Purpose, str] = {
    "first": "trigger",
    "update": "trigger",
    "status": "trigger",
    "customers": "trigger",
    "acknowledge": "acknowledge",
    "resolution": "resolve",
}
SEVERITIES = ("critical", "error", "warning", "info")
"""By a level's place in the scale, where the file does not say."""
SUMMARY, KEY = 1_024, 255
"""Characters that PagerDuty takes of each."""
MASKED = "***"
_HEADERS = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class PagerSender:
    """One service, by its routing key."""

    receiver: Receiver
    settings: PagerSettings
    network: Network
    secrets: Secrets

    def preview(self, outgoing: Outgoing) -> str:
        """The event, its key masked."""
        return json.dumps(self._event(outgoing, MASKED), indent=2)

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        """Post the event, once."""
        try:
            key = await self.secrets.get(self.settings.key)
        except ProbeError as error:
            return Outcome(state="waiting", text=f"nothing was sent: {error}")
        settings = self.settings
        body = json.dumps(self._event(outgoing, key)).encode()
        masked = hiding((key,))
        posting = Posting(
            "POST", settings.url, _HEADERS, body, settings.deadline, settings.ca_file, masked
        )
        return await post(posting, self.network, begun)

    def _event(self, outgoing: Outgoing, key: str) -> dict[str, Any]:
        action = ACTIONS[outgoing.purpose]
        event = {
            "routing_key": key,
            "event_action": action,
            "dedup_key": outgoing.key[-KEY:],
        }
        if action != "trigger":
            return event
        payload = {
            "summary": " ".join(f"{outgoing.level} {outgoing.title}".split())[:SUMMARY],
            "source": outgoing.environment or outgoing.room,
            "severity": self._severity(outgoing),
            "timestamp": outgoing.at.isoformat(),
            "component": ", ".join(outgoing.services) or ", ".join(outgoing.sources),
            "group": outgoing.room,
            "custom_details": {"incident": outgoing.incident, "message": outgoing.text},
        }
        kept = {name: value for name, value in payload.items() if value}
        return {**event, "client": "warroom", "payload": kept}

    def _severity(self, outgoing: Outgoing) -> str:
        named = self.settings.severity.get(outgoing.level)
        if named is not None:
            return named
        last = len(SEVERITIES) - 1
        return SEVERITIES[min(outgoing.rank, last)] if outgoing.rank >= 0 else "error"
