"""One error as the shop's app reports it to its error tracker."""

import msgspec

PATH = "/api/web/store/"
"""Where reports are posted, several at a time, as a JSON array."""
MOST = 50
"""Reports in one post."""


class Frame(msgspec.Struct, frozen=True):
    """One call of a traceback."""

    filename: str
    function: str
    line: int
    in_app: bool = True


class ErrorReport(msgspec.Struct, frozen=True):
    """What was raised, when (Unix time), by which release; the innermost frame is the last."""

    type: str
    value: str
    at: float
    release: str
    frames: tuple[Frame, ...] = ()

    @property
    def culprit(self) -> str:
        """Where in the app's own code: ``shop/store.py in order``."""
        own = [frame for frame in self.frames if frame.in_app]
        return f"{own[-1].filename} in {own[-1].function}" if own else ""
