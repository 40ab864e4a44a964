"""The example rooms, each by its team's own configuration, on servers that stand in for theirs."""
