"""The console's screens: the room with its panels, and what opens on top of it."""
