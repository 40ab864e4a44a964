"""The message's text, to be read and edited in place."""

from textual import events
from textual.widgets import TextArea

from warroom.text import safe

LONGEST = 16_000
"""Characters of a message, as the journal takes it."""


class MessageText(TextArea):
    """Plain text. What is pasted is made safe, line by line; the cursor does not blink, which
    would cost bytes on a quiet line."""

    def __init__(self) -> None:
        super().__init__(id="message-text", soft_wrap=True, show_line_numbers=False, compact=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if self.read_only:
            return
        free = max(LONGEST - len(self.text) + len(self.selected_text), 0)
        self.replace(harmless(event.text)[:free], *sorted(self.selection))


def harmless(text: str) -> str:
    """Every line made safe; the lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(safe(line.replace("\t", "    "), max(len(line) * 4, 1)) for line in lines)
