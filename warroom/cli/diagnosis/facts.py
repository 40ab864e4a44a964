"""What is known of a terminal: of its environment, its multiplexer and its own answers."""

import msgspec

from warroom.console.abilities import Abilities


class Replies(msgspec.Struct, frozen=True):
    """What the terminal said when it was asked. ``seconds`` is None where it did not answer."""

    seconds: float | None = None
    name: str = ""
    """XTVERSION, as it calls itself."""
    light: bool | None = None
    """Of its background (OSC 11); None where it does not tell."""
    synchronised: bool | None = None
    """Whether it draws a frame at once (mode 2026); None where it does not tell."""


class Tmux(msgspec.Struct, frozen=True):
    """The tmux we are in; an option that could not be read is empty. ``trouble`` is why."""

    version: str = ""
    set_clipboard: str = ""
    escape_ms: int | None = None
    focus_events: str = ""
    default_terminal: str = ""
    mouse: str = ""
    features: str = ""
    """What tmux knows of the outer terminal: ``#{client_termfeatures}``."""
    utf8: str = ""
    """``1`` where it writes UTF-8 to it: ``#{client_utf8}``."""
    trouble: str = ""


class Terminal(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. ``asked`` says why there are no replies; empty where the terminal was asked."""

    abilities: Abilities
    missing: tuple[str, ...]
    """Which of the three standard streams is no terminal."""
    size: tuple[int, int] | None
    locale: str
    locale_known: bool
    """Whether this machine has that locale."""
    ssh: bool = False
    tmux: Tmux | None = None
    screen_version: str = ""
    replies: Replies = Replies()
    unasked: str = ""
    theme: str = "dark"
    mouse: bool = False
