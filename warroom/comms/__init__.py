"""What is told to people outside the room: drafts, the linter, and the ways it is sent."""
