"""What is left of an incident: its documents, and the evidence beside it."""
