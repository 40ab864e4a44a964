"""warroom: the console a team opens when production breaks.

The rooms, and which may import which, are drawn in docs/architecture.md.
"""

__version__ = "0.1.0"
