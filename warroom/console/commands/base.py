"""What a command is: declared once, with everything that is known of it.

One declaration gives the key binding, the footer's entry, the palette's, the help line,
and the reason when it is refused. ``id`` is what ``[keys]`` in the configuration remaps.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from textual.binding import Binding

if TYPE_CHECKING:
    from warroom.console.app import Console


class Command(msgspec.Struct, frozen=True):
    """One thing a person can ask for.

    ``run`` does it. ``refused`` says why it cannot be done now, and is empty when it can.
    ``footer`` is the word in the footer, ``few`` a shorter one for a narrow terminal; a command
    without one is found by help and palette.
    ``run_with`` does it with the words that stood behind it in the scribe line, where it makes
    something of them. One that ``writes`` is not offered on a console that may only watch.
    """

    id: str
    key: str
    title: str
    help: str
    run: Callable[["Console"], None]
    group: str = "Room"
    footer: str = ""
    few: str = ""
    run_with: Callable[["Console", str], None] | None = None
    writes: bool = False
    refused: Callable[["Console"], str] = lambda console: ""

    def binding(self) -> Binding:
        """For Textual; the action finds the command by its id."""
        return Binding(
            self.key,
            f"app.command({self.id!r})",
            self.title,
            show=False,
            id=self.id,
        )
