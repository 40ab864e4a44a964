"""What the engine records beside an incident while it is open: figures, and what else was seen."""
