"""The command line: what runs, and how everything that goes wrong is said.

``warroom`` alone opens the console, and imports nothing but what that needs: not even
click, which would cost the first frame a twentieth of its time. Everything else is in
``group``, with one module per command.
"""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

EXIT_INTERRUPTED = 130
"""As in ``warroom.errors``, which is imported later: Ctrl-C is no traceback before either."""
UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""How the writing of standard output fails; opening a file names the file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        code = _guarded(given, closed=_hold_descriptors())
        if arguments is None:
            _leave()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return code


def _guarded(given: list[str], *, closed: bool) -> int:
    from warroom.errors import EXIT_BROKEN_PIPE, EXIT_FAILED, WarroomError

    try:
        code = _run(given)
        sys.stdout.flush()
    except WarroomError as error:
        _complain(f"warroom: {error.explain()}")
        return error.exit_code
    except BrokenPipeError:
        _drop(sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except OSError as error:
        unwritten = error.errno in UNWRITTEN or (closed and error.errno == errno.EBADF)
        if error.filename is not None or not unwritten:
            return _crashed(error, given)
        _drop(sys.stdout.fileno())
        why = "it is closed" if error.errno == errno.EBADF else error.strerror
        _complain(f"warroom: standard output cannot be written: {why}")
        return EXIT_FAILED
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        return _crashed(error, given)
    return code


def _crashed(error: Exception, given: Sequence[str]) -> int:
    from warroom.cli.crash import config_named, crash_file
    from warroom.errors import EXIT_CRASHED

    _complain(crash_file(config_named(given)).report(error))
    return EXIT_CRASHED


def _run(given: Sequence[str]) -> int:
    if "_WARROOM_COMPLETE" in os.environ:
        from warroom.cli.completing import answer

        return answer(os.environ["_WARROOM_COMPLETE"])
    if not given or (len(given) == 2 and given[0] == "--config"):
        # Nothing that is loaded for the first frame is garbage: looking for some costs it a
        # tenth of its time. The console turns collection on again once it has painted.
        gc.disable()
        from warroom.cli.console import open_console

        return open_console(given[1] if given else None)
    from warroom.cli import group

    return group.run(given)


def _hold_descriptors() -> bool:
    """Take the places of standard streams that are closed, or the next file that is opened would
    get one, and what is printed would be written into it. Whether standard output was closed."""
    for descriptor, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, flags)  # the lowest that is free: this one
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What the terminal's alphabet lacks is shown by its number, not by a crash.
            stream.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
    if sys.stdout is not None:
        return False
    # It cannot be written, and says so: what was asked for is lost.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    return True


def _leave() -> None:
    """All is done: Ctrl-C while the interpreter ends is no traceback either."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _complain(words: str) -> None:
    from warroom.cli.printing import tell

    try:
        tell(words)
    except OSError:  # nobody is there to be told; the exit code says enough
        _drop(sys.stderr.fileno())


def _drop(descriptor: int) -> None:
    """What is still in the buffer would fail again when the interpreter flushes it."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
