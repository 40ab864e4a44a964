"""The picture of the post-mortem's page, by a browser without a window (Debian's Chromium)."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "tests/data/documents/post-mortem.html"
SIZE = "1000,1500"


def main() -> None:
    """Draw it anew."""
    subprocess.run(
        [
            "chromium",
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--screenshot={HERE / 'post-mortem.png'}",
            f"--window-size={SIZE}",
            PAGE.as_uri(),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
