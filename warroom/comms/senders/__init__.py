"""The ways messages are sent: each once, on a fresh connection, and never again by itself."""
