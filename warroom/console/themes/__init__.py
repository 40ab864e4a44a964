"""The colours: palettes, what becomes of them with few colours or none, and themes as files."""
