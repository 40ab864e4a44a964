"""A room's ways to send, from its configuration."""

from collections.abc import Callable
from pathlib import Path

from warroom.comms.sender import Sender
from warroom.comms.senders.http import HttpSender
from warroom.comms.senders.mail import MailSender
from warroom.comms.senders.pager import PagerSender
from warroom.comms.senders.secret import Secrets
from warroom.comms.senders.slack import SlackSender
from warroom.config.receivers_settings import (
    HttpSettings,
    MailSettings,
    PagerSettings,
    ReceiverSettings,
    SlackSettings,
)
from warroom.config.secrets import Secret
from warroom.connect.network import Network
from warroom.incident.outward import Receiver


def make_senders(
    settings: dict[str, ReceiverSettings],
    receivers: tuple[Receiver, ...],
    network: Network,
    folder: Path,
    mask: Callable[[Secret], None],
) -> dict[str, Sender]:
    """One for each receiver, by its name. Relative paths of secrets start at ``folder``."""
    secrets = Secrets(folder, mask)
    return {
        receiver.name: _sender(receiver, settings[receiver.name], network, secrets)
        for receiver in receivers
    }


def _sender(
    receiver: Receiver, settings: ReceiverSettings, network: Network, secrets: Secrets
) -> Sender:
    match settings:
        case SlackSettings():
            return SlackSender(receiver, settings, network, secrets)
        case HttpSettings():
            return HttpSender(receiver, settings, network, secrets)
        case MailSettings():
            return MailSender(receiver, settings, network, secrets)
        case PagerSettings():
            return PagerSender(receiver, settings, network, secrets)
    raise AssertionError(settings.kind)
