"""What warroom asks of the demo by commands: the record of its deployments, and a check."""

from typing import Any

from warroom.demo.folder import Folder

SHOWN = 50
"""Deployments, of a record that only grows."""


def sources(folder: Folder) -> dict[str, dict[str, Any]]:
    """``[sources.releases]`` and ``[sources.logs]``."""
    return {
        "releases": {
            "kind": "command",
            "argv": ["tail", "-n", str(SHOWN), str(folder.deployments)],
            "interval": "2s",
            "timeout": "1500ms",
            "shows": "json",
            # A version that is rolled back goes live twice: when it did tells one from the other.
            "fields": {
                "title": "version",
                "at": "at",
                "state": "status",
                "by": "by",
            },
            "passed": ["deployed", "rolled back"],
            "failed": ["failed"],
            "lists": "deployments",
        },
        "logs": {
            "kind": "command",
            "title": "logs writable",
            "argv": ["test", "-w", str(folder.logs)],
            "interval": "10s",
            "shows": "exit",
            "down": "SEV3",
        },
    }
