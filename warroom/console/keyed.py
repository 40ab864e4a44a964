"""What keys mean: by default, and as a person has given them."""

from collections.abc import Sequence

from warroom.config.key_ids import default_of
from warroom.config.keys import key_words
from warroom.console.bound import worded
from warroom.console.commands.base import Command
from warroom.console.output.drawing import Drawing


class Keyed(Drawing):
    """Knows its keys by the ids of what they do."""

    commands: Sequence[Command] = ()
    keys: dict[str, str]
    """The keys that a person has given, by their ids."""

    def keys_of(self, name: str) -> str:
        """The keys of a command or another id, in Textual's names."""
        return self.keys.get(name) or default_of(name)

    def key_of(self, name: str) -> str:
        """The first of them, as people write it."""
        return key_words(self.keys_of(name))

    def means(self, name: str, key: str) -> bool:
        """Whether a key is one of that id's."""
        return key in self.keys_of(name).split(",")

    def worded(self, text: str) -> str:
        """Words in which ``{run.end}`` stands for the key of that id."""
        return worded(text, self.keys)

    def command_of(self, key: str) -> Command | None:
        """The command that a key means in the room."""
        return next(
            (c for c in self.commands if key in (self.keys.get(c.id) or c.key).split(",")), None
        )

    def action_tell_keys(self) -> None:
        """The keys of the dialog that is in front."""
        self.tell_keys()

    def tell_keys(self) -> None:
        """The keys of the dialog that is in front, on a page of their own."""
        from warroom.console.screens.help import HelpScreen, keys_here

        self.push_screen(HelpScreen(keys_here(self.screen, self.keys), "The keys here"))
