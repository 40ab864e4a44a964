"""What can go wrong, as types.

    WarroomError
     ├── UsageError           the command line makes no sense            exit 64
     ├── ConfigError          the configuration file does not load       exit 64
     ├── RoomError            a folder, socket or lock is not fit to use exit 1
     ├── EngineError          no engine, or it refused                   exit 1
     ├── JournalError         the journal cannot be read or written      exit 1
     ├── ActionError          an action cannot be planned or run         exit 2
     ├── IncidentError        what was said of an incident cannot be     exit 1
     └── ProbeError           a watched system could not be asked

Every one says what happened and to what (``str(error)``), and what to do (``hint``).
"""

from dataclasses import dataclass

EXIT_FAILED = 1
EXIT_REFUSED = 2
"""What was asked for was understood and not done: nothing was written."""
EXIT_UNKNOWN = 3
"""Something was done, or may have been, and nobody knows what came of it."""
EXIT_USAGE = 64
"""``EX_USAGE`` of sysexits.h: the same for usage and configuration, everywhere."""
EXIT_CRASHED = 70
"""``EX_SOFTWARE``: a failure of ours."""
EXIT_BUSY = 75
"""``EX_TEMPFAIL``: another engine has the room."""
EXIT_INTERRUPTED = 130
"""128 and SIGINT, as shells say it."""
EXIT_BROKEN_PIPE = 141
"""128 and SIGPIPE."""


class WarroomError(Exception):
    """An error meant for a person: a message, and a hint that says what to do."""

    exit_code = EXIT_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def explain(self) -> str:
        """The message and, on a line of its own, the hint."""
        return f"{self}\n{self.hint}" if self.hint else str(self)


class UsageError(WarroomError):
    """The command line asks for something that cannot be."""

    exit_code = EXIT_USAGE


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a configuration file.

    ``line`` counts from 1, and is 0 where no line can be named (a missing file).
    """

    file: str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}:{key} {self.message}{hint}"


class ConfigError(WarroomError):
    """The configuration does not load; ``problems`` names every reason at once."""

    exit_code = EXIT_USAGE

    def __init__(self, problems: tuple[Problem, ...], hint: str = "") -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems), hint)


class RoomError(WarroomError):
    """A folder, socket or lock of the room cannot be trusted or used."""


class EngineError(WarroomError):
    """The engine is not there, cannot start, or refused what was asked."""


class JournalError(WarroomError):
    """The journal cannot be read, written or trusted."""


class IncidentError(WarroomError):
    """What was said of an incident cannot be: an unknown status, a task that is not there."""


class ActionError(WarroomError):
    """An action cannot be planned or run as it was asked: nothing was done."""

    exit_code = EXIT_REFUSED


class MessageError(WarroomError):
    """A message cannot be drafted, checked or sent as it was asked."""


class ReportError(WarroomError):
    """A document of an incident cannot be made or written."""


class ProbeError(WarroomError):
    """A watched system could not be asked; ``phase`` says how far it came.

    Phases of a connection: ``dns``, ``connect``, ``tls``, ``proxy``, ``send``,
    ``first byte``, ``body``; ``answer`` for one that came whole and is of no use; of our own
    side: ``set-up``, ``deadline``. ``retry_after`` is how many seconds the system asked to be
    left alone.
    """

    def __init__(
        self, phase: str, message: str, hint: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(message, hint)
        self.phase = phase
        self.retry_after = retry_after
