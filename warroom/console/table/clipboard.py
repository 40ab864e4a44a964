"""What is handed to the terminal's clipboard (OSC 52): safe, and bounded."""

from typing import TYPE_CHECKING

from warroom.text import whole_line

if TYPE_CHECKING:
    from warroom.console.app import Console

MOST_COPIED = 64 * 1024
"""Bytes that are handed to the terminal at most; many take no more (xterm, tmux)."""


def copy_text(console: "Console", text: str) -> bool:
    """Hand it to the terminal, every line made safe: it may be pasted into a shell. Whether that
    could be done as far as anybody knows; what could not is said."""
    look = console.look
    if look.no_clipboard:
        console.say(f"Not copied: {look.no_clipboard}; mark it with the mouse", bad=True)
        return False
    harmless = to_paste(text[:MOST_COPIED])
    cut = harmless.encode()[:MOST_COPIED].decode(errors="ignore")
    console.copy_to_clipboard(cut)
    depends = look.clipboard_hint or "if this terminal takes OSC 52"
    said = f"copied {len(cut):,} character{'s' * (len(cut) != 1)}, {depends}"
    if len(cut) < len(harmless) or len(text) > MOST_COPIED:
        most = f"{MOST_COPIED // 1024} KiB"
        console.say(f"{said}; the rest is left out: no more than {most} is handed over", bad=True)
    else:
        console.say(said)
    return True


def to_paste(text: str) -> str:
    """Every line made safe, as it may be pasted into a shell; what parts cells stays."""
    lines = text.split("\n")
    return "\n".join("\t".join(map(whole_line, line.split("\t"))) for line in lines)
