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

from warroom.errors import EXIT_BROKEN_PIPE, EXIT_FAILED, EXIT_INTERRUPTED, WarroomError

UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""How the writing of standard output fails; opening a file names the file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _run(given)
        sys.stdout.flush()
    except WarroomError as error:
        _complain(f"warroom: {error.explain()}")
        return error.exit_code
    except BrokenPipeError:
        # What is still in the buffer would fail again when the interpreter flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        if error.filename is not None or error.errno not in UNWRITTEN:
            return _crashed(error)
        # What is still in the buffer would fail again, as above.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _complain(f"warroom: standard output cannot be written: {error.strerror}")
        return EXIT_FAILED
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        return _crashed(error)
    return code


def _crashed(error: Exception) -> int:
    from warroom.cli.crash import EXIT_CRASHED, report

    _complain(report(error))
    return EXIT_CRASHED


def _run(given: Sequence[str]) -> int:
    if not given or (len(given) == 2 and given[0] == "--config"):
        # Nothing that is loaded for the first frame is garbage: looking for some costs it a
        # tenth of its time. The console turns collection on again once it has painted.
        gc.disable()
        from warroom.cli.console import open_console

        return open_console(given[1] if given else None)
    from warroom.cli import group

    return group.run(given)


def _complain(words: str) -> None:
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(words.encode(encoding, "backslashreplace").decode(encoding) + "\n")
