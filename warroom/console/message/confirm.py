"""What is shown before a message leaves, and said once it is written down. Pure."""

from collections.abc import Iterator, Sequence

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, gap, without_ends
from warroom.console.look import Look
from warroom.console.message.rows import called, finding_line
from warroom.incident.drafted import Checked, Preview
from warroom.incident.outward import CLIPBOARD, Receiver
from warroom.text import safe, whole_line
from warroom.wire import Answer, CheckMessage

SHORT = 12
"""Characters of the digest that are shown."""


class Confirmed(msgspec.Struct, frozen=True):
    """A message that is written down. ``bad`` where it is not durable yet."""

    words: str
    bad: bool = False


def send_rows(
    asked: CheckMessage, checked: Checked | None, receivers: Sequence[Receiver], look: Look
) -> list[Row]:
    """Per receiver exactly what goes out; before it what the linter has against it."""
    if checked is None:
        return [Row(Content.assemble(("looking it through", ".dim")))]
    rows = [Row(finding_line(one, look), indent=2) for one in checked.findings]
    rows += [Row(Content.assemble((f"SHA-256 {checked.digest[:SHORT]}", ".dim"))), gap()]
    for preview in checked.previews:
        rows += [*_preview(preview, receivers, look), gap()]
    return without_ends(rows)


def _preview(preview: Preview, receivers: Sequence[Receiver], look: Look) -> Iterator[Row]:
    known = next((one for one in receivers if one.name == preview.receiver), None)
    name = look.plain(safe(called(preview.receiver, receivers), 60))
    where = look.plain(safe(known.where, 120)) if known else ""
    public = "  PUBLIC" if known is not None and known.public else ""
    yield Row(Content.assemble((name, ".strong"), (public, ".level-2"), (f"  {where}", ".dim")))
    if preview.refused:
        yield Row(Content.assemble((look.plain(safe(preview.refused, 400)), ".level-1")), indent=2)
    for line in preview.text.split("\n"):
        yield Row(Content.assemble("  ", look.plain(whole_line(line))), indent=2)


def sent_words(asked: CheckMessage, answer: Answer) -> str:
    """What became of it, as far as it is known at once."""
    at = f"entry {answer.entry.number}" if answer.entry is not None else "the timeline"
    if asked.receivers == (CLIPBOARD,):
        return f"Noted in {at} that it was copied"
    return f"Written down as {at}, on its way: the timeline says what came of it"
