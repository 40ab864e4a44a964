"""Tables on the whole screen: sorted, filtered, frozen, copied, looked into."""

from warroom.console.table.panel import TablePanel

__all__ = ["TablePanel"]
