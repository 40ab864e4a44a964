"""Playbooks on the screen: which fit, what is in them, and one that is followed."""
