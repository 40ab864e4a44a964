"""What the last word before the first byte raises goes to who asked, whatever it is, and is no
trouble of the line."""


class WithheldError(Exception):
    """Nothing may leave: ``error`` says why."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
