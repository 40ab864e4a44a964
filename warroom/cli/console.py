"""``warroom``: open the console on a room; plain lines where there is no screen."""

from warroom.wire import Grant


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

    def report(error: Exception) -> str:
        from warroom.cli.crash import report

        return report(error)

    path = find_config(config, os.environ, Path.cwd())
    return run(
        Options(config=path, want=want, claimed=name, plain=plain, share=share), report=report
    )
