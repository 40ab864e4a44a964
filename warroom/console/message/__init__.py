"""Messages on the screen: written, looked through by the linter, confirmed, followed."""
