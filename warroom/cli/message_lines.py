"""Messages as lines: what the linter says, what goes to whom, how each stands. Pure."""

from collections.abc import Iterable, Iterator

from warroom.cli.incident_lines import stamp
from warroom.incident.drafted import Checked, Finding
from warroom.incident.incident import Incident
from warroom.incident.outward import PURPOSE_WORDS, DeliveryState
from warroom.text import safe, whole_line

STATES: dict[DeliveryState, str] = {
    "waiting": "WAITS",
    "sending": "sending",
    "sent": "sent",
    "failed": "REFUSED",
    "unknown": "UNKNOWN",
    "copied": "copied",
    "dropped": "dropped",
}


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        where = f"line {one.line}: " if one.line else ""
        yield f"{where}{safe(one.text, 400)} ({safe(one.rule, 40)})"


def preview_lines(checked: Checked) -> Iterator[str]:
    """Per receiver what exactly goes out."""
    for preview in checked.previews:
        yield f"to {safe(preview.receiver, 60)}:"
        if preview.refused:
            yield f"  cannot be sent: {safe(preview.refused, 400)}"
        for line in preview.text.split("\n"):
            yield f"  {whole_line(line)}"
    yield f"sha256 {safe(checked.digest)}"


def message_lines(incident: Incident) -> Iterator[str]:
    """Every message of an incident, oldest first, with how it stands at each receiver."""
    for message in incident.messages:
        head = f"{PURPOSE_WORDS[message.purpose]} by {safe(message.by, 60)}"
        yield f"{stamp(message.at)}  {message.entry:>4}  {head}: {safe(message.head, 120)}"
        for one in message.deliveries:
            said = f"  {safe(one.text, 400)}" if one.text else ""
            name = safe(one.receiver, 60)
            yield f"      {STATES[one.state]:<8} {name:<20} {stamp(one.at)}{said}"
