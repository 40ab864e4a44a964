"""Messages as the engine handles them: drafted, checked, written down, sent, and sent again."""
