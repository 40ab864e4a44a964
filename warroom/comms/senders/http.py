"""Any web address: a status page's API, by a body that the team writes as a template."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from warroom.comms.render import FAULTS, sandbox, template_line, template_words
from warroom.comms.sender import Begun, Outcome, Outgoing
from warroom.comms.senders.posting import Posting, post
from warroom.comms.senders.secret import Secrets, hiding
from warroom.config.clear import clear_secrets
from warroom.config.receivers_settings import HttpSettings, is_header_value
from warroom.config.secrets import SecretRef
from warroom.connect import threads
from warroom.connect.network import Network
from warroom.errors import MessageError, ProbeError
from warroom.incident.outward import Receiver
from warroom.text import mask_url

LARGEST = 256 * 1024
"""Bytes of a body."""


@dataclass(frozen=True)
class HttpSender:
    """One address."""

    receiver: Receiver
    settings: HttpSettings
    network: Network
    secrets: Secrets

    def preview(self, outgoing: Outgoing) -> str:
        """The request but for its headers, which may be secret."""
        settings = self.settings
        body = hiding(self._in_clear())(self._body(outgoing))
        return f"{settings.method} {mask_url(settings.url)}\n{body}"

    async def send(self, outgoing: Outgoing, begun: Begun) -> Outcome:
        """Ask it, once."""
        settings = self.settings
        hidden = list(self._in_clear())
        try:
            # A template may take its time, which is not the loop's.
            body = await asyncio.shield(threads.start(lambda: self._body(outgoing), "body"))
            headers = [("Content-Type", settings.content_type)]
            for name, ref in settings.headers.items():
                value = await self.secrets.get(ref)
                headers.append((name, value))
                if isinstance(ref, SecretRef):
                    hidden.append(value)
            if settings.bearer is not None:
                token = await self.secrets.get(settings.bearer)
                headers.append(("Authorization", f"Bearer {token}"))
                hidden.append(token)
        except MessageError as error:
            return Outcome(state="failed", text=f"nothing was sent: {error}")
        except ProbeError as error:
            return Outcome(state="waiting", text=f"nothing was sent: {error}")
        if not all(is_header_value(value) for _, value in headers):
            return Outcome(state="waiting", text="nothing was sent: a secret is no header's value")
        posting = Posting(
            settings.method,
            settings.url,
            tuple(headers),
            body.encode(),
            settings.deadline,
            settings.ca_file,
            hiding(hidden),
        )
        return await post(posting, self.network, begun, settings.expect)

    def _in_clear(self) -> Iterator[str]:
        """What stands in the file in clear is a secret all the same."""
        table = self.settings.model_dump(include={"url", "headers", "body"}, exclude_none=True)
        receivers = {"receivers": {self.receiver.name: table}}
        return (value for _, value in clear_secrets(receivers))

    def _body(self, outgoing: Outgoing) -> str:
        """What the template makes of the message; without one, all its fields as JSON. Raises
        ``MessageError``."""
        fields: dict[str, Any] = msgspec.to_builtins(outgoing)
        if self.settings.body is None:
            return json.dumps(fields, indent=2)
        where = f"receivers.{self.receiver.name}.body"
        try:
            text = sandbox().from_string(self.settings.body).render(**fields)
            text.encode()
        except FAULTS as error:
            line = template_line(error)
            at = f"{where}, line {line}" if line else where
            raise MessageError(f"{at}: {template_words(error)}", "mend it, then reload") from error
        if len(text) > LARGEST:
            raise MessageError(f"{where}: it gives more than {LARGEST // 1024} KiB")
        return text
