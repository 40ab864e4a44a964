"""``warroom``: open the console on a room; plain lines where there is no screen."""

from typing import TYPE_CHECKING

from warroom.wire import Grant

if TYPE_CHECKING:
    from warroom.crash import CrashFile


def open_console(
    config: str | None = None,
    *,
    name: str = "",
    want: Grant = "act",
    plain: bool = False,
    share: bool = False,
) -> int:
    """Find the configuration and run a console on it; the exit code.

    Raises ``ConfigError`` when there is none to be found or read.
    """
    import os
    from pathlib import Path

    from warroom.config.find import find_config
    from warroom.console.start import Options, run

    path = find_config(config, os.environ, Path.cwd())
    kept: list[CrashFile] = []

    def report(error: Exception) -> str:
        from warroom.cli.crash import crash_file

        if not kept:  # however many parts fail, the console leaves one file
            kept.append(crash_file(os.fspath(path)))
        return kept[0].report(error)

    return run(
        Options(config=path, want=want, claimed=name, plain=plain, share=share), report=report
    )
