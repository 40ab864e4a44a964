"""What to do about which symptoms: playbooks, which of them fit, and the built-in ones. Pure."""
