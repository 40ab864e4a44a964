"""What the demo refuses or fails at, in words."""

from warroom.errors import WarroomError


class DemoError(WarroomError):
    """The demo could not start, is not running, or refused a request."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        if hint:
            self.add_note(hint)  # the last lines of what failed: a traceback shows them too


class UnchangedError(DemoError):
    """A fault could not be switched, and everything is as it was before."""
