"""What a console tells of its terminal, and ``warroom status`` shows."""

import msgspec


class TerminalStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One console's terminal. ``sent`` are the bytes written to it in all, ``per_second`` those of
    the last minute. ``drawn`` are the frames that were sent, ``dropped`` those that were not, for a
    newer one came before the terminal had taken what was on its way. ``answer_s`` is how long it
    last took to say that it had drawn what it was sent; None where it never says so."""

    term: str
    columns: int
    rows: int
    sent: int
    per_second: float
    drawn: int
    dropped: int
    answer_s: float | None = None
