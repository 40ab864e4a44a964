"""What both ends hold to: the protocol's number, sizes, times."""

PROTOCOL = 9
"""Changes when an older peer could misread what a newer one says."""

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of the longest line an engine may send."""

REQUEST_LIMIT = 128 * 1024
"""Bytes of the longest line a console may send; a longer one ends the connection."""

HELLO_LIMIT = 5.0
"""Seconds after which a connection that has not said ``Hello`` is ended."""

NEWEST = 200
"""Entries of one incident that a console gets unasked, and at most in one answer."""

BEAT = 0.5
"""Seconds between the engine's beats."""
SILENCE = 1.6
"""Seconds without any message after which the engine is taken for gone."""
