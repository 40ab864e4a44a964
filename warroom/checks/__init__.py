"""What is looked at on request, and only read: a runner for each kind of ``[checks.NAME]``."""
