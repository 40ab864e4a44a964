"""What ``warroom --version`` says: what a report of a fault must name."""

import platform
from importlib.metadata import version

from warroom import __version__


def version_line() -> str:
    """Our version, Python's, Textual's and the platform, on one line."""
    return (
        f"warroom {__version__} (Python {platform.python_version()}, "
        f"Textual {version('textual')}, {platform.platform(terse=True)})"
    )
