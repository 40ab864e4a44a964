"""What an incident is: entries, their fold, and what procedures make of it. Pure, no I/O."""
