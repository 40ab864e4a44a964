"""What the demo refuses or fails at, in words."""

from warroom.errors import WarroomError


class DemoError(WarroomError):
    """The demo could not start, is not running, or refused a request."""


class UnchangedError(DemoError):
    """A fault could not be switched, and everything is as it was before."""
