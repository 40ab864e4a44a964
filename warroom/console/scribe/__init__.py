"""The scribe line: where people write into the incident."""
