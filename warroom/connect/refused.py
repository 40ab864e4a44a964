"""The watched system's own no."""


class RefusedError(Exception):
    """The server, or the pooler before it, said itself that it takes no connection now.

    ``full`` is true when it has too many already.
    """

    def __init__(self, words: str, *, full: bool = False) -> None:
        super().__init__(words)
        self.full = full
