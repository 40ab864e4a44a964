"""A copy of the journal, taken while its engine goes on, and proved before it is called done."""

from pathlib import Path

from warroom.errors import JournalError, RoomError
from warroom.journal.file import open_reading
from warroom.journal.migrate import copy
from warroom.journal.verify import Verdict, verify


def back_up(path: Path, to: Path) -> Verdict:
    """Copy the journal to ``to``, which must not be there; what was found in the copy.

    Raises ``JournalError`` when it cannot be read, written, or is no good.
    """
    connection = open_reading(path)
    try:
        copy(connection, to, anew=True)
    except RoomError as error:
        raise JournalError(str(error), error.hint) from error
    finally:
        connection.close()
    verdict = verify(to)
    if verdict.fault is not None:
        raise JournalError(
            f"the copy is as the journal is, and that is not whole: entry {verdict.fault.seq}: "
            f"{verdict.fault.reason}",
            f"the copy is kept at {to}; warroom verify tells of the journal",
        )
    return verdict
