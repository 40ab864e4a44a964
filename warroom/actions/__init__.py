"""Mitigations: planned, frozen, run once, and their outcome taken from the result."""
