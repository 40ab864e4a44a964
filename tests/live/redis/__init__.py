"""Real Redis servers and real job libraries, watched by the source ``redis``."""
