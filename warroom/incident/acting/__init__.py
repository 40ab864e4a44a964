"""Mitigations, as everybody may know them: what is configured, planned, run and still on. Pure."""
