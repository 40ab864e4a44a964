"""A chat's webhook, in Slack's form: ``{"text": …}``.

Slack's own escaping (https://api.slack.com/reference/surfaces/formatting#escaping) takes from a
text all that could call people (``<!channel>``), link or hide. Mattermost and others take it too,
and call everybody by a bare ``@channel``: that is parted by a space of no width.
"""

import json
import re
from dataclasses import dataclass

from warroom.comms.sender import Begun, Outcome, Outgoing
from warroom.comms.senders.posting import Posting, post
from warroom.comms.senders.secret import Secrets, hiding
from warroom.config.receivers_settings import SlackSettings
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.incident.outward import Receiver

_CALL = re.compile(
    r"(?<!\w)@(?=\**(?:all|channel|everyone|group|here|stream|topic)\b)", re.IGNORECASE
)
_HEADERS = (("Content-Type", "application/json; charset=utf-8"),)


@dataclass(frozen=True)
class SlackSender:
    """One webhook. Its address is a secret: no word of it is shown."""

    receiver: Receiver
    settings: SlackSettings
    network: Network
    secrets: Secrets

    def preview(self, outgoing: Outgoing) -> str:
        """The words, as people will read them."""
        return _text(outgoing)

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        """Post it, once."""
        try:
            url = await self.secrets.get(self.settings.url)
        except ProbeError as error:
            return Outcome(state="waiting", text=f"nothing was sent: {error}")
        if not url.startswith(("https://", "http://")):
            return Outcome(state="waiting", text="nothing was sent: its secret is no web address")
        body = json.dumps({"text": escaped(_text(outgoing))}).encode()
        settings, masked = self.settings, hiding((url, *_parts(url)))
        posting = Posting("POST", url, _HEADERS, body, settings.deadline, settings.ca_file, masked)
        return await post(posting, self.network, begun)


def _parts(url: str) -> list[str]:
    """What of an address an answer may repeat: "Cannot POST /hooks/…"."""
    target = url.partition("://")[2].partition("/")[2]
    return [target, *re.split(r"[/?&=#]", target)]


def _text(outgoing: Outgoing) -> str:
    return outgoing.text


def escaped(text: str) -> str:
    """Text that is nothing but text to Slack, and calls no crowd elsewhere."""
    text = _CALL.sub("@\u200b", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
